"""The report for a terminal and as JSON."""
