"""setup.cfg as a manifest, by setuptools' declarative configuration."""

from __future__ import annotations

import configparser
from typing import TYPE_CHECKING

from cleanenv.check.declared.manifest import BUILD, SETUP_CFG, Manifest, line_of
from cleanenv.environments import metadata
from cleanenv.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

OPTIONS = "options"
EXTRAS = "options.extras_require"
_KEYS = (("install_requires", ""), ("tests_require", "extra test"), ("setup_requires", BUILD))


def read(path: str, shown: str) -> Manifest | None:
    """Return what the file declares, None if it is only a tool's configuration; raise UsageError if it is not INI."""
    try:
        text = metadata.read_whole(path).decode()
    except OSError as error:
        raise UsageError(f"cannot read '{shown}' ({(error.strerror or 'unreadable').lower()})") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"'{shown}' is not UTF-8 ({error})") from error
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
    except configparser.Error as error:
        reason = str(error).partition("\n")[0]
        raise UsageError(f"'{shown}' is not a configuration file ({reason})") from error
    if not any(parser.has_section(section) for section in (OPTIONS, EXTRAS, "metadata")):
        return None
    manifest = Manifest(path, shown, SETUP_CFG)
    manifest.project = parser.get("metadata", "name", fallback="").strip()
    for key, group in _KEYS:
        _add(manifest, text, parser.get(OPTIONS, key, fallback=""), group)
    if parser.has_section(EXTRAS):
        for extra, value in parser.items(EXTRAS):
            _add(manifest, text, value, f"extra {extra}")
    return manifest


def _add(manifest: Manifest, text: str, value: str, group: str) -> None:
    if value.strip().startswith("file:"):  # setuptools reads a requirements file
        manifest.is_computed = True
        return
    for requirement in _requirements(value):
        manifest.add_text(requirement, f"{manifest.shown}:{line_of(text, requirement)}", group)


def _requirements(value: str) -> Iterator[str]:
    """Yield the requirements of a value: a line each, or, on one line, with semicolons between them."""
    lines = value.splitlines() if "\n" in value.strip() or "\n" in value else [value]
    for line in lines:
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            yield stripped
