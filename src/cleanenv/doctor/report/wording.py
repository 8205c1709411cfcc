"""The words of the reports for people, as lines of styled text; the terminal and plain text print the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cleanenv.doctor.finding import SEVERITIES
from cleanenv.doctor.report import groups
from cleanenv.environments.names import canonical
from cleanenv.system.console import readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.doctor.diagnosis import Diagnosis
    from cleanenv.doctor.finding import Finding, Hidden
    from cleanenv.trace.model import Change

SHOWN = 8  # lines of one kind; JSON and the page have all
SHOWN_OF_MANY = 2  # the same of findings that are shown as one
LONGEST = 160  # characters of a value: two lines of most terminals
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
    """Yield the lines of the report, with ``home`` as ~ in traces; no control character is left in them."""
    yield _line(0, f"{subject(diagnosis)}: {summary(diagnosis)}")
    for group in groups.groups(diagnosis.findings):
        finding = group.shown
        yield Line(0, ())
        severity = (finding.severity, finding.severity)
        fact = (NORMAL, f": {readable(finding.fact)}")
        yield Line(0, (severity, fact, (DIM, f" [{finding.code}]")))
        yield from _body(finding, diagnosis, home, SHOWN if group.size == 1 else SHOWN_OF_MANY)
    if diagnosis.wanted:
        yield Line(0, ())
        yield _line(0, allowed(diagnosis.wanted))


def _body(finding: Finding, diagnosis: Diagnosis, home: str, most: int) -> Iterator[Line]:
    """Yield the lines below the fact, of one kind at ``most``."""
    if finding.value:
        yield _line(INDENT, shortened(assignment(finding)), DIM)
    yield from _some(evidence(finding), DIM, most)
    yield from _some(list(effects(finding.hides, SHOWN)), NORMAL, most)
    origin = diagnosis.origins.get(finding.variable)
    if origin:
        yield _line(INDENT, origin)
    yield from _some(list(traces(finding, diagnosis, home)), TRACE, most)
    yield _line(INDENT, fix(finding))
    if finding.line:
        yield _line(2 * INDENT, finding.line, COMMAND)
    line_to_delete = deletion(finding, diagnosis, home)
    if line_to_delete:
        yield _line(INDENT, line_to_delete)


def _some(texts: Sequence[str], style: str, most: int) -> Iterator[Line]:
    for text in texts[:most]:
        yield _line(INDENT, text, style)
    if len(texts) > most:
        yield _line(INDENT, f"and {len(texts) - most} more, see --json", style)


def shortened(text: str) -> str:
    """Return a value as people can read it: a search path of many entries is cut."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}… ({len(text)} characters, see --json)"


def _line(indent: int, text: str, style: str = NORMAL) -> Line:
    return Line(indent, ((style, readable(text)),))


def subject(diagnosis: Diagnosis) -> str:
    """Return what was checked."""
    environment = diagnosis.environment
    if environment is None:
        return "this shell"
    python = f", Python {diagnosis.python}" if diagnosis.python else ""
    return f"this shell and '{environment.path}' ({environment.kind}{python})"


def summary(diagnosis: Diagnosis) -> str:
    """Return how many findings of each severity there are, those that are shown as one counted once."""
    parts = []
    shown = groups.groups(diagnosis.findings)
    for severity in SEVERITIES:
        count = sum(group.shown.severity == severity for group in shown)
        if count:
            parts.append(f"{count} {severity}" if count == 1 else f"{count} {severity}s")
    return ", ".join(parts) or "nothing found"


def assignment(finding: Finding) -> str:
    """Return the variable with its value."""
    return f"{finding.variable}={finding.value}"


def evidence(finding: Finding) -> list[str]:
    """Return the lines of evidence, without one that only repeats the variable's value."""
    return [text for text in finding.evidence if text != assignment(finding)]


def fix(finding: Finding) -> str:
    """Return what to do; a colon ends it if the command follows."""
    return f"fix: {finding.remedy}:" if finding.line else f"fix: {finding.remedy}"


def effects(hides: Sequence[Hidden], most: int) -> Iterator[str]:
    """Yield what a leak does: a line for each package that it hides, and one for all that a directory adds.

    In one line up to ``most`` packages are named.
    """
    added: dict[str, list[str]] = {}
    for hidden in hides:
        leaked = _versioned(hidden.package, hidden.leaked, hidden.distribution)
        if hidden.own is None:
            added.setdefault(hidden.location, []).append(leaked)
        else:
            own = _versioned(hidden.package, hidden.own, hidden.own_distribution)
            yield f"{own} of the environment is hidden by {leaked} in {hidden.location}"
    for location, names in added.items():
        more = f" and {len(names) - most} more" if len(names) > most else ""
        yield f"importable only because of {location}: {', '.join(names[:most])}{more}"


def _versioned(package: str, version: str, distribution: str) -> str:
    """Return a package with its version, and with the name of the distribution if that is another: the version is its.

    ``six 1.16.0``, ``OpenSSL (pyOpenSSL 23.0.0)``.
    """
    if distribution and canonical(distribution) != canonical(package):
        return f"{package} ({distribution} {version})" if version else f"{package} ({distribution})"
    return f"{package} {version}" if version else package


def traces(finding: Finding, diagnosis: Diagnosis, home: str) -> Iterator[str]:
    """Yield where the shell's startup sets what ``finding`` is about, and what else did; nothing without a trace."""
    if diagnosis.trace is None:
        return
    from cleanenv.doctor import trace_link

    places = trace_link.places(finding, diagnosis.trace)
    if places is None:
        return
    for change in places.at_login:
        yield _set_at(change, home, " (at login)")
    for change in places.changes:
        yield _set_at(change, home, "")
    yield from trace_link.sentences(places, finding.variable, diagnosis.trace, home)


def _set_at(change: Change, home: str, when: str) -> str:
    from cleanenv.trace.report import terminal

    verb = "unset" if change.new is None else "set"
    text = f": {change.text}" if change.text else ""
    return f"{verb} at {terminal.chain(change.chain, home)}{when}{text}"


def deletion(finding: Finding, diagnosis: Diagnosis, home: str) -> str:
    """Return the sentence that names the line to delete, empty if a trace does not show it."""
    if diagnosis.trace is None:
        return ""
    from cleanenv.doctor import trace_link
    from cleanenv.trace.report import terminal

    places = trace_link.places(finding, diagnosis.trace)
    line = trace_link.line_to_delete(places, home) if places is not None else None
    if line is None:
        return ""
    return f"and delete the line {terminal.chain([line], home)}, which sets it in every new shell"


def allowed(names: Sequence[str]) -> str:
    """Return the sentence on what was let in on purpose."""
    return f"explicitly allowed, not reported: {', '.join(names)}"
