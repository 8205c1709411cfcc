"""A comparison in words and as JSON, and the JSON of an environment that one can compare with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cleanenv.environments.names import canonical
from cleanenv.errors import UsageError
from cleanenv.integrity import comparison
from cleanenv.integrity.comparison import Installed, Side
from cleanenv.integrity.report import MOST_NAMES
from cleanenv.system.console import readable

if TYPE_CHECKING:
    from cleanenv.integrity.comparison import Comparison, Difference

VERSION = 1  # of the JSON, and of that which freeze prints
_REMEDY = "create it with 'cleanenv freeze --format json'"


def parse(data: bytes, label: str) -> Side:
    """Return the side that a document of `freeze --format json` describes; raise UsageError if it is none."""
    try:
        document: object = json.loads(data)
    except ValueError as error:
        raise UsageError(f"'{label}' is neither an environment nor JSON", _REMEDY) from error
    if not isinstance(document, dict) or not isinstance(document.get("distributions"), list):
        raise UsageError(f"'{label}' is not the JSON of an environment", _REMEDY)
    if document.get("version") != VERSION:
        raise UsageError(f"'{label}' has version {document.get('version')!r} of the JSON", _REMEDY)
    environment = document.get("environment")
    python = environment.get("python") if isinstance(environment, dict) else None
    distributions = {}
    for row in document["distributions"]:
        installed = _installed(row, label)
        distributions[canonical(installed.name)] = installed
    return Side(label, str(python or ""), distributions)


def _installed(row: object, label: str) -> Installed:
    if not isinstance(row, dict) or not isinstance(row.get("name"), str):
        raise UsageError(f"'{label}' is not the JSON of an environment", _REMEDY)
    if "digest" not in row:
        raise UsageError(f"'{label}' has no digests, since an older cleanenv wrote it", _REMEDY)
    digest = row["digest"]
    project = row.get("editable")
    return Installed(
        row["name"],
        str(row.get("version")),
        digest if isinstance(digest, str) else None,
        None,
        project if isinstance(project, str) else None,
    )


def words(result: Comparison) -> str:
    """Return the report, a line for each difference and one that sums up; ends in a newline."""
    here, there = result.here.label, result.there.label
    lines = [_line(difference, here, there) for difference in result.differences]
    if result.editables:
        lines.append(f"not compared, since they are editable: {', '.join(result.editables)}")
    if result.without_record:
        lines.append(f"not compared, since they have no RECORD: {', '.join(result.without_record)}")
    total = len({*result.here.distributions, *result.there.distributions})
    lines.append(f"{result.equal:,} of {total:,} distributions are equal by RECORD")
    return "\n".join([readable(line) for line in lines]) + "\n"


def _line(difference: Difference, here: str, there: str) -> str:
    if difference.kind == comparison.ONLY_HERE:
        return f"only in {here}: {difference.name} {difference.here}"
    if difference.kind == comparison.ONLY_THERE:
        return f"only in {there}: {difference.name} {difference.there}"
    if difference.kind != comparison.FILES:
        return f"{difference.name}: {difference.here} in {here}, {difference.there} in {there}"
    subject = f"{difference.name} {difference.here}"
    if not difference.files:
        return f"{subject}: the digests of its files differ"
    names = ", ".join(difference.files[:MOST_NAMES])
    count = len(difference.files)
    more = f" and {count - MOST_NAMES} more" if count > MOST_NAMES else ""
    return f"{subject}: {'1 file differs' if count == 1 else f'{count:,} files differ'} ({names}{more})"


def document(result: Comparison) -> str:
    """Return the JSON document, ending in a newline; docs/json.md describes it."""
    value = {
        "version": VERSION,
        "here": result.here.label,
        "there": result.there.label,
        "equal": result.is_equal,
        "equal_distributions": result.equal,
        "differences": [
            {
                "kind": difference.kind,
                "name": difference.name,
                "here": difference.here or None,
                "there": difference.there or None,
                "files": list(difference.files),
            }
            for difference in result.differences
        ],
        "not_compared": {"editable": result.editables, "without_record": result.without_record},
    }
    return json.dumps(value, indent=2) + "\n"
