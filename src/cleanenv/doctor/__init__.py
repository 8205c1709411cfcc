"""Reports what leaks into the shell and the environment, what it hides, and how to fix it."""
