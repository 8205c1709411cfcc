"""From what the user asked for to a clean environment."""
