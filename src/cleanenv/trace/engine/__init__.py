"""What every tracer is made of: events, places, and the changes that last."""
