"""What is read of an ELF file, of either class and byte order, whole and damaged."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cleanenv.system import elf
from tests.support import elf_files
from tests.support.elf_files import DT_NEEDED, DT_RPATH, DT_RUNPATH, DT_SONAME

LAYOUTS = [(64, "<"), (64, ">"), (32, "<"), (32, ">")]


def machine_of(bits: int, order: str, machine: int = elf_files.X86_64) -> bytes:
    return bytes([2 if bits == 64 else 1, 1 if order == "<" else 2]) + machine.to_bytes(
        2, "little" if order == "<" else "big"
    )


@pytest.mark.parametrize(("bits", "order"), LAYOUTS)
def test_all_is_read_in_every_layout(bits: int, order: str, tmp_path: Path) -> None:
    file = elf_files.write(
        tmp_path / "thing.so",
        (DT_NEEDED, "libone.so.1"),
        (DT_SONAME, "thing.so"),
        (DT_NEEDED, "libtwo.so"),
        (DT_RUNPATH, "/opt/a:/opt/b"),
        bits=bits,
        order=order,
    )
    needed = ("libone.so.1", "libtwo.so")
    assert elf.needs(str(file)) == elf.Needs(machine_of(bits, order), needed, (), ("/opt/a", "/opt/b"))
    assert elf.machine(str(file)) == machine_of(bits, order)


def test_rpath_alone_is_searched_first(tmp_path: Path) -> None:
    file = elf_files.write(tmp_path / "thing.so", (DT_RPATH, "/opt/a"))
    needs = elf.needs(str(file))
    assert needs is not None
    assert (needs.rpath, needs.runpath) == (("/opt/a",), ())


@pytest.mark.parametrize("runpath", ["/opt/b", ""])
def test_rpath_beside_runpath_does_not_count(runpath: str, tmp_path: Path) -> None:
    """Also beside one without directories: 'if present and DT_RUNPATH attribute does not exist', ld.so(8)."""
    file = elf_files.write(tmp_path / "thing.so", (DT_RPATH, "/opt/a"), (DT_RUNPATH, runpath))
    needs = elf.needs(str(file))
    assert needs is not None
    assert (needs.rpath, needs.runpath) == ((), (runpath,) if runpath else ())


def test_origin_is_the_directory_of_the_file(tmp_path: Path) -> None:
    """Links followed; empty entries are left out and paths are made plain."""
    text = "$ORIGIN/lib:${ORIGIN}/../up::/opt//c/:$ORIGIN"
    file = elf_files.write(tmp_path / "real/inner/thing.so", (DT_RUNPATH, text))
    (tmp_path / "link.so").symlink_to(file)
    for path in (file, tmp_path / "link.so"):
        needs = elf.needs(str(path))
        assert needs is not None
        origin = f"{tmp_path}/real/inner"
        assert needs.runpath == (f"{origin}/lib", f"{tmp_path}/real/up", "/opt/c", origin)


def test_several_search_paths_are_one(tmp_path: Path) -> None:
    file = elf_files.write(tmp_path / "thing.so", (DT_RPATH, "/opt/a"), (DT_RPATH, "/opt/b"))
    needs = elf.needs(str(file))
    assert needs is not None
    assert needs.rpath == ("/opt/a", "/opt/b")


def test_what_follows_the_end_does_not_count(tmp_path: Path) -> None:
    file = elf_files.write(tmp_path / "thing.so", (DT_NEEDED, "libone.so"), after_null=((DT_NEEDED, "libtwo.so"),))
    needs = elf.needs(str(file))
    assert needs is not None
    assert needs.needed == ("libone.so",)


@pytest.mark.parametrize("more", [0, 1, 15])
def test_the_section_is_as_long_as_its_header_says(more: int, tmp_path: Path) -> None:
    """Three entries here, and what is left of a part of one."""
    tags = [(DT_NEEDED, f"lib{number}.so") for number in range(4)]
    file = elf_files.write(tmp_path / "thing.so", *tags, size_of_dynamic=3 * 16 + more)
    needs = elf.needs(str(file))
    assert needs is not None
    assert needs.needed == ("lib0.so", "lib1.so")  # DT_STRTAB is the third


def test_names_at_the_start_of_their_segment(tmp_path: Path) -> None:
    file = elf_files.write(tmp_path / "thing.so", (DT_NEEDED, "libone.so"), before_texts=0)
    needs = elf.needs(str(file))
    assert needs is not None
    assert needs.needed == ("libone.so",)


def test_a_name_that_is_not_utf_8(tmp_path: Path) -> None:
    file = elf_files.write(tmp_path / "thing.so", (DT_NEEDED, "libX.so"))
    file.write_bytes(file.read_bytes().replace(b"libX", b"lib\xff"))
    needs = elf.needs(str(file))
    assert needs is not None
    assert [os.fsencode(name) for name in needs.needed] == [b"lib\xff.so"]


def test_a_long_search_path(tmp_path: Path) -> None:
    """As Nix writes them."""
    directories = [f"/nix/store/{number:032}-package/lib" for number in range(200)]
    file = elf_files.write(tmp_path / "thing.so", (DT_RUNPATH, ":".join(directories)), (DT_NEEDED, "libone.so"))
    needs = elf.needs(str(file))
    assert needs is not None
    assert (list(needs.runpath), needs.needed) == (directories, ("libone.so",))


def test_what_is_linked_statically_needs_nothing(tmp_path: Path) -> None:
    assert elf.needs(str(elf_files.write(tmp_path / "thing", is_static=True))) is None


@pytest.mark.parametrize(("bits", "order"), LAYOUTS)
def test_at_whatever_byte_it_is_cut_off(bits: int, order: str, tmp_path: Path) -> None:
    """The reader gives nothing or less, and raises nothing."""
    whole = elf_files.write(tmp_path / "thing.so", (DT_NEEDED, "libone.so"), bits=bits, order=order).read_bytes()
    cut = tmp_path / "cut.so"
    for size in range(400):
        cut.write_bytes(whole[:size])
        needs = elf.needs(str(cut))
        assert needs is None or needs.needed in ((), ("",))
        assert elf.machine(str(cut)) == (machine_of(bits, order) if size >= 20 else None)


def test_what_is_not_an_elf_file(tmp_path: Path) -> None:
    (tmp_path / "script").write_text("#!/bin/sh\n" + "#" * 200)
    for path in (tmp_path / "script", tmp_path / "missing", tmp_path):
        assert elf.needs(str(path)) is None
        assert elf.machine(str(path)) is None


def test_a_damaged_table_is_no_error(tmp_path: Path) -> None:
    """Each byte of the headers in turn set to its highest."""
    whole = elf_files.write(tmp_path / "thing.so", (DT_NEEDED, "libone.so")).read_bytes()
    damaged = tmp_path / "damaged.so"
    for place in range(4, 400):
        damaged.write_bytes(whole[:place] + b"\xff" + whole[place + 1 :])
        elf.needs(str(damaged))
