"""`cleanenv clone`: an environment equal to another one, or a list of what is not, or nothing at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import installed_wheels
from tests.support.clones import Cloner, marked
from tests.support.command import Done, call, listing
from tests.support.environments import make_venv
from tests.support.terminal import Terminal

FILES = {"demo/__init__.py": "", "demo/api.py": "def get(): print('demo 1.0')\n", "demo-1.0.data/data/share/d.txt": "d"}
SYSTEM = "/usr/lib/python3/dist-packages"


class Scene(Cloner):
    """An environment to clone, without pip, with two distributions."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.directory = directory
        self.path = directory / "my_env"
        self.new = directory / "copy"
        self.demo = installed_wheels.build(self.index, "demo", FILES, scripts="demo = demo.api:get")
        self.other = installed_wheels.build(self.index, "other", {"other.py": ""})
        self.site = installed_wheels.environment(self.path, self.demo, self.other)
        self.new_site = self.new / self.site.relative_to(self.path)

    def verify(self, path: Path) -> Done:
        return call([sys.executable, "-I", "-m", "cleanenv", "verify", str(path)], self.environ())


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


@pytest.mark.parametrize("with_uv", [True, False], ids=["uv", "pip"])
def test_a_clone_is_equal(scene: Scene, with_uv: bool) -> None:
    before = listing(scene.path)
    done = scene.clone(scene.path, scene.new, with_uv=with_uv)
    assert done.status == 0, done
    assert done.out.startswith(f"'{scene.new}' equals '{scene.path}': 2 distributions, ")
    assert done.out.endswith(" files, by freeze, compare and verify\n")
    assert done.err.startswith(f"installed with {'uv' if with_uv else 'pip'} in ")
    assert listing(scene.path) == before
    assert not marked(scene.new)
    assert scene.verify(scene.new).status == 0
    assert call([str(scene.new / "bin/demo")], {}).out == "demo 1.0\n"
    assert str(scene.new) in (scene.new / "bin/demo").read_text()
    # No pip in the original, so none in the clone.
    assert not list(scene.new_site.glob("pip*"))


@pytest.mark.parametrize("with_uv", [True, False], ids=["uv", "pip"])
@pytest.mark.parametrize("leak", ["same", "system", "modules"])
def test_whatever_leaks(scene: Scene, with_uv: bool, leak: str) -> None:
    """With pip itself, what PYTHONPATH shows counts as installed, and is left out of the copy."""
    path = SYSTEM
    if leak == "same":
        path = str(scene.site)
    elif leak == "modules":
        path = str(scene.directory / "leak")
        os.mkdir(path)
        for name in ("pip", "venv", "sitecustomize", "re"):
            Path(path, f"{name}.py").write_text("raise SystemExit('leaked')\n")
    done = scene.clone(
        scene.path, scene.new, with_uv=with_uv, PYTHONPATH=path, PIP_TARGET="/nonexistent", UV_LINK_MODE="symlink"
    )
    assert done.status == 0, done
    assert (scene.new_site / "demo/api.py").is_file()


def test_the_clone_does_not_share_files(scene: Scene) -> None:
    """As uv's links would: an edit in one would be one in the other."""
    assert scene.clone(scene.path, scene.new).status == 0
    assert (scene.new_site / "demo/api.py").stat().st_nlink == 1


def test_what_was_changed_in_the_original(scene: Scene) -> None:
    """The clone has what was installed, so it is not equal; it is kept."""
    (scene.site / "other.py").write_text("edited\n")
    (scene.site / "evil.py").write_text("")
    done = scene.clone(scene.path, scene.new)
    assert done.status == 1
    assert done.out.splitlines() == [
        "changed in ENV: other 1.0: other.py (0 bytes recorded, 7 found)",
        f"'{scene.new}' differs from '{scene.path}', and is kept",
    ]
    assert "Note: not cloned, since no distribution installed it: evil.py" in done.err
    assert not marked(scene.new)
    assert scene.verify(scene.new).status == 0


def test_what_an_index_has_rebuilt(scene: Scene) -> None:
    installed_wheels.build(scene.index, "other", {"other.py": "rebuilt = 1\n"})
    done = scene.clone(scene.path, scene.new)
    assert done.status == 1
    assert done.out.startswith("other 1.0: 1 file differs (other.py)\n")


def test_editables_and_urls(scene: Scene) -> None:
    project = scene.directory / "a project"
    project.mkdir()
    (project / "pyproject.toml").write_text(
        "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n"
    )
    (project / "backend.py").write_text(BACKEND)
    wheel = installed_wheels.build(scene.directory / "elsewhere", "local", {"local.py": ""})
    words = [installed_wheels.UV, "pip", "install", "-q", "--offline", "--python", scene.path, "-e", project, wheel]
    assert call([*map(str, words)], scene.environ()).status == 0
    done = scene.clone(scene.path, scene.new)
    assert done.status == 0, done
    assert f"Note: edited is editable: the clone uses the same directory, '{project}'\n" in done.err
    wheel.unlink()
    done = scene.clone(scene.path, scene.directory / "second")
    assert done.status == 1
    assert done.err.startswith(f"Error: 'local' was installed from '{wheel}', which does not exist: ")
    assert not (scene.directory / "second").exists()


BACKEND = """
import base64, hashlib, zipfile
def build_editable(directory, config_settings=None, metadata_directory=None):
    import os
    name = "edited-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, name), "w") as archive:
        archive.writestr("edited.pth", os.getcwd() + "\\n")
        archive.writestr("edited-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: edited\\nVersion: 1.0\\n")
        archive.writestr("edited-1.0.dist-info/WHEEL",
                         "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        digest = hashlib.sha256(os.getcwd().encode() + b"\\n").digest()
        hashed = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        archive.writestr("edited-1.0.dist-info/RECORD", f"edited.pth,sha256={hashed},\\n")
    return name
"""


def test_from_a_file(scene: Scene) -> None:
    """A backup that names fewer is not equal, and says what is missing."""
    (scene.directory / "whole.txt").write_text("demo==1.0\nother==1.0\n")
    (scene.directory / "part.txt").write_text("demo==1.0\n")
    assert scene.clone(scene.path, scene.new, "--from", scene.directory / "whole.txt").status == 0
    done = scene.clone(scene.path, scene.directory / "second", "--from", scene.directory / "part.txt")
    assert done.status == 1
    assert "freeze: only in ENV: other==1.0" in done.out
    assert "only in ENV: other 1.0" in done.out.splitlines()


def test_system_site_packages(scene: Scene) -> None:
    """They are let in after the installation: pip would take the system's for installed."""
    path = scene.directory / "open"
    make_venv(path, "--system-site-packages")
    installed_wheels.install(path, scene.demo, cache=scene.directory / "c", mode="copy")
    done = scene.clone(path, scene.new, with_uv=False)
    assert done.status == 0, done
    assert "include-system-site-packages = true" in (scene.new / "pyvenv.cfg").read_text()
    assert "Note: the clone sees the system's packages too" in done.err


def refuse_existing(scene: Scene) -> tuple[int, str]:
    scene.new.mkdir()
    return 2, f"'{scene.new}' exists"


def refuse_unfinished(scene: Scene) -> tuple[int, str]:
    scene.new.mkdir()
    (scene.new / ".cleanenv-unfinished").write_text("")
    return 2, f"'{scene.new}' is not finished"


def refuse_inside(scene: Scene) -> tuple[int, str]:
    scene.new = scene.path / "copy"
    return 2, f"'{scene.new}' is inside the environment to clone"


def refuse_without_parent(scene: Scene) -> tuple[int, str]:
    scene.new = scene.directory / "no/such/copy"
    return 3, f"cannot create '{scene.new}' (no such file or directory)"


def refuse_colon(scene: Scene) -> tuple[int, str]:
    scene.new = scene.directory / "a:b"
    return 3, f"'{scene.new}' cannot be on PATH"


def refuse_unavailable(scene: Scene) -> tuple[int, str]:
    for wheel in scene.index.glob("other-*"):
        wheel.unlink()
    return 1, "uv could not install the clone ("


@pytest.mark.parametrize(
    "prepare",
    [refuse_existing, refuse_unfinished, refuse_inside, refuse_without_parent, refuse_colon, refuse_unavailable],
    ids=lambda prepare: prepare.__name__,
)
def test_refusals_leave_nothing(scene: Scene, prepare: Callable[[Scene], tuple[int, str]]) -> None:
    status, fact = prepare(scene)
    before = listing(scene.path), sorted(os.listdir(scene.directory))
    done = scene.clone(scene.path, scene.new)
    assert (done.status, done.out) == (status, "")
    assert done.err.startswith(f"Error: {fact}")
    assert (listing(scene.path), sorted(os.listdir(scene.directory))) == before


def test_offline_needs_uv(scene: Scene) -> None:
    done = scene.clone(scene.path, scene.new, "--offline", with_uv=False)
    assert done.status == 2
    assert not scene.new.exists()


def test_credentials_are_passed_on_only_if_asked(scene: Scene) -> None:
    info = scene.site / "other-1.0.dist-info"
    (info / "direct_url.json").write_text('{"url": "https://u:s3cret@example.invalid/other.whl", "archive_info": {}}')
    done = scene.clone(scene.path, scene.new)
    assert (done.status, done.out) == (1, "")
    assert done.err == "Error: the URL of 'other' has credentials: pass them on with --exact\n"


def test_progress_on_a_terminal(scene: Scene) -> None:
    """On one line, which is gone at the end."""
    words = scene.words(scene.path, scene.new)
    with Terminal(words, {**scene.environ(with_uv=False), "TERM": "xterm"}, scene.directory, columns=1000) as terminal:
        terminal.wait(lambda: "creating '" in terminal.text() or "installing 2" in terminal.text(), "progress")
        assert terminal.wait_end() == 0
        lines = terminal.text().splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["installed", f"'{scene.new}'"]


def entries(path: Path) -> int:
    """Return how many files and directories are at and below ``path``; what vanishes meanwhile is no error."""
    return sum(1 + len(files) for _, _, files in os.walk(path))


# Parts of the way: CI kills at five moments, ./dev test -m clones at twenty.
MOMENTS = [pytest.param(n / 20, marks=[] if n % 4 == 0 else pytest.mark.clones) for n in range(20)]


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_any_moment(scene: Scene, moment: float) -> None:
    """The original is as it was, and the clone does not exist or says that it is not finished."""
    assert scene.clone(scene.path, scene.directory / "whole").status == 0
    enough = max(1, int(moment * entries(scene.directory / "whole")))
    before = listing(scene.path)
    process = subprocess.Popen(
        scene.words(scene.path, scene.new), env=scene.environ(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while process.poll() is None and entries(scene.new) < enough:
        pass
    is_done = process.poll() is not None
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert listing(scene.path) == before
    if not is_done and scene.new.exists():
        # It may have come to its end between the last look and the signal.
        assert marked(scene.new) or scene.verify(scene.new).status == 0
        if marked(scene.new):
            again = scene.clone(scene.path, scene.new)
            assert again.err.startswith(f"Error: '{scene.new}' is not finished")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_can_be_caught_leaves_nothing(scene: Scene, number: signal.Signals) -> None:
    process = subprocess.Popen(
        scene.words(scene.path, scene.new), env=scene.environ(with_uv=False), stderr=subprocess.DEVNULL
    )
    while process.poll() is None and entries(scene.new) < 10:
        pass
    process.send_signal(number)
    assert process.wait() != 0
    assert not scene.new.exists()
    assert not list(scene.directory.glob("*unfinished*"))
