"""The shells: which one runs, and how each is started clean."""
