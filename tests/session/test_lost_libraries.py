"""An environment whose own Python needs LD_LIBRARY_PATH: one line says so, and the loader has the last word."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.support import cluster_python
from tests.support.cluster_python import LIBRARY, compile_program
from tests.support.command import call
from tests.support.elf_files import needing
from tests.support.fake_environment import FakeEnvironment
from tests.support.installed_shells import find_shell

ADVICE = "pass it on with '--keep LD_LIBRARY_PATH', or '--source' the script that sets it"
ANSWER = '#include <stdio.h>\nint answer(void); int main(void) { printf("started %d\\n", answer()); return 0; }'


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment of a cluster's Python, whose library is in ../hpc/lib."""
    top = tmp_path_factory.mktemp("cluster")
    python = cluster_python.make(top / "hpc")
    environ = {"PATH": os.defpath, "LD_LIBRARY_PATH": f"{top}/hpc/lib"}
    words = [str(python), "-I", "-m", "venv", "--without-pip", str(top / "hpc_env")]
    subprocess.run(words, env=environ, check=True)
    return top / "hpc_env"


@pytest.fixture
def loaded(cluster: Path, caller: dict[str, str]) -> dict[str, str]:
    """Return the environment of a caller who has loaded the module."""
    return caller | {"LD_LIBRARY_PATH": f"/opt/none:{cluster.parent}/hpc/lib"}


def sentence(cluster: Path) -> str:
    fact = f"'{cluster}/bin/python' cannot start without {LIBRARY}, which only your LD_LIBRARY_PATH leads to"
    return f"{fact} ('{cluster.parent}/hpc/lib'): {ADVICE}"


def test_run_says_why_it_cannot_start(tool: list[str], cluster: Path, loaded: dict[str, str]) -> None:
    done = call([*tool, "run", str(cluster), "--", "python", "-c", "print(1)"], loaded)
    first, *rest = done.err.splitlines()
    assert (done.status, done.out, first) == (127, "", sentence(cluster))
    assert len(rest) == 1
    assert "error while loading shared libraries" in rest[0]


def test_so_does_a_shell(tool: list[str], cluster: Path, loaded: dict[str, str]) -> None:
    words = [*tool, "shell", str(cluster), "--shell", find_shell("bash").program]
    done = call(words, loaded, given="python -V; echo $?\n")
    assert done.out == "127\n"
    assert done.err.splitlines()[0] == sentence(cluster)


@pytest.mark.parametrize("how", ["keep", "set", "source"])
def test_what_it_advises_works(
    how: str, tool: list[str], cluster: Path, loaded: dict[str, str], tmp_path: Path
) -> None:
    lib = loaded["LD_LIBRARY_PATH"]
    (tmp_path / "module.sh").write_text(f"export LD_LIBRARY_PATH={lib}\n", encoding="utf-8")
    value = {"keep": "LD_LIBRARY_PATH", "set": f"LD_LIBRARY_PATH={lib}", "source": f"{tmp_path}/module.sh"}[how]
    done = call([*tool, "run", str(cluster), f"--{how}", value, "--", "python", "-c", "print(1)"], loaded)
    assert (done.status, done.out) == (0, "1\n")
    assert "cannot start" not in done.err


def test_quiet_leaves_the_loaders_own_line(tool: list[str], cluster: Path, loaded: dict[str, str]) -> None:
    done = call([*tool, "run", "-q", str(cluster), "--", "python", "-V"], loaded)
    assert done.status == 127
    assert len(done.err.splitlines()) == 1


def test_without_the_module_nothing_is_known(tool: list[str], cluster: Path, caller: dict[str, str]) -> None:
    for environ in (caller, caller | {"LD_LIBRARY_PATH": ""}, caller | {"LD_LIBRARY_PATH": "/opt/none"}):
        done = call([*tool, "run", str(cluster), "--", "python", "-V"], environ)
        assert (done.status, len(done.err.splitlines())) == (127, 1)


def environment_with(program: Path, top: Path) -> Path:
    """Return an environment whose interpreter is ``program``."""
    fake = FakeEnvironment(top)
    (fake.bin / "python").unlink()
    (fake.bin / "python").symlink_to(program)
    return fake.path


def library(folder: Path, *words: str) -> Path:
    return compile_program(
        folder / "libanswer.so.1",
        "int answer(void) { return 1; }",
        "-shared",
        "-fPIC",
        "-Wl,-soname,libanswer.so.1",
        *words,
    )


@pytest.mark.parametrize("own", ["rpath", "runpath", "path", "hwcaps"])
def test_no_false_alarm(own: str, tool: list[str], caller: dict[str, str], tmp_path: Path) -> None:
    """The program finds the library by itself, and LD_LIBRARY_PATH had it too."""
    lib = tmp_path / "own"
    made = library(lib)
    words = {
        "rpath": [f"-Wl,-rpath,{lib}", "-Wl,--disable-new-dtags"],
        "runpath": ["-Wl,-rpath,$ORIGIN/own", "-Wl,--enable-new-dtags"],
        # Only the loader knows these: nothing in the directory itself has the name.
        "hwcaps": [f"-Wl,-rpath,{lib}"],
        "path": [],
    }[own]
    if own == "path":
        made.unlink()
        made = compile_program(made, "int answer(void) { return 1; }", "-shared", "-fPIC")
    program = compile_program(tmp_path / "python", ANSWER, made, *words)
    leak = library(tmp_path / "leak").parent
    if own == "hwcaps":
        moved = lib / "glibc-hwcaps" / "x86-64-v2"
        moved.mkdir(parents=True)
        made.rename(moved / made.name)
        if call([str(program)], {}).status:
            pytest.skip("this loader or processor has no x86-64-v2")
    env = environment_with(program, tmp_path / "scene")
    done = call([*tool, "run", str(env), "--", "python"], caller | {"LD_LIBRARY_PATH": str(leak)})
    assert done == (0, "started 1\n", "")


def test_a_library_of_a_library(tool: list[str], caller: dict[str, str], tmp_path: Path) -> None:
    """The interpreter's own library is found by its rpath, and needs another one."""
    deep = compile_program(tmp_path / "leak/libdeep.so.1", "", "-shared", "-fPIC", "-Wl,-soname,libdeep.so.1")
    made = library(tmp_path / "own", str(deep))
    rpath = [f"-Wl,-rpath,{made.parent}", "-Wl,--enable-new-dtags", f"-Wl,-rpath-link,{deep.parent}"]
    env = environment_with(compile_program(tmp_path / "python", ANSWER, made, *rpath), tmp_path / "scene")
    done = call([*tool, "run", str(env), "--", "python"], caller | {"LD_LIBRARY_PATH": str(deep.parent)})
    assert done.status == 127
    assert done.err.startswith(f"'{env}/bin/python' cannot start without libdeep.so.1, which")


@pytest.mark.parametrize("kind", ["script", "no loader"])
def test_what_cannot_be_asked_is_not_accused(
    kind: str, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    program = tmp_path / "python"
    if kind == "script":
        program.write_text("#!/bin/sh\n", encoding="ascii")
    else:
        needing(program, "libanswer.so.1")
    program.chmod(0o755)
    leak = library(tmp_path / "leak").parent
    env = environment_with(program, tmp_path / "scene")
    done = call([*tool, "run", str(env), "--", "true"], caller | {"LD_LIBRARY_PATH": str(leak)})
    assert done == (0, "", "")
