"""README, docs, help and code say the same."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from cleanenv.cli import commands
from cleanenv.shell import registry
from docs import generate, session
from tests.support.surroundings import CHECKOUT, skip_or_fail

README = CHECKOUT / "README.md"
GENERATED = generate.generated()
PROSE = [README, *sorted(generate.DOCS.glob("*.md")), *(CHECKOUT / name for name in ("CONTRIBUTING.md", "SECURITY.md"))]
LINK = re.compile(r"\]\(([^)]+)\)")
PATH_IN_PROSE = re.compile(r"`((?:src|docs|shells|tests|benchmarks)/[\w./-]*)`")


@pytest.mark.parametrize("path", list(GENERATED), ids=lambda path: path.name)
def test_what_is_made_from_the_code_is_current(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == GENERATED[path], "run ./dev docs"


def test_every_kind_of_generated_text_has_its_place() -> None:
    made = [kind for path in generate.DOCS.glob("*.md") for _, kind, _, _ in generate.BLOCK.findall(path.read_text())]
    assert sorted(made) == sorted(generate.BLOCKS)


@pytest.mark.parametrize("name", list(commands.COMMANDS))
def test_the_readme_shows_every_command(name: str) -> None:
    assert f"cleanenv {name}" in README.read_text(encoding="utf-8")


def test_the_readme_shows_no_command_or_option_that_does_not_exist() -> None:
    """In the lines that a reader copies."""
    pages = generate.pages()
    known = {word for page in pages.values() for names, _ in page.options for word in re.findall(r"--?[a-z-]+", names)}
    shown = 0
    for path in PROSE:
        for name, rest in re.findall(r"\bcleanenv ([a-z]+)([^`\n|;)]*)", path.read_text(encoding="utf-8")):
            if f"cleanenv {name}" not in pages:
                continue
            options = re.findall(r"(?<=\s)--?[a-z][a-z-]*", rest.partition(" -- ")[0])
            assert set(options) <= known, f"{path.name}: cleanenv {name}{rest}"
            shown += len(options)
    assert shown


def test_the_readme_names_every_shell() -> None:
    readme = README.read_text(encoding="utf-8")
    assert [name for name in registry.NAMES if name not in readme] == []


def test_the_readme_is_read_elsewhere_too() -> None:
    """A package index shows it alone, so a link that is relative, or into the page, leads nowhere there."""
    links = LINK.findall(README.read_text(encoding="utf-8"))
    assert [link for link in links if not link.startswith("https://")] == []


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
def test_paths_that_are_named_exist(path: Path) -> None:
    named = PATH_IN_PROSE.findall(path.read_text(encoding="utf-8"))
    assert [name for name in named if not (CHECKOUT / name).exists()] == []


@pytest.mark.skipif(sys.platform != "linux", reason="doctor knows less of processes elsewhere, and bash is old")
def test_the_recorded_session_is_what_a_terminal_shows() -> None:
    found = session.BLOCK.search(session.TEXT.read_text(encoding="utf-8"))
    assert found is not None
    assert session.comparable(found[2]) == session.comparable(session.record()), "run ./dev docs"
    assert session.PICTURE.read_text(encoding="utf-8") == session.picture(found[2]), "run ./dev docs"


def test_every_command_and_option_has_help() -> None:
    context = click.Context(commands.group)
    for name in commands.COMMANDS:
        command = commands.group.get_command(context, name)
        assert command is not None
        assert command.help
        assert [option.name for option in command.params if isinstance(option, click.Option) and not option.help] == []


def test_the_man_page_is_sound() -> None:
    if shutil.which("mandoc") is None:
        skip_or_fail("mandoc is not installed")
    checked = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "style", str(generate.MAN_PAGE)], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_the_man_page_tells_every_command() -> None:
    page = generate.MAN_PAGE.read_text(encoding="utf-8")
    assert [name for name in commands.COMMANDS if f"\n.SS cleanenv {name}\n" not in page] == []
