"""A clean shell around a Python environment, and the line that let the leak in."""
