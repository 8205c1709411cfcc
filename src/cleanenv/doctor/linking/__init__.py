"""Which file the dynamic linker finds, told without running it."""
