"""The environments of files alone are those of the tests of freeze."""

from tests.freeze.conftest import fake  # noqa: F401  a fixture
