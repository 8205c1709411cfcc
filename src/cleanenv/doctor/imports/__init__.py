"""Which file an import finds, worked out without importing."""
