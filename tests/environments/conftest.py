"""The environments of files alone are those of the tests of freeze."""

from tests.freeze.conftest import room  # noqa: F401  a fixture
