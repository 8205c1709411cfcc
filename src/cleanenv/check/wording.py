"""The words of the report, as doctor's lines of styled text: the leaks one by one, with what they let in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.check import codes
from cleanenv.doctor.report.layout import COMMAND, DIM, INDENT, NORMAL, TRACE, Line
from cleanenv.doctor.report.wording import let_in
from cleanenv.system.console import readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.check.leaks import Leak
    from cleanenv.check.result import ImportFinding, Result

SHOWN_PLACES = 3
# Codes of which one line names all modules.
TOGETHER = (codes.ROS, codes.TRANSITIVE, codes.TYPING)
SHOWN_NAMES = 8
SUMMARY = (
    ((codes.LEAKED, codes.OPTIONAL), "import works", "imports work", "only because of a leak"),
    ((codes.STANDS_IN,), "requirement is", "requirements are", "not installed in the environment"),
    ((codes.SHADOWED,), "import finds", "imports find", "a leak instead of the environment"),
    ((codes.HIDES_YOURS,), "module of the project is", "modules of the project are", "hidden by a leak"),
    ((codes.UNDECLARED,), "import is", "imports are", "not declared"),
    ((codes.NOWHERE,), "import finds", "imports find", "nothing"),
)
_WITHOUT_LEAK = (
    ("Installed in the environment, but not declared", (codes.UNDECLARED, codes.TRANSITIVE)),
    ("Not found, with or without a leak", (codes.NOWHERE,)),
    ("Not read in full", (codes.UNPARSED,)),
)


def lines(result: Result, home: str) -> Iterator[Line]:
    """Yield the lines of the report; no control character is left in them."""
    yield _line(0, f"{_subject(result)}: {summary(result)}")
    for leak in _leaks(result.findings):
        yield Line(0, ())
        yield Line(0, ((NORMAL, readable(_capitalised(leak.heading))), (TRACE, readable(_trace(leak, result, home)))))
        yield from _findings([found for found in result.findings if found.leak == leak])
    for heading, kinds in _WITHOUT_LEAK:
        others = [found for found in result.findings if found.leak is None and found.code in kinds]
        if others:
            yield Line(0, ())
            yield _line(0, heading)
            yield from _findings(others)
    if not result.manifests and result.files:
        yield Line(0, ())
        yield _line(
            0, "No manifest was found (requirements.txt, pyproject.toml, ...), so undeclared imports are not reported"
        )
    if result.computed:
        computes = "computes its" if len(result.computed) == 1 else "compute their"
        names = ", ".join(result.computed)
        yield Line(0, ())
        yield _line(0, f"{names} {computes} requirements, so what is missing there is not reported")
    if result.wanted:
        yield Line(0, ())
        yield _line(0, let_in(result.wanted))


def summary(result: Result) -> str:
    """Return how much was found of each kind."""
    parts = []
    for kinds, one, many, rest in SUMMARY:
        modules = {found.module for kind in kinds for found in result.of_code(kind)}
        if modules:
            verb = one if len(modules) == 1 else many
            parts.append(f"{len(modules)} {verb} {rest}")
    files = "1 file" if result.files == 1 else f"{result.files} files"
    nothing = "no error or warning" if result.findings else "nothing found"
    return ", ".join(parts) or f"{nothing} in {files}"


def _subject(result: Result) -> str:
    environment = result.environment
    python = f", Python {result.python}" if result.python else ""
    return f"{result.project} and '{environment.path}' ({environment.kind}{python})"


def _leaks(findings: Sequence[ImportFinding]) -> list[Leak]:
    leaks = {found.leak.path: found.leak for found in findings if found.leak is not None}
    return list(leaks.values())


def _findings(findings: Sequence[ImportFinding]) -> Iterator[Line]:
    together: dict[tuple[str, str], list[ImportFinding]] = {}
    for found in findings:
        subject = found.code if found.code in TOGETHER else found.short
        together.setdefault((found.code, subject), []).append(found)
    groups = list(together.items())
    for number, ((code, _), group) in enumerate(groups):
        if code in TOGETHER:
            yield from _in_one_line(group)
            continue
        yield _head(group[0], group[0].short)
        following = groups[number + 1][1][0] if number + 1 < len(groups) else None
        by_remedy: dict[tuple[str, str], list[ImportFinding]] = {}
        for found in group:
            by_remedy.setdefault(_remedy(found), []).append(found)
        for remedy, same in by_remedy.items():
            yield from _places(same)
            # Several that are fixed at one stroke, such as all that a leak hides, have it once, after the last.
            if following is None or _remedy(following) != remedy:
                yield from _fix(same[0])


def _remedy(found: ImportFinding) -> tuple[str, str]:
    return found.finding.remedy, found.finding.line


def _head(found: ImportFinding, text: str) -> Line:
    severity = found.finding.severity
    label, colon, rest = text.partition(": ")
    words = [(severity, label), (NORMAL, f"{colon}{rest}")] if colon else [(NORMAL, text)]
    return Line(2, tuple((style, readable(word)) for style, word in [*words, (DIM, f" [{found.code}]")]))


def _in_one_line(group: Sequence[ImportFinding]) -> Iterator[Line]:
    """Yield a line that names the modules of ``group``, and one fix for all."""
    labels: dict[str, list[ImportFinding]] = {}
    for found in group:
        labels.setdefault(found.short.partition(": ")[0], []).append(found)
    for label, members in labels.items():
        names = list(dict.fromkeys(found.module for found in members))
        more = f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
        manifests = list(dict.fromkeys(found.manifest for found in members if found.manifest))
        ending = ""
        if members[0].code == codes.ROS:
            ending = f" in {manifests[0]}" if len(manifests) == 1 else f" in {len(manifests)} package.xml files"
        yield _head(members[0], f"{label}: {', '.join(names[:SHOWN_NAMES])}{more}{ending}")
    if group[0].code == codes.ROS:
        yield from _fix(group[0])


def _places(group: Sequence[ImportFinding]) -> Iterator[Line]:
    """Yield where the imports of ``group`` stand."""
    found = group[0]
    places = [place for member in group for place in member.places]
    for place in places[:SHOWN_PLACES]:
        remarks = []
        if place.is_lazy:
            remarks.append("in a function")
        if place.changes_path:
            remarks.append("this file changes sys.path")
        ending = f" ({', '.join(remarks)})" if remarks else ""
        if found.code != codes.UNPARSED:
            yield _line(2 + INDENT, f"{place.shown}{ending}", DIM)
    if len(places) > SHOWN_PLACES:
        yield _line(2 + INDENT, f"and {len(places) - SHOWN_PLACES} more", DIM)


def _fix(found: ImportFinding) -> Iterator[Line]:
    colon = ":" if found.finding.line else ""
    yield _line(2 + INDENT, f"fix: {found.finding.remedy}{colon}")
    if found.finding.line:
        yield _line(2 + 2 * INDENT, found.finding.line, COMMAND)


def _trace(leak: Leak, result: Result, home: str) -> str:
    """Return where the shell's startup sets what leaks, empty without a trace."""
    if result.trace is None or not leak.variable:
        return ""
    from cleanenv.doctor import trace_link
    from cleanenv.trace.report import terminal

    found = next(found for found in result.findings if found.leak == leak)
    places = trace_link.places(found.finding, result.trace)
    if places is None:
        return ""
    made = [*places.changes, *places.at_login]
    if made:
        chains = [terminal.chain(change.chain, home) for change in made]
        return f", set at {' and '.join(chains)}"
    sentences = list(trace_link.sentences(places, leak.variable, result.trace, home))
    return f", {sentences[0]}" if sentences else ", which no startup file sets"


def _line(indent: int, text: str, style: str = NORMAL) -> Line:
    return Line(indent, ((style, readable(text)),))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
