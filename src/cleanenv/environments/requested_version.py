"""A version as --python takes it, such as ``3.13``, ``3.13.0``, ``3.13t`` or ``3.14.0rc1``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleanenv.environments.python_probe import Python

_VERSION = re.compile(r"\d+(\.\d+){0,2}((a|b|rc)\d+)?t?")


def is_version(wanted: str) -> bool:
    """Tell whether ``wanted`` is a version."""
    return _VERSION.fullmatch(wanted) is not None


def is_of(python: Python, version: str) -> bool:
    """Tell whether ``python`` has ``version``, as far as that goes: Python 3.13.0 is of 3, 3.13 and 3.13.0."""
    number = version.removesuffix("t")
    if number != version and not python.is_free_threaded:
        return False
    return python.version == number or python.version.startswith(f"{number}.")


def commands(version: str) -> list[str]:
    """Return the commands that may have ``version``, from the one that says most: python3.13, python3, python."""
    parts = version.removesuffix("t").split(".")
    names = [f"python{version}"]
    for count in range(len(parts), -1, -1):
        name = "python" + ".".join(parts[:count])
        if name not in names:
            names.append(name)
    if version.endswith("t") and len(parts) > 2:  # noqa: PLR2004  3.13.0t is called python3.13t
        names.insert(1, f"python{parts[0]}.{parts[1]}t")
    return names
