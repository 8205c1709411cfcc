"""What ENV's Python adds to its search path, and what it runs, at every start: .pth files and sitecustomize."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from cleanenv.doctor.checks import visible_packages
from cleanenv.doctor.codes import SEVERITY
from cleanenv.doctor.finding import Finding
from cleanenv.environments import metadata, search_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.interpreter import Interpreter
    from cleanenv.environments.inventory import Inventory
    from cleanenv.environments.search_path import Place

SHOWN = 160  # signs of a line of code; one may be as long as a program
# Lines of code that nobody wonders at, as setuptools, virtualenv and coverage write them; none may hold more.
SHIM = (
    r"import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os\.environ\.get\(var, '(?:local|stdlib)'\) == 'local'; "
    r"enabled and __import__\('_distutils_hack'\)\.add_shim\(\);? *"
)
EDITABLE = r"import (__editable___\w+_finder); \1\.install\(\)"
VIRTUALENV = r"import _virtualenv"
EGGS_BEGIN = r"import sys; sys\.__plen = len\(sys\.path\)"
EGGS_END = (
    r"import sys; new ?= ?sys\.path\[sys\.__plen:\]; del sys\.path\[sys\.__plen:\]; p ?= ?"
    r"getattr\(sys, ?'__egginsert', ?0\); sys\.path\[p:p\] ?= ?new; sys\.__egginsert ?= ?p ?\+ ?len\(new\)"
)
COVERAGE = (
    r"import sys; exec\('import os\\n\\nif os\.getenv\("
    r"\"COVERAGE_PROCESS_START\"\) or os\.getenv\(\"COVERAGE_PROCESS_CONFIG\"\):"
    r"\\n try:\\n  import coverage\\n except:\\n  pass\\n else:\\n  coverage\.process_startup\((?:slug=\"pth\")?\)'\)"
)
KNOWN = tuple(map(re.compile, (SHIM, EDITABLE, VIRTUALENV, EGGS_BEGIN, EGGS_END, COVERAGE)))
# A line of setuptools' *-nspkg.pth, of any of its versions, is made of these names and strings.
NAMESPACE_NAMES = frozenset(
    (
        *("import", "and", "or", "not", "in", "sys", "types", "os", "has_mfs", "p", "m", "mp", "ie", "importlib"),
        *("version_info", "path", "join", "_getframe", "f_locals", "util", "machinery", "__import__", "modules"),
        *("setdefault", "module_from_spec", "PathFinder", "find_spec", "dirname", "ModuleType", "__dict__", "append"),
        *("exists", "setattr"),
    )
)
NAMESPACE_IMPORTS = ("'importlib.util')", "'importlib.machinery')")
STRING = re.compile(r"'[^']*'")
NAME = re.compile(r"[A-Za-z_]\w*")
# The first release of each version that leaves hidden .pth files alone; older versions never did, newer ones all do.
HIDDEN_UNREAD = {(3, 8): 19, (3, 9): 19, (3, 10): 14, (3, 11): 8, (3, 12): 2}
CUSTOMIZE_ENDS = (".py", ".pyc", ".so")


def findings(held: Inventory, user_site: str | None) -> Iterator[Finding]:
    """Yield what leaves the environment or runs unasked; ``user_site`` is the user's folder where it is searched."""
    yield from _leaving(held)
    yield from _code(held)
    yield from _customize(held, user_site)


def _leaving(held: Inventory) -> Iterator[Finding]:
    """Find the folders outside that .pth files name, but for the projects that were installed to be edited."""
    projects = {held.project_of(found) for found in held.distributions.values()} - {None}
    for place in held.places:
        if place.inside or place.pth is None or any(_is_below(place.path, str(project)) for project in projects):
            continue
        yield Finding(
            "env-pth-leaves",
            SEVERITY["env-pth-leaves"],
            f"the environment imports from '{place.path}', outside of it",
            f"delete the line from '{place.pth}', or the file, unless that is what you want",
            evidence=(f"{place.pth}: {place.path}",),
            hides=visible_packages.hidden(held, [place], goes_first=False),
        )


def _is_below(path: str, folder: str) -> bool:
    return (os.path.realpath(path) + "/").startswith(os.path.realpath(folder).rstrip("/") + "/")


def _code(held: Inventory) -> Iterator[Finding]:
    for place in held.places:
        if place.pth is not None or not place.inside:
            continue
        for name in place.names or ():
            if not name.endswith(".pth") or (name.startswith(".") and not _reads_hidden(held.interpreter)):
                continue
            path = f"{place.path}/{name}"
            code = [line for line in search_path.lines(path) if _runs_code(line)]
            if code:
                yield from _code_of(held, place, path, code)


def _reads_hidden(python: Interpreter) -> bool:
    """Whether site.py reads .pth files whose names begin with a dot (cpython #113659); also where that is not known."""
    parts = [int(part) for part in python.full.split(".") if part.isdecimal()]
    fixed = HIDDEN_UNREAD.get(python.version, 0 if python.version > max(HIDDEN_UNREAD) else None)
    return fixed is None or (fixed > 0 and tuple(parts) < (*python.version, fixed))


def _runs_code(line: str) -> bool:
    line = line.rstrip()
    if not line.startswith(search_path.IMPORT_LINES):
        return False
    return not (_is_namespace(line) or any(known.fullmatch(line) for known in KNOWN))


def _is_namespace(line: str) -> bool:
    imports = line.split("__import__(")[1:]
    known = all(part.startswith(NAMESPACE_IMPORTS) for part in imports)
    return known and NAMESPACE_NAMES.issuperset(NAME.findall(STRING.sub("", line)))


def _code_of(held: Inventory, place: Place, path: str, code: list[str]) -> Iterator[Finding]:
    owner = _owner(held, place, os.path.basename(path))
    if owner is not None and held.project_of(owner):
        return
    fact = f"'{path}' runs code at every start of the environment's Python"
    evidence = tuple(line if len(line) <= SHOWN else f"{line[:SHOWN]}…" for line in code)
    if owner is None:
        remedy = "read it; delete the file where you do not know what it is for"
        yield Finding("env-pth-code", SEVERITY["env-pth-code"], fact, remedy, evidence=evidence)
        return
    fact = f"'{path}' of {owner.name} {owner.raw_version} runs code at every start of the environment's Python"
    remedy = f"know it; uninstall {owner.name} where you do not want it"
    yield Finding("env-pth-package", SEVERITY["env-pth-package"], fact, remedy, evidence=evidence)


def _owner(held: Inventory, place: Place, name: str) -> Distribution | None:
    """Return the distribution whose RECORD lists the file ``name`` in ``place``, None where none does."""
    start = f"{name},".encode("utf-8", "surrogateescape")
    for found in held.distributions.values():
        if found.place is place:
            try:
                record = metadata.read_whole(f"{found.info}/RECORD")
            except OSError:
                continue
            if any(line.startswith(start) for line in record.splitlines()):
                return found
    return None


def _customize(held: Inventory, user_site: str | None) -> Iterator[Finding]:
    """Find those that site.py imports: the first of a name, and usercustomize only where the user's folder counts."""
    for module in ("sitecustomize", *(("usercustomize",) if user_site else ())):
        if _in_standard_library(held, module):  # it comes first, as Debian's does
            continue
        for place in held.places:
            file = _module(place, module) if place.inside else None
            if file:
                yield Finding(
                    "env-customize",
                    SEVERITY["env-customize"],
                    f"'{file}' runs at every start of the environment's Python",
                    "read it; delete it where you do not know what it is for",
                )
                break


def _module(place: Place, module: str) -> str | None:
    """Return the file that an import of ``module`` from ``place`` runs."""
    names = place.names or ()
    for name in names:
        stem, dot, _ = name.partition(".")
        if stem == module and dot and name.endswith(CUSTOMIZE_ENDS):
            return f"{place.path}/{name}"
    package = f"{place.path}/{module}/__init__.py"
    return package if module in names and os.path.isfile(package) else None


def _in_standard_library(held: Inventory, module: str) -> bool:
    prefix = os.path.dirname(held.environment.config.get("home", "")) or held.environment.path
    return os.path.isfile(f"{prefix}/lib/{held.interpreter.folder}/{module}.py")
