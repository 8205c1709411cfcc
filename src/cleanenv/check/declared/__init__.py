"""What a project says it needs: requirements files, pyproject.toml, setup.cfg, setup.py, package.xml."""
