"""The report for a terminal, as a page and as JSON."""
