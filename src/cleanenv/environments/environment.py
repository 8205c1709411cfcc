"""Reading what an environment is: its kind, its Python, what activation would set."""

# On the way of `run` and `freeze`, started in loops: no dataclasses, pathlib or re (each 6 to 12 ms).
from __future__ import annotations

import os
import stat

from cleanenv.errors import EnvironmentUnusableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PYVENV_CFG = "pyvenv.cfg"
CONDA_META = "conda-meta"
OLD_VIRTUALENV_MARKERS = ("bin/activate_this.py", "bin/activate")


class Environment:
    """A Python environment on disk, as far as its own files tell.

    ``path`` is absolute and not resolved, as activation keeps it; ``kind`` is
    ``"venv"``, ``"virtualenv"``, ``"uv"`` or ``"conda"``; ``config`` holds the
    keys of pyvenv.cfg in lower case (PEP 405), empty for conda.
    """

    __slots__ = ("config", "kind", "path")

    def __init__(self, path: str, kind: str, config: Mapping[str, str]) -> None:
        self.path = path
        self.kind = kind
        self.config = config

    def __repr__(self) -> str:
        return f"Environment({self.path!r}, {self.kind!r})"

    @property
    def name(self) -> str:
        """The last part of the path, ``my_env``."""
        return os.path.basename(self.path)

    @property
    def prompt(self) -> str:
        """What goes between the brackets of the prompt marker."""
        return self.config.get("prompt") or self.name

    @property
    def bin(self) -> str:
        """The folder that activation puts in front of PATH."""
        return self.path + "/bin"

    @property
    def python(self) -> str:
        """The path of the environment's interpreter, whether it is there or not."""
        for name in ("python", "python3"):
            candidate = f"{self.bin}/{name}"
            if os.path.lexists(candidate):
                return candidate
        return f"{self.bin}/python"

    @property
    def version(self) -> str:
        """The Python's version as pyvenv.cfg tells it, ``3.11.7``; empty where it does not."""
        told = self.config.get("version") or self.config.get("version_info") or ""
        return ".".join(told.split(".")[:3])

    @property
    def system_site_packages(self) -> bool:
        """Whether the base Python's packages are visible too; a pyvenv.cfg that does not say means yes (site.py)."""
        return bool(self.config) and self.config.get("include-system-site-packages", "true").lower() == "true"

    def activation(self) -> dict[str, str]:
        """Return the variables that activation sets, PATH apart."""
        if self.kind == "conda":
            return {"CONDA_DEFAULT_ENV": self.name, "CONDA_PREFIX": self.path}
        return {"VIRTUAL_ENV": self.path, "VIRTUAL_ENV_PROMPT": self.prompt}


def read_environment(path: str) -> Environment | None:
    """Return the environment at ``path``, or None where none is recognised.

    Raises EnvironmentUnusableError where the folder may not be read.
    """
    path = os.path.abspath(path)
    try:
        with open(f"{path}/{PYVENV_CFG}", encoding="utf-8", errors="surrogateescape") as file:
            config = parse_pyvenv_cfg(file.read())
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        config = None
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise EnvironmentUnusableError(
            f"cannot read the environment '{path}' ({reason}): change its permissions or name another"
        ) from error
    if config is not None:
        return Environment(path, _kind(config), config)
    if os.path.isdir(f"{path}/{CONDA_META}"):
        return Environment(path, "conda", {})
    if all(os.path.isfile(f"{path}/{marker}") for marker in OLD_VIRTUALENV_MARKERS):
        return Environment(path, "virtualenv", {})
    return None


def parse_pyvenv_cfg(text: str) -> dict[str, str]:
    """Parse the text of a pyvenv.cfg as CPython's site does: ``key = value`` lines, keys in lower case."""
    config = {}
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        if equals:
            config[key.strip().lower()] = value.strip()
    if config.get("prompt", "")[:1] in ("'", '"'):  # venv writes repr(prompt) (cpython #90251)
        config["prompt"] = _unquote(config["prompt"])
    return config


def require_usable(environment: Environment) -> Environment:
    """Return ``environment`` if commands can be started in it.

    Raises EnvironmentUnusableError where its interpreter is missing, a dead
    link or not executable, or where PATH cannot name the folder.
    """
    if ":" in environment.path:
        raise EnvironmentUnusableError(
            f"the environment '{environment.path}' cannot stand on PATH, which ':' separates: "
            "move it to a path without one"
        )
    wrong = interpreter_fault(environment)
    if wrong:
        raise EnvironmentUnusableError(f"the environment '{environment.path}' {wrong}: make it anew")
    return environment


def interpreter_fault(environment: Environment) -> str:
    """Return what keeps the interpreter of ``environment`` from being started, empty where nothing does."""
    python = environment.python
    if os.access(python, os.X_OK) and not os.path.isdir(python):
        return ""
    try:
        mode = os.stat(python).st_mode
    except FileNotFoundError:
        if os.path.islink(python):
            return f"has lost its Python: '{python}' points to '{os.readlink(python)}', which is not there"
        return f"has no Python at '{python}'"
    except OSError as error:
        return f"has a Python that cannot be reached, '{python}' ({(error.strerror or 'error').lower()})"
    if stat.S_ISDIR(mode):
        return f"has a folder for a Python, '{python}'"
    return f"has a Python that may not be executed, '{python}'"


def _kind(config: Mapping[str, str]) -> str:
    if "uv" in config:
        return "uv"
    if "virtualenv" in config:
        return "virtualenv"
    return "venv"


def _unquote(text: str) -> str:
    import ast

    try:
        value = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return text
    return value if isinstance(value, str) else text
