"""Which library the loader takes, by files that are made by hand; test_linker.py asks the loader itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cleanenv.doctor.finding import Subject
from cleanenv.doctor.linking import libraries
from cleanenv.doctor.linking.libraries import Substitute
from cleanenv.environments.environment import read_environment
from cleanenv.system import elf, loader
from tests.support import elf_files
from tests.support.elf_files import needing
from tests.support.fake_environment import FakeEnvironment


@pytest.fixture
def fake(tmp_path: Path) -> FakeEnvironment:
    """Return an environment whose interpreter needs libbase.so."""
    fake = FakeEnvironment(tmp_path)
    needing(fake.python.resolve(), "libbase.so").chmod(0o755)
    return fake


@pytest.fixture(autouse=True)
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let a directory of the test's own be all that the loader searches by itself."""
    directory = tmp_path / "system"
    directory.mkdir()
    monkeypatch.setattr(libraries, "system_directories", lambda: (str(directory),))
    return directory


def substitutes(fake: FakeEnvironment, *directories: Path) -> list[Substitute]:
    return libraries.substitutes(fake.subject(), list(map(str, directories)))


def test_a_library_in_place_of_the_systems(fake: FakeEnvironment, system: Path, tmp_path: Path) -> None:
    needing(system / "libbase.so")
    leaked = needing(tmp_path / "leak/libbase.so")
    taken = substitutes(fake, tmp_path / "leak")
    assert taken == [Substitute("libbase.so", f"{fake.path}/bin/python", str(leaked), f"{system}/libbase.so")]


def test_a_library_that_is_nowhere_else(fake: FakeEnvironment, tmp_path: Path) -> None:
    leaked = needing(tmp_path / "leak/libbase.so")
    assert [(library.path, library.other) for library in substitutes(fake, tmp_path / "leak")] == [(str(leaked), None)]


def test_a_link_to_the_systems_library_is_the_same(fake: FakeEnvironment, system: Path, tmp_path: Path) -> None:
    (tmp_path / "leak").mkdir()
    (tmp_path / "leak/libbase.so").symlink_to(needing(system / "libbase.so"))
    assert substitutes(fake, tmp_path / "leak") == []


def test_rpath_goes_before_and_runpath_after(fake: FakeEnvironment, tmp_path: Path) -> None:
    """The first is searched before LD_LIBRARY_PATH, the second is what would be taken without it."""
    own = needing(tmp_path / "own/libdemo.so").parent
    leaked = needing(tmp_path / "leak/libdemo.so")
    module = needing(fake.site_packages / "thing.so", "libdemo.so", rpath=str(own))
    assert substitutes(fake, leaked.parent) == []
    needing(module, "libdemo.so", runpath=str(own))
    assert substitutes(fake, leaked.parent) == [
        Substitute("libdemo.so", str(module), str(leaked), f"{own}/libdemo.so"),
    ]


def test_runpath_goes_before_the_systems(fake: FakeEnvironment, system: Path, tmp_path: Path) -> None:
    own = needing(tmp_path / "own/libdemo.so")
    needing(system / "libdemo.so")
    needing(fake.site_packages / "thing.so", "libdemo.so", runpath=str(own.parent))
    needing(tmp_path / "leak/libdemo.so")
    assert [library.other for library in substitutes(fake, tmp_path / "leak")] == [str(own)]


def test_a_path_is_not_searched_for(fake: FakeEnvironment, tmp_path: Path) -> None:
    """DT_NEEDED with a slash in it: ld.so(8) loads that very file."""
    needing(fake.site_packages / "thing.so", "./libdemo.so", "sub/libdemo.so")
    needing(tmp_path / "leak/libdemo.so")
    needing(tmp_path / "leak/sub/libdemo.so")
    assert substitutes(fake, tmp_path / "leak") == []


def test_a_path_does_not_end_the_search_for_others(fake: FakeEnvironment, tmp_path: Path) -> None:
    needing(fake.site_packages / "thing.so", "./libfirst.so", "libmissing.so", "libdemo.so")
    needing(tmp_path / "leak/libdemo.so")
    assert [library.name for library in substitutes(fake, tmp_path / "leak")] == ["libdemo.so"]


def test_each_library_stands_once_in_the_order_of_names(fake: FakeEnvironment, tmp_path: Path) -> None:
    """With the first file that needs it."""
    needing(fake.site_packages / "a.so", "libz.so", "libbase.so")
    needing(tmp_path / "leak/libz.so")
    needing(tmp_path / "leak/libbase.so")
    taken = substitutes(fake, tmp_path / "leak")
    assert [(library.name, os.path.basename(library.user)) for library in taken] == [
        ("libbase.so", "python"),
        ("libz.so", "a.so"),
    ]


def test_what_is_not_an_elf_file_is_passed_over(fake: FakeEnvironment, tmp_path: Path) -> None:
    (fake.site_packages / "a.so").write_text("INPUT(libdemo.so)\n")  # a linker script
    needing(fake.site_packages / "b.so", "libdemo.so")
    needing(tmp_path / "leak/libdemo.so")
    assert [library.user for library in substitutes(fake, tmp_path / "leak")] == [f"{fake.site_packages}/b.so"]


def test_a_library_for_another_machine_is_passed_over(fake: FakeEnvironment, tmp_path: Path) -> None:
    needing(fake.site_packages / "thing.so", "libdemo.so")
    needing(tmp_path / "first/libdemo.so", machine=elf_files.RISC_V)
    second = needing(tmp_path / "second/libdemo.so")
    (tmp_path / "third").mkdir()
    taken = substitutes(fake, tmp_path / "third", tmp_path / "first", tmp_path / "second")
    assert [library.path for library in taken] == [str(second)]


def test_an_rpath_for_another_machine_is_passed_over(fake: FakeEnvironment, tmp_path: Path) -> None:
    own = needing(tmp_path / "own/libdemo.so", machine=elf_files.RISC_V)
    leaked = needing(tmp_path / "leak/libdemo.so")
    needing(fake.site_packages / "thing.so", "libdemo.so", rpath=str(own.parent))
    assert [(library.path, library.other) for library in substitutes(fake, leaked.parent)] == [(str(leaked), None)]


def test_users_are_the_interpreter_and_all_libraries_below_site_packages(fake: FakeEnvironment) -> None:
    for name in ("a.so", "deep/er/b.cpython-311-x86_64-linux-gnu.so", "thing.libs/libc-1.so.6", "c.py", "d.so.txt.gz"):
        (fake.site_packages / name).parent.mkdir(parents=True, exist_ok=True)
        (fake.site_packages / name).touch()
    python, *others = libraries.users(fake.subject())
    assert python == f"{fake.path}/bin/python"
    assert sorted(path.removeprefix(f"{fake.site_packages}/") for path in others) == [
        "a.so",
        "d.so.txt.gz",  # by its name it may be a version of a library; it is read and is none
        "deep/er/b.cpython-311-x86_64-linux-gnu.so",
        "thing.libs/libc-1.so.6",
    ]


def test_without_an_environment_or_its_python_nobody_uses_them(fake: FakeEnvironment, tmp_path: Path) -> None:
    assert list(libraries.users(Subject({}, None, "/", "/"))) == []
    (fake.path / "lib").rename(tmp_path / "taken away")
    assert list(libraries.users(Subject({}, read_environment(str(fake.path)), "/", "/"))) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("libstdc++.so.6.0.30", "6.0.30"),
        ("libdemo.so.1", "1"),
        ("libc-2.31.so", "2.31"),
        ("libdemo.so", ""),
        ("libdemo-x.so", ""),
        ("libdemo.so.1.txt", ""),
        ("libdemo-2.so.3", "3"),
    ],
)
def test_the_version_is_in_the_name(name: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    (tmp_path / "link.so.9").symlink_to(name)
    assert libraries.version(f"{tmp_path}/{name}") == expected
    assert libraries.version(f"{tmp_path}/link.so.9") == expected


def test_the_libraries_in_a_directory(tmp_path: Path) -> None:
    for name in ("libz.so.1", "liba.so", "libm.dylib", "notes.txt", "so"):
        (tmp_path / name).touch()
    assert libraries.libraries(str(tmp_path)) == ["liba.so", "libm.dylib", "libz.so.1"]
    with pytest.raises(FileNotFoundError):
        libraries.libraries(f"{tmp_path}/missing")


def test_the_loaders_configuration(tmp_path: Path) -> None:
    """ldconfig(8): directories, comments, and patterns of further files, relative to the file's own directory."""
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d/b.conf").write_text("/opt/b\n")
    (tmp_path / "conf.d/a.conf").write_text("# a comment\n\n  /opt/a/ # and one more\nhwcap 0 nosegneg\n")
    (tmp_path / "conf.d/c.txt").write_text("/opt/c\n")
    (tmp_path / "more.conf").write_bytes(b"/opt/\xff\n")
    main = tmp_path / "ld.so.conf"
    main.write_text(
        f"/opt/first\n/opt/X/\ninclude conf.d/*.conf {tmp_path}/more.conf missing.conf\n/opt/last\nrelative\n"
    )
    expected = ["/opt/first", "/opt/X", "/opt/a", "/opt/b", "/opt/\udcff", "/opt/last"]
    assert list(loader.configured(str(main))) == expected
    assert list(loader.configured(f"{tmp_path}/missing")) == []


def test_files_that_include_each_other_come_to_an_end(tmp_path: Path) -> None:
    main = tmp_path / "ld.so.conf"
    main.write_text("/opt/a\ninclude ld.so.conf\n")
    assert list(loader.configured(str(main), depth=2)) == ["/opt/a"] * 3
    assert list(loader.configured(str(main))) == ["/opt/a"] * 9


def test_the_systems_directories(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()  # of the fixture
    (tmp_path / "ld.so.conf").write_text("/opt/a\n")
    monkeypatch.setattr(loader, "CONFIG", f"{tmp_path}/ld.so.conf")
    libraries.system_directories.cache_clear()
    machine = os.uname().machine
    assert libraries.system_directories() == (
        "/opt/a",
        f"/lib/{machine}-linux-gnu",
        f"/usr/lib/{machine}-linux-gnu",
        "/lib64",
        "/usr/lib64",
        "/lib",
        "/usr/lib",
    )
    libraries.system_directories.cache_clear()


def test_the_machine_of_a_needed_library_is_the_files_own(tmp_path: Path) -> None:
    file = needing(tmp_path / "a.so", "liba.so", machine=elf_files.RISC_V)
    needs = elf.needs(str(file))
    assert needs is not None
    assert needs.machine == elf.machine(str(file)) == b"\x02\x01\xf3\x00"
