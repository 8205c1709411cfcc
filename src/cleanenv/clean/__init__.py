"""What a clean environment holds, and why."""
