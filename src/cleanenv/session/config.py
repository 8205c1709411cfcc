"""What the configuration says: [tool.cleanenv] of the nearest pyproject.toml, and the user's config.toml."""

# On the way of `run`: tomllib (4 ms and more) is only imported where a file speaks of cleanenv.
from __future__ import annotations

import os

from cleanenv.clean import policy
from cleanenv.clean.plan import Overrides
from cleanenv.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.session.toml_document import Document

PROJECT_FILE = "pyproject.toml"
USER_FILE = "cleanenv/config.toml"
USERS_OWN = ("shell", "path", "source")  # a project's file may not name these: entering a folder must not run code
KEYS: dict[str, type] = {"env": str, "keep": list, "set": dict, "shell": str, "path": list, "source": list}
EXPECTED: dict[type, str] = {str: "a string", list: "a list of strings", dict: "a table of strings"}


class Config:
    """What one file or several say, all of it checked: ``env`` and ``shell`` where named, and the overrides."""

    __slots__ = ("env", "overrides", "shell")

    def __init__(self, env: str | None = None, shell: str | None = None, overrides: Overrides | None = None) -> None:
        self.env = env
        self.shell = shell
        self.overrides = overrides or Overrides()


def load(environ: Mapping[str, str], folder: str) -> Config:
    """Read the user's file and that of the project around ``folder``; the project's goes before the user's.

    Raises UsageError, naming file and line, for what is no TOML, an unknown
    key, a wrong type, and what a project's file may not say.
    """
    home = environ.get("HOME", "")
    configs = [_read(path, home, is_project=False) for path in filter(None, [_user_file(environ)])]
    project = _nearest(folder)
    if project is not None:
        configs.append(_read(project, home, is_project=True))
    merged = Config()
    for config in configs:
        merged = merge(merged, config)
    return merged


def merge(below: Config, above: Config) -> Config:
    """Return both in one, ``above`` going before where they speak of the same."""
    overrides = Overrides(
        (*below.overrides.keep, *above.overrides.keep),
        below.overrides.assign | above.overrides.assign,
        (*above.overrides.path, *below.overrides.path),
        (*below.overrides.source, *above.overrides.source),
    )
    env = below.env if above.env is None else above.env
    return Config(env, below.shell if above.shell is None else above.shell, overrides)


def user_folder(environ: Mapping[str, str]) -> str | None:
    """Return the user's configuration folder by the XDG base directory specification, None without HOME."""
    folder = environ.get("XDG_CONFIG_HOME", "")
    if os.path.isabs(folder):
        return folder
    home = environ.get("HOME")
    return os.path.join(home, ".config") if home else None


def _user_file(environ: Mapping[str, str]) -> str | None:
    folder = user_folder(environ)
    return os.path.join(folder, USER_FILE) if folder else None


def _nearest(folder: str) -> str | None:
    while True:
        path = os.path.join(folder, PROJECT_FILE)
        if os.path.isfile(path):
            return path
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _read(path: str, home: str, *, is_project: bool) -> Config:
    try:
        with open(path, "rb") as file:
            content = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return Config()
    except OSError as error:
        if is_project:
            return Config()
        raise UsageError(f"cannot read '{path}' ({(error.strerror or 'error').lower()})") from error
    if is_project and not _may_hold_table(content):
        return Config()
    from cleanenv.session.toml_document import Document

    document = Document(path, content)
    return _check(
        document.table("tool", "cleanenv") if is_project else document.table(), document, home, is_project=is_project
    )


def _may_hold_table(content: bytes) -> bool:
    """Tell, without parsing, whether a pyproject.toml can hold [tool.cleanenv], in whatever spelling TOML allows."""
    if b"cleanenv" not in content:
        return False
    lines = (line.translate(None, b" \t\"'") for line in content.splitlines())
    return any(line.startswith((b"[tool.cleanenv", b"[tool]", b"tool.cleanenv", b"tool=")) for line in lines)


def _check(table: Mapping[str, object], document: Document, home: str, *, is_project: bool) -> Config:
    for key, value in table.items():
        if key not in KEYS:
            raise UsageError(f"{document.place(key)}: unknown key '{key}': cleanenv knows {', '.join(KEYS)}")
        _check_type(key, value, document)
        if is_project and key in USERS_OWN:
            raise UsageError(f"{document.place(key)}: {_users_own(f'name {key!r}')}")
    config = _config(table, os.path.dirname(document.path), home)
    _check_names(config.overrides, document, is_project=is_project)
    return config


def _check_type(key: str, value: object, document: Document) -> None:
    if key in ("path", "source") and isinstance(value, str):
        return
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if not isinstance(value, KEYS[key]) or not all(isinstance(item, str) for item in items):
        raise UsageError(f"{document.place(key)}: '{key}' must be {EXPECTED[KEYS[key]]}")
    if any("\0" in item for item in (value, *items) if isinstance(item, str)):
        raise UsageError(f"{document.place(key)}: '{key}' holds a NUL character, which no variable can")


def _config(table: Mapping[str, object], folder: str, home: str) -> Config:
    def texts(key: str) -> list[str]:
        value = table.get(key, [])
        return [value] if isinstance(value, str) else [str(item) for item in value] if isinstance(value, list) else []

    def text(key: str) -> str | None:
        return next(iter(texts(key)), None)

    def placed(path: str) -> str:
        if home and path.startswith("~/"):
            return os.path.join(home, path[2:])
        return os.path.join(folder, path)

    env = text("env")
    assign = table.get("set", {})
    return Config(
        placed(env) if env and (os.sep in env or os.path.isdir(placed(env))) else env,
        text("shell"),
        Overrides(
            texts("keep"),
            {name: str(value) for name, value in assign.items()} if isinstance(assign, dict) else {},
            [placed(path) for path in texts("path")],
            [placed(path) for path in texts("source")],
        ),
    )


def _check_names(overrides: Overrides, document: Document, *, is_project: bool) -> None:
    for name in overrides.assign:
        if not (name.isidentifier() and name.isascii()):
            raise UsageError(f"{document.place(name)}: '{name}' is no name for a variable")
    if not is_project:
        return
    for pattern in overrides.keep:
        kind = policy.project_may_keep(pattern)
        if kind is not None:
            raise UsageError(f"{document.place(pattern)}: {_users_own(f'keep {pattern!r}')} ({kind})")
    for name in overrides.assign:
        kind = policy.project_may_set(name)
        if kind is not None:
            raise UsageError(f"{document.place(name)}: {_users_own(f'set {name!r}')} ({kind})")


def _users_own(act: str) -> str:
    way_out = "put it into config.toml in your own configuration folder, or on the command line"
    return f"a project's file may not {act}: {way_out}"
