"""Code in an environment that no distribution has recorded, and bytecode that is run without its source."""

from __future__ import annotations

import _imp
import os
import re
from typing import TYPE_CHECKING

from cleanenv.environments import metadata, search_path
from cleanenv.integrity import fault
from cleanenv.integrity.fault import Fault, Owner, Unowned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanenv.environments.environment import Environment
    from cleanenv.environments.inventory import Inventory
    from cleanenv.environments.search_path import Place
    from cleanenv.integrity.recorded_files import RecordedFiles

# What Python imports or runs; data that a program wrote beside its code is nobody's business.
CODE = (".py", ".pyc", ".so", ".pyd", ".dylib", ".pth")
CUSTOMIZE = ("sitecustomize", "usercustomize")
AT_START = "which runs at every start of Python"
MAKERS = ("_virtualenv.py", "_virtualenv.pth")  # of virtualenv and uv, which record them nowhere
_CACHE = "__pycache__"
_METADATA = (".dist-info", ".egg-info", ".egg", ".egg-link")
_ACTIVATION = re.compile(r"activate(_this)?(\.\w+)?|Activate\.ps1|deactivate(\.\w+)?|pydoc(\.bat)?")
_INTERPRETER = re.compile(r"(python|pypy|𝜋thon)[\w.-]*")
_SETUPTOOLS_SCRIPT = b"EASY-INSTALL"  # in the programs of `setup.py develop`
# The header of a .pyc file (PEP 552): magic number, flags, and for flags 1 and 3 the hash of the source.
_HEADER = 16
_UNCHECKED = (1).to_bytes(4, "little")


def modules(inventory: Inventory, recorded: RecordedFiles) -> Iterator[Unowned]:
    """Yield the unowned code in the site-packages directories of ``inventory``; a directory if all in it is unowned."""
    for place in inventory.places:
        if place.pth is None and place.inside and place.names is not None:
            yield from _in_place(place, recorded)


def _in_place(place: Place, recorded: RecordedFiles) -> Iterator[Unowned]:
    for name in place.names or ():
        path = f"{place.path}/{name}"
        # "~": leftovers of pip, which freeze and doctor report.
        if name.endswith(_METADATA) or name.startswith("~") or name in (_CACHE, *MAKERS) or path in recorded.paths:
            continue
        if f"{place.path}/{name.partition('.')[0]}" in recorded.stems:
            continue
        if not os.path.isdir(path):
            if name.endswith(CODE) and not _is_made_by_setuptools(path, name) and not _is_idle(path):
                yield Unowned(path, _effect(path, name))
            continue
        found = list(_below(path, recorded))
        if found and not _has_owned(path, recorded):
            yield Unowned(f"{path}/", AT_START if name in CUSTOMIZE else "")
        else:
            yield from found


def _below(directory: str, recorded: RecordedFiles) -> Iterator[Unowned]:
    for folder, folders, files in os.walk(directory):
        if _CACHE in folders:
            folders.remove(_CACHE)
        folders.sort()
        for name in sorted(files):
            path = f"{folder}/{name}"
            if name.endswith(CODE) and path not in recorded.paths and not _is_idle(path):
                yield Unowned(path)


def _has_owned(directory: str, recorded: RecordedFiles) -> bool:
    start = f"{directory}/"
    return any(path.startswith(start) for path in recorded.paths)


def _is_idle(path: str) -> bool:
    """Tell whether ``path`` is bytecode that is not imported: beside its source, as Python 2 writes it, or misnamed."""
    if not path.endswith(".pyc"):
        return False
    return os.path.isfile(path[:-1]) or os.path.basename(path).count(".") > 1


def _effect(path: str, name: str) -> str:
    if name.partition(".")[0] in CUSTOMIZE:
        return AT_START
    if not name.endswith(".pth"):
        return ""
    lines = search_path.lines(path)
    if any(line.startswith(search_path.IMPORT_LINES) for line in lines):
        return AT_START
    added = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return f"which adds '{added[0]}' to the search path" if added else ""


def _is_made_by_setuptools(path: str, name: str) -> bool:
    """Tell whether it is the list of eggs and projects that setuptools keeps: paths alone, or its two lines of code."""
    if name not in ("easy-install.pth", "setuptools.pth"):
        return False
    for line in search_path.lines(path):
        if line.startswith(search_path.IMPORT_LINES) and "sys.__plen" not in line:
            return False
    return True


def programs(environment: Environment, recorded: RecordedFiles) -> Iterator[Unowned]:
    """Yield the programs in ENV's bin that neither a distribution nor the maker of ENV has put there."""
    try:
        names = sorted(os.listdir(environment.bin))
    except OSError:
        return
    for name in names:
        path = f"{environment.bin}/{name}"
        if path in recorded.paths or _ACTIVATION.fullmatch(name) or not os.access(path, os.X_OK):
            continue
        if os.path.isdir(path) or (_INTERPRETER.fullmatch(name) and _is_copy(path, environment.python)):
            continue
        if not _is_of_develop(path):
            yield Unowned(path)


def _is_copy(path: str, original: str) -> bool:
    """Tell whether ``path`` is the environment's interpreter under another name."""
    try:
        if os.path.samefile(path, original):
            return True
        return os.path.getsize(path) == os.path.getsize(original) and _content(path) == _content(original)
    except OSError:
        return False


def _content(path: str) -> bytes:
    return metadata.read_whole(path)


def _is_of_develop(path: str) -> bool:
    try:
        return _SETUPTOOLS_SCRIPT in metadata.read(path)
    except OSError:
        return False


def bytecode(inventory: Inventory) -> Iterator[Fault]:
    """Yield the .pyc files that Python runs without looking at their source, and that are not made of it (PEP 552)."""
    owner = Owner("", "", "")
    for place in inventory.places:
        if place.pth is not None or not place.inside:
            continue
        for folder, _, files in os.walk(place.path):
            if not folder.endswith(f"/{_CACHE}"):
                continue
            for name in files:
                if name.endswith(".pyc") and _is_foreign(folder, name):
                    detail = "bytecode that is run without its source, and was not made of it"
                    yield Fault(fault.BYTECODE, owner, f"{folder}/{name}", detail)


def _is_foreign(folder: str, name: str) -> bool:
    try:
        header = metadata.read(f"{folder}/{name}", _HEADER)
        if header[4:8] != _UNCHECKED:
            return False
        stem = name.partition(".")[0]
        source = metadata.read_whole(f"{os.path.dirname(folder)}/{stem}.py")
    except OSError:
        return False
    return header[8:] != _imp.source_hash(int.from_bytes(header[:4], "little"), source)
