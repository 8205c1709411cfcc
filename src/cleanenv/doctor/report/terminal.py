"""The report for people: with colours on a terminal, plain elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.doctor.finding import ERROR, NOTE, WARNING
from cleanenv.doctor.report import layout

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cleanenv.doctor.diagnosis import Diagnosis
    from cleanenv.doctor.report.layout import Line

STYLES = {
    ERROR: "bold red",
    WARNING: "bold yellow",
    NOTE: "bold cyan",
    layout.DIM: "dim",
    layout.COMMAND: "green",
    layout.TRACE: "cyan",
}

NARROWEST = 20  # columns that a line has at least


def render(diagnosis: Diagnosis, environ: Mapping[str, str], *, is_terminal: bool) -> bytes:
    """Return the report for a terminal, or for something else; UTF-8, whatever the locale says."""
    return render_lines(layout.lines(diagnosis, environ.get("HOME", "")), environ, is_terminal=is_terminal)


def render_lines(lines: Iterable[Line], environ: Mapping[str, str], *, is_terminal: bool) -> bytes:
    """Return ``lines`` for a terminal, or for something else; UTF-8, whatever the locale says."""
    report = styled_lines(lines, environ) if is_terminal else plain_lines(lines)
    return report.encode()


def plain(diagnosis: Diagnosis, environ: Mapping[str, str]) -> str:
    """Return the report as plain text."""
    return plain_lines(layout.lines(diagnosis, environ.get("HOME", "")))


def styled(diagnosis: Diagnosis, environ: Mapping[str, str]) -> str:
    """Return the report for the terminal that ``environ`` describes."""
    return styled_lines(layout.lines(diagnosis, environ.get("HOME", "")), environ)


def plain_lines(lines: Iterable[Line]) -> str:
    """Return ``lines`` as plain text."""
    report = []
    for line in lines:
        text = "".join(text for _, text in line.words)
        report.append(f"{' ' * line.indent}{text}\n")
    return "".join(report)


def styled_lines(lines: Iterable[Line], environ: Mapping[str, str]) -> str:
    """Return ``lines`` for the terminal that ``environ`` describes, as wide as it is; NO_COLOR is obeyed."""
    import io

    from rich.console import Console
    from rich.text import Text

    file = io.StringIO()
    console = Console(file=file, force_terminal=True, highlight=False, _environ=environ)
    for line in lines:
        text = Text()
        for style, word in line.words:
            text.append(word, STYLES.get(style, ""))
        is_command = any(style == layout.COMMAND for style, _ in line.words)
        rows = [text]
        if not is_command:  # a command is left whole, to be copied
            rows = list(text.wrap(console, max(console.width - line.indent, NARROWEST))) or [text]
        for row in rows:
            row.rstrip()
            console.print(Text(" " * line.indent).append_text(row), soft_wrap=True)
    return file.getvalue()
