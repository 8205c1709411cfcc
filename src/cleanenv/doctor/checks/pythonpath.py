"""What PYTHONPATH lets Python import: what ENV does not hold, and what hides ENV's own or the standard library."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.doctor.codes import SEVERITY
from cleanenv.doctor.finding import Finding, Hidden
from cleanenv.doctor.imports import abi_mismatch, shadowing, sys_path
from cleanenv.doctor.imports.owners import Register
from cleanenv.doctor.imports.path_entry import ARCHIVE, FOLDER
from cleanenv.environments.names import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.doctor.finding import Subject
    from cleanenv.doctor.imports.path_entry import Module
    from cleanenv.doctor.imports.shadowing import Effect
    from cleanenv.doctor.imports.sys_path import Given, Searched

FEW = 4  # names that fit a line


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield, entry by entry, what PYTHONPATH shadows and adds."""
    if not subject.environ.get(sys_path.VARIABLE):
        return
    path = sys_path.read(subject)
    register = Register()
    effects = shadowing.effects(path)
    for given in path.given:
        found = effects.get(given.entry)
        if found is not None:
            yield from _shadows(given, found, path, register)
            yield from _runs(given, found)
            yield from _adds(given, found, path, register)
        elif given.entry.state in (FOLDER, ARCHIVE) and os.path.isabs(given.text):
            yield _finding("pythonpath-needless", given, "changes no import")


def _shadows(given: Given, found: Effect, path: Searched, register: Register) -> Iterator[Finding]:
    """Yield what is imported in the place of ENV's own, and in the place of the standard library's."""
    own = [(module, other, register.version(other)) for module, other in found.shadows]
    version = path.python.full if path.python is not None else ""
    library = [(module, other, version) for module, other in found.standard]
    for code, whose, rows in (
        ("pythonpath-shadows", "the environment's own", own),
        ("pythonpath-shadows-standard", "the standard library's", library),
    ):
        if rows:
            modules = [module for module, _, _ in rows]
            hides = tuple(
                Hidden(module.name, module.entry.path, register.version(module), hidden) for module, _, hidden in rows
            )
            evidence = (
                *(f"import {module.name} takes {module.path}{_of(module, register)}" for module in modules),
                *abi_mismatch.lines(modules, path.python),
            )
            yield _finding(code, given, f"hides {whose} {_names(modules)}", evidence, hides)


def _runs(given: Given, found: Effect) -> Iterator[Finding]:
    if found.runs:
        evidence = tuple(module.path for module in found.runs)
        yield _finding(
            "pythonpath-customize", given, f"has its {_names(found.runs)} run at every start of Python", evidence
        )


def _adds(given: Given, found: Effect, path: Searched, register: Register) -> Iterator[Finding]:
    added = [module for module in found.adds if not module.name.startswith("_")]
    if added:
        hides = tuple(Hidden(module.name, module.entry.path, register.version(module)) for module in added)
        evidence = tuple(abi_mismatch.lines(added, path.python))
        holds = "that the environment does not hold" if path.python is not None else "to every Python"
        yield _finding("pythonpath-adds", given, f"adds {_names(added)} {holds}", evidence, hides)


def _finding(
    code: str, given: Given, does: str, evidence: tuple[str, ...] = (), hides: tuple[Hidden, ...] = ()
) -> Finding:
    """Return the finding that an entry does something; ``does`` begins with a verb."""
    return Finding(
        code,
        SEVERITY[code],
        f"{_place(given)} {does}",
        f"take {_quoted(given)} out of PYTHONPATH, or do without it altogether",
        sys_path.VARIABLE,
        given.whole,
        evidence,
        hides,
        f"unset {sys_path.VARIABLE}",
    )


def _place(given: Given) -> str:
    return f"'{given.text}' on PYTHONPATH" if given.text else "the current folder, an empty entry of PYTHONPATH,"


def _quoted(given: Given) -> str:
    return f"'{given.text}'" if given.text else "the empty entry"


def _of(module: Module, register: Register) -> str:
    """Return the distribution that ``module`` came with, in brackets, where it is called otherwise."""
    owner = register.owner(module)
    return f" (of {owner.name})" if owner is not None and canonical(owner.name) != canonical(module.name) else ""


def _names(modules: Sequence[Module]) -> str:
    few = ", ".join(module.name for module in modules[:FEW])
    return few if len(modules) <= FEW else f"{few} and {len(modules) - FEW} more"
