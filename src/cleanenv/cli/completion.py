"""``cleanenv completion SHELL``, and the answers that its scripts ask for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem, ShellComplete, split_arg_string

from cleanenv.cli import candidates, run
from cleanenv.cli.commands import COMPLETION, PROGRAM
from cleanenv.cli.printing import Printing
from cleanenv.shell.command import shells_directory
from cleanenv.system import console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.system.invocation import Invocation

SCRIPTS = {
    "bash": "bash/completion.bash",
    "zsh": "zsh/completion.zsh",
    "fish": "fish/completions/cleanenv.fish",
}
KINDS = {"plain": "word", "dir": "directories", "file": "files"}  # click's words for what the scripts know
AS_TYPED = "zsh"  # it takes the quotes off itself
CONTROL = frozenset(map(chr, (*range(32), 127)))


@click.command(cls=Printing)
@click.argument("shell", metavar="SHELL", type=click.Choice(list(SCRIPTS)))
def command(shell: str) -> None:
    """Print the script that completes cleanenv's command lines in SHELL.

    \b
    bash  eval "$(cleanenv completion bash)"     in ~/.bashrc
    zsh   eval "$(cleanenv completion zsh)"      in ~/.zshrc, after compinit
    fish  cleanenv completion fish | source      in ~/.config/fish/config.fish

    A clean shell of these three has it already.
    """
    with open(os.path.join(shells_directory(), SCRIPTS[shell]), "rb") as file:
        console.write(file.read())


def answer(group: click.Command, words: Sequence[str], caller: Invocation) -> None:
    """Print what may stand at the end of ``words``, the last of which is the unfinished one.

    A line each: a kind, a value and a help text, separated by tabs (shells/bash/completion.bash).
    """
    given = list(words) if caller.environ[COMPLETION] == AS_TYPED else [_unquoted(word) for word in words]
    incomplete = given.pop() if given else ""
    completion = _Completion(group, {"obj": caller}, PROGRAM, COMPLETION)
    items = completion.get_completions(given, incomplete)
    lines = [_line(item) for item in items if not CONTROL.intersection(item.value)]
    console.write("".join(lines).encode(errors="surrogateescape"))


class _Completion(ShellComplete):
    """click's completion, but for the words of the command that ``run`` starts."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """Return what may stand after the complete words ``args`` and begins with ``incomplete``."""
        if args[:1] == ["run"]:
            context = run.command.make_context("run", args[1:], resilient_parsing=True, **self.ctx_args)
            own = run.command.own_words(context, args[1:])
            is_option = incomplete.startswith("-") and not context.meta[run.IS_SEPARATED]
            if own is not None and not (is_option and own == len(args) - 1):
                if own == len(args) - 1:
                    return candidates.first_words(context, incomplete)
                return [CompletionItem(str(own + 1), type="command")]
        return super().get_completions(args, incomplete)


def _unquoted(word: str) -> str:
    """Return ``word`` as the shell will take it; it may end within quotes."""
    return "".join(split_arg_string(word)[:1])


def _line(item: CompletionItem[str]) -> str:
    text = " ".join((item.help or "").split())
    return f"{KINDS.get(item.type, item.type)}\t{item.value}\t{text}\n"
