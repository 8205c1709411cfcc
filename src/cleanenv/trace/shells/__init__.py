"""How the startup of each shell is replayed under instrumentation."""
