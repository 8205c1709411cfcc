"""The lines of the report on a terminal, and of plain text: what is about one variable stands together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cleanenv.doctor.report import effects, groups, wording
from cleanenv.system.console import readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.doctor.diagnosis import Diagnosis
    from cleanenv.doctor.finding import Finding
    from cleanenv.doctor.report.groups import Block

SHOWN = 4  # lines of one kind; JSON and the page have all
SHOWN_OF_MANY = 2  # the same where several findings stand together
COLUMNS = 79  # a fix and its command stand on one line if they fit
INDENT = 4
DIM = "dim"
COMMAND = "command"
TRACE = "trace"
NORMAL = ""


class Line(NamedTuple):
    """A line: ``indent`` blanks, then ``words`` as (style, text); a style is a severity or one of those above."""

    indent: int
    words: tuple[tuple[str, str], ...]


def lines(diagnosis: Diagnosis, home: str) -> Iterator[Line]:
    """Yield the lines of the report, with ``home`` as ~; no control character is left in them."""
    yield _line(0, f"{wording.subject(diagnosis)}: {wording.summary(diagnosis)}")
    for block in groups.blocks(diagnosis.findings):
        yield Line(0, ())
        if len(block.findings) == 1:
            yield from _alone(block.findings[0], diagnosis, home)
        else:
            yield from _together(block, diagnosis, home)
    ends = wording.origins(diagnosis, home)
    if ends and diagnosis.trace is None:
        ends[-1] += " (--trace shows the line)"
    allowed = wording.allowed(diagnosis)
    if allowed:
        ends.append(allowed)
    if diagnosis.ignored:
        ends.append(wording.ignored(diagnosis.ignored))
    if ends:
        yield Line(0, ())
    for text in ends:
        yield _line(0, text)


def _alone(finding: Finding, diagnosis: Diagnosis, home: str) -> Iterator[Line]:
    """Yield the lines of a finding that stands alone."""
    yield _fact(0, finding, home)
    yield from _some(list(wording.traces(finding, diagnosis, home)), INDENT, TRACE, SHOWN)
    yield from _body(INDENT, finding, home, SHOWN)
    yield from _fix(INDENT, finding, home)
    yield from _some([wording.deletion([finding], diagnosis, home)], INDENT, NORMAL, SHOWN)


def _together(block: Block, diagnosis: Diagnosis, home: str) -> Iterator[Line]:
    """Yield the lines of the findings about one variable: its place first, what to do once."""
    yield _line(0, block.variable)
    places: dict[str, None] = {}
    for finding in block.findings:
        places.update(dict.fromkeys(wording.traces(finding, diagnosis, home)))
    yield from _some(list(places), INDENT, TRACE, SHOWN)
    shared = groups.shared_fix(block.findings)
    for position, finding in enumerate(block.findings):
        short = finding._replace(fact=finding.fact.replace(f" on {block.variable} ", " "))
        yield _fact(INDENT, short, home)
        yield from _body(2 * INDENT, finding, home, SHOWN_OF_MANY)
        is_said_below = any(_says_same(finding, later) for later in block.findings[position + 1 :])
        if shared is None and not is_said_below:
            yield from _fix(2 * INDENT, finding, home)
    if shared is not None:
        yield from _fix(INDENT, shared, home)
    yield from _some([wording.deletion(block.findings, diagnosis, home)], INDENT, NORMAL, SHOWN)


def _says_same(finding: Finding, other: Finding) -> bool:
    return (finding.remedy, finding.line) == (other.remedy, other.line)


def _fact(indent: int, finding: Finding, home: str) -> Line:
    fact = readable(wording.with_tilde(finding.fact, home))
    return Line(indent, ((finding.severity, finding.severity), (NORMAL, f": {fact}"), (DIM, f" [{finding.code}]")))


def _body(indent: int, finding: Finding, home: str, most: int) -> Iterator[Line]:
    """Yield the value, the evidence and the effects of a finding, of one kind at ``most``."""
    if wording.shows_value(finding):
        yield _line(indent, wording.with_tilde(wording.shortened(wording.assignment(finding)), home), DIM)
    evidence = [wording.with_tilde(text, home) for text in wording.evidence(finding)]
    yield from _some(evidence, indent, DIM, most)
    for text in effects.sentences(finding, most):
        yield _line(indent, wording.with_tilde(text, home))


def _fix(indent: int, finding: Finding, home: str) -> Iterator[Line]:
    """Yield what to do; the command stands on a line of its own unless it is short."""
    sentence = readable(wording.with_tilde(wording.fix(finding), home))
    command = readable(wording.command(finding))
    if command and indent + len(sentence) + 1 + len(command) <= COLUMNS:
        yield Line(indent, ((NORMAL, f"{sentence} "), (COMMAND, command)))
        return
    yield Line(indent, ((NORMAL, sentence),))
    if command:
        yield Line(indent + INDENT, ((COMMAND, command),))


def _some(texts: Sequence[str], indent: int, style: str, most: int) -> Iterator[Line]:
    for text in texts[:most]:
        if text:
            yield _line(indent, text, style)
    if len(texts) > most:
        yield _line(indent, f"and {len(texts) - most} more, see --json", style)


def _line(indent: int, text: str, style: str = NORMAL) -> Line:
    return Line(indent, ((style, readable(text)),))
