"""What a leak does to packages, on the page: a table of those that it hides, and those that each directory adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.doctor.report import effects, wording
from cleanenv.doctor.report.html_elements import OPEN, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleanenv.doctor.finding import Hidden
    from cleanenv.doctor.report.effects import Row

COLUMNS = ("package", "yours", "leaked", "path")


def packages(hides: Iterable[Hidden], home: str) -> str:
    """Return a table of the packages that are hidden, and a list of those that each directory adds."""
    hidden = []
    added: dict[str, list[Row]] = {}
    for row in effects.rows(hides):
        if row.own is None:
            added.setdefault(row.location, []).append(row)
        else:
            hidden.append(row)
    parts = []
    if hidden:
        parts.append(_table(hidden[:OPEN], home))
    if len(hidden) > OPEN:
        table = _table(hidden[OPEN:], home)
        parts.append(f"<details><summary>{len(hidden) - OPEN} more packages</summary>\n{table}</details>\n")
    additions = [_addition(wording.with_tilde(location, home), rows) for location, rows in added.items()]
    parts += additions[:OPEN]
    if len(additions) > OPEN:
        rest = "".join(additions[OPEN:])
        parts.append(f"<details><summary>{len(additions) - OPEN} more directories</summary>\n{rest}</details>\n")
    return "".join(parts)


def _addition(location: str, rows: Sequence[Row]) -> str:
    """Return what is importable only because of a directory, folded if it is much."""
    place = f"<code>{text(location)}</code>"
    names = text(", ".join(row.brought for row in rows))
    if len(rows) <= OPEN:
        return f"<p>Importable only because of {place}: {names}</p>\n"
    summary = f"{len(rows)} packages importable only because of {place}"
    return f"<details><summary>{summary}</summary>\n<p>{names}</p></details>\n"


def _table(rows: Sequence[Row], home: str) -> str:
    """Return a table of packages; on a narrow screen its cells stand below each other, each with its label."""
    head = "".join(f'<th scope="col">{column}</th>' for column in COLUMNS)
    lines = []
    for row in rows:
        imports = f" (import {row.imported_as})" if row.imported_as else ""
        leaked = row.leaked or "unknown"
        if row.leaked_name != row.name:
            leaked = row.brought
        cells = (f"{row.name}{imports}", row.own or "unknown", leaked, wording.with_tilde(row.location, home))
        columns = zip(COLUMNS, cells, strict=True)
        lines.append("".join(f'<td data-label="{column}">{text(cell)}</td>' for column, cell in columns))
    body = "".join(f"<tr>{line}</tr>\n" for line in lines)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"
