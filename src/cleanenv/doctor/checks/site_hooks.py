"""What ENV's Python adds to its search path, and what it runs, whenever it starts: .pth files and sitecustomize."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from cleanenv.doctor import codes
from cleanenv.doctor.checks import visible_packages
from cleanenv.environments import metadata, search_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.doctor.finding import Finding
    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.interpreter import Interpreter
    from cleanenv.environments.inventory import Inventory
    from cleanenv.environments.search_path import Place

LONGEST = 160  # characters of a line of code that are shown; one may be as long as a program
# Harmless lines of code, as setuptools, virtualenv and coverage write them; a line with more in it does not match.
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
# A line of a *-nspkg.pth by any version of setuptools consists of these names and strings.
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
# The first release of each version that ignores hidden .pth files; older versions never do, newer ones always.
HIDDEN_IGNORED = {(3, 8): 19, (3, 9): 19, (3, 10): 14, (3, 11): 8, (3, 12): 2}
CUSTOMIZE_ENDS = (".py", ".pyc", ".so")


def findings(installed: Inventory, user_site: str | None) -> Iterator[Finding]:
    """Yield what leaves the environment or runs unasked; ``user_site`` is the user's directory if it is searched."""
    yield from _leaving(installed)
    yield from _code(installed)
    yield from _customize(installed, user_site)


def _leaving(installed: Inventory) -> Iterator[Finding]:
    """Find the directories outside that .pth files name, apart from projects that were installed editable."""
    projects = []
    for distribution in installed.distributions.values():
        project = installed.project_of(distribution)
        if project is not None:
            projects.append(project)
    for place in installed.places:
        if place.inside or place.pth is None:
            continue
        if any(_is_below(place.path, project) for project in projects):
            continue
        yield codes.finding(
            "env-pth-leaves",
            f"the environment imports from '{place.path}', outside it",
            f"delete the line from '{place.pth}', or the whole file, unless you want it",
            evidence=[f"{place.pth}: {place.path}"],
            hides=visible_packages.effects(installed, [place], goes_first=False),
        )


def _is_below(path: str, directory: str) -> bool:
    return (os.path.realpath(path) + "/").startswith(os.path.realpath(directory).rstrip("/") + "/")


def _code(installed: Inventory) -> Iterator[Finding]:
    for place in installed.places:
        if place.pth is not None or not place.inside:  # site.py reads .pth files in site-packages only
            continue
        for name in place.names or ():
            if not name.endswith(".pth"):
                continue
            if name.startswith(".") and not _reads_hidden(installed.interpreter):
                continue
            code = [line for line in search_path.lines(f"{place.path}/{name}") if _runs_code(line)]
            if code:
                yield from _of_code(installed, place, name, code)


def _reads_hidden(python: Interpreter) -> bool:
    """Tell whether site.py reads .pth files whose names begin with a dot (cpython #113659); True if that is unknown."""
    if python.version > max(HIDDEN_IGNORED):
        return False
    if python.version not in HIDDEN_IGNORED:
        return True
    release = python.full.split(".")[2:]
    if not release or not release[0].isdecimal():
        return True
    return int(release[0]) < HIDDEN_IGNORED[python.version]


def _runs_code(line: str) -> bool:
    """Tell whether a line of a .pth file runs code (site.py), other than what is known to be harmless."""
    line = line.rstrip()
    if not line.startswith(search_path.IMPORT_LINES):
        return False
    return not _is_namespace(line) and not any(known.fullmatch(line) for known in KNOWN)


def _is_namespace(line: str) -> bool:
    imports = line.split("__import__(")[1:]
    if not all(text.startswith(NAMESPACE_IMPORTS) for text in imports):
        return False
    names = NAME.findall(STRING.sub("", line))
    return NAMESPACE_NAMES.issuperset(names)


def _of_code(installed: Inventory, place: Place, name: str, code: Sequence[str]) -> Iterator[Finding]:
    """Yield the finding on a .pth file that runs ``code``, unless it makes a project importable that one edits."""
    path = f"{place.path}/{name}"
    evidence = [line if len(line) <= LONGEST else f"{line[:LONGEST]}…" for line in code]
    owner = _owner(installed, place, name)
    if owner is None:
        yield codes.finding(
            "env-pth-code",
            f"'{path}' runs code whenever the environment's Python starts",
            "read it, and delete the file if you do not know what it is for",
            evidence=evidence,
        )
    elif not installed.project_of(owner):
        yield codes.finding(
            "env-pth-package",
            f"'{path}' of {owner.name} {owner.raw_version} runs code whenever the environment's Python starts",
            f"uninstall {owner.name} if you do not want that",
            evidence=evidence,
        )


def _owner(installed: Inventory, place: Place, name: str) -> Distribution | None:
    """Return the distribution whose RECORD lists the file ``name`` in ``place``, None if none does."""
    start = f"{name},".encode("utf-8", "surrogateescape")
    for distribution in installed.distributions.values():
        if distribution.place is not place:
            continue
        try:
            record = metadata.read_whole(f"{distribution.info}/RECORD")
        except OSError:
            continue
        if any(line.startswith(start) for line in record.splitlines()):
            return distribution
    return None


def _customize(installed: Inventory, user_site: str | None) -> Iterator[Finding]:
    """Find what site.py imports: the first sitecustomize, and usercustomize if the user's directory is searched."""
    modules = ["sitecustomize"]
    if user_site:
        modules.append("usercustomize")
    for module in modules:
        if _is_in_standard_library(installed, module):  # it goes first, as Debian's does
            continue
        file = _first_file(installed, module)
        if file is not None:
            yield codes.finding(
                "env-customize",
                f"'{file}' runs whenever the environment's Python starts",
                "read it, and delete it if you do not know what it is for",
            )


def _first_file(installed: Inventory, module: str) -> str | None:
    for place in installed.places:
        file = _file(place, module) if place.inside else None
        if file is not None:
            return file
    return None


def _file(place: Place, module: str) -> str | None:
    """Return the file that an import of ``module`` from ``place`` runs."""
    names = place.names or ()
    for name in names:
        stem, dot, _ = name.partition(".")
        if stem == module and dot and name.endswith(CUSTOMIZE_ENDS):
            return f"{place.path}/{name}"
    package = f"{place.path}/{module}/__init__.py"
    return package if module in names and os.path.isfile(package) else None


def _is_in_standard_library(installed: Inventory, module: str) -> bool:
    environment = installed.environment
    prefix = os.path.dirname(environment.config.get("home", "")) or environment.path
    return os.path.isfile(f"{prefix}/lib/{installed.interpreter.folder}/{module}.py")
