"""Python environments on disk: found, made, and read; nothing of them is started."""
