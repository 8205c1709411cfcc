"""What verification found, in words and as JSON."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from cleanenv.freeze import requirements_text
from cleanenv.freeze.requirements_text import Choice
from cleanenv.integrity import fault
from cleanenv.integrity.recorded_files import owner_of
from cleanenv.system.console import readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.environments.inventory import Inventory
    from cleanenv.integrity.fault import Fault, Owner
    from cleanenv.integrity.verification import Verification

VERSION = 1  # of the JSON
# Kinds as the report names them, if not by their own name.
HEADINGS = {fault.SCRIPT: "changed", fault.BYTECODE: "changed", fault.UNHASHED: "not protected", fault.RECORD: "broken"}
MOST_LINES = 20  # of one kind
MOST_NAMES = 5


def words(result: Verification) -> str:
    """Return the report, a line for each fault and one that sums up; ends in a newline."""
    contents = result.inventory
    lines: list[str] = []
    by_heading: dict[str, list[str]] = {}
    for one in result.faults:
        heading = HEADINGS.get(one.kind, one.kind)
        by_heading.setdefault(heading, []).append(f"{heading}: {fault_words(contents, one)}")
    for of_kind in by_heading.values():
        lines += _shortened(of_kind)
    unowned = []
    for entry in result.unowned:
        effect = f", {entry.effect}" if entry.effect else ""
        unowned.append(f"unowned: {shown(contents, entry.path)}{effect}")
    lines += _shortened(unowned)
    overwritten = []
    for file in result.overwritten:
        path = shown(contents, file.path)
        overwritten.append(f"overwritten: {file.loser}: {path}, which {file.winner} has installed too")
    lines += _shortened(overwritten)
    if result.unverifiable:
        lines.append(f"cannot be verified: {_unverifiable(result.unverifiable)}")
    if result.unjudged:
        names = ", ".join([shown(contents, path) for path in result.unjudged])
        lines.append(f"cannot be verified: {names}, recorded nowhere by the tool that created ENV")
    lines += _shared(result)
    lines.append(_summary(result))
    command = repair(result)
    if command:
        lines.append(f"fix: {command}")
    return "\n".join([readable(line) for line in lines]) + "\n"


def fault_words(contents: Inventory, one: Fault) -> str:
    """Return the owner, the path and what is wrong with it."""
    path = shown(contents, one.path)
    owner = f"{one.owner}: " if one.owner.name else ""
    if one.kind == fault.SCRIPT:
        return f"{owner}{path}, {one.detail}"
    return f"{owner}{path}" + (f" ({one.detail})" if one.detail else "")


def shown(contents: Inventory, path: str) -> str:
    """Return ``path`` relative to site-packages, else to ENV, else as it is."""
    for place in contents.places:
        if place.pth is None and place.inside and path.startswith(f"{place.path}/"):
            return path[len(place.path) + 1 :]
    return path.removeprefix(f"{contents.environment.path}/")


def _shortened(lines: list[str]) -> list[str]:
    if len(lines) <= MOST_LINES:
        return lines
    heading = lines[0].partition(":")[0]
    return [*lines[:MOST_LINES], f"{heading}: {len(lines) - MOST_LINES:,} more (--json lists all)"]


def _unverifiable(owners: Sequence[Owner]) -> str:
    names = ", ".join([str(owner) for owner in owners[:MOST_NAMES]])
    more = ", …" if len(owners) > MOST_NAMES else ""
    return f"{_count(len(owners), 'distribution')} without RECORD ({names}{more})"


def _shared(result: Verification) -> list[str]:
    """Return a line if a changed file is the same in other places: uv links its cache into environments."""
    shared = _with_links(result)
    if not shared:
        return []
    most = max(one.links for one in shared)
    names = " ".join(dict.fromkeys([one.owner.key for one in shared]))
    count, have = ("1 changed file", "has") if len(shared) == 1 else (f"{len(shared)} changed files", "have up to")
    cache = f"uv's cache and other environments hold the same change ('uv cache clean {names}')"
    if shared[0].owner.is_conda:
        cache = "conda's package cache and other environments hold the same change"
    return [f"shared: {count} {have} {most} links: {cache}"]


def _summary(result: Verification) -> str:
    compared = "presence and sizes" if result.is_quick else "hashes"
    start = f"{_count(result.owners, 'distribution')}, {_count(result.files, 'file')}"
    if result.is_sound:
        return f"{start}: {'all files exist, with the recorded sizes' if result.is_quick else 'all as recorded'}"
    parts = []
    if result.faults:
        parts.append(f"{len(result.faults):,} wrong")
    if result.unowned:
        parts.append(f"{len(result.unowned):,} unowned")
    return f"{start}, by {compared}: {', '.join(parts)}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def repair(result: Verification) -> str:
    """Return the command line that installs again what is wrong, empty if nothing is."""
    stale = [one.path for one in result.faults if one.kind == fault.BYTECODE]
    commands = [shlex.join(["rm", "--", *stale])] if stale else []
    command = _install_again(result)
    if command.startswith("uv "):  # which would take the changed file from its cache again
        names = list(dict.fromkeys([one.owner.key for one in _with_links(result)]))
        commands += [shlex.join(["uv", "cache", "clean", *names])] if names else []
    if command:
        commands.append(command)
    return " && ".join(commands)


def _with_links(result: Verification) -> list[Fault]:
    """Return the changed files that have other names on the disk."""
    return [one for one in result.faults if one.kind == fault.CHANGED and one.links > 1]


def _install_again(result: Verification) -> str:
    contents = result.inventory
    wrong = {one.owner for one in result.faults if one.owner.name}
    requirements: list[str] = []
    for distribution in contents.distributions.values():
        if owner_of(distribution) in wrong:
            line = requirements_text.lines(contents, distribution, Choice(), [])[-1]
            requirements += line.split(" ", 1) if line.startswith("-e ") else [line]
    path = contents.environment.path
    if contents.environment.kind == "conda":
        names = sorted(owner.name for owner in wrong if owner.is_conda)
        if names:
            return shlex.join(["conda", "install", "--force-reinstall", "--prefix", path, *names])
    if not requirements:
        return ""
    if "pip" in contents.distributions:
        before = ["cleanenv", "run", path, "--", "python", "-m", "pip", "install", "--force-reinstall", "--no-deps"]
    else:
        before = ["uv", "pip", "install", "--python", path, "--reinstall", "--no-deps"]
    return shlex.join([*before, *requirements])


def document(result: Verification) -> str:
    """Return the JSON document, ending in a newline; docs/json.md describes it."""
    contents = result.inventory
    environment = contents.environment
    value = {
        "version": VERSION,
        "environment": {"path": environment.path, "kind": environment.kind, "python": contents.interpreter.full},
        "sound": result.is_sound,
        "quick": result.is_quick,
        "distributions": result.owners,
        "files": result.files,
        "faults": [
            {
                "kind": one.kind,
                "name": one.owner.name or None,
                "version": one.owner.version or None,
                "path": one.path,
                "detail": one.detail or None,
                "links": one.links or None,
            }
            for one in result.faults
        ],
        "unowned": [{"path": entry.path, "effect": entry.effect or None} for entry in result.unowned],
        "overwritten": [
            {"path": file.path, "name": file.loser.name, "by": file.winner.name} for file in result.overwritten
        ],
        "unverifiable": [{"name": owner.name, "version": owner.version} for owner in result.unverifiable],
        "unjudged": result.unjudged,
        "fix": repair(result) or None,
    }
    return json.dumps(value, indent=2) + "\n"
