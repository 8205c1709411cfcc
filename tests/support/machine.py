"""What this machine tells pip for all users, kept from tests that expect nothing told."""

from __future__ import annotations

import configparser
import ctypes
import os
import subprocess
from pathlib import Path

from cleanenv.doctor.checks import pip_config

CLONE_NEWNS = 0x00020000  # <linux/sched.h>
# Options that say how to reach the network, which the tests need too.
NETWORK = ("cert", "client-cert", "extra-index-url", "index-url", "proxy", "retries", "timeout", "trusted-host")


def files() -> list[Path]:
    """Return the configuration files of pip's that lie in /etc and say more than how to reach the network."""
    found = map(Path, pip_config._system({}))
    return [path for path in found if path.is_file() and _without_more(path) != _parsed(path)]


def hide(paths: list[Path], folder: Path) -> bool:
    """Lay over each what it says of the network, for this process and its children alone; tell whether that is done.

    It takes root and Linux: a mount namespace of this process's own, and bind mounts.
    """
    if os.getuid() != 0 or not os.path.exists("/proc/self/ns/mnt") or ctypes.CDLL(None).unshare(CLONE_NEWNS) != 0:
        return False
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    for number, path in enumerate(paths):
        copy = folder / f"{number}.conf"
        with copy.open("w", encoding="utf-8") as file:
            _without_more(path).write(file)
        subprocess.run(["mount", "--bind", str(copy), str(path)], check=True)
    return True


def _parsed(path: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser()
    parser.read(path, encoding="utf-8")
    return parser


def _without_more(path: Path) -> configparser.RawConfigParser:
    parser = _parsed(path)
    for section in parser.sections():
        for option in parser.options(section):
            if option not in NETWORK:
                parser.remove_option(section, option)
    return parser
