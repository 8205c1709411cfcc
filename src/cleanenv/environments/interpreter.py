"""Which Python an environment belongs to, read from its files."""

# On the way of `freeze`, run in hooks: no re, no dataclasses.
from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.environments.environment import Environment

_IMPLEMENTATIONS = ("python", "pypy")
_MOST_LINKS = 40  # as many as Linux follows
_LONGEST_NAME = 20


class Interpreter:
    """The Python of an environment.

    ``folder`` is the name of its directory below lib, ``python3.11`` or
    ``pypy3.10``; ``version`` the two numbers in it; ``full`` all that is known,
    ``3.11.7``; ``mismatch`` the directory that bin/python asks for, if it does
    not exist and ``folder`` is another.
    """

    __slots__ = ("folder", "full", "mismatch", "version")

    def __init__(self, folder: str, full: str, mismatch: str | None = None) -> None:
        self.folder = folder
        self.version = _numbers(folder) or (3, 0)
        self.full = full
        self.mismatch = mismatch

    @property
    def is_pypy(self) -> bool:
        """Whether it is PyPy rather than CPython."""
        return self.folder.startswith("pypy")


def read(environment: Environment) -> Interpreter | None:
    """Return the Python that ``environment`` belongs to, None if no directory below lib has its name.

    If there are several, the one that bin/python leads to counts, even by a
    dead link; pyvenv.cfg comes after it, since it may be older.
    """
    lib = environment.path + "/lib"
    try:
        names = os.listdir(lib)
    except OSError:
        return None
    names = [name for name in names if name[0] == "p" and _numbers(name)]
    if not names:
        return None
    asked = _from_link(environment)
    if asked in names:
        return Interpreter(asked, _full(environment, asked))
    if asked is not None and f"{asked}t" in names:  # free-threaded: bin/python3.13t may be called python3.13
        return Interpreter(f"{asked}t", _full(environment, asked))
    chosen = _choose(environment, lib, names)
    return Interpreter(chosen, _full(environment, chosen), None if asked == chosen else asked)


def _choose(environment: Environment, lib: str, names: Sequence[str]) -> str:
    """Return the directory that pyvenv.cfg names, else the newest; those with packages in them come first."""
    with_packages = [name for name in names if os.path.isdir(f"{lib}/{name}/site-packages")]
    names = with_packages or names
    configured = "python" + ".".join(_configured(environment).split(".")[:2])
    return configured if configured in names else max(names, key=_order)


def _from_link(environment: Environment) -> str | None:
    """Return the directory that the links of bin/python name, None if they name none."""
    path = environment.python
    last_name = None
    for _ in range(_MOST_LINKS):
        name = os.path.basename(path)
        if _numbers(name):
            last_name = name
        try:
            target = os.readlink(path)
        except OSError:
            break
        path = os.path.join(os.path.dirname(path), target)
    return last_name or _from_twin(environment)


def _from_twin(environment: Environment) -> str | None:
    """Return the name of the file beside bin/python that is the same program under a full name."""
    try:
        for name in os.listdir(environment.bin):
            if _numbers(name) and os.path.samefile(f"{environment.bin}/{name}", environment.python):
                return name
    except OSError:
        pass
    return None


def _numbers(name: str) -> tuple[int, int] | None:
    """Return the two numbers of a name such as ``python3.11`` or ``python3.13t``, None for any other."""
    for implementation in _IMPLEMENTATIONS:
        if name.startswith(implementation):
            major, dot, minor = name[len(implementation) :].removesuffix("t").partition(".")
            if dot and major.isdecimal() and minor.isdecimal() and name.isascii() and len(name) < _LONGEST_NAME:
                return int(major), int(minor)
    return None


def _order(name: str) -> tuple[tuple[int, int], str]:
    return _numbers(name) or (0, 0), name


def _configured(environment: Environment) -> str:
    config = environment.config
    return config.get("version_info") or config.get("version") or ""


def _full(environment: Environment, name: str) -> str:
    """Return the version in three parts if a file of the environment has it for the directory ``name``, else in two."""
    major, minor = _numbers(name) or (3, 0)
    short = f"{major}.{minor}"
    configured = _configured(environment)
    if not configured:  # conda's, or virtualenv's before version 20
        from cleanenv.environments import python_release

        return python_release.find(environment, name, short) or short
    parts = configured.split(".")[:3]
    if ".".join(parts[:2]) == short and len(parts) == 3 and parts[2].isdecimal():  # noqa: PLR2004 - X.Y.Z
        return ".".join(parts)
    return short
