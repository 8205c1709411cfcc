"""Makes what the documentation takes from the code again: ``./dev docs``.

The tables between ``<!-- made from … -->`` and ``<!-- end -->`` in the Markdown
files, and the man page. tests/project/test_readme.py fails when they are not current.
"""

from __future__ import annotations

import inspect
import re
import sys
import textwrap
from pathlib import Path
from typing import NamedTuple

import click

from cleanenv.clean import policy
from cleanenv.cli import commands
from cleanenv.doctor import codes
from cleanenv.trace import handed_over

TOP = Path(__file__).resolve().parent.parent
DOCS = TOP / "docs"
MAN_PAGE = DOCS / "cleanenv.1"
BLOCK = re.compile(r"(<!-- made from (\S+) by .*? -->\n)(.*?)(<!-- end -->)", re.DOTALL)
RELEASE = re.compile(r"^## \[([0-9.]+)\] - (\d{4}-\d{2}-\d{2})$", re.MULTILINE)
VERBATIM = "\b\n"  # click's mark for a paragraph that is not to be wrapped
EXIT_STATUS = "Exit status: "


class Page(NamedTuple):
    """What ``--help`` says of one command: its usage, its paragraphs, its options with their help."""

    usage: str
    paragraphs: list[str]
    options: list[tuple[str, str]]


def main() -> int:
    """Write each file that is not current, and name it."""
    for path, text in generated().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(TOP)}")
    return 0


def generated() -> dict[Path, str]:
    """Return the text that each file should have, by its path."""
    texts = {MAN_PAGE: man_page()}
    for path in sorted(DOCS.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if BLOCK.search(text):
            texts[path] = BLOCK.sub(lambda block: block[1] + BLOCKS[block[2]]() + block[4], text)
    return texts


def policy_table() -> str:
    """Return the table of the variables that are kept."""
    lines = ["| variable | group | why |", "|---|---|---|"]
    for names, group, reason in policy.KEPT:
        variables = "`, `".join(names.split())
        lines.append(f"| `{variables}` | {group} | {reason} |")
    return "\n".join(lines) + "\n"


def codes_table() -> str:
    """Return the table of doctor's codes."""
    lines = ["| code | severity | meaning |", "|---|---|---|"]
    for code, severity, meaning in codes.CODES:
        lines.append(f"| `{code}` | {severity} | {meaning} |")
    return "\n".join(lines) + "\n"


def commands_text() -> str:
    """Return the help of every command in Markdown."""
    parts = []
    for name, page in pages().items():
        parts.append(f"## {name}\n\n```\n{page.usage}\n```")
        for paragraph in page.paragraphs:
            is_verbatim = paragraph.startswith(VERBATIM)
            parts.append(f"```\n{paragraph.removeprefix(VERBATIM)}\n```" if is_verbatim else paragraph)
        rows = []
        for names, text in page.options:
            cells = [cell.replace("|", "\\|") for cell in (f"`{names}`", text)]
            rows.append(f"| {' | '.join(cells)} |")
        if rows:
            parts.append("\n".join(["| option | meaning |", "|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def handed_over_table() -> str:
    """Return the table of what a replay is handed over."""
    lines = ["| variable | value | why |", "|---|---|---|"]
    for name, which, reason in handed_over.ROWS:
        lines.append(f"| `{name}` | {which} | {reason} |")
    return "\n".join(lines) + "\n"


BLOCKS = {
    "policy.py": policy_table,
    "handed_over.py": handed_over_table,
    "codes.py": codes_table,
    "--help": commands_text,
}


def pages() -> dict[str, Page]:
    """Return what ``--help`` says: of cleanenv itself, and of each of its commands."""
    group = commands.group
    context = group.make_context(commands.PROGRAM, [], resilient_parsing=True)
    found = {commands.PROGRAM: read_page(group, context)}
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context)
        found[inner.command_path] = read_page(command, inner)
    return found


def read_page(command: click.Command, context: click.Context) -> Page:
    """Return what ``--help`` says of ``command``; its own option --help is told once, with cleanenv."""
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    text = inspect.cleandoc(command.help or "").partition("\f")[0]
    options = []
    for parameter in command.get_params(context) if context.parent is None else command.params:
        # Since click 8.5 arguments have a record too, which says nothing that the usage does not.
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is not None:
            options.append(record)
    return Page(usage, [unwrap(paragraph) for paragraph in text.split("\n\n")], options)


def unwrap(paragraph: str) -> str:
    """Join the lines of a paragraph, unless click prints them as they are."""
    return paragraph if paragraph.startswith(VERBATIM) else " ".join(paragraph.split())


def man_page() -> str:
    """Return the man page; see man(7) for the macros."""
    version, date = RELEASE.findall((TOP / "CHANGELOG.md").read_text(encoding="utf-8"))[0]
    own, *others = pages().items()
    description = [paragraph for paragraph in own[1].paragraphs if not plain(paragraph).startswith(EXIT_STATUS)]
    status = [paragraph for paragraph in own[1].paragraphs if paragraph not in description]
    summary, *description = description
    lines = [
        '.\\" Made from the text of --help by ./dev docs',
        f'.TH CLEANENV 1 {date} "cleanenv {version}" "User Commands"',
        ".SH NAME",
        *roff_lines(f"cleanenv - {summary[0].lower()}{summary[1:].rstrip('.')}"),
        ".SH SYNOPSIS",
    ]
    for name, page in (own, *others):
        lines += [".br", f"\\fB{roff(name)}\\fR {roff(page.usage.removeprefix(name).strip())}"]
    lines.remove(".br")
    lines += [".SH DESCRIPTION", *roff_paragraphs(description)[1:]]
    lines += [".SH OPTIONS", *roff_options(own[1])]
    lines += [".SH COMMANDS"]
    for name, page in others:
        lines += [f".SS {roff(name)}", *roff_paragraphs(page.paragraphs)[1:], *roff_options(page)]
    lines += [".SH EXIT STATUS", *roff_lines(plain(" ".join(status)).removeprefix(EXIT_STATUS))]
    return "\n".join(lines) + "\n"


def roff_paragraphs(paragraphs: list[str]) -> list[str]:
    """Return the lines of paragraphs, each after a line that begins it."""
    lines = []
    for paragraph in paragraphs:
        lines.append(".PP")
        if paragraph.startswith(VERBATIM):
            lines += [".nf", *map(roff, paragraph.removeprefix(VERBATIM).splitlines()), ".fi"]
        else:
            lines += roff_lines(paragraph)
    return lines


def roff_options(page: Page) -> list[str]:
    """Return the lines of a command's options."""
    lines = []
    for names, text in page.options:
        lines += [".TP", f"\\fB{roff(names)}\\fR", *roff_lines(text)]
    return lines


def roff_lines(text: str) -> list[str]:
    """Return a paragraph in lines of no more than 80 bytes, as mandoc's style wants them."""
    lines = textwrap.wrap(text, width=70, break_long_words=False, break_on_hyphens=False)
    return [roff(line) for line in lines]


def roff(text: str) -> str:
    """Escape a line of text for roff: backslashes, hyphens that are typed, a first character that is a control."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = "".join(letter if letter.isascii() else f"\\[u{ord(letter):04X}]" for letter in text)
    return f"\\&{text}" if text.startswith((".", "'")) else text


def plain(paragraph: str) -> str:
    """Return a paragraph on one line, without click's mark."""
    return " ".join(paragraph.removeprefix(VERBATIM).split())


if __name__ == "__main__":
    sys.exit(main())
