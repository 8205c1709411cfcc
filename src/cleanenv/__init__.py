"""A clean shell around a Python environment, and the line that let the leak in."""

__version__ = "0.1.0"
