"""Real shells, on a real pty and reading scripts."""
