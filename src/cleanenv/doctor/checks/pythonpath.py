"""What PYTHONPATH lets Python import: what is not in ENV, and what hides ENV's own or the standard library."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.doctor import codes, remedies
from cleanenv.doctor.finding import Hidden
from cleanenv.doctor.imports import abi_mismatch, shadowing, sys_path
from cleanenv.doctor.imports.owners import Register
from cleanenv.doctor.imports.path_entry import ARCHIVE, DIRECTORY
from cleanenv.environments.names import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cleanenv.doctor.finding import Finding, Subject
    from cleanenv.doctor.imports.path_entry import Module
    from cleanenv.doctor.imports.shadowing import Effect
    from cleanenv.doctor.imports.sys_path import Given
    from cleanenv.environments.interpreter import Interpreter

FEW = 4  # names that fit a line


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield, entry by entry, what PYTHONPATH hides and adds."""
    if not subject.environ.get(sys_path.VARIABLE):
        return
    path = sys_path.read(subject)
    register = Register()
    effects = shadowing.effects(path)
    for given in path.given:
        effect = effects.get(given.entry)
        if effect is not None:
            yield from _shadows(given, effect, path.python, register)
            yield from _runs(given, effect)
            yield from _adds(given, effect, path.python, register)
        elif given.entry.state in (DIRECTORY, ARCHIVE) and os.path.isabs(given.text):
            yield _finding("pythonpath-needless", given, "changes no import")


def _shadows(given: Given, effect: Effect, python: Interpreter | None, register: Register) -> Iterator[Finding]:
    """Yield what is imported in place of ENV's own, and in place of the standard library's."""
    if effect.shadows:
        modules = [module for module, _ in effect.shadows]
        hides = []
        for module, own in effect.shadows:
            hides.append(_hidden(module, register, register.version(own), register.distribution(own)))
        does = f"hides the environment's own {_names(modules)}"
        yield _finding("pythonpath-shadows", given, does, _loads(modules, python, register), hides)
    if effect.standard:
        modules = [module for module, _ in effect.standard]
        version = python.full if python is not None else ""
        hides = [_hidden(module, register, version) for module in modules]
        does = f"hides the standard library's {_names(modules)}"
        yield _finding("pythonpath-shadows-standard", given, does, _loads(modules, python, register), hides)


def _runs(given: Given, effect: Effect) -> Iterator[Finding]:
    if effect.runs:
        does = f"runs its {_names(effect.runs)} whenever Python starts"
        yield _finding("pythonpath-customize", given, does, [module.path for module in effect.runs])


def _adds(given: Given, effect: Effect, python: Interpreter | None, register: Register) -> Iterator[Finding]:
    added = [module for module in effect.adds if not module.name.startswith("_")]
    if not added:
        return
    hides = [_hidden(module, register) for module in added]
    if python is None:
        does = f"adds {_names(added)} to every Python"
    else:
        does = f"adds {_names(added)}, not installed in the environment"
    yield _finding("pythonpath-adds", given, does, abi_mismatch.lines(added, python), hides)


def _hidden(module: Module, register: Register, own: str | None = None, own_distribution: str = "") -> Hidden:
    return Hidden(
        module.name,
        module.entry.path,
        register.version(module),
        own,
        distribution=register.distribution(module),
        own_distribution=own_distribution,
    )


def _loads(modules: Sequence[Module], python: Interpreter | None, register: Register) -> list[str]:
    """Return a line on each file that is imported now, and one on each that this fails for."""
    lines = []
    for module in modules:
        distribution = register.distribution(module)
        is_namesake = canonical(distribution) == canonical(module.name)
        source = f" (from {distribution})" if distribution and not is_namesake else ""
        lines.append(f"import {module.name} loads {module.path}{source}")
    return lines + abi_mismatch.lines(modules, python)


def _finding(code: str, given: Given, does: str, evidence: Iterable[str] = (), hides: Iterable[Hidden] = ()) -> Finding:
    """Return the finding that an entry does something; ``does`` begins with a verb."""
    place = "the current directory, an empty entry of PYTHONPATH,"
    entry = "the empty entry"
    if given.text:
        place = f"'{given.text}' on PYTHONPATH"
        entry = f"'{given.text}'"
    return codes.finding(
        code,
        f"{place} {does}",
        f"remove {entry} from PYTHONPATH, or unset it",
        variable=sys_path.VARIABLE,
        value=given.whole,
        evidence=evidence,
        hides=hides,
        line=remedies.unset(sys_path.VARIABLE),
        entries=[given.text] if given.text else (),
    )


def _names(modules: Sequence[Module]) -> str:
    few = ", ".join(module.name for module in modules[:FEW])
    return few if len(modules) <= FEW else f"{few} and {len(modules) - FEW} more"
