"""All commands; each is imported when it is used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import click

from cleanenv.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

# name: (module, help on one line); the order is that of `cleanenv --help`.
COMMANDS = {
    "shell": ("cleanenv.cli.shell", "Start a clean shell in which only ENV is active."),
    "run": ("cleanenv.cli.run", "Run one command in the clean environment."),
    "env": ("cleanenv.cli.env", "Print the clean environment."),
    "freeze": ("cleanenv.cli.freeze", "Print what ENV holds, whatever leaks around it."),
    "doctor": ("cleanenv.cli.doctor", "Say what leaks into this shell and ENV, and how to mend it."),
    "trace": ("cleanenv.cli.trace", "Report which line of which file set a variable."),
    "completion": ("cleanenv.cli.completion", "Print the completion script for a shell."),
}
PROGRAM = "cleanenv"


class Commands(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the names in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        """Import and return the command, None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: object = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


def _print_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"{PROGRAM} {version('cleanenv-shell')}")
        context.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version."
)
def group() -> None:
    """Start clean: a shell or a command in which only ENV is active, whatever leaks around it.

    ENV is the path or the name of a Python environment; left out, it is the
    active one, else .venv or venv here or above.

    \b
    Exit status: 0 done; 1 the answer is 'no'; 2 wrong usage; 3 ENV cannot be
    used; 4 the shell cannot be used; 126 and 127 as shells have them;
    otherwise that of the shell or command.
    """


def invoke(words: Sequence[str]) -> int:
    """Run a command line and return its exit status; raise CleanenvError for what cannot be done."""
    try:
        status = group.main(list(words), prog_name=PROGRAM, standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return UsageError.status
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx is not None else PROGRAM
        raise UsageError(f"{error.format_message().rstrip('.')} (see '{where} --help')") from error
    except click.ClickException as error:
        raise UsageError(error.format_message()) from error
    except click.Abort as error:
        raise KeyboardInterrupt from error
    return status if isinstance(status, int) else 0
