"""Measurements: each module prints its figures by `python -m bench.<name>`."""
