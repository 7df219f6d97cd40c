"""Measurements of speed and memory: `make bench`. Prints a table and asserts nothing."""
