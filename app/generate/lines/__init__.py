"""Inputs for JSON of a declared shape: a line for each option, action or language."""
