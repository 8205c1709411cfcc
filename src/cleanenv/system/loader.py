"""Where the dynamic loader finds a library (ld.so(8)), worked out from files."""

# On the way of `run` if LD_LIBRARY_PATH is set; what only few programs need is imported late.
from __future__ import annotations

import os
import struct

from cleanenv.system import elf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

VARIABLE = "LD_LIBRARY_PATH"
CONFIG = "/etc/ld.so.conf"
CACHE = "/etc/ld.so.cache"
_DEPTH = 8  # files that include others
# glibc's elf/cache.c: magic, number of entries, size of the texts; an entry has the offsets of name and path.
_CACHE_MAGIC = b"glibc-ld.so.cache1.1"
_CACHE_HEADER = struct.Struct("=20sII20x")
_CACHE_ENTRY = struct.Struct("=iIIIQ")


class Lost:
    """A library ``name`` that ``user`` needs and does not find any more; ``directory`` still has it."""

    __slots__ = ("directory", "name", "user")

    def __init__(self, name: str, user: str, directory: str) -> None:
        self.name = name
        self.user = user
        self.directory = directory


def entries(value: str) -> list[str]:
    """Return the directories in a ``value`` of LD_LIBRARY_PATH that can be known without the program: no $ORIGIN."""
    texts = value.replace(";", ":").split(":")
    return [text for text in texts if text and "$" not in text]


def find(name: str, directories: Sequence[str], machine: bytes) -> str | None:
    """Return the path of the first library ``name`` in ``directories`` for ``machine``; others are passed over."""
    for directory in directories:
        path = f"{directory}/{name}"
        if elf.machine(path) == machine:
            return path
    return None


def find_in_system(name: str, machine: bytes, directories: Sequence[str]) -> str | None:
    """Return the library ``name`` in ``directories``, as of ``system_directories``, else in ldconfig's cache."""
    path = find(name, directories, machine)
    if path is not None:
        return path
    for cached in in_cache(name):  # of a directory given to ldconfig(8), or of one for newer processors
        if elf.machine(cached) == machine:
            return cached
    return None


def first_lost(program: str, dropped: Sequence[str], kept: Sequence[str]) -> Lost | None:
    """Return the first library that ``program`` no longer finds since LD_LIBRARY_PATH does not name ``dropped``.

    ``kept`` are the directories that it still names, some of ``dropped`` perhaps. Only libraries that are
    in ``dropped`` and nowhere else count; those of the system are taken to
    need nothing but the system.
    """
    seen: set[str] = set()
    waiting: list[tuple[str, tuple[str, ...]]] = [(program, ())]
    while waiting:
        user, inherited = waiting.pop()
        needs = elf.needs(user)
        if needs is None:
            continue
        # "the DT_RPATH of the loader chain", unless the library has a DT_RUNPATH, which counts for itself alone
        rpath = () if needs.runpath else (*needs.rpath, *inherited)
        for name in needs.needed:
            if name in seen or "/" in name:  # a path is not searched for
                continue
            seen.add(name)
            path = find(name, (*rpath, *kept, *needs.runpath), needs.machine)
            if path is not None:
                waiting.append((path, rpath))
                continue
            leaked = find(name, dropped, needs.machine)
            if leaked is None:
                continue
            if find_in_system(name, needs.machine, system_directories()) is None:
                return Lost(name, user, os.path.dirname(leaked))
    return None


def system_directories() -> tuple[str, ...]:
    """Return the directories that the loader searches by itself: ld.so.conf's and the trusted ones."""
    multiarch = f"{os.uname().machine}-linux-gnu"
    trusted = (f"/lib/{multiarch}", f"/usr/lib/{multiarch}", "/lib64", "/usr/lib64", "/lib", "/usr/lib")
    return (*configured(CONFIG), *trusted)


def configured(path: str, depth: int = _DEPTH) -> Iterator[str]:
    """Yield the directories that the file at ``path``, as /etc/ld.so.conf, names (ldconfig(8)).

    Files that it includes are read too, ``depth`` levels deep.
    """
    try:
        with open(path, "rb") as file:
            lines = [os.fsdecode(line).partition("#")[0].strip() for line in file]
    except OSError:
        return
    for line in lines:
        if line.startswith("/"):
            yield line.rstrip("/")
        elif line.startswith("include") and depth:
            import glob

            for pattern in line.split()[1:]:
                # Relative to the file's own directory.
                for included in sorted(glob.glob(os.path.join(os.path.dirname(path), pattern))):
                    yield from configured(included, depth - 1)


def in_cache(name: str, path: str = "") -> Iterator[str]:
    """Yield the paths that ldconfig(8) remembered for the library ``name`` in ``path``, by default ld.so.cache."""
    try:
        with open(path or CACHE, "rb") as file:
            data = file.read()
    except OSError:
        return
    # The older format is in front of the newer one, until glibc 2.32.
    start = data.find(_CACHE_MAGIC)
    if start < 0:
        return
    data = data[start:]
    wanted = os.fsencode(name)
    try:
        _, count, _ = _CACHE_HEADER.unpack_from(data)
        for number in range(count):
            offset = _CACHE_HEADER.size + number * _CACHE_ENTRY.size
            _, key, value, _, _ = _CACHE_ENTRY.unpack_from(data, offset)
            if data[key : data.index(b"\0", key)] == wanted:
                yield os.fsdecode(data[value : data.index(b"\0", value)])
    except (struct.error, ValueError):  # cut off, or of another byte order
        return
