"""The report as one page of HTML that needs nothing else: no network, no script."""

from __future__ import annotations

from html import escape
from importlib import resources
from typing import TYPE_CHECKING

from cleanenv.doctor.report import groups, wording
from cleanenv.system.console import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleanenv.doctor.diagnosis import Diagnosis
    from cleanenv.doctor.finding import Finding

# The style is the only thing that the page may load, and it is in the page itself.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
MOST = 1000  # packages named in a line
OPEN = 8  # lines of one kind that are seen without unfolding


def render(diagnosis: Diagnosis, home: str) -> str:
    """Return the page; everything from outside is escaped, and control characters are made visible."""
    style = resources.files("cleanenv.doctor.report").joinpath("page.css").read_text(encoding="utf-8")
    articles = []
    findings = [group.shown for group in groups.groups(diagnosis.findings)]
    for finding, identifier in zip(findings, _identifiers(findings), strict=True):
        articles.append(_article(finding, identifier, diagnosis, home))
    return (
        "<!DOCTYPE html>\n"
        '<html lang="en">\n'
        "<head>\n"
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>cleanenv doctor: {_text(wording.summary(diagnosis))}</title>\n"
        f"<style>\n{style}</style>\n"
        "</head>\n"
        "<body>\n"
        f"{_header(diagnosis)}"
        f"<main>\n{''.join(articles)}{_allowed(diagnosis.wanted)}</main>\n"
        "</body>\n"
        "</html>\n"
    )


def _identifiers(findings: Sequence[Finding]) -> list[str]:
    """Return an id for each finding: its code, with a number from the second on (WHATWG HTML: ids are unique)."""
    identifiers = []
    counts: dict[str, int] = {}
    for finding in findings:
        count = counts[finding.code] = counts.get(finding.code, 0) + 1
        identifiers.append(finding.code if count == 1 else f"{finding.code}-{count}")
    return identifiers


def _header(diagnosis: Diagnosis) -> str:
    return (
        "<header>\n"
        '<p class="tool">cleanenv doctor</p>\n'
        f"<h1>{_text(_capitalized(wording.summary(diagnosis)))}</h1>\n"
        f"<p>Checked: {_text(wording.subject(diagnosis))}.</p>\n"
        "</header>\n"
    )


def _article(finding: Finding, identifier: str, diagnosis: Diagnosis, home: str) -> str:
    origin = diagnosis.origins.get(finding.variable)
    origins = [origin] if origin else []
    origins += wording.traces(finding, diagnosis, home)
    parts = [
        f'<article class="{_text(finding.severity)}" id="{_text(identifier)}">\n',
        f'<p class="label"><b>{_text(finding.severity)}</b> <span>{_text(finding.code)}</span></p>\n',
        f"<h2>{_text(finding.fact)}</h2>\n",
    ]
    if finding.value:
        parts.append(_code(wording.assignment(finding)))
    parts.append(_list(wording.evidence(finding), "lines"))
    parts.append(_list(list(wording.effects(finding.hides, MOST)), "packages"))
    parts.append(_list(origins, "places"))
    end = "" if finding.line else "."
    parts.append(f'<p class="remedy">{_text(_capitalized(wording.fix(finding)))}{end}</p>\n')
    if finding.line:
        parts.append(_code(finding.line))
    line_to_delete = wording.deletion(finding, diagnosis, home)
    if line_to_delete:
        parts.append(f'<p class="remedy">{_text(_capitalized(line_to_delete))}.</p>\n')
    parts.append("</article>\n")
    return "".join(parts)


def _list(texts: Sequence[str], kind: str) -> str:
    """Return a list of ``texts``, folded if they are many."""
    if len(texts) <= OPEN:
        return _items(texts)
    return (
        f"{_items(texts[:OPEN])}<details><summary>{len(texts) - OPEN} more {kind}</summary>\n"
        f"{_items(texts[OPEN:])}</details>\n"
    )


def _items(texts: Iterable[str]) -> str:
    items = "".join(f"<li>{_text(text)}</li>\n" for text in texts)
    return f"<ul>\n{items}</ul>\n" if items else ""


def _allowed(names: Sequence[str]) -> str:
    if not names:
        return ""
    return f'<p class="wanted">{_text(_capitalized(wording.allowed(names)))}.</p>\n'


def _capitalized(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _code(text: str) -> str:
    return f"<pre><code>{_text(text)}</code></pre>\n"


def _text(text: str) -> str:
    return escape(readable(text))
