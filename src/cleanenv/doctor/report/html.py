"""The report as one page of HTML that needs nothing else: no network, no script."""

from __future__ import annotations

import os
from importlib import resources
from typing import TYPE_CHECKING

from cleanenv.doctor.report import groups, wording
from cleanenv.doctor.report.html_elements import code, listed, text
from cleanenv.doctor.report.html_packages import packages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.doctor.diagnosis import Diagnosis
    from cleanenv.doctor.finding import Finding
    from cleanenv.doctor.report.groups import Block
    from cleanenv.doctor.report.surroundings import Surroundings

# The style is the only thing that the page may load, and it is in the page itself.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def render(diagnosis: Diagnosis, home: str, surroundings: Surroundings | None = None) -> str:
    """Return the page; everything from outside is escaped, and control characters are made visible."""
    style = resources.files("cleanenv.doctor.report").joinpath("page.css").read_text(encoding="utf-8")
    identifiers = _Identifiers()
    sections = []
    for block in groups.blocks(diagnosis.findings):
        if len(block.findings) == 1:
            sections.append(_alone(block.findings[0], identifiers, diagnosis, home))
        else:
            sections.append(_together(block, identifiers, diagnosis, home))
    return (
        "<!DOCTYPE html>\n"
        '<html lang="en">\n'
        "<head>\n"
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{text(_title(diagnosis))}</title>\n"
        f"<style>\n{style}</style>\n"
        "</head>\n"
        "<body>\n"
        f"{_header(diagnosis, surroundings)}"
        f"<main>\n{''.join(sections)}{_footnotes(diagnosis)}</main>\n"
        "</body>\n"
        "</html>\n"
    )


class _Identifiers:
    """Hands out ids: the name itself, with a number from the second on (WHATWG HTML: ids are unique)."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def take(self, name: str) -> str:
        while True:
            count = self._counts[name] = self._counts.get(name, 0) + 1
            identifier = name if count == 1 else f"{name}-{count}"
            if identifier == name or identifier not in self._counts:
                self._counts.setdefault(identifier, 1)
                return identifier


def _title(diagnosis: Diagnosis) -> str:
    environment = diagnosis.environment
    name = "this shell" if environment is None else os.path.basename(environment.path)
    return f"{name}: {wording.summary(diagnosis)} (cleanenv doctor)"


def _header(diagnosis: Diagnosis, surroundings: Surroundings | None) -> str:
    placed = ""
    if surroundings is not None:
        date, host, shell, version = surroundings
        parts = [date, host, shell, f"cleanenv {version}" if version else ""]
        placed = f'<p class="placed">{text(" · ".join(filter(None, parts)))}</p>\n'
    return (
        "<header>\n"
        '<p class="tool">cleanenv doctor</p>\n'
        f"<h1>{text(_capitalized(wording.summary(diagnosis)))}</h1>\n"
        f"<p>Checked: {text(wording.subject(diagnosis))}.</p>\n"
        f"{placed}"
        "</header>\n"
    )


def _alone(finding: Finding, identifiers: _Identifiers, diagnosis: Diagnosis, home: str) -> str:
    """Return the article of a finding that stands alone."""
    return (
        f"{_opening(finding, identifiers)}"
        f"{_label(finding)}"
        f"<h2>{text(wording.with_tilde(finding.fact, home))}</h2>\n"
        f"{_places([finding], diagnosis, home)}"
        f"{_body(finding, home)}"
        f"{_fix(finding, home)}"
        f"{_deletion([finding], diagnosis, home)}"
        "</article>\n"
    )


def _together(block: Block, identifiers: _Identifiers, diagnosis: Diagnosis, home: str) -> str:
    """Return the section of the findings about one variable: its place and its value once, a shared fix once."""
    shared = groups.shared_fix(block.findings)
    value = next((finding for finding in block.findings if finding.value), None)
    parts = [
        f'<section id="{text(identifiers.take(block.variable))}">\n',
        f"<h2><code>{text(block.variable)}</code></h2>\n",
        _places(block.findings, diagnosis, home),
        _value(value, home) if value is not None else "",
    ]
    for finding in block.findings:
        parts.append(_opening(finding, identifiers))
        parts.append(_label(finding))
        parts.append(f"<h3>{text(wording.with_tilde(finding.fact, home))}</h3>\n")
        parts.append(_body(finding._replace(value=""), home))
        if shared is None:
            parts.append(_fix(finding, home))
        parts.append("</article>\n")
    if shared is not None:
        parts.append(_fix(shared, home))
    parts.append(_deletion(block.findings, diagnosis, home))
    parts.append("</section>\n")
    return "".join(parts)


def _opening(finding: Finding, identifiers: _Identifiers) -> str:
    return f'<article class="{text(finding.severity)}" id="{text(identifiers.take(finding.code))}">\n'


def _label(finding: Finding) -> str:
    return f'<p class="label"><b>{text(finding.severity)}</b> <span>{text(finding.code)}</span></p>\n'


def _places(findings: Sequence[Finding], diagnosis: Diagnosis, home: str) -> str:
    """Return what set the variable: the places of a trace, else the process that had it first."""
    places: dict[str, None] = {}
    for finding in findings:
        places.update(dict.fromkeys(wording.traces(finding, diagnosis, home)))
    origin = diagnosis.origins.get(findings[0].variable)
    if origin:
        places[origin] = None
    if not places:
        return ""
    return f'<div class="places">\n{listed(list(places), "places")}</div>\n'


def _body(finding: Finding, home: str) -> str:
    """Return the value, the evidence and the effects of a finding."""
    evidence = [wording.with_tilde(line, home) for line in wording.evidence(finding)]
    value = _value(finding, home) if finding.value else ""
    return f"{value}{listed(evidence, 'lines')}{packages(finding.hides, home)}"


def _value(finding: Finding, home: str) -> str:
    return code(wording.with_tilde(wording.assignment(finding), home))


def _fix(finding: Finding, home: str) -> str:
    command = wording.command(finding)
    end = "" if command else "."
    sentence = _capitalized(wording.with_tilde(wording.fix(finding), home))
    paragraph = f'<p class="remedy">{text(sentence)}{end}</p>\n'
    return paragraph + (code(command) if command else "")


def _deletion(findings: Sequence[Finding], diagnosis: Diagnosis, home: str) -> str:
    sentence = wording.deletion(findings, diagnosis, home)
    return f'<p class="remedy">{text(_capitalized(sentence))}.</p>\n' if sentence else ""


def _footnotes(diagnosis: Diagnosis) -> str:
    """Return what was let in on purpose, and what was left out on request."""
    sentences = []
    allowed = wording.allowed(diagnosis)
    if allowed:
        sentences.append(allowed)
    if diagnosis.ignored:
        sentences.append(wording.ignored(diagnosis.ignored))
    return "".join(f'<p class="wanted">{text(_capitalized(sentence))}.</p>\n' for sentence in sentences)


def _capitalized(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
