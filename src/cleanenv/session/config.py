"""What the configuration says: [tool.cleanenv] of the nearest pyproject.toml, and the user's config.toml."""

# On the way of `run`: what reads TOML (4 ms and more) is only imported if a file speaks of cleanenv.
from __future__ import annotations

import os

from cleanenv.clean.plan import Overrides
from cleanenv.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PROJECT_FILE = "pyproject.toml"
USER_FILE = "cleanenv/config.toml"


class Config:
    """What a file, several of them or the command line say, all of it checked.

    ``env`` and ``shell`` are names or paths, None if not named; ``rc`` holds
    the user's own files for clean shells. ``ignore`` has the codes of findings
    that doctor is to ignore, each with the place that names it, ``file:line``.
    What follows is the command line's alone: ``create`` makes ENV if it is
    missing, with ``python``, a path, a command or a version, else with
    cleanenv's own; ``source_shell`` reads the setup files that the command
    line names; ``quiet`` prints nothing on stderr but errors.
    """

    __slots__ = ("create", "env", "ignore", "overrides", "python", "quiet", "rc", "shell", "source_shell")

    def __init__(
        self,
        env: str | None = None,
        shell: str | None = None,
        overrides: Overrides | None = None,
        rc: Iterable[str] = (),
        ignore: Mapping[str, str] | None = None,
        *,
        create: bool = False,
        python: str | None = None,
        source_shell: str | None = None,
        quiet: bool = False,
    ) -> None:
        self.env = env
        self.shell = shell
        self.overrides = overrides or Overrides()
        self.ignore = ignore or {}
        self.rc = tuple(rc)
        self.create = create
        self.python = python
        self.source_shell = source_shell
        self.quiet = quiet


def load(environ: Mapping[str, str], directory: str) -> Config:
    """Read the user's file and that of the project around ``directory``; the project's goes before the user's.

    Raises UsageError, naming file and line, for what is not TOML, an unknown
    key, a wrong type, and what a project's file may not say.
    """
    home = environ.get("HOME", "")
    config = Config()
    user_directory = user_config_directory(environ)
    if user_directory is not None:
        config = _read_user_file(os.path.join(user_directory, USER_FILE), home)
    project_file = _nearest(directory)
    if project_file is not None:
        config = merge(config, _read_project_file(project_file, home))
    return config


def merge(below: Config, above: Config) -> Config:
    """Return both in one, ``above`` going before ``below`` if they speak of the same."""
    overrides = Overrides(
        (*below.overrides.keep, *above.overrides.keep),
        below.overrides.assign | above.overrides.assign,
        (*above.overrides.path, *below.overrides.path),
        (*below.overrides.source, *above.overrides.source),
    )
    env = below.env if above.env is None else above.env
    shell = below.shell if above.shell is None else above.shell
    rc = above.rc or below.rc
    ignore = {**below.ignore, **above.ignore}
    return Config(
        env,
        shell,
        overrides,
        rc,
        ignore,
        create=above.create,
        python=above.python,
        source_shell=above.source_shell,
        quiet=above.quiet,
    )


def user_config_directory(environ: Mapping[str, str]) -> str | None:
    """Return the user's configuration directory by the XDG base directory specification, None without HOME.

    That of a snap or of another environment is not the user's: a clean shell
    has no XDG_CONFIG_HOME then, and reads the same file as outside.
    """
    directory = environ.get("XDG_CONFIG_HOME", "")
    if os.path.isabs(directory):
        from cleanenv.clean import paths

        if not paths.is_left_out(directory, environ, None):
            return directory
    home = environ.get("HOME")
    return os.path.join(home, ".config") if home else None


def _nearest(directory: str) -> str | None:
    while True:
        path = os.path.join(directory, PROJECT_FILE)
        if os.path.isfile(path):
            return path
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent


def _read_user_file(path: str, home: str) -> Config:
    try:
        with open(path, "rb") as file:
            content = file.read()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        # HOME is often another user's (su -m, sudo -E, docker run -u): git passes such a file over too (4698c8feb1bb).
        return Config()
    except OSError as error:
        reason = (error.strerror or "error").lower()
        raise UsageError(
            f"cannot read '{path}' ({reason})", "make it a readable file, or set XDG_CONFIG_HOME to another directory"
        ) from error
    from cleanenv.session import config_table

    return Config(*config_table.user(path, content, home))


def _read_project_file(path: str, home: str) -> Config:
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError:  # a project that may not be read has nothing to say
        return Config()
    if not _may_hold_table(content):
        return Config()
    from cleanenv.session import config_table

    return Config(*config_table.project(path, content, home))


def _may_hold_table(content: bytes) -> bool:
    """Tell, without parsing, whether a pyproject.toml can hold [tool.cleanenv], in whatever spelling TOML allows."""
    if b"cleanenv" not in content:
        return False
    lines = (line.translate(None, b" \t\"'") for line in content.splitlines())
    return any(line.startswith((b"[tool.cleanenv", b"[tool]", b"tool.cleanenv", b"tool=")) for line in lines)
