"""Which file the dynamic linker finds, worked out without running it."""
