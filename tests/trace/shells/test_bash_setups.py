"""Startups of bash as people have them: ROS, environment modules, Debian's own, direnv, pyenv, plugins."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.session.test_catkin import workspace  # noqa: F401  a fixture
from tests.support.command import listing, write_program
from tests.support.surroundings import skip_or_fail
from tests.support.trace_cases import chain, document, environ_of, home_of, trace

COLCON = ("colcon-core", "colcon-bash", "colcon-python-setup-py", "setuptools<80")
MODULES = Path("/usr/share/modules/init/bash")
# Lines of what catkin writes.
INTO_SH = '. "$_CATKIN_SETUP_DIR/setup.sh"'
INTO_TEMPORARY = '. "$_SETUP_TMP"'
INTO_HOOK = '. "$_envfile"'
SETUP_PY = "from setuptools import setup\nsetup(name='demo', version='1', packages=['demo'])\n"


def line_of(path: Path, text: str) -> int:
    """Return the number of the only line of a file that is ``text``, blanks apart."""
    (number,) = [
        number for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1) if line.strip() == text
    ]
    return number


def chains(home: Path, *words: str, more: Mapping[str, str] | None = None) -> dict[str, list[str]]:
    """Return the chains of all changes of each variable; the whole startup must have been seen."""
    found = document(trace("myself", home, *words, "--shell", "bash", "--json", more=more))
    assert found["replay"]["finished"]
    return {one["name"]: [chain(change["chain"], home) for change in one["changes"]] for one in found["variables"]}


def test_catkin(workspace: Path) -> None:  # noqa: F811  the fixture
    """The file that made the change is gone: the chain says how it came about."""
    bash, sh = workspace / "devel/setup.bash", workspace / "devel/setup.sh"
    with home_of("myself", {".bashrc": f"# ROS\n\nsource {bash}\n"}) as home:
        found = chains(home, "PYTHONPATH", "LD_LIBRARY_PATH", "CMAKE_PREFIX_PATH", "ROS_PACKAGE_PATH", "ROS_VERSION")
        outer = f".bashrc:3 › {bash}:{line_of(bash, INTO_SH)} › {sh}"
        for name in ("PYTHONPATH", "LD_LIBRARY_PATH", "CMAKE_PREFIX_PATH"):
            (one,) = found[name]
            assert one.startswith(f"{outer}:{line_of(sh, INTO_TEMPORARY)} › /tmp/setup.sh.")
            assert one.endswith(" [temporary file]")
        hook = Path("/etc/catkin/profile.d/1.ros_version.sh")
        expected = f"{outer}:{line_of(sh, INTO_HOOK)} › {hook}:{line_of(hook, 'export ROS_VERSION=1')}"
        assert found["ROS_VERSION"] == [expected]
        (path,) = found["ROS_PACKAGE_PATH"]
        assert "/etc/catkin/profile.d/1.ros_package_path.sh:" in path


@pytest.fixture(scope="session")
def colcon(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with a Python package that colcon built."""
    folder = tmp_path_factory.mktemp("colcon")
    environ = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "HOME")}
    environ["HOME"] = str(folder)
    python = folder / "tool/bin/python"
    try:
        subprocess.run([sys.executable, "-I", "-m", "uv", "venv", "-q", str(folder / "tool")], env=environ, check=True)
        words = [sys.executable, "-I", "-m", "uv", "pip", "install", "-q", "-p", str(python), *COLCON]
        subprocess.run(words, env=environ, check=True)
    except subprocess.CalledProcessError:
        skip_or_fail("colcon cannot be had from the package index")
    package = folder / "ws/src/demo"
    (package / "demo").mkdir(parents=True)
    (package / "demo/__init__.py").touch()
    (package / "setup.py").write_text(SETUP_PY, encoding="ascii")
    built = subprocess.run(
        [str(folder / "tool/bin/colcon"), "build", "--paths", "src/demo"],
        cwd=folder / "ws",
        env={"HOME": str(folder), "PATH": f"{folder}/tool/bin:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return folder / "ws"


def test_colcon(colcon: Path) -> None:
    """Functions that source, and an eval of what a Python program printed."""
    setup, local = colcon / "install/setup.bash", colcon / "install/local_setup.bash"
    with home_of("myself", {".bashrc": f"\nsource {setup}\n"}) as home:
        found = chains(home, "PYTHONPATH", "COLCON_PREFIX_PATH")
        call = line_of(setup, '_colcon_prefix_chain_bash_source_script "$COLCON_CURRENT_PREFIX/local_setup.bash"')
        sourced = line_of(setup, '. "$1"')
        outer = f".bashrc:2 › {setup}:{call} › {setup}:{sourced} in _colcon_prefix_chain_bash_source_script() › {local}"
        evaluated = line_of(local, 'eval "${_colcon_ordered_commands}"')
        # Set with a ':' at its end, which a second command takes away.
        assert found["PYTHONPATH"] == [f"{outer}:{evaluated} [in an eval]"] * 2
        prepend = "_colcon_prefix_bash_prepend_unique_value"
        called = line_of(local, f'{prepend} COLCON_PREFIX_PATH "$_colcon_prefix_bash_COLCON_CURRENT_PREFIX"')
        export = line_of(local, 'eval export $_listname=\\"$_all_values\\"')
        inner = f"{local}:{called} › {local}:{export} in {prepend}() [in an eval]"
        assert found["COLCON_PREFIX_PATH"] == [inner.replace(str(local), outer, 1)]


def test_environment_modules() -> None:
    """``module load``: a function that evals what its program prints, itself made by an eval."""
    if not MODULES.exists():
        skip_or_fail("Debian's package environment-modules is not installed")
    modulefile = "#%Module\nprepend-path PYTHONPATH /opt/demo/lib\nsetenv DEMO_HOME /opt/demo\n"
    files = {".bashrc": f". {MODULES}\nmodule use ~/mods\n\nmodule load demo\n", "mods/demo": modulefile}
    with home_of("myself", files) as home:
        (made,) = [
            number
            for number, line in enumerate(MODULES.read_text(encoding="utf-8").split("\n"), 1)
            if line.startswith('eval "$(')
        ]
        inside = f"{MODULES}:{made} in {{}}() [in an eval]"
        expected = f".bashrc:4 › {inside.format('module')} › {inside.format('_module_raw')}"
        found = chains(home, "DEMO_HOME", "PYTHONPATH", "LOADEDMODULES", "MODULEPATH")
        assert found["DEMO_HOME"] == found["PYTHONPATH"] == [expected]
        assert found["LOADEDMODULES"] == [f".bashrc:1 › {MODULES}:{made} [in an eval]", expected]
        assert found["MODULEPATH"][-1] == expected.replace(".bashrc:4", ".bashrc:2")


def test_debians_own() -> None:
    """With bash-completion, which is thousands of lines; and nothing is written."""
    skeleton = Path("/etc/skel/.bashrc")
    if not Path("/usr/share/bash-completion/bash_completion").exists() or not skeleton.exists():
        skip_or_fail("Debian's /etc/skel/.bashrc or its package bash-completion is not there")
    text = skeleton.read_text(encoding="utf-8")
    with home_of("myself", {".bashrc": f"{text}export PYTHONPATH=~/mine\n", ".bash_history": "ls\n" * 3000}) as home:
        before = listing(home)
        last = text.count("\n") + 1
        colours = line_of(
            skeleton, 'test -r ~/.dircolors && eval "$(dircolors -b ~/.dircolors)" || eval "$(dircolors -b)"'
        )
        assert chains(home, "PYTHONPATH", "LS_COLORS") == {
            "PYTHONPATH": [f".bashrc:{last}"],
            "LS_COLORS": [f".bashrc:{colours} [in an eval]"],
        }
        assert listing(home) == before


def test_direnv() -> None:
    """It works at the prompt."""
    if shutil.which("direnv") is None:
        skip_or_fail("direnv is not installed")
    files = {
        ".bashrc": '# direnv\neval "$(direnv hook bash)"\ncd ~/project\n',
        "project/.envrc": "export PYTHONPATH=/from/direnv\n",
    }
    with home_of("myself", files) as home:
        subprocess.run(["direnv", "allow", f"{home}/project/.envrc"], env=environ_of(home), check=True)
        inside = "PROMPT_COMMAND [in an eval] › .bashrc:2 in _direnv_hook() [in an eval]"
        assert chains(home, "PYTHONPATH") == {"PYTHONPATH": [inside]}


def test_pyenv() -> None:
    """The machine's own where there is one, with a root in the home; else a stand-in that prints as it does."""
    with home_of("myself", {".bashrc": 'export PYENV_ROOT=~/.pyenv\n\neval "$($PYENV init - bash)"\n'}) as home:
        (home / ".pyenv/shims").mkdir(parents=True)
        program = shutil.which("pyenv")
        if program is None:
            said = 'export PATH="$PYENV_ROOT/shims:${PATH}"\nexport PYENV_SHELL=bash\npyenv() {\n  :\n}\n'
            program = str(write_program(home / "pyenv", f"#!/bin/sh\ncat <<'EOF'\n{said}EOF\n"))
        (home / ".bashrc").write_text((home / ".bashrc").read_text().replace("$PYENV init", f"{program} init"))
        found = chains(home, "PATH", "PYENV_*")
        assert found["PYENV_ROOT"] == [".bashrc:1"]
        assert found["PYENV_SHELL"] == found["PATH"] == [".bashrc:3 [in an eval]"]


def test_plugins() -> None:
    """A framework as oh-my-bash is: a function that loads by name, in a loop, from an array."""
    framework = (
        'load() {\n    local kind=$1 name=$2\n    source "$FRAMEWORK/$kind/$name.sh"\n}\n'
        'for plugin in "${plugins[@]}"; do\n    load plugins "$plugin"\ndone\n'
    )
    files = {
        ".bashrc": "FRAMEWORK=~/.framework\nplugins=(git python)\nsource $FRAMEWORK/main.sh\n",
        ".framework/main.sh": framework,
        ".framework/plugins/git.sh": "alias g=git\n",
        ".framework/plugins/python.sh": "# python\npath_of() { echo /opt/$1; }\nexport PYTHONPATH=$(path_of lib)\n",
    }
    with home_of("myself", files) as home:
        inner = ".framework/main.sh:6 › .framework/main.sh:3 in load() › .framework/plugins/python.sh:3"
        assert chains(home, "PYTHONPATH") == {"PYTHONPATH": [f".bashrc:3 › {inner}"]}
