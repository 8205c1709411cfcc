"""The process around cleanenv: its caller, the processes above, the terminal, files written whole."""
