"""``--create`` with ``--source``: the setup files run first, and bring the Python and its libraries."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import cluster_python
from tests.support.command import call
from tests.support.installed_shells import find_shell


@pytest.fixture(scope="module")
def hpc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the top of a Python that starts with LD_LIBRARY_PATH alone."""
    top = tmp_path_factory.mktemp("cluster") / "hpc"
    cluster_python.make(top)
    return top


FILES = {
    "setup.bash": 'export LD_LIBRARY_PATH={0}/lib PATH="{0}/bin:$PATH" LOADED="$LOADED+"\n',
    "setup.fish": 'set -gx LD_LIBRARY_PATH {0}/lib\nfish_add_path {0}/bin\nset -gx LOADED "$LOADED+"\ntrue\n',
    "setup.tcsh": "setenv LD_LIBRARY_PATH {0}/lib\nsetenv PATH {0}/bin:${{PATH}}\nsetenv LOADED +\n",
}


@pytest.mark.parametrize("python", ["path", "python3"])
@pytest.mark.parametrize("name", FILES)
def test_a_python_that_only_a_setup_file_lets_start(
    name: str, python: str, hpc: Path, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    """By its path, and by its name on the PATH of the file."""
    find_shell(name.rpartition(".")[2])
    (tmp_path / name).write_text(FILES[name].format(hpc), encoding="ascii")
    wanted = str(hpc / "bin/python3") if python == "path" else python
    words = [*tool, "run", str(tmp_path / "env"), "--create", "--python", wanted, "--source", str(tmp_path / name)]
    shown = ["sh", "-c", 'echo "$LOADED"; python -c "import os, sys; print(os.path.realpath(sys.executable))"']
    done = call([*words, "--", *shown], caller)
    assert (done.status, done.out) == (0, f"+\n{hpc}/bin/python3\n")
    assert done.err == f"created the environment '{tmp_path}/env' with {hpc}/bin/python3\n"
    # It exists now, and the file still counts.
    assert call([*words, "--", "sh", "-c", 'echo "$LOADED"'], caller) == (0, "+\n", "")


def test_the_callers_own_path_still_counts(tool: list[str], caller: dict[str, str], tmp_path: Path) -> None:
    """A setup file that puts another directory on PATH does not hide the Python that X means in this shell."""
    (tmp_path / "a.bash").write_text(f'export PATH="/opt/tools:$PATH"\necho >>{tmp_path}/ran\n', encoding="ascii")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/my-python").symlink_to("/usr/bin/python3")
    words = [*tool, "run", str(tmp_path / "env"), "--create", "--python", "my-python", "--source", f"{tmp_path}/a.bash"]
    done = call([*words, "--", "true"], caller | {"PATH": f"{tmp_path}/bin:/usr/bin:/bin"})
    assert done.status == 0, done.err
    assert (tmp_path / "ran").read_text(encoding="ascii") == "\n"


def test_a_setup_file_that_fails_leaves_nothing(tool: list[str], caller: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.bash").write_text("return 3\n", encoding="ascii")
    words = [*tool, "run", str(tmp_path / "env"), "--create", "--source", str(tmp_path / "a.bash"), "--", "true"]
    done = call(words, caller)
    assert done == (3, "", f"Error: '{tmp_path}/a.bash' was read by bash and failed with status 3\n")
    assert not (tmp_path / "env").exists()
    # Without --create, an environment that does not exist is told before anything runs.
    (tmp_path / "a.bash").write_text(f"touch {tmp_path}/ran\n", encoding="ascii")
    words.remove("--create")
    assert call(words, caller).status == 3
    assert not (tmp_path / "ran").exists()
