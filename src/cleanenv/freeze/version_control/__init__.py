"""What a version control system would say of an editable project, read from its files: none is started."""
