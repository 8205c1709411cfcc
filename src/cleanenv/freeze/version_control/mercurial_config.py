"""The path called ``default`` in Mercurial's configuration files (hgrc(5))."""

from __future__ import annotations

import os

from cleanenv.environments import metadata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_SYSTEM = "/etc/mercurial"
_DEEPEST = 10


def default_path(hg: str, environ: Mapping[str, str]) -> str | None:
    """Return the ``default`` of ``[paths]`` as the repository of the directory ``hg`` sees it, None if there is none.

    ``environ`` says where the user's own files are.
    """
    value = None
    for path in _files(hg, environ):
        value = _value(path, value, environ)
    # "%%" was an escape once and is still undone.
    return None if value is None else value.replace("%%", "%")


def _files(hg: str, environ: Mapping[str, str]) -> list[str]:
    """Return the files that are read, the one that wins last."""
    files = [f"{_SYSTEM}/hgrc"]
    try:
        names = sorted(os.listdir(f"{_SYSTEM}/hgrc.d"))
    except OSError:
        names = []
    files += [f"{_SYSTEM}/hgrc.d/{name}" for name in names if name.endswith(".rc")]
    home = environ.get("HOME")
    config = environ.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(config) and home:
        config = f"{home}/.config"
    if home:
        files.append(f"{home}/.hgrc")
    if config:
        files.append(f"{config}/hg/hgrc")
    requirements = (_text(f"{hg}/requires") or "").split()
    shared = (_text(f"{hg}/sharedpath") or "").rstrip("\n")
    if "share-safe" in requirements and shared:
        if "relshared" in requirements:
            shared = os.path.normpath(os.path.join(hg, shared))
        files.append(f"{shared}/hgrc")
    return [*files, f"{hg}/hgrc", f"{hg}/hgrc-not-shared"]


def _value(path: str, value: str | None, environ: Mapping[str, str], depth: int = 0) -> str | None:
    """Return the ``default`` after the file at ``path`` was read, if it was ``value`` before."""
    section = ""
    is_continued = False
    for line in _lines(path):
        if line[:1].isspace():
            if is_continued and value is not None:
                value += f"\n{line.strip()}"
            continue
        is_continued = False
        if line.startswith("%include"):
            if depth < _DEEPEST:
                included = _expanded(line.removeprefix("%include").strip(), environ)
                value = _value(os.path.join(os.path.dirname(path), included), value, environ, depth + 1)
        elif line.startswith("["):
            section = line[1:].partition("]")[0]
        elif section != "paths":
            continue
        elif line.split() == ["%unset", "default"]:
            value = None
        else:
            name, equals, found = line.partition("=")
            if equals and name.rstrip() == "default":
                value = found.strip()
                is_continued = True
    return value


def _lines(path: str) -> list[str]:
    """Return the lines of the file at ``path`` that are neither empty nor comments."""
    lines = (_text(path) or "").splitlines()
    return [line for line in lines if line.strip() and line[0] not in "#;"]


def _expanded(path: str, environ: Mapping[str, str]) -> str:
    home = environ.get("HOME", "")
    if path == "~" or path.startswith("~/"):
        path = home + path[1:]
    return path.replace("${HOME}", home).replace("$HOME", home)


def _text(path: str) -> str | None:
    try:
        return metadata.read_whole(path).decode("utf-8", "surrogateescape")
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return None
