"""README, help and code say the same."""

from __future__ import annotations

import re

import click
import pytest

from cleanenv import cli, policy, shell
from tests.conftest import CHECKOUT

README = CHECKOUT / "README.md"
TABLE = re.compile(r"(<!-- made from policy\.py .*? -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def policy_table() -> str:
    """Return the README's table of kept variables, made from the policy."""
    lines = ["| variable | group | why |", "|---|---|---|"]
    lines += [f"| `{name}` | {group} | {reason} |" for name, group, reason in policy.KEPT]
    return "\n".join(lines) + "\n"


def test_the_table_of_kept_variables_is_the_policy() -> None:
    table = TABLE.search(README.read_text(encoding="utf-8"))
    assert table is not None
    assert table[2] == policy_table()


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_the_readme_shows_every_command_and_option(name: str) -> None:
    readme = README.read_text(encoding="utf-8")
    context = click.Context(cli.group)
    command = cli.group.get_command(context, name)
    assert command is not None
    assert f"cleanenv {name}" in readme
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert any(option in readme for option in parameter.opts), parameter.opts


def test_the_readme_names_every_shell() -> None:
    readme = README.read_text(encoding="utf-8")
    assert [name for name in shell.NAMES if name not in readme] == []


def test_every_command_and_option_has_help() -> None:
    context = click.Context(cli.group)
    for name in cli.COMMANDS:
        command = cli.group.get_command(context, name)
        assert command is not None
        assert command.help
        assert [option.name for option in command.params if isinstance(option, click.Option) and not option.help] == []


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    README.write_text(TABLE.sub(lambda found: found[1] + policy_table() + found[3], text), encoding="utf-8")
