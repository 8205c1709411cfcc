"""Jobs of a real Slurm on three nodes: each task knows which it is, and nothing says what Slurm starts."""

from __future__ import annotations

import json
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.field import cluster as slurm
from tests.field.trial import CLEAN, HERE, NATIVE, RUN, entering, installed
from tests.support.command import Done, call, write_program

pytestmark = pytest.mark.xdist_group("slurm")  # one cluster, started by one worker

REPORT = str(HERE / "report.py")
RANK = str(HERE / "rank.py")
FEW = (RUN, "bash")  # srun takes a second, and so does a batch job


@pytest.fixture(scope="module")
def cluster() -> Iterator[slurm.Cluster]:
    """Yield a cluster of three nodes, started once."""
    with tempfile.TemporaryDirectory(prefix="cleanenv-", dir="/tmp") as folder, slurm.running(Path(folder)) as started:
        yield started


class Job:
    """A job on the cluster, with a directory in which its tasks report."""

    def __init__(self, cluster: slurm.Cluster, caller: dict[str, str], folder: Path) -> None:
        self.environ = caller | cluster.variables
        self.folder = folder
        self.reports = folder / "reports"
        self.reports.mkdir()

    def command(self) -> list[str]:
        """Return the command of a task."""
        return ["python", REPORT, str(self.reports)]

    def run(self, *words: str, **more: str) -> Done:
        """Run one of Slurm's commands, which ends with its job."""
        done = call([installed(words[0]), *words[1:]], self.environ | more, self.folder)
        assert done.status == 0, done
        return done

    def batch(self, *options: str, script: str) -> None:
        """Run ``script`` as a batch job and wait for its end."""
        program = write_program(self.folder / "batch", f"#!/bin/sh\n{script}\n")
        self.run("sbatch", "--wait", f"--output={self.folder}/batch.log", *options, str(program))

    def seen(self, *names: str) -> list[tuple[str, ...]]:
        """Return the values of the variables named in each task, sorted."""
        reports = [json.loads(file.read_text(encoding="ascii")) for file in self.reports.iterdir()]
        return sorted(tuple(report["environ"].get(name, "none") for name in names) for report in reports)


@pytest.fixture
def job(cluster: slurm.Cluster, caller: dict[str, str], tmp_path: Path) -> Job:
    return Job(cluster, caller, tmp_path)


@pytest.mark.parametrize("way", [NATIVE, *CLEAN])
def test_each_task_knows_its_rank_and_its_node(way: str, tool: list[str], venv: Path, job: Job) -> None:
    words = entering(way, tool, venv, job.command(), job.folder / "job")
    job.run("srun", "--nodes=3", "--ntasks-per-node=1", *words)
    assert job.seen("SLURM_PROCID", "SLURM_NODEID", "SLURMD_NODENAME", "SLURM_NTASKS") == [
        ("0", "0", "n1", "3"),
        ("1", "1", "n2", "3"),
        ("2", "2", "n3", "3"),
    ]


@pytest.mark.parametrize("way", FEW)
def test_tasks_on_one_node_know_their_place_there(way: str, tool: list[str], venv: Path, job: Job) -> None:
    words = entering(way, tool, venv, job.command(), job.folder / "job")
    job.run("srun", "--nodes=1", "--ntasks=2", *words)
    names = ("SLURM_PROCID", "SLURM_LOCALID", "SLURM_JOB_NUM_NODES", "SLURM_STEP_NUM_TASKS", "SLURM_NODELIST")
    assert job.seen(*names) == [("0", "0", "1", "2", "n1"), ("1", "1", "1", "2", "n1")]


@pytest.mark.parametrize("way", FEW)
def test_a_batch_script_knows_its_allocation(way: str, tool: list[str], venv: Path, job: Job) -> None:
    words = entering(way, tool, venv, job.command(), job.folder / "job")
    job.batch("--nodes=2", "--job-name=trial", script=shlex.join(words))
    names = ("SLURM_JOB_NAME", "SLURM_JOB_NODELIST", "SLURM_NNODES", "SLURM_SUBMIT_DIR", "SLURM_CPUS_ON_NODE")
    ((name, nodes, number, submitted, processors),) = job.seen(*names)
    assert (name, nodes, number, submitted) == ("trial", "n[1-2]", "2", str(job.folder))
    assert int(processors) > 0


def test_each_job_of_an_array_knows_its_number(tool: list[str], venv: Path, job: Job) -> None:
    words = entering(RUN, tool, venv, job.command(), job.folder / "job")
    job.batch("--array=3,5", script=shlex.join(words))
    seen = job.seen("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MAX")
    assert seen == [("3", "2", "5"), ("5", "2", "5")]


@pytest.mark.parametrize("way", FEW)
def test_mpich_started_by_srun_knows_its_ranks(way: str, tool: list[str], venv: Path, job: Job) -> None:
    command = ["python", RANK, "libmpich.so.12", str(job.reports)]
    words = entering(way, tool, venv, command, job.folder / "job")
    job.run("srun", "--mpi=pmi2", "--nodes=2", "--ntasks-per-node=1", *words)
    reports = [json.loads(file.read_text(encoding="ascii")) for file in job.reports.iterdir()]
    assert sorted((report["rank"], report["size"]) for report in reports) == [(0, 2), (1, 2)]


def test_srun_in_a_clean_environment_starts_a_step_of_the_job_around_it(tool: list[str], venv: Path, job: Job) -> None:
    """A cluster's own configuration lies in /etc; that of this one does not, so it is let in on purpose."""
    step = [installed("srun"), "--ntasks=2", "--ntasks-per-node=1", *job.command()]
    words = [*tool, "run", str(venv), "--keep", "SLURM_CONF", "--", *step]
    job.batch("--nodes=2", script=f"echo $SLURM_JOB_ID >outer\n{shlex.join(words)}")
    outer = (job.folder / "outer").read_text(encoding="ascii").strip()
    assert job.seen("SLURM_PROCID", "SLURM_JOB_ID") == [("0", outer), ("1", outer)]


@pytest.mark.parametrize("is_clean", [False, True])
def test_no_variable_says_what_srun_starts_around_a_task(is_clean: bool, tool: list[str], venv: Path, job: Job) -> None:
    names = ("SLURM_PROLOG", "SLURM_EPILOG", "SLURM_TASK_PROLOG", "SLURM_TASK_EPILOG")
    hostile = {
        name: str(write_program(job.folder / name, f"#!/bin/sh\n: >{job.folder}/started-{name}\n")) for name in names
    }
    clean = [*tool, "run", str(venv), "--keep", "SLURM_CONF", "--"] if is_clean else []
    done = call([*clean, installed("srun"), "--ntasks=1", "true"], job.environ | hostile, job.folder)
    assert done.status == 0, done
    marks = sorted(path.name for path in job.folder.glob("started-*"))
    assert marks == ([] if is_clean else sorted(f"started-{name}" for name in names))


def test_slurms_configuration_is_not_passed_on(tool: list[str], venv: Path, job: Job) -> None:
    """It names the plugins that each command loads."""
    done = call([*tool, "run", str(venv), "--", "env"], job.environ, job.folder)
    assert "SLURM_CONF=" not in done.out
