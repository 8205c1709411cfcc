"""What the tests of commands share."""

from __future__ import annotations

import os
import shutil

import pytest

from tests.support.surroundings import skip_or_fail


@pytest.fixture
def humble() -> list[str]:
    """Return the words before a command that must obey modes: root is given up as far as it passes them by."""
    if os.getuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        skip_or_fail("setpriv is not installed")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]
