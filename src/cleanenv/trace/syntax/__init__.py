"""As much of the syntax of shells as the tracers need to read."""
