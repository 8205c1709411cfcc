"""pip's configuration files: where they are, and what they set (pip's topic "configuration")."""

from __future__ import annotations

import configparser
import locale
import os
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VARIABLE = "PIP_CONFIG_FILE"
NAME = "pip.conf"
# Sections that decide what goes where; others are for other commands.
SECTIONS = ("global", "install", ":env:")


class BrokenError(Exception):
    """A configuration file that pip refuses."""


class Setting(NamedTuple):
    """One line: ``option`` is the name of the long option without its dashes in front."""

    section: str
    option: str
    value: str


def files(environ: Mapping[str, str], home: str, prefix: str | None) -> Iterator[str]:
    """Yield the files that pip reads: the variable's, the system's, the user's, ``prefix``'s; the last one wins."""
    named = environ.get(VARIABLE)
    if named == os.devnull:  # pip's own way to say: no file at all
        return
    candidates = list(_system(environ))
    if named:
        candidates.insert(0, named)
    if not named or not os.path.exists(named):
        candidates += _user(environ, home)
    if prefix is not None:
        candidates.append(f"{prefix}/{NAME}")
    for path in dict.fromkeys(candidates):
        if os.path.exists(path):
            yield path


def read(path: str) -> list[Setting]:
    """Return the settings in the sections that matter; raise BrokenError if pip cannot read the file."""
    parser = configparser.RawConfigParser()
    try:
        parser.read(path, encoding=locale.getpreferredencoding(do_setlocale=False))
    except UnicodeDecodeError as error:
        raise BrokenError(f"{path}: not {error.encoding}: {error.reason}") from error
    except configparser.Error as error:
        raise BrokenError(" ".join(str(error).split())) from error
    settings = []
    for section in SECTIONS:
        if parser.has_section(section):
            for option, value in parser.items(section):
                settings.append(Setting(section, option.removeprefix("--").replace("_", "-"), value))
    return settings


def _system(environ: Mapping[str, str]) -> Iterator[str]:
    if sys.platform == "darwin":
        yield f"/Library/Application Support/pip/{NAME}"
        return
    for directory in (environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":"):
        if directory.strip():
            yield f"{directory}/pip/{NAME}"
    yield f"/etc/{NAME}"


def _user(environ: Mapping[str, str], home: str) -> Iterator[str]:
    yield f"{home}/.pip/{NAME}"
    if sys.platform == "darwin":
        on_macos = f"{home}/Library/Application Support/pip"
        yield f"{on_macos}/{NAME}" if os.path.isdir(on_macos) else f"{home}/.config/pip/{NAME}"
        return
    directory = environ.get("XDG_CONFIG_HOME", "").strip() or f"{home}/.config"
    yield f"{directory}/pip/{NAME}"
