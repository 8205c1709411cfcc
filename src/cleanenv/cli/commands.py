"""All commands; each is imported when it is used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from cleanenv import __version__
from cleanenv.cli.printing import Printing
from cleanenv.errors import UsageError
from cleanenv.system import console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.system.invocation import Invocation

# name: (module, help on one line); the order is that of `cleanenv --help`.
COMMANDS = {
    "shell": ("cleanenv.cli.shell", "Start a clean shell in which only ENV is active."),
    "run": ("cleanenv.cli.run", "Run one command in the clean environment."),
    "env": ("cleanenv.cli.env", "Print the clean environment."),
    "freeze": ("cleanenv.cli.freeze", "Print what is installed in ENV, whatever leaks around it."),
    "verify": ("cleanenv.cli.verify", "Compare the files in ENV with what was installed."),
    "compare": ("cleanenv.cli.compare", "Compare what is installed in two environments, file by file."),
    "clone": ("cleanenv.cli.clone", "Create an environment with what is installed in ENV, and prove it equal."),
    "doctor": ("cleanenv.cli.doctor", "Report what leaks into this shell and ENV, and how to fix it."),
    "check": ("cleanenv.cli.check", "Report which imports of a project work only because of a leak."),
    "trace": ("cleanenv.cli.trace", "Report which line of which file set a variable."),
    "ls": ("cleanenv.cli.ls", "List the environments that can be named."),
    "allow": ("cleanenv.cli.allow", "Let a project's pyproject.toml set and keep variables."),
    "completion": ("cleanenv.cli.completion", "Print the completion script for a shell."),
}
PROGRAM = "cleanenv"
COMPLETION = "_CLEANENV_COMPLETE"  # set by the completion scripts


class Commands(Printing, click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the names in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        """Import and return the command, None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        command: object = importlib.import_module(module).command
        return command if isinstance(command, click.Command) else None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Return the commands with their whole help, and the options."""
        found = [CompletionItem(name, help=text) for name, (_, text) in COMMANDS.items() if name.startswith(incomplete)]
        return found + (super().shell_complete(ctx, incomplete) if incomplete.startswith("-") else [])

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


def _print_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        console.write(f"{PROGRAM} {__version__}\n".encode())
        context.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version."
)
def group() -> None:
    """Start clean: a shell or a command in which only ENV is active, whatever leaks around it.

    ENV is the path or the name of a Python environment; left out, it is the
    active one, else .venv or venv in this directory or its parents.

    \b
    Exit status:
      0         done
      1         the answer is 'no', or the result could not be printed
      2         wrong usage or configuration
      3         ENV cannot be used
      4         the shell cannot be used
      70        cleanenv itself failed, or is not wholly installed
      71        no disk space, temporary directory, memory or descriptors left
      126, 127  the command cannot be started, or does not exist
      other     that of the shell, the command or the sourced file
    """


def invoke(words: Sequence[str], caller: Invocation) -> int:
    """Run a command line and return its exit status; raise CleanenvError for what cannot be done."""
    if COMPLETION in caller.environ:
        from cleanenv.cli import completion

        completion.answer(group, words, caller)
        return 0
    try:
        status = group.main(list(words), prog_name=PROGRAM, standalone_mode=False, obj=caller)
    except click.exceptions.NoArgsIsHelpError as error:
        for line in error.format_message().splitlines():
            console.say(line)
        return UsageError.status
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx is not None else PROGRAM
        sentence = " ".join(error.format_message().split()).rstrip(".")  # click writes choices on lines of their own
        raise UsageError(f"{sentence} (see '{where} --help')") from error
    except click.ClickException as error:
        raise UsageError(error.format_message()) from error
    except click.Abort as error:
        raise KeyboardInterrupt from error
    return status if isinstance(status, int) else 0
