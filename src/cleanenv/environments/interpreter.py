"""Which Python an environment belongs to, told from its files."""

# On the way of `freeze`, run in hooks: no re, no dataclasses.
from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.environments.environment import Environment

_IMPLEMENTATIONS = ("python", "pypy")


class Interpreter:
    """The Python of an environment.

    ``folder`` is its folder below lib, ``python3.11`` or ``pypy3.10``;
    ``version`` the two numbers that the folder names; ``full`` all that is
    known, ``3.11.7``; ``mismatch`` the folder that bin/python asks for where
    that is not there and ``folder`` is another.
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
    """Return the Python that ``environment`` belongs to, None where no folder below lib tells.

    Of several folders below lib the one that bin/python leads to is meant,
    dead link or not; pyvenv.cfg is asked after it, since it may be the older.
    """
    lib = environment.path + "/lib"
    try:
        folders = [name for name in os.listdir(lib) if name[0] == "p" and _numbers(name)]
    except OSError:
        return None
    asked = _from_link(environment) if folders else None
    if asked in folders:
        return Interpreter(asked, _full(environment, asked))
    if asked is not None and f"{asked}t" in folders:  # free-threaded: bin/python3.13t may be called python3.13
        return Interpreter(f"{asked}t", _full(environment, asked))
    folders = [name for name in folders if os.path.isdir(f"{lib}/{name}/site-packages")] or folders
    if not folders:
        return None
    configured = "python" + ".".join(_configured(environment).split(".")[:2])
    chosen = configured if configured in folders else max(folders, key=_order)
    return Interpreter(chosen, _full(environment, chosen), None if asked == chosen else asked)


def _from_link(environment: Environment) -> str | None:
    """Return the folder that the links of bin/python name, None where they name none."""
    path = environment.python
    named = None
    for _ in range(40):  # as many as Linux follows
        name = os.path.basename(path)
        if _numbers(name):
            named = name
        try:
            path = os.path.join(os.path.dirname(path), os.readlink(path))
        except OSError:
            break
    return named or _from_twin(environment)


def _from_twin(environment: Environment) -> str | None:
    """Return the name of the file beside bin/python that is the same program under a full name."""
    try:
        names = [name for name in os.listdir(environment.bin) if _numbers(name)]
        return next((name for name in names if os.path.samefile(f"{environment.bin}/{name}", environment.python)), None)
    except OSError:
        return None


def _numbers(name: str) -> tuple[int, int] | None:
    for implementation in _IMPLEMENTATIONS:
        if name.startswith(implementation):
            major, dot, minor = name[len(implementation) :].removesuffix("t").partition(".")
            if dot and major.isdecimal() and minor.isdecimal() and name.isascii() and len(name) < 20:  # noqa: PLR2004
                return int(major), int(minor)
    return None


def _order(folder: str) -> tuple[tuple[int, int], str]:
    return _numbers(folder) or (0, 0), folder


def _configured(environment: Environment) -> str:
    config = environment.config
    return config.get("version_info") or config.get("version") or ""


def _full(environment: Environment, folder: str) -> str:
    """Return the version in three parts where pyvenv.cfg or conda's records know it, else in two."""
    short = "{}.{}".format(*(_numbers(folder) or (3, 0)))
    parts = _configured(environment).split(".")[:3]
    if ".".join(parts[:2]) == short and len(parts) == 3 and parts[2].isdecimal():  # noqa: PLR2004
        return ".".join(parts)
    return short
