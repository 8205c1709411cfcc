"""Tests of cleanenv.freeze."""
