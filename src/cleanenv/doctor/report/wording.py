"""What the reports for people say, as lines of styled words; the terminal and plain text print the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cleanenv.doctor.finding import SEVERITIES
from cleanenv.system.console import readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.doctor.diagnosis import Diagnosis
    from cleanenv.doctor.finding import Finding, Hidden

SHOWN = 8  # lines of one kind; JSON and the page have all
DIM = "dim"
COMMAND = "command"
TRACE = "trace"
NORMAL = ""


class Line(NamedTuple):
    """A line: ``indent`` blanks, then ``words`` as (style, text); a style is a severity or one of those above."""

    indent: int
    words: tuple[tuple[str, str], ...]


def lines(diagnosis: Diagnosis, home: str) -> Iterator[Line]:
    """Yield the lines of the report, with ``home`` as ~ in traces; nothing in them is obeyed by a terminal."""
    yield _line(0, f"{subject(diagnosis)}: {summary(diagnosis)}")
    for finding in diagnosis.findings:
        yield Line(0, ())
        heading = ((finding.severity, finding.severity), (NORMAL, f": {readable(finding.fact)}"))
        yield Line(0, (*heading, (DIM, f" [{finding.code}]")))
        yield from _body(finding, diagnosis, home)
    if diagnosis.wanted:
        yield Line(0, ())
        yield _line(0, purpose(diagnosis.wanted))


def _body(finding: Finding, diagnosis: Diagnosis, home: str) -> Iterator[Line]:
    set_to = f"{finding.variable}={finding.value}"
    if finding.value:
        yield _line(4, set_to, DIM)
    yield from _some([text for text in finding.evidence if text != set_to], DIM)
    yield from _some(list(effects(finding.hides, SHOWN)), NORMAL)
    origin = diagnosis.origins.get(finding.variable)
    if origin:
        yield _line(4, origin)
    yield from _some(list(traces(finding, diagnosis, home)), TRACE)
    yield _line(4, f"to mend it, {finding.remedy}" + (":" if finding.line else ""))
    if finding.line:
        yield _line(8, finding.line, COMMAND)


def _some(texts: Sequence[str], style: str) -> Iterator[Line]:
    yield from (_line(4, text, style) for text in texts[:SHOWN])
    if len(texts) > SHOWN:
        yield _line(4, f"and {len(texts) - SHOWN} more, which --json lists", style)


def _line(indent: int, text: str, style: str = NORMAL) -> Line:
    return Line(indent, ((style, readable(text)),))


def subject(diagnosis: Diagnosis) -> str:
    """Return what was looked at."""
    environment = diagnosis.environment
    if environment is None:
        return "this shell"
    python = f", Python {diagnosis.python}" if diagnosis.python else ""
    return f"this shell and '{environment.path}' ({environment.kind}{python})"


def summary(diagnosis: Diagnosis) -> str:
    """Return how many findings of each severity there are."""
    counts = [(diagnosis.how_many(severity), severity) for severity in SEVERITIES]
    return ", ".join(f"{count} {name}{'s' * (count != 1)}" for count, name in counts if count) or "nothing found"


def effects(hides: Sequence[Hidden], most: int) -> Iterator[str]:
    """Yield what a leak does: a line for each package that it hides, one for all that a folder alone provides.

    Of those in one line ``most`` are named.
    """
    provided: dict[str, list[str]] = {}
    for each in hides:
        leaked = f"{each.package} {each.leaked}".rstrip()
        if each.own is None:
            provided.setdefault(each.location, []).append(leaked)
        else:
            own = f"{each.package} {each.own}".rstrip()
            yield f"{own} of the environment is hidden by {leaked} in {each.location}"
    for location, names in provided.items():
        more = f" and {len(names) - most} more" if len(names) > most else ""
        yield f"only by way of {location}: {', '.join(names[:most])}{more}"


def traces(finding: Finding, diagnosis: Diagnosis, home: str) -> Iterator[str]:
    """Yield where the shell's startup sets what ``finding`` is about; nothing without a trace."""
    if diagnosis.changes is None or finding.variable not in diagnosis.changes:
        return
    from cleanenv.doctor import trace_link
    from cleanenv.trace.report import terminal

    changes = trace_link.relevant(finding, diagnosis.changes)
    if not changes:
        yield f"no startup file sets {finding.variable}"
    for change in changes:
        verb = "unset" if change.new is None else "set"
        text = f": {change.text}" if change.text else ""
        yield f"{verb} at {terminal.chain(change.chain, home)}{text}"


def purpose(names: Sequence[str]) -> str:
    """Return the sentence on what was let in on purpose."""
    return f"let in on purpose, so no finding: {', '.join(names)}"
