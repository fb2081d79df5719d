"""Measures the program beside a stock Flask-AppBuilder: `python3 run.py bench`. See docs/performance.md."""
