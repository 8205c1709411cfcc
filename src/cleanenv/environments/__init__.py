"""Python environments on disk: finding, creating and reading them; nothing of them is started."""
