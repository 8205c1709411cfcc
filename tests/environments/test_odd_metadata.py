"""More than a hundred kinds of damage: never a traceback, always the sound rest, and a warning with the path."""

from __future__ import annotations

import os
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleanenv.freeze import plain, views
from cleanenv.freeze.requirements_text import Choice
from cleanenv.system.console import readable
from tests.support.fake_environment import FakeEnvironment
from tests.support.freezing import freeze
from tests.support.surroundings import unprivileged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SOUND = {"aa-sound==1.0", "zz-sound==2.0"}
ESCAPE = "\x1b[31m\x07\u202e\x9b"
HEADER = b"Metadata-Version: 2.1\nName: odd\nVersion: 1.0\n"

# What is in METADATA of odd-1.0.dist-info, and whether it deserves a warning.
METADATA: dict[str, tuple[bytes, bool]] = {
    "empty": (b"", True),
    "one newline": (b"\n", True),
    "spaces": (b"   \n\t\n", True),
    "NUL bytes": (b"\0" * 100, True),
    "all bytes": (bytes(range(256)), True),
    "no name": (b"Metadata-Version: 2.1\nVersion: 1.0\n", True),
    "empty name": (b"Metadata-Version: 2.1\nName: \nVersion: 1.0\n", True),
    "blank name": (b"Metadata-Version: 2.1\nName:     \nVersion: 1.0\n", True),
    "name of dashes": (b"Metadata-Version: 2.1\nName: ---\nVersion: 1.0\n", True),
    "name with a space": (b"Metadata-Version: 2.1\nName: an odd\nVersion: 1.0\n", True),
    "name with a slash": (b"Metadata-Version: 2.1\nName: ../odd\nVersion: 1.0\n", True),
    "name with a newline": (b"Metadata-Version: 2.1\nName: odd\n evil==1.0\nVersion: 1.0\n", True),
    "name with an escape": (f"Metadata-Version: 2.1\nName: odd{ESCAPE}\nVersion: 1.0\n".encode(), True),
    "name with a NUL": (b"Metadata-Version: 2.1\nName: o\0dd\nVersion: 1.0\n", True),
    "name in Cyrillic": ("Metadata-Version: 2.1\nName: \u043edd\nVersion: 1.0\n".encode(), True),
    "name in Latin-1": (b"Metadata-Version: 2.1\nName: \xf6dd\nVersion: 1.0\n", True),
    "name as an option": (b"Metadata-Version: 2.1\nName: --index-url=x\nVersion: 1.0\n", True),
    "name as a comment": (b"Metadata-Version: 2.1\nName: # odd\nVersion: 1.0\n", True),
    "name with a marker": (b"Metadata-Version: 2.1\nName: odd; x\nVersion: 1.0\n", True),
    "very long name": (b"Metadata-Version: 2.1\nName: " + b"o" * 100_000 + b"!\nVersion: 1.0\n", True),
    "name after the body": (b"Metadata-Version: 2.1\n\nName: odd\n", True),
    "colon missing": (b"Metadata-Version 2.1\nName odd\n", True),
    "first line broken": (b"rubbish\nName: odd\nVersion: 1.0\n", True),
    "HTML": (b"<html><body>502 Bad Gateway</body></html>", True),
    "JSON": (b'{"name": "odd"}', True),
    "conflict marks": (b"<<<<<<< HEAD\nName: odd\n=======\nName: even\n>>>>>>>\n", True),
    "UTF-16": ("Metadata-Version: 2.1\nName: odd\nVersion: 1.0\n".encode("utf-16"), True),
    "gzip": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", True),
    "LFS pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n", True),
    "cut in the name": (b"Metadata-Version: 2.1\nNam", True),
    "no newline at the end": (HEADER.rstrip(), False),
    "CRLF": (HEADER.replace(b"\n", b"\r\n"), False),
    "CR alone": (HEADER.replace(b"\n", b"\r"), False),
    "BOM": (b"\xef\xbb\xbf" + HEADER, False),
    "lower case": (HEADER.lower(), False),
    "upper case": (b"METADATA-VERSION: 2.1\nNAME: odd\nVERSION: 1.0\n", False),
    "name first": (b"Name: odd\nMetadata-Version: 2.1\nVersion: 1.0\n", False),
    "name twice": (HEADER + b"Name: even\n", False),
    "no metadata version": (b"Name: odd\nVersion: 1.0\n", False),
    "unknown metadata version": (HEADER.replace(b"2.1", b"99.9"), False),
    "tab before the name": (b"Metadata-Version: 2.1\nName:\todd\nVersion: 1.0\n", False),
    "no space before the name": (b"Metadata-Version: 2.1\nName:odd\nVersion: 1.0\n", False),
    "no version": (b"Metadata-Version: 2.1\nName: odd\n", False),
    "another version": (b"Metadata-Version: 2.1\nName: odd\nVersion: 2.0\n", False),
    "name beyond the head": (b"Metadata-Version: 2.1\nSummary: " + b"s" * 4000 + b"\nName: odd\nVersion: 1.0\n", False),
    "folded summary": (b"Metadata-Version: 2.1\nSummary: a\n b\nName: odd\nVersion: 1.0\n", False),
    "long body": (HEADER + b"\n" + b"x" * 1_000_000, False),
    "Latin-1 author": (b"Metadata-Version: 2.1\nName: odd\nVersion: 1.0\nAuthor: \xe9\n", False),
    "escape in the summary": (HEADER + f"Summary: {ESCAPE}\n".encode(), False),
    "broken requirement": (HEADER + b"Requires-Dist: ][\n", False),
    "requirement with an escape": (HEADER + f"Requires-Dist: a{ESCAPE}b\n".encode(), False),
    "requires itself": (HEADER + b"Requires-Dist: odd[all]\n", False),
    "undefined marker": (HEADER + b"Requires-Dist: a; nonsense == '1'\n", False),
    "incomparable marker": (HEADER + b"Requires-Dist: a; python_version > 'x'\n", False),
    "endless requirements": (HEADER + b"Requires-Dist: aa-sound\n" * 5000, False),
    "empty requirement": (HEADER + b"Requires-Dist:\n", False),
}

# What direct_url.json holds beside sound metadata; each deserves a warning.
DIRECT_URLS: dict[str, bytes] = {
    "empty": b"",
    "cut": b'{"url": "file:///a", "dir_in',
    "list": b"[]",
    "number": b"1",
    "huge number": b"1" * 10_000,
    "null": b"null",
    "string": b'"file:///a"',
    "deep": b'{"a":' * 50_000,
    "Latin-1": b'{"url": "file:///\xe9", "dir_info": {}}',
    "UTF-16": '{"url": "file:///a", "dir_info": {}}'.encode("utf-16"),
    "BOM": b'\xef\xbb\xbf{"url": "file:///a", "dir_info": {}}',
    "no url": b'{"dir_info": {}}',
    "url a number": b'{"url": 5, "dir_info": {}}',
    "url empty": b'{"url": "", "archive_info": {}}',
    "url null": b'{"url": null, "archive_info": {}}',
    "no info": b'{"url": "file:///a"}',
    "two infos": b'{"url": "file:///a", "dir_info": {}, "vcs_info": {"vcs": "git", "commit_id": "1"}}',
    "info a list": b'{"url": "file:///a", "dir_info": []}',
    "info a string": b'{"url": "https://a", "archive_info": "x"}',
    "editable a string": b'{"url": "file:///a", "dir_info": {"editable": "true"}}',
    "editable a number": b'{"url": "file:///a", "dir_info": {"editable": 1}}',
    "folder by https": b'{"url": "https://example.org/a", "dir_info": {"editable": true}}',
    "folder on another machine": b'{"url": "file://host/a", "dir_info": {"editable": true}}',
    "relative folder": b'{"url": "file:a", "dir_info": {}}',
    "vcs without a commit": b'{"url": "https://a", "vcs_info": {"vcs": "git"}}',
    "vcs without a kind": b'{"url": "https://a", "vcs_info": {"commit_id": "1"}}',
    "commit a number": b'{"url": "https://a", "vcs_info": {"vcs": "git", "commit_id": 1}}',
    "hash without an algorithm": b'{"url": "https://a", "archive_info": {"hash": "00"}}',
    "hash a number": b'{"url": "https://a", "archive_info": {"hash": 1}}',
    "hashes a list": b'{"url": "https://a", "archive_info": {"hashes": []}}',
    "hash value a number": b'{"url": "https://a", "archive_info": {"hashes": {"md5": 1}}}',
    "contradicting hashes": b'{"url": "https://a", "archive_info": {"hash": "md5=1", "hashes": {"md5": "2"}}}',
    "subdirectory a list": b'{"url": "file:///a", "dir_info": {}, "subdirectory": []}',
}

# What such a directory or file in site-packages is called; whether it is left out, and whether with a warning.
FOLDERS: dict[str, tuple[bool, bool]] = {
    "~dd-1.0.dist-info": (True, True),
    "~.dist-info": (True, True),
    "-1.0.dist-info": (True, True),
    ".dist-info": (True, True),
    "-.dist-info": (True, True),
    "odd!-1.0.dist-info": (True, True),
    "o dd-1.0.dist-info": (True, True),
    f"odd{ESCAPE}-1.0.dist-info": (True, True),
    "odd\n-1.0.dist-info": (True, True),
    "\u043edd-1.0.dist-info": (True, True),
    "odd-.dist-info": (True, True),
    "odd.dist-info": (True, True),
    "odd.egg-info": (True, True),
    ".egg-info": (True, True),
    "odd-1.0.dist-info": (False, True),
    "odd-1.0.egg-info": (False, True),
    "odd-1.0-py3.11.egg-info": (False, True),
    "odd-1.0-py3.11-linux-x86_64.egg-info": (False, True),
    "odd-rubbish.dist-info": (False, True),
    "odd-1.0-extra-parts.dist-info": (False, True),
    f"odd-1.0{ESCAPE}.dist-info": (False, True),
    "odd-1.0\n2.dist-info": (False, True),
    "odd-\u0661.dist-info": (False, True),
    "odd-1.0 .dist-info": (False, True),
    f"odd-{'1' * 200}.dist-info": (False, True),
    "odd-1.0.DIST-INFO": (True, False),
    "odd-1.0.dist-info.bak": (True, False),
    "odd-1.0": (True, False),
}


def pth_pipe(site: Path) -> None:
    os.mkfifo(site / "odd.pth")


def link_loop(site: Path) -> None:
    (site / "odd-1.0.dist-info").symlink_to("odd-1.0.dist-info")


def dead_link(site: Path) -> None:
    (site / "odd-1.0.dist-info").symlink_to("/nonexistent")


def dead_metadata(site: Path) -> None:
    (site / "odd-1.0.dist-info").mkdir()
    (site / "odd-1.0.dist-info" / "METADATA").symlink_to("/nonexistent")


def metadata_folder(site: Path) -> None:
    (site / "odd-1.0.dist-info" / "METADATA").mkdir(parents=True)


def metadata_pipe(site: Path) -> None:
    (site / "odd-1.0.dist-info").mkdir()
    os.mkfifo(site / "odd-1.0.dist-info" / "METADATA")


def a_file(site: Path) -> None:
    (site / "odd-1.0.dist-info").write_text("")


def an_empty_egg_info_file(site: Path) -> None:
    (site / "odd-1.0.egg-info").write_text("")


def direct_url_folder(site: Path) -> None:
    info = site / "odd-1.0.dist-info"
    (info / "direct_url.json").mkdir(parents=True)
    (info / "METADATA").write_bytes(HEADER)


def metadata_elsewhere(site: Path) -> None:
    (site / "odd-1.0.dist-info").mkdir()
    (site / "odd-1.0.dist-info" / "METADATA").symlink_to("/dev/null")


def two_folders(site: Path) -> None:
    for version in ("1.0", "1.1"):
        (site / f"odd-{version}.dist-info").mkdir()
        (site / f"odd-{version}.dist-info" / "METADATA").write_bytes(HEADER)


DAMAGE: tuple[Callable[[Path], object], ...] = (
    link_loop,
    dead_link,
    dead_metadata,
    metadata_folder,
    metadata_pipe,
    a_file,
    an_empty_egg_info_file,
    direct_url_folder,
    metadata_elsewhere,
    two_folders,
)


def pth(content: bytes) -> Callable[[Path], object]:
    return lambda site: (site / "odd.pth").write_bytes(content)


def egg_link(content: bytes) -> Callable[[Path], object]:
    return lambda site: (site / "odd.egg-link").write_bytes(content)


def egg(content: bytes) -> Callable[[Path], object]:
    def damage(site: Path) -> None:
        (site / "odd-1.0-py3.11.egg").write_bytes(content)
        (site / "odd.pth").write_text("./odd-1.0-py3.11.egg\n")

    return damage


# These are passed over: Python passes over them too.
SILENT: dict[str, Callable[[Path], object]] = {
    "pth of all bytes": pth(bytes(range(256))),
    "pth with a NUL": pth(b"a\0b\n"),
    "pth that names itself": pth(b"odd.pth\n"),
    "pth that names its folder": pth(b".\n"),
    "pth of a long line": pth(b"x" * 100_000),
    "pth of UTF-16": pth("/srv\n".encode("utf-16")),
    "pth that names a device": pth(b"/dev/null\n/dev/zero\n"),
    "pth that is a pipe": pth_pipe,
    "egg-link of nothing": egg_link(b""),
    "egg-link of a NUL": egg_link(b"\0\n"),
    "egg-link to nowhere": egg_link(b"/nonexistent\n."),
    "egg-link to a file": egg_link(b"/dev/null\n"),
    "egg-link to its folder": egg_link(b".\n"),
    "egg-link of all bytes": egg_link(bytes(range(256))),
    "egg that is empty": egg(b""),
    "egg that is cut": egg(b"PK\x03\x04"),
    "egg of rubbish": egg(bytes(range(256)) * 10),
}

KINDS = len(METADATA) + len(DIRECT_URLS) + len(FOLDERS) + len(DAMAGE) + len(SILENT)


@pytest.fixture
def fake(fake: FakeEnvironment) -> FakeEnvironment:
    """Make an environment with two sound distributions around the odd one."""
    fake.add("aa-sound", "1.0")
    fake.add("zz-sound", "2.0")
    return fake


def look(fake: FakeEnvironment) -> tuple[list[str], list[str]]:
    """Return the lines of the plain form but for the sound ones, and the warnings; check what must always hold."""
    text, problems = plain.freeze(fake.environment)
    lines = text.splitlines()
    assert set(lines) >= SOUND
    for choice in (Choice(exact=True), Choice(tools=True)):
        assert set(plain.freeze(fake.environment, choice)[0].splitlines()) >= SOUND
    for options in ({"top_level": True}, {"annotate": True}, {"form": "json"}):
        text, _ = views.freeze(fake.environment, Choice(), **options)
        assert "sound" in text
    warnings = [readable(problem.message) for problem in problems]
    for shown in [*lines, *warnings]:
        assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in shown)
        assert "\u202e" not in shown
    return sorted(set(lines) - SOUND), warnings


def test_there_are_more_than_a_hundred_kinds() -> None:
    assert KINDS > 100


@pytest.mark.parametrize("kind", METADATA)
def test_odd_metadata(kind: str, fake: FakeEnvironment) -> None:
    content, is_reported = METADATA[kind]
    info = fake.add("odd")
    (info / "METADATA").write_bytes(content)
    lines, warnings = look(fake)
    assert lines == ["odd==1.0"]
    assert [str(info) in warning for warning in warnings] == [True] * is_reported


@pytest.mark.parametrize("kind", DIRECT_URLS)
def test_odd_direct_urls(kind: str, fake: FakeEnvironment) -> None:
    info = fake.add("odd", direct_url__json=DIRECT_URLS[kind])
    lines, warnings = look(fake)
    assert lines == ["odd==1.0"]
    assert len(warnings) == 1
    assert str(info) in warnings[0]


@pytest.mark.parametrize("folder", FOLDERS)
def test_odd_folders(folder: str, fake: FakeEnvironment) -> None:
    is_left_out, is_reported = FOLDERS[folder]
    (fake.site_packages / folder).mkdir()
    lines, warnings = look(fake)
    assert (lines == []) == is_left_out
    assert bool(warnings) == is_reported
    assert all(str(fake.site_packages) in warning for warning in warnings)


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_odd_files(damage: Callable[[Path], object], fake: FakeEnvironment) -> None:
    damage(fake.site_packages)
    lines, warnings = look(fake)
    assert lines in (["odd==1.0"], ["odd==1.1"])
    assert any("odd-1" in warning for warning in warnings)


@pytest.mark.parametrize("kind", SILENT)
def test_what_python_passes_over_too(kind: str, fake: FakeEnvironment) -> None:
    SILENT[kind](fake.site_packages)
    assert look(fake) == ([], [])


def test_a_zip_bomb_is_not_unpacked(fake: FakeEnvironment) -> None:
    path = fake.site_packages / "odd-1.0-py3.11.egg"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("EGG-INFO/PKG-INFO", b"Name: odd\n" + b"x" * (20 << 20))
    (fake.site_packages / "odd.pth").write_text(f"./{path.name}\n")
    assert look(fake)[0] == ["odd==1.0"]


def test_a_place_that_may_not_be_read(fake: FakeEnvironment) -> None:
    info = fake.add("odd")
    (info / "METADATA").chmod(0)
    closed = fake.site_packages / "closed.egg"
    closed.mkdir(mode=0)
    (fake.site_packages / "closed.pth").write_text("./closed.egg\n")
    outcome = freeze(fake.path, within=unprivileged())
    assert outcome.out.splitlines() == ["aa-sound==1.0", "odd==1.0", "zz-sound==2.0"]
    assert "permission denied" in outcome.err
    assert str(info) in outcome.err


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.booleans())
def test_any_metadata(fake: FakeEnvironment, data: bytes, headed: bool) -> None:
    info = fake.site_packages / "odd-1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_bytes(b"Metadata-Version: 2.1\n" * headed + data)
    assert len(look(fake)[0]) == 1


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {
            "url": st.sampled_from(["https://a:b@c/d", "file:///a", "", "x", "file:///\x1b[31m", "https://a/?token=\n"])
            | st.text()
        },
        optional={
            "dir_info": st.fixed_dictionaries({}, optional={"editable": st.booleans()}),
            "vcs_info": st.fixed_dictionaries({"vcs": st.text(), "commit_id": st.text()}),
            "archive_info": st.fixed_dictionaries(
                {}, optional={"hash": st.text(), "hashes": st.dictionaries(st.text(), st.text())}
            ),
            "subdirectory": st.text(),
        },
    )
)
def test_any_direct_url(fake: FakeEnvironment, value: dict[str, object]) -> None:
    import json

    info = fake.site_packages / "odd-1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_bytes(HEADER)
    (info / "direct_url.json").write_text(json.dumps(value))
    assert look(fake)[0]


def test_names_reach_no_terminal_raw(fake: FakeEnvironment, capfd: pytest.CaptureFixture[str]) -> None:
    (fake.site_packages / f"odd-1{ESCAPE}.dist-info").mkdir()
    outcome = freeze(fake.path)
    assert "\\x1b[31m" in outcome.out
    assert "\\x1b[31m" in outcome.err
    assert "\x1b" not in outcome.out + outcome.err
    assert capfd.readouterr() == ("", "")
    assert sys.stdout is not None
