"""The search path: what site.py would make of it, with no line of a .pth file run."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cleanenv.environments import interpreter, search_path
from tests.support.freeze_rooms import Room

if TYPE_CHECKING:
    from pathlib import Path

    from cleanenv.environments.problem import Problem


def paths(room: Room) -> list[str]:
    python = interpreter.read(room.environment)
    assert python is not None
    problems: list[Problem] = []
    return [place.path for place in search_path.read(room.environment, python, problems)]


def test_pth_files_name_what_site_adds(tmp_path: Path) -> None:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    room = Room(tmp_path / "env", version)
    (room.path / "bin" / "python").unlink()
    (room.path / "bin" / "python").symlink_to(sys.executable)
    (room.path / "pyvenv.cfg").write_text(f"home = {sys.base_prefix}/bin\ninclude-system-site-packages = false\n")
    for name in ("one", "two words", "three"):
        (tmp_path / name).mkdir()
    (tmp_path / "zip.egg").write_text("")
    site = room.site_packages
    (site / "b.pth").write_text(f"{tmp_path}/three\n# no\n\n  \n{tmp_path}/one\n{tmp_path}/one\n/nonexistent\n")
    (site / "a.pth").write_text(f"import sys\nimport\tsys\n{tmp_path}/two words\t \n{tmp_path}/zip.egg\r\n")
    (site / "c.txt").write_text(f"{tmp_path}\n")
    (site / "d.pth").write_text("../site-packages\n..\n")
    (site / "f.pth").mkdir()
    (site / "sub").mkdir()
    (site / "sub" / "g.pth").write_text(f"{tmp_path}\n")
    tell = "import sys; print('\\n'.join(sys.path))"
    done = subprocess.run([room.path / "bin" / "python", "-I", "-c", tell], capture_output=True, check=True, timeout=20)
    expected = done.stdout.decode().splitlines()
    assert paths(room) == expected[expected.index(str(site)) :]
    assert f"{tmp_path}/two words" in expected


def test_setuptools_eggs_go_in_front(room: Room) -> None:
    egg = room.site_packages / "a.egg"
    egg.mkdir()
    (room.site_packages / "easy-install.pth").write_text(
        "import sys; sys.__plen = len(sys.path)\n./a.egg\nimport sys; new=sys.path[sys.__plen:]; "
        "p=getattr(sys,'__egginsert',0); sys.path[p:p]=new\n"
    )
    assert paths(room) == [str(egg), str(room.site_packages)]


@pytest.mark.parametrize("linked", [True, False])
def test_lib64_is_read_once(linked: bool, room: Room) -> None:
    if linked:
        (room.path / "lib64").symlink_to("lib")
        assert paths(room) == [str(room.site_packages)]
        return
    other = room.path / "lib64" / "python3.11" / "site-packages"
    other.mkdir(parents=True)
    assert paths(room) == [str(other), str(room.site_packages)]


def test_links_are_followed_to_see_what_is_inside(tmp_path: Path) -> None:
    room = Room(tmp_path / "env")
    (tmp_path / "link").symlink_to(room.path)
    (room.path / "out").symlink_to(tmp_path)
    environment = room.environment
    assert search_path.is_inside(environment, f"{tmp_path}/link/src")
    assert not search_path.is_inside(environment, f"{room.path}/out/other")
    assert not search_path.is_inside(environment, f"{room.path}-other")
