"""An /etc of the test's own: a mount namespace in which a read-only overlay lies over it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

MOUNT = 'mount -t overlay overlay -o "lowerdir=$0:/etc" /etc && exec "$@"'


def over_etc(folder: Path) -> list[str]:
    """Return the words that start a command with ``folder`` laid over /etc; nothing can be written there."""
    return ["unshare", "--mount", "sh", "-c", MOUNT, str(folder)]


def is_possible(folder: Path) -> bool:
    """Tell whether this machine lets us: it takes root and overlayfs."""
    if os.getuid() != 0:
        return False
    probe = [*over_etc(folder), "true"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0
