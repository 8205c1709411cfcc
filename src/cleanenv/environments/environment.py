"""What an environment is: its kind, its Python, what activation would set."""

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
        """The directory that activation puts in front of PATH."""
        return self.path + "/bin"

    @property
    def python(self) -> str:
        """The path of the environment's interpreter, whether it exists or not."""
        for name in ("python", "python3"):
            candidate = f"{self.bin}/{name}"
            if os.path.lexists(candidate):
                return candidate
        return f"{self.bin}/python"

    @property
    def version(self) -> str:
        """The Python's version in pyvenv.cfg, ``3.11.7``; empty if there is none."""
        version = self.config.get("version") or self.config.get("version_info") or ""
        return ".".join(version.split(".")[:3])

    @property
    def system_site_packages(self) -> bool:
        """Whether the base Python's packages are visible too."""
        if not self.config:
            return False
        # A pyvenv.cfg without the key means yes (site.py).
        return self.config.get("include-system-site-packages", "true").lower() == "true"

    @property
    def sees_user_site(self) -> bool:
        """Whether its Python looks for packages in the user's directory too (PEP 370, venv's docs), as far as is known.

        A venv without the system's packages does not. To site.py conda's is no environment, and virtualenv before 20
        had a site.py of its own.
        """
        return self.system_site_packages or not self.config

    def activation(self) -> dict[str, str]:
        """Return the variables that activation sets besides PATH."""
        if self.kind == "conda":
            return {"CONDA_DEFAULT_ENV": self.name, "CONDA_PREFIX": self.path}
        return {"VIRTUAL_ENV": self.path, "VIRTUAL_ENV_PROMPT": self.prompt}


def read_environment(path: str) -> Environment | None:
    """Return the environment at ``path``, or None if none is recognised.

    Raises EnvironmentUnusableError if the directory may not be read.
    """
    path = os.path.abspath(path)
    config = _read_config(path)
    if config is not None:
        return Environment(path, _kind(config), config)
    if os.path.isdir(f"{path}/{CONDA_META}"):
        return Environment(path, "conda", {})
    for marker in OLD_VIRTUALENV_MARKERS:  # virtualenv before 20 wrote no pyvenv.cfg
        if not os.path.isfile(f"{path}/{marker}"):
            return None
    return Environment(path, "virtualenv", {})


def _read_config(path: str) -> dict[str, str] | None:
    """Return the content of the pyvenv.cfg in ``path``, None if it does not exist."""
    try:
        with open(f"{path}/{PYVENV_CFG}", encoding="utf-8", errors="surrogateescape") as file:
            return parse_pyvenv_cfg(file.read())
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise EnvironmentUnusableError(
            f"cannot read the environment '{path}' ({reason})", "change its permissions or name another"
        ) from error


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

    Raises EnvironmentUnusableError if its interpreter is missing, a dead link
    or not executable, or if PATH cannot hold its path.
    """
    if ":" in environment.path:
        raise EnvironmentUnusableError(
            f"the environment '{environment.path}' cannot be on PATH, which ':' separates",
            "move it to a path without one",
        )
    fault = interpreter_fault(environment)
    if fault:
        raise EnvironmentUnusableError(f"the environment '{environment.path}' {fault}", "recreate it")
    return environment


def interpreter_fault(environment: Environment) -> str:
    """Return why the interpreter of ``environment`` cannot be started, empty if it can be."""
    python = environment.python
    if os.access(python, os.X_OK) and not os.path.isdir(python):
        return ""
    try:
        mode = os.stat(python).st_mode
    except FileNotFoundError:
        if os.path.islink(python):
            return f"has lost its Python, '{python}' points to '{os.readlink(python)}', which does not exist"
        return f"has no Python at '{python}'"
    except OSError as error:
        return f"has a Python that cannot be reached, '{python}' ({(error.strerror or 'error').lower()})"
    if stat.S_ISDIR(mode):
        return f"has a directory instead of a Python, '{python}'"
    return f"has a Python that is not executable, '{python}'"


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
