"""The search path: what site.py would make of it, with no line of a .pth file run."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cleanenv.environments import interpreter, search_path
from tests.support.fake_environment import FakeEnvironment

if TYPE_CHECKING:
    from pathlib import Path

    from cleanenv.environments.problem import Problem


def paths(fake: FakeEnvironment) -> list[str]:
    python = interpreter.read(fake.environment)
    assert python is not None
    problems: list[Problem] = []
    return [place.path for place in search_path.read(fake.environment, python, problems)]


def test_pth_files_name_what_site_adds(tmp_path: Path) -> None:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    fake = FakeEnvironment.bare(tmp_path / "env", version)
    (fake.path / "bin" / "python").unlink()
    (fake.path / "bin" / "python").symlink_to(sys.executable)
    (fake.path / "pyvenv.cfg").write_text(f"home = {sys.base_prefix}/bin\ninclude-system-site-packages = false\n")
    for name in ("one", "two words", "three"):
        (tmp_path / name).mkdir()
    (tmp_path / "zip.egg").write_text("")
    site = fake.site_packages
    (site / "b.pth").write_text(f"{tmp_path}/three\n# no\n\n  \n{tmp_path}/one\n{tmp_path}/one\n/nonexistent\n")
    (site / "a.pth").write_text(f"import sys\nimport\tsys\n{tmp_path}/two words\t \n{tmp_path}/zip.egg\r\n")
    (site / "c.txt").write_text(f"{tmp_path}\n")
    (site / "d.pth").write_text("../site-packages\n..\n")
    (site / "f.pth").mkdir()
    (site / "sub").mkdir()
    (site / "sub" / "g.pth").write_text(f"{tmp_path}\n")
    tell = "import sys; print('\\n'.join(sys.path))"
    done = subprocess.run([fake.path / "bin" / "python", "-I", "-c", tell], capture_output=True, check=True, timeout=20)
    expected = done.stdout.decode().splitlines()
    assert paths(fake) == expected[expected.index(str(site)) :]
    assert f"{tmp_path}/two words" in expected


def test_setuptools_eggs_go_in_front(fake: FakeEnvironment) -> None:
    egg = fake.site_packages / "a.egg"
    egg.mkdir()
    (fake.site_packages / "easy-install.pth").write_text(
        "import sys; sys.__plen = len(sys.path)\n./a.egg\nimport sys; new=sys.path[sys.__plen:]; "
        "p=getattr(sys,'__egginsert',0); sys.path[p:p]=new\n"
    )
    assert paths(fake) == [str(egg), str(fake.site_packages)]


@pytest.mark.parametrize("linked", [True, False])
def test_lib64_is_read_once(linked: bool, fake: FakeEnvironment) -> None:
    if linked:
        (fake.path / "lib64").symlink_to("lib")
        assert paths(fake) == [str(fake.site_packages)]
        return
    other = fake.path / "lib64" / "python3.11" / "site-packages"
    other.mkdir(parents=True)
    assert paths(fake) == [str(other), str(fake.site_packages)]


def test_links_are_followed_to_see_what_is_inside(tmp_path: Path) -> None:
    fake = FakeEnvironment.bare(tmp_path / "env")
    (tmp_path / "link").symlink_to(fake.path)
    (fake.path / "out").symlink_to(tmp_path)
    environment = fake.environment
    assert search_path.is_inside(environment, f"{tmp_path}/link/src")
    assert not search_path.is_inside(environment, f"{fake.path}/out/other")
    assert not search_path.is_inside(environment, f"{fake.path}-other")
