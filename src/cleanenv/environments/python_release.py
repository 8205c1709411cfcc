"""The full version of an environment's Python if there is no pyvenv.cfg that has it."""

from __future__ import annotations

from cleanenv.environments import conda_records

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.environments.environment import Environment


def find(environment: Environment, name: str, short: str) -> str | None:
    """Return the version, ``3.11.7``, of the Python whose directory below lib is ``name``; None if no file has it.

    ``short`` is what is known of it, ``3.11``.
    """
    if environment.kind == "conda":
        recorded = conda_records.python_version(environment.path)
        version = _of_release(recorded or "", short)
        if version is not None:
            return version
    return _from_header(environment, name, short)


def _of_release(version: str, short: str) -> str | None:
    """Return the first three parts of ``version`` if they are numbers and it belongs to ``short``, else None."""
    parts = version.split(".")[:3]
    if ".".join(parts[:2]) == short and len(parts) == 3 and parts[2].isdecimal():  # noqa: PLR2004 - X.Y.Z
        return ".".join(parts)
    return None


def _from_header(environment: Environment, name: str, short: str) -> str | None:
    """Return the version in Python's C header, which conda has and virtualenv linked to; None if it is missing."""
    for directory in (name, f"{name}m"):  # "m" until Python 3.7
        try:
            with open(
                f"{environment.path}/include/{directory}/patchlevel.h", encoding="ascii", errors="replace"
            ) as file:
                text = file.read()
        except OSError:
            continue
        for line in text.splitlines():
            words = line.split()
            if words[:2] == ["#define", "PY_VERSION"] and len(words) > 2:  # noqa: PLR2004 - and its value
                return _of_release(words[2].strip('"').rstrip("+"), short)
    return None
