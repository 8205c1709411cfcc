"""The tests of cleanenv."""
