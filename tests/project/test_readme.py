"""README, help and code say the same."""

from __future__ import annotations

import re

import click
import pytest

from cleanenv.clean import policy
from cleanenv.cli import commands
from cleanenv.doctor import codes
from cleanenv.shell import registry
from tests.support.surroundings import CHECKOUT

README = CHECKOUT / "README.md"
TABLE = re.compile(r"(<!-- made from (\w+\.py) .*? -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def policy_table() -> str:
    """Return the README's table of kept variables, made from the policy."""
    lines = ["| variable | group | why |", "|---|---|---|"]
    lines += [f"| `{name}` | {group} | {reason} |" for name, group, reason in policy.KEPT]
    return "\n".join(lines) + "\n"


def codes_table() -> str:
    """Return the README's table of doctor's codes."""
    lines = ["| code | severity | meaning |", "|---|---|---|"]
    lines += [f"| `{code}` | {severity} | {meaning} |" for code, severity, meaning in codes.CODES]
    return "\n".join(lines) + "\n"


TABLES = {"policy.py": policy_table, "codes.py": codes_table}


@pytest.mark.parametrize("module", list(TABLES))
def test_the_tables_are_what_the_code_says(module: str) -> None:
    tables = {name: table for _, name, table, _ in TABLE.findall(README.read_text(encoding="utf-8"))}
    assert module in tables, f"README has no '<!-- made from {module} … -->' with an '<!-- end -->'"
    assert tables[module] == TABLES[module]()


@pytest.mark.parametrize("name", list(commands.COMMANDS))
def test_the_readme_shows_every_command_and_option(name: str) -> None:
    readme = README.read_text(encoding="utf-8")
    context = click.Context(commands.group)
    command = commands.group.get_command(context, name)
    assert command is not None
    assert f"cleanenv {name}" in readme
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert any(option in readme for option in parameter.opts), parameter.opts


def test_the_readme_names_every_shell() -> None:
    readme = README.read_text(encoding="utf-8")
    assert [name for name in registry.NAMES if name not in readme] == []


def test_every_command_and_option_has_help() -> None:
    context = click.Context(commands.group)
    for name in commands.COMMANDS:
        command = commands.group.get_command(context, name)
        assert command is not None
        assert command.help
        assert [option.name for option in command.params if isinstance(option, click.Option) and not option.help] == []


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    README.write_text(TABLE.sub(lambda found: found[1] + TABLES[found[2]]() + found[4], text), encoding="utf-8")
