"""The report as one page of HTML that needs nothing else: no network, no script."""

from __future__ import annotations

from html import escape
from importlib import resources
from typing import TYPE_CHECKING

from cleanenv.doctor.report import wording
from cleanenv.system.console import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleanenv.doctor.diagnosis import Diagnosis
    from cleanenv.doctor.finding import Finding

# The style is the only thing that the page may load, and it holds that itself.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
MOST = 1000  # packages named in a line
OPEN = 8  # lines of one kind that are seen without unfolding


def render(diagnosis: Diagnosis, home: str) -> str:
    """Return the page; everything from outside is escaped, and control characters are made visible."""
    style = resources.files("cleanenv.doctor.report").joinpath("page.css").read_text(encoding="utf-8")
    body = "".join(_finding(finding, diagnosis, home) for finding in diagnosis.findings)
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
        f"<main>\n{body}{_wanted(diagnosis.wanted)}</main>\n"
        "</body>\n"
        "</html>\n"
    )


def _header(diagnosis: Diagnosis) -> str:
    subject = wording.subject(diagnosis)
    return (
        "<header>\n"
        '<p class="tool">cleanenv doctor</p>\n'
        f"<h1>{_text(wording.summary(diagnosis)[:1].upper() + wording.summary(diagnosis)[1:])}</h1>\n"
        f"<p>Looked at: {_text(subject)}.</p>\n"
        "</header>\n"
    )


def _finding(finding: Finding, diagnosis: Diagnosis, home: str) -> str:
    set_to = f"{finding.variable}={finding.value}"
    value = _code(set_to) if finding.value else ""
    evidence = _list([text for text in finding.evidence if text != set_to], "lines")
    command = _code(finding.line) if finding.line else ""
    hides = _list(list(wording.effects(finding.hides, MOST)), "packages")
    origin = diagnosis.origins.get(finding.variable)
    came_from = [*([origin] if origin else []), *wording.traces(finding, diagnosis, home)]
    return (
        f'<article class="{_text(finding.severity)}" id="{_text(finding.code)}">\n'
        f'<p class="label"><b>{_text(finding.severity)}</b> <span>{_text(finding.code)}</span></p>\n'
        f"<h2>{_text(finding.fact)}</h2>\n"
        f"{value}{evidence}{hides}"
        f"{_list(came_from, 'places')}"
        f'<p class="remedy">To mend it, {_text(finding.remedy)}{":" if command else "."}</p>\n'
        f"{command}"
        "</article>\n"
    )


def _list(texts: Sequence[str], kind: str) -> str:
    """Return a list of ``texts``, folded where they are many."""
    if len(texts) <= OPEN:
        return _items(texts)
    return (
        f"{_items(texts[:OPEN])}<details><summary>{len(texts) - OPEN} more {kind}</summary>\n"
        f"{_items(texts[OPEN:])}</details>\n"
    )


def _items(texts: Iterable[str]) -> str:
    items = "".join(f"<li>{_text(text)}</li>\n" for text in texts)
    return f"<ul>\n{items}</ul>\n" if items else ""


def _wanted(names: Sequence[str]) -> str:
    if not names:
        return ""
    sentence = wording.purpose(names)
    return f'<p class="wanted">{_text(sentence[:1].upper() + sentence[1:])}.</p>\n'


def _code(text: str) -> str:
    return f"<pre><code>{_text(text)}</code></pre>\n"


def _text(text: str) -> str:
    return escape(readable(text))
