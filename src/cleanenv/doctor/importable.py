"""What PYTHONPATH lets Python import: what ENV does not hold, and what hides ENV's own or the standard library."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cleanenv.doctor import foreign, searched, standard
from cleanenv.doctor.codes import SEVERITY
from cleanenv.doctor.entry import ARCHIVE, FOLDER, NAMESPACE, Entry, Module
from cleanenv.doctor.finding import Finding, Hidden
from cleanenv.doctor.owner import Register

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.doctor.finding import Subject
    from cleanenv.doctor.searched import Given, Searched

CUSTOMIZE, USER_CUSTOMIZE = "sitecustomize", "usercustomize"  # site.py imports them by name
DEPTH = 4  # of namespace packages in each other
SHOWN = 12  # lines of evidence


@dataclass(slots=True)
class Effect:
    """What one entry does: modules that run unasked, that it adds, that it hides of ENV's or the standard library's."""

    runs: list[Module] = field(default_factory=list)
    adds: list[Module] = field(default_factory=list)
    shadows: list[tuple[Module, Module]] = field(default_factory=list)
    standard: list[tuple[Module, Module]] = field(default_factory=list)


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield, entry by entry, what PYTHONPATH shadows and adds."""
    if not subject.environ.get(searched.VARIABLE):
        return
    path = searched.read(subject)
    register = Register()
    done = effects(path)
    for given in path.given:
        effect = done.get(given.entry)
        if effect is not None:
            yield from _findings(given, effect, path, register)
        elif given.entry.state in (FOLDER, ARCHIVE) and os.path.isabs(given.text):
            yield _finding("pythonpath-needless", given, f"{_place(given)} changes no import", (), ())


def effects(path: Searched) -> dict[Entry, Effect]:
    """Return what entries of PYTHONPATH do to the imports of ENV's Python; those that do nothing are left out."""
    leaks = [given.entry for given in path.given]
    known: dict[Entry, Effect] = {}
    _compare(path, known, leaks, [*path.standard, *path.own], depth=DEPTH)
    return known


def resolve(name: str, entries: Sequence[Entry]) -> tuple[Module | None, list[Module]]:
    """Return what an import of ``name`` finds: one module, else the portions of a namespace package (PEP 420)."""
    portions = []
    for entry in entries:
        module = entry.modules.get(name)
        if module is None:
            continue
        if module.kind != NAMESPACE:
            return module, []
        portions.append(module)
    return None, portions


def _compare(
    path: Searched, known: dict[Entry, Effect], leaks: Sequence[Entry], own: Sequence[Entry], *, depth: int
) -> None:
    """Add to ``known`` how imports with ``leaks`` before ``own`` differ from those without."""
    front = path.front if depth == DEPTH else []
    for name in sorted({name for entry in leaks for name in entry.modules}):
        if _is_never_searched(name, leaks[0].base, path):
            continue
        found, portions = resolve(name, [*front, *leaks, *own])
        before, own_portions = resolve(name, [*front, *own])
        if before is None and not own_portions and depth == DEPTH:
            before = path.editable.get(name)
        if found is not None:
            if found.entry in leaks:
                _note(path, known, found, before or (own_portions[0] if own_portions else None))
            continue
        ours = [each.entry.portion(each) for each in own_portions]
        added = [each for each in portions if each.entry in leaks]
        if ours and added and depth:
            _compare(path, known, [each.entry.portion(each) for each in added], ours, depth=depth - 1)
        elif not ours:
            for each in added:
                if before is not None or any(
                    inner.kind != NAMESPACE for inner in each.entry.portion(each).modules.values()
                ):
                    _note(path, known, each, before)


def _note(path: Searched, known: dict[Entry, Effect], found: Module, before: Module | None) -> None:
    if before is not None and _is_same(found, before):
        return
    effect = known.setdefault(found.entry.origin, Effect())
    if found.name == CUSTOMIZE or (found.name == USER_CUSTOMIZE and path.has_user_site):
        effect.runs.append(found)
    elif before is None:
        effect.adds.append(found)
    elif before.entry.origin in path.standard:
        effect.standard.append((found, before))
    else:
        effect.shadows.append((found, before))


def _is_same(one: Module, other: Module) -> bool:
    try:
        return os.path.samefile(one.path, other.path)
    except OSError:  # in archives
        return one.path == other.path


def _is_never_searched(name: str, base: str, path: Searched) -> bool:
    if base:
        return False
    if standard.is_hidden_by_nothing(name, path.python):
        return True
    return standard.is_builtin(name) and resolve(name, path.standard) == (None, [])


def _findings(given: Given, effect: Effect, path: Searched, register: Register) -> Iterator[Finding]:
    place = _place(given)
    version = path.python.full if path.python is not None else ""
    if effect.shadows:
        hides = tuple(
            Hidden(module.name, module.path, register.version(module), register.version(own))
            for module, own in effect.shadows
        )
        evidence = (
            *(_against(module, own, register) for module, own in effect.shadows[:SHOWN]),
            *_more(effect.shadows),
            *foreign.lines((module for module, _ in effect.shadows), path.python),
        )
        names = _names([module.name for module, _ in effect.shadows])
        yield _finding("pythonpath-shadows", given, f"{place} hides ENV's own {names}", hides, evidence)
    if effect.standard:
        hides = tuple(
            Hidden(module.name, module.path, register.version(module), version) for module, _ in effect.standard
        )
        evidence = tuple(
            f"import {module.name} takes {module.path} in place of {own.path}" for module, own in effect.standard
        )
        names = _names([module.name for module, _ in effect.standard])
        yield _finding(
            "pythonpath-shadows-standard", given, f"{place} hides the standard library's {names}", hides, evidence
        )
    if effect.runs:
        evidence = tuple(module.path for module in effect.runs)
        names = _names([module.name for module in effect.runs])
        yield _finding(
            "pythonpath-customize", given, f"{place} has its {names} run at every start of Python", (), evidence
        )
    added = [module for module in effect.adds if not module.name.startswith("_")]
    if added:
        yield _adds(given, added, path, register)


def _adds(given: Given, added: Sequence[Module], path: Searched, register: Register) -> Finding:
    hides = tuple(Hidden(module.name, module.path, register.version(module)) for module in added)
    evidence = (
        *(f"import {each.package} takes {each.location}{_of(each.leaked)}" for each in hides[:SHOWN]),
        *_more(hides),
        *foreign.lines(added, path.python),
    )
    holds = "that ENV does not hold" if path.python is not None else "to every Python"
    fact = f"{_place(given)} adds {_names([module.name for module in added])} {holds}"
    return _finding("pythonpath-adds", given, fact, hides, evidence)


def _finding(code: str, given: Given, fact: str, hides: tuple[Hidden, ...], evidence: tuple[str, ...]) -> Finding:
    return Finding(
        code,
        SEVERITY[code],
        fact,
        f"take '{given.text}' out of PYTHONPATH; without PYTHONPATH ENV sees its own packages alone",
        searched.VARIABLE,
        given.text,
        evidence,
        hides,
        "unset PYTHONPATH",
    )


def _place(given: Given) -> str:
    return f"'{given.text}' on PYTHONPATH" if given.text else "the empty entry of PYTHONPATH, the current folder,"


def _against(module: Module, own: Module, register: Register) -> str:
    """Return one line: what is imported, what it is of, and what it hides."""
    return (
        f"import {module.name} takes {module.path}{_of(_title(module, register))}, "
        f"not {own.path}{_of(_title(own, register))}"
    )


def _title(module: Module, register: Register) -> str:
    owner = register.owner(module)
    return f"{owner.name} {owner.version}".strip() if owner is not None else register.version(module)


def _of(title: str) -> str:
    return f" ({title})" if title else ""


def _names(names: Sequence[str]) -> str:
    few = ", ".join(names[:4])
    return few if len(names) <= 4 else f"{few} and {len(names) - 4} more"  # noqa: PLR2004 - what fits a line


def _more(items: Sequence[object]) -> list[str]:
    return [f"and {len(items) - SHOWN} more"] if len(items) > SHOWN else []
