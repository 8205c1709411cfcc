"""Real launchers and servers of this machine around, and in, a clean environment."""
