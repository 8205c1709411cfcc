"""What sets variables before any shell does: pam_env's files (pam_env(8)) and systemd's environment.d(5)."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.trace.engine import source_file
from cleanenv.trace.model import Change, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAM_CONF = "/etc/security/pam_env.conf"
ENVIRONMENT = "/etc/environment"
# The first that has a file of some name wins; the user's own directory goes before all.
ENVIRONMENT_D = ("/etc/environment.d", "/run/environment.d", "/usr/local/lib/environment.d", "/usr/lib/environment.d")
AT_LOGIN = "read at login and by su, not by sudo"
BY_SYSTEMD = "read for what the systemd user session starts"
NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
PAM_LINE = re.compile(r"(?P<name>[A-Za-z_]\w*)(?P<rest>(?:\s+(?:DEFAULT|OVERRIDE)=(?:\"[^\"]*\"|\S*))*)\s*", re.ASCII)
PAM_OPTION = re.compile(r"(DEFAULT|OVERRIDE)=(?:\"([^\"]*)\"|(\S*))")
PAM_ITEM = re.compile(r"\\([$@])|([$@])\{([^}]*)\}")
EXPANSION = re.compile(r"\\(.)|\$\{([A-Za-z_]\w*)(?::([-+])([^}]*))?\}|\$([A-Za-z_]\w*)|(['\"])", re.ASCII)


class Line(NamedTuple):
    """A line that sets a variable, as it stands in ``file``."""

    file: str
    number: int
    text: str


def changes(environ: Mapping[str, str]) -> Iterator[Change]:
    """Yield what the files change in ``environ``, that of a login, in the order in which they are read."""
    known = dict(environ)
    for read in (_pam_conf, _environment, _environment_d):
        for change in read(known):
            if change.old != change.new:
                yield change
            if change.new is None:
                known.pop(change.name, None)
            else:
                known[change.name] = change.new


def lines(path: str) -> Iterator[Line]:
    """Yield the lines of a file, those that end in a backslash joined, without comments and empty ones."""
    joined, start = "", 0
    for number, line in enumerate(source_file.read(path).lines, 1):
        start = start or number
        if line.endswith("\\"):
            joined += line[:-1]
            continue
        joined = (joined + line).strip()
        if joined and not joined.startswith("#"):
            yield Line(path, start, joined)
        joined, start = "", 0


def _pam_conf(known: Mapping[str, str]) -> Iterator[Change]:
    for line in lines(PAM_CONF):
        setting = PAM_LINE.fullmatch(line.text)
        if setting is None:
            continue
        options = {"DEFAULT": "", "OVERRIDE": ""}
        for option, quoted, plain in PAM_OPTION.findall(setting["rest"]):
            options[option] = quoted or plain
        # An OVERRIDE that comes out empty leaves the DEFAULT (pam_env.conf(5)).
        value = _pam_value(options["OVERRIDE"], known) or _pam_value(options["DEFAULT"], known)
        yield _change(setting["name"], value or None, known, line, AT_LOGIN)


def _pam_value(value: str, known: Mapping[str, str]) -> str:
    items = {"PAM_USER": known.get("USER", ""), "HOME": known.get("HOME", ""), "SHELL": known.get("SHELL", "")}

    def expand(item: re.Match[str]) -> str:
        escaped, sign, name = item.groups()
        if escaped:
            return str(escaped)
        values = known if sign == "$" else items
        return values.get(name, "")

    return PAM_ITEM.sub(expand, value)


def _environment(known: Mapping[str, str]) -> Iterator[Change]:
    for line in lines(ENVIRONMENT):
        text = line.text.removeprefix("export ").partition("#")[0].strip()
        name, equals, value = text.partition("=")
        if not equals or NAME.fullmatch(name) is None:
            continue
        if value[:1] in ("'", '"'):
            value = value[1:].removesuffix(value[0])
        yield _change(name, value or None, known, line, AT_LOGIN)


def _environment_d(known: Mapping[str, str]) -> Iterator[Change]:
    config = known.get("XDG_CONFIG_HOME") or os.path.join(known.get("HOME", "/"), ".config")
    files: dict[str, str] = {}
    for directory in (os.path.join(config, "environment.d"), *ENVIRONMENT_D):
        for name in _names_in(directory):
            if name.endswith(".conf"):
                files.setdefault(name, os.path.join(directory, name))
    for name in sorted(files):
        for line in lines(files[name]):
            variable, equals, value = line.text.partition("=")
            if equals and NAME.fullmatch(variable) is not None:
                yield _change(variable, _expanded(value.strip(), known), known, line, BY_SYSTEMD)


def _names_in(directory: str) -> list[str]:
    try:
        return os.listdir(directory)
    except OSError:
        return []


def _expanded(value: str, known: Mapping[str, str]) -> str:
    """Return ``value`` without its quotes, with $NAME, ${NAME}, ${NAME:-word} and ${NAME:+word} put in."""

    def expand(item: re.Match[str]) -> str:
        escaped, name, sign, word, short, quote = item.groups()
        if quote:
            return ""
        if escaped is not None:
            return str(escaped)
        value = known.get(name or short, "")
        if sign == "-":
            return value or _expanded(word, known)
        if sign == "+":
            return _expanded(word, known) if value else ""
        return value

    return EXPANSION.sub(expand, value)


def _change(name: str, new: str | None, known: Mapping[str, str], line: Line, note: str) -> Change:
    return Change(name, known.get(name), new, (Place(line.file, line.number),), line.text, notes=(note,))
