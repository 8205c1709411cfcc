"""Which line of which file set a variable: the user's own startup, replayed under instrumentation."""
