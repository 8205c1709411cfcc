"""``cleanenv completion SHELL``: click's own scripts."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from cleanenv.cli.printing import Printing
from cleanenv.system import console

SCRIPTS: dict[str, type[ShellComplete]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


@click.command(cls=Printing)
@click.argument("shell", type=click.Choice(list(SCRIPTS)))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the script that completes cleanenv's commands and options in SHELL.

    \b
    bash  eval "$(cleanenv completion bash)"     in ~/.bashrc
    zsh   eval "$(cleanenv completion zsh)"      in ~/.zshrc
    fish  cleanenv completion fish | source      in ~/.config/fish/config.fish
    """
    root = context.find_root()
    name = root.info_name or "cleanenv"
    script = SCRIPTS[shell](root.command, {}, name, f"_{name.upper()}_COMPLETE").source()
    console.write(f"{script}\n".encode())
