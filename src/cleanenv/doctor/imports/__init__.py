"""Which file an import finds, told without importing."""
