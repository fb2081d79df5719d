"""The bottom layer: words, errors, clock and unbound extensions that every other layer may use."""
