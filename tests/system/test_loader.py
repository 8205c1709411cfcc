"""Where the loader finds a library, by files made by hand; and ldconfig's own cache."""

from __future__ import annotations

import os
import re
import shutil
import struct
from pathlib import Path

import pytest

from cleanenv.system import loader
from tests.support import elf_files
from tests.support.command import call
from tests.support.elf_files import needing
from tests.support.surroundings import skip_or_fail

MACHINE = b"\x02\x01\x3e\x00"


@pytest.fixture(autouse=True)
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let a directory of the test's own, and no cache, be all that the loader searches by itself."""
    directory = tmp_path / "system"
    directory.mkdir()
    monkeypatch.setattr(loader, "system_directories", lambda: (str(directory),))
    monkeypatch.setattr(loader, "CACHE", f"{tmp_path}/ld.so.cache")
    return directory


def lost(program: Path, *dropped: Path, kept: Path | None = None) -> tuple[str, str, str] | None:
    found = loader.first_lost(str(program), list(map(str, dropped)), [str(kept)] if kept else [])
    return None if found is None else (found.name, os.path.basename(found.user), found.directory)


def test_a_library_that_is_only_in_what_was_dropped(tmp_path: Path) -> None:
    program = needing(tmp_path / "python", "libc.so.6", "libpython.so")
    leak = needing(tmp_path / "leak/libpython.so").parent
    assert lost(program, tmp_path / "none", leak) == ("libpython.so", "python", str(leak))


@pytest.mark.parametrize("where", ["system", "kept", "rpath", "runpath", "cache", "nowhere", "path", "machine"])
def test_one_that_is_still_found_is_not_lost(where: str, system: Path, tmp_path: Path) -> None:
    """Nor one that was never found, that is needed by its path, or is for another machine."""
    own = tmp_path / "own"
    leak = tmp_path / "leak"
    name = f"{leak}/libpython.so" if where == "path" else "libpython.so"
    rpath = str(own) if where == "rpath" else ""
    runpath = str(own) if where == "runpath" else ""
    program = needing(tmp_path / "python", name, rpath=rpath, runpath=runpath)
    if where != "nowhere":
        needing(leak / "libpython.so", machine=elf_files.RISC_V if where == "machine" else elf_files.X86_64)
    if where == "cache":
        write_cache(Path(loader.CACHE), ("libpython.so", str(needing(own / "elsewhere.so"))))
    elif where not in ("nowhere", "path", "machine"):
        needing((system if where == "system" else own) / "libpython.so")
    assert lost(program, leak, kept=own if where == "kept" else None) is None


def test_what_a_library_of_its_own_needs(tmp_path: Path) -> None:
    """A libpython beside the interpreter that itself needs a compiler's library, as of Intel's."""
    program = needing(tmp_path / "bin/python", "libpython.so", runpath="$ORIGIN/../lib")
    needing(tmp_path / "lib/libpython.so", "libimf.so")
    leak = needing(tmp_path / "leak/libimf.so").parent
    assert lost(program, leak) == ("libimf.so", "libpython.so", str(leak))


@pytest.mark.parametrize("is_inherited", [True, False])
def test_only_an_rpath_counts_for_what_libraries_need(is_inherited: bool, tmp_path: Path) -> None:
    lib = tmp_path / "lib"
    rpath, runpath = (str(lib), "") if is_inherited else ("", str(lib))
    program = needing(tmp_path / "python", "libpython.so", rpath=rpath, runpath=runpath)
    needing(lib / "libpython.so", "libimf.so")
    needing(lib / "libimf.so")
    leak = needing(tmp_path / "leak/libimf.so").parent
    assert (lost(program, leak) is None) == is_inherited


def test_libraries_that_need_each_other_come_to_an_end(tmp_path: Path) -> None:
    lib = tmp_path / "lib"
    program = needing(tmp_path / "python", "liba.so", runpath=str(lib))
    needing(lib / "liba.so", "libb.so", runpath=str(lib))
    needing(lib / "libb.so", "liba.so", "libb.so", runpath=str(lib))
    assert lost(program, tmp_path) is None


@pytest.mark.parametrize("text", ["", "#!/bin/sh\n", "\x7fELF"])
def test_what_is_not_a_program_loses_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / "python").write_text(text, encoding="ascii")
    assert lost(tmp_path / "python", tmp_path) is None
    assert lost(tmp_path / "gone", tmp_path) is None


def test_entries() -> None:
    assert loader.entries("/a::/b;/c:$ORIGIN/lib:d") == ["/a", "/b", "/c", "d"]
    assert loader.entries("") == []


def write_cache(path: Path, *rows: tuple[str, str], before: bytes = b"") -> None:
    """Write a cache as glibc's elf/cache.c describes it."""
    start = 48 + 24 * len(rows)
    texts = b""
    entries = b""
    for row in rows:
        offsets = []
        for text in row:
            offsets.append(start + len(texts))
            texts += os.fsencode(text) + b"\0"
        entries += struct.pack("=iIIIQ", 0x303, *offsets, 0, 0)
    header = struct.pack("=20sII20x", b"glibc-ld.so.cache1.1", len(rows), len(texts))
    path.write_bytes(before + header + entries + texts)


def test_the_cache(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    rows = [("liba.so", "/x/v3/liba.so"), ("liba.so", "/x/liba.so"), ("libb.so", "/y/libb.so")]
    for before in (b"", b"ld.so-1.7.0\0\1\0\0\0"):
        write_cache(cache, *rows, before=before)
        assert list(loader.in_cache("liba.so", str(cache))) == ["/x/v3/liba.so", "/x/liba.so"]
        assert list(loader.in_cache("lib", str(cache))) == []
    assert list(loader.in_cache("liba.so", f"{tmp_path}/gone")) == []


@pytest.mark.parametrize("size", [0, 10, 30, 60, 100, 130])
def test_a_cache_that_is_cut_off(size: int, tmp_path: Path) -> None:
    write_cache(tmp_path / "cache", ("liba.so", "/x/liba.so"), ("libb.so", "/x/libb.so"))
    (tmp_path / "cut").write_bytes((tmp_path / "cache").read_bytes()[:size])
    assert list(loader.in_cache("libb.so", f"{tmp_path}/cut")) == []


def test_it_reads_what_ldconfig_wrote() -> None:
    ldconfig = shutil.which("ldconfig", path="/sbin:/usr/sbin:/bin:/usr/bin")
    if ldconfig is None or not Path("/etc/ld.so.cache").exists():
        skip_or_fail("no ldconfig")
        return
    printed = call([ldconfig, "-p"], {}).out
    rows = re.findall(r"^\t(\S+) \(.*\) => (\S+)$", printed, re.MULTILINE)
    assert rows
    for name, path in rows:
        assert path in loader.in_cache(name, "/etc/ld.so.cache")
