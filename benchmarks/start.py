"""Starting a command and a shell: cleanenv beside the bare interpreter, ``env -i`` and its peers."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import measure
from measure import Command

# The least that a launcher in sh and a program in Python can do.
# What a bash is like that obeys neither ENV nor --rcfile.
DEAF = "#!/bin/sh\nunset ENV\nexec /bin/bash --norc -i\n"
BAREST = """exec "$0" -I -S -c 'import posix; posix.execv("/usr/bin/true", ["true"])'"""
PEERS = ("hatch", "pipenv", "poetry", "pdm", "vex")


def main(folder: Path, runs: int) -> int:
    """Measure, print the tables, and return how many goals are missed."""
    environment = folder / "my_env"
    measure.run(sys.executable, "-I", "-m", "venv", str(environment))
    tool = measure.install(folder)
    home = folder / "home"
    home.mkdir()
    environ = {"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin", "TERM": "xterm", "LANG": "C.UTF-8"}
    environ["SHELL"] = "/bin/bash"  # found where no shell is among the processes above
    return (
        command(environment, tool, environ, folder, runs)
        + shell(environment, tool, environ, folder, runs)
        + handshake(environment, tool, environ, folder, runs)
    )


def command(environment: Path, tool: Path, environ: dict[str, str], folder: Path, runs: int) -> int:
    """Compare ``X run true``."""
    cleanenv, python, uv = str(tool / "bin/cleanenv"), str(tool / "bin/python"), str(Path(sys.executable).parent / "uv")
    commands = [
        Command("env -i true", ("env", "-i", "/usr/bin/true")),
        Command("python -I", (python, "-I", "-c", "")),
        Command("python -I, import click", (python, "-I", "-c", "import click")),
        Command("sh, python -I -S, exec true", ("sh", "-c", BAREST, python)),
        Command("cleanenv run", (cleanenv, "run", str(environment), "--", "true")),
        Command("cleanenv run, an option", (cleanenv, "run", "-q", str(environment), "--", "true")),
        Command("uv run", (uv, "run", "--offline", "-p", str(environment), "--no-project", "true")),
        *peers(environment, folder, environ),
    ]
    figures = measure.side_by_side(commands, environ, folder, runs)
    print(f"run ENV -- true, medians of {runs}\n{measure.table(figures, 'uv run')}\n")
    click, ours = figures["python -I, import click"].seconds, figures["cleanenv run"].seconds
    missed = measure.judge(
        [
            ("cleanenv run / python -I -c 'import click'", ours / click, 1.25),
            ("cleanenv run, an option / the same", figures["cleanenv run, an option"].seconds / click, 1.25),
            ("cleanenv run / uv run", ours / figures["uv run"].seconds, 1.1),
        ]
    )
    barest = figures["sh, python -I -S, exec true"].seconds
    print(
        f"       sh and the bare interpreter take {barest / figures['uv run'].seconds:.2f} of uv's time; what is left"
        f" to cleanenv is {(ours - barest) * 1000:.1f} ms: Python's os, and the import of our modules, which stay small"
    )
    return missed


def peers(environment: Path, folder: Path, environ: dict[str, str]) -> list[Command]:
    """Return how each peer that can be had here runs a command in an environment."""
    commands = measure.install_peers(folder, PEERS)
    project = folder / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text('[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.10"\n')
    (project / "Pipfile").write_text("")
    # Each finds the active environment, in a project that asks for nothing.
    active = ("env", f"VIRTUAL_ENV={environment}", f"PATH={environment}/bin:{environ['PATH']}", "PIPENV_VERBOSITY=-1")
    inside = ("sh", "-c", 'cd "$0" && exec "$@"', str(project), *active)
    ways = {
        "hatch": (*inside, str(commands / "hatch"), "run", "true"),
        "pipenv": (*inside, str(commands / "pipenv"), "run", "true"),
        "poetry": (*inside, str(commands / "poetry"), "run", "true"),
        "pdm": (*inside, str(commands / "pdm"), "run", "true"),
        "vex": (
            "sh",
            "-c",
            'cd "$0" && exec "$@"',
            str(folder),
            str(commands / "vex"),
            "--path",
            str(environment),
            "true",
        ),
    }
    return [Command(f"{name} run", words) for name, words in ways.items() if (commands / name).exists()]


def shell(environment: Path, tool: Path, environ: dict[str, str], folder: Path, runs: int) -> int:
    """Compare the time to the first prompt with the marker."""
    marker = f"({environment.name}) "
    source = f"source {shlex.quote(str(environment))}/bin/activate\r"
    cleanenv, python = str(tool / "bin/cleanenv"), str(tool / "bin/python")
    clean = ("env", "-i", "TERM=xterm", "PATH=/usr/bin:/bin", "bash", "--norc", "--noprofile", "-i")
    commands = [
        Command("python -I", (python, "-I", "-c", "")),
        Command("python -I, import click", (python, "-I", "-c", "import click")),
        Command("env -i bash and activate", clean, marker, source),
        Command("cleanenv shell", (cleanenv, "shell", str(environment)), marker),
        Command("cleanenv shell --shell bash", (cleanenv, "shell", str(environment), "--shell", "bash"), marker),
        Command(
            "bash, in it cleanenv shell", clean, marker, f"exec {cleanenv} shell {shlex.quote(str(environment))}\r"
        ),
    ]
    figures = measure.side_by_side(commands, environ, folder, runs)
    print(f"\nto the first prompt, medians of {runs}\n{measure.table(figures, 'env -i bash and activate')}\n")
    bare, click = figures["python -I"].seconds, figures["python -I, import click"].seconds
    bash = figures["env -i bash and activate"].seconds
    return measure.judge(
        [
            (
                "cleanenv shell --shell bash / (1.25 import click + 1.5 bash and activate)",
                figures["cleanenv shell --shell bash"].seconds / (1.25 * click + 1.5 * bash),
                1.0,
            ),
            (
                "bash, in it cleanenv shell / (2 bash and activate + python -I)",
                figures["bash, in it cleanenv shell"].seconds / (2 * bash + bare),
                1.0,
            ),
        ]
    )


def handshake(environment: Path, tool: Path, environ: dict[str, str], folder: Path, runs: int) -> int:
    """Compare the first start of each shell, which is asked whether it reads init, with the starts after it."""
    marker = f"({environment.name}) "
    cleanenv = str(tool / "bin/cleanenv")
    state = Path(environ["HOME"]) / ".local/state/cleanenv"
    first = ("sh", "-c", 'rm -rf "$0/handshakes" && exec "$@"', str(state))
    commands = []
    for name in ("bash", "zsh", "fish", "tcsh", "ksh93", "mksh", "dash", "yash", "elvish"):
        words = (cleanenv, "shell", str(environment), "--shell", name)
        commands += [Command(f"{name}, first", (*first, *words), marker), Command(f"{name}, after it", words, marker)]
    deaf = folder / "deaf" / "bash"
    deaf.parent.mkdir()
    deaf.write_text(DEAF, encoding="ascii")
    deaf.chmod(0o755)
    refusal = f"exec {cleanenv} shell {shlex.quote(str(environment))} --shell {shlex.quote(str(deaf))}"
    commands.append(Command("a bash that reads no init, refused", ("sh", "-c", f"({refusal}); echo done"), "done"))
    figures = measure.side_by_side(commands, environ, folder, runs)
    print(f"\nthe handshake, to the first prompt, medians of {runs}\n{measure.table(figures, 'bash, after it')}\n")
    refused = figures["a bash that reads no init, refused"].seconds
    return measure.judge([("a refusal / half a second", refused / 0.5, 1.0)])
