"""pip's configuration files: where they are, and what stands in them (pip's topic "configuration")."""

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
# Sections that decide where packages go; what stands in others is for other commands.
SECTIONS = ("global", "install", ":env:")


class BrokenError(Exception):
    """A configuration file that pip refuses."""


class Setting(NamedTuple):
    """One line: ``option`` is the long option's name without its dashes in front."""

    section: str
    option: str
    value: str


def files(environ: Mapping[str, str], home: str, prefix: str | None) -> Iterator[str]:
    """Yield the files that pip would read: the variable's, the system's, the user's, ``prefix``'s; the last counts."""
    named = environ.get(VARIABLE)
    if named == os.devnull:
        return
    candidates = [*filter(None, [named]), *_system(environ)]
    if not (named and os.path.exists(named)):
        candidates += _user(environ, home)
    if prefix is not None:
        candidates.append(f"{prefix}/{NAME}")
    yield from (path for path in dict.fromkeys(candidates) if os.path.exists(path))


def read(path: str) -> list[Setting]:
    """Return what stands in the sections that matter; raise BrokenError where pip cannot read the file."""
    parser = configparser.RawConfigParser()
    try:
        parser.read(path, encoding=locale.getpreferredencoding(do_setlocale=False))
    except UnicodeDecodeError as error:
        raise BrokenError(f"{path}: not {error.encoding}: {error.reason}") from error
    except configparser.Error as error:
        raise BrokenError(" ".join(str(error).split())) from error
    return [
        Setting(section, option.removeprefix("--").replace("_", "-"), value)
        for section in SECTIONS
        if parser.has_section(section)
        for option, value in parser.items(section)
    ]


def _system(environ: Mapping[str, str]) -> Iterator[str]:
    if sys.platform == "darwin":
        yield f"/Library/Application Support/pip/{NAME}"
        return
    for folder in (environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":"):
        if folder.strip():
            yield f"{folder}/pip/{NAME}"
    yield f"/etc/{NAME}"


def _user(environ: Mapping[str, str], home: str) -> Iterator[str]:
    yield f"{home}/.pip/{NAME}"
    on_macos = f"{home}/Library/Application Support/pip"
    if sys.platform == "darwin" and os.path.isdir(on_macos):
        yield f"{on_macos}/{NAME}"
        return
    folder = environ.get("XDG_CONFIG_HOME", "").strip() if sys.platform != "darwin" else ""
    yield f"{folder or home + '/.config'}/pip/{NAME}"
