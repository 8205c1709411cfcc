"""The static files that clean shells, sourced files and traces run, one folder a shell or family."""
