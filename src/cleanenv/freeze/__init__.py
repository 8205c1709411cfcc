"""What an environment holds, read from its files; nothing of the environment is started."""
