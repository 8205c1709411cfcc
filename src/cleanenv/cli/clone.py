"""``cleanenv clone ENV NEW``."""

from __future__ import annotations

import click

from cleanenv.cli import candidates
from cleanenv.cli.caller import invocation_of
from cleanenv.cli.printing import Printing
from cleanenv.integrity import clone_proof, cloning
from cleanenv.session import session
from cleanenv.system import console
from cleanenv.system.console import readable


@click.command("clone", cls=Printing)
@click.argument("env", metavar="ENV", shell_complete=candidates.environments)
@click.argument("new", metavar="NEW", shell_complete=candidates.directories)
@click.option(
    "--python", metavar="X", shell_complete=candidates.pythons, help="Create NEW with this Python instead of ENV's."
)
@click.option("--offline", is_flag=True, help="Install from uv's cache alone.")
@click.option(
    "--from",
    "file",
    metavar="FILE",
    shell_complete=candidates.files,
    help="Install what this requirements file or pylock.toml says, and compare with ENV.",
)
@click.option("--exact", is_flag=True, help="Install from URLs with credentials in them too.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing on stderr but errors.")
@click.pass_context
def command(
    context: click.Context,
    env: str,
    new: str,
    *,
    python: str | None,
    offline: bool,
    file: str | None,
    exact: bool,
    quiet: bool,
) -> None:
    """Create the environment NEW with what is installed in ENV, and prove that it is equal.

    NEW is installed in the clean environment, with uv if it is on PATH, else
    with pip. Then the listings, the RECORDs and all files are compared: exit 1
    and a list if they differ; NEW is kept. If something cannot be installed,
    there is no NEW.
    """
    caller = invocation_of(context)
    environment = session.find(env, caller)
    result = cloning.clone(environment, cloning.Request(new, python, file, offline, exact), caller)
    proof = result.proof
    if not quiet:
        for note in result.source.notes:
            console.say(f"Note: {note}")
        for path in clone_proof.not_cloned(proof):
            console.say(f"Note: not cloned, since no distribution installed it: {path}")
    clone = proof.clone.inventory.environment
    lines = [f"'{clone.path}' equals '{environment.path}': {_count(proof)}"]
    if not proof.is_equal:
        lines = clone_proof.differences(proof)
        lines.append(f"'{clone.path}' differs from '{environment.path}', and is kept")
    if not quiet:
        console.say(f"installed with {result.tool} in {result.seconds:.1f} s")
    console.write("".join(f"{readable(line)}\n" for line in lines).encode("utf-8", "surrogateescape"))
    if not proof.is_equal:
        context.exit(1)


def _count(proof: clone_proof.Proof) -> str:
    clone = proof.clone
    return f"{clone.owners:,} distributions, {clone.files:,} files, by freeze, compare and verify"
