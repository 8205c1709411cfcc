"""The checks: each module looks at one source of leaks."""
