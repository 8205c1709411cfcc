"""The sentences of the reports for people: the terminal, plain text and the page say the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleanenv.doctor.finding import SEVERITIES
from cleanenv.doctor.report import groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.doctor.diagnosis import Diagnosis
    from cleanenv.doctor.finding import Finding
    from cleanenv.trace.model import Change

LONGEST = 160  # characters of a value: two lines of most terminals


def shortened(text: str) -> str:
    """Return a value as people can read it: a search path of many entries is cut."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}… ({len(text)} characters, see --json)"


def with_tilde(text: str, home: str) -> str:
    """Return ``text`` with ``~`` for ``home`` in each path in it."""
    top = home.rstrip("/")
    if not top:
        return text
    # A path begins after a blank, a quote or a sign, and the name of the directory ends where its path does.
    return re.sub(rf"(?<![\w./~-]){re.escape(top)}(?![\w.-])", "~", text)


def subject(diagnosis: Diagnosis) -> str:
    """Return what was checked."""
    environment = diagnosis.environment
    if environment is None:
        return "this shell"
    path = with_tilde(environment.path, diagnosis.home)
    python = f", Python {diagnosis.python}" if diagnosis.python else ""
    active = ", active" if diagnosis.is_active else ""
    return f"this shell and '{path}' ({environment.kind}{python}{active})"


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


def shows_value(finding: Finding) -> bool:
    """Tell whether the variable's value says more than the rest of the finding does."""
    is_in_fact = finding.variable in finding.fact and f"'{finding.value}'" in finding.fact
    if not finding.value or finding.entries or is_in_fact:
        return False
    is_search_path = ":/" in finding.value
    return not (is_search_path and finding.evidence)


def evidence(finding: Finding) -> list[str]:
    """Return the lines of evidence that say more than the rest of the finding does."""
    imports = tuple(f"import {hidden.package} loads " for hidden in finding.hides)
    lines = []
    for text in finding.evidence:
        is_effect = bool(imports) and text.startswith(imports)
        if text != assignment(finding) and not is_effect and not _is_in_fact(text, finding):
            lines.append(text)
    return lines


def _is_in_fact(text: str, finding: Finding) -> bool:
    """Tell whether the fact names each path in a line of evidence."""
    paths = [word.rstrip(",:") for word in text.split() if "/" in word]
    return bool(paths) and all(f"'{path}'" in finding.fact for path in paths)


def fix(finding: Finding) -> str:
    """Return what to do; a colon ends it if the command follows."""
    return f"fix: {finding.remedy}:" if command(finding) else f"fix: {finding.remedy}"


def command(finding: Finding) -> str:
    """Return the command of a finding, empty if the remedy names it word by word."""
    return "" if finding.line in finding.remedy else finding.line


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


def deletion(findings: Sequence[Finding], diagnosis: Diagnosis, home: str) -> str:
    """Return the sentence that names the lines to delete, empty if a trace shows none."""
    if diagnosis.trace is None:
        return ""
    from cleanenv.doctor import trace_link
    from cleanenv.trace.report import terminal

    lines: dict[str, None] = {}
    for finding in findings:
        places = trace_link.places(finding, diagnosis.trace)
        line = trace_link.line_to_delete(places, home) if places is not None else None
        if line is not None:
            lines[terminal.chain([line], home)] = None
    if not lines:
        return ""
    if len(lines) == 1:
        return f"and delete the line {next(iter(lines))}, which sets it in every new shell"
    return f"and delete the lines {' and '.join(lines)}, which set it in every new shell"


def origins(diagnosis: Diagnosis, home: str) -> list[str]:
    """Return which process brought the variables along, each process once, without those whose place is shown."""
    names: dict[str, list[str]] = {}
    for block in groups.blocks(diagnosis.findings):
        origin = diagnosis.origins.get(block.variable)
        if origin and not any(_has_place(finding, diagnosis) for finding in block.findings):
            names.setdefault(origin, []).append(block.variable)
    sentences = []
    for origin, variables in names.items():
        which = variables[0] if len(variables) == 1 else f"each of {', '.join(variables)}"
        sentences.append(with_tilde(f"{which}: {origin}", home))
    return sentences


def _has_place(finding: Finding, diagnosis: Diagnosis) -> bool:
    if diagnosis.trace is None:
        return False
    from cleanenv.doctor import trace_link

    places = trace_link.places(finding, diagnosis.trace)
    return places is not None and bool(places.changes or places.at_login)


def allowed(diagnosis: Diagnosis) -> str:
    """Return the sentence on what was let in on purpose and is in no finding, empty if nothing is."""
    reported = diagnosis.variables
    names = [name for name in diagnosis.wanted if name not in reported]
    return let_in(names) if names else ""


def let_in(names: Sequence[str]) -> str:
    """Return the sentence on variables that were let in on purpose."""
    return f"explicitly allowed, not reported: {', '.join(names)}"


def ignored(codes: Sequence[str]) -> str:
    """Return the sentence on the findings that were left out on request."""
    return f"ignored: {', '.join(codes)}"
