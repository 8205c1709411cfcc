"""Code that adds to the search path when Python starts: lines of .pth files, sitecustomize.

None of it is run. A path that is written out in the line is an entry all the
same; of anything else it is said that it may add one.
"""

# On the way of `freeze` only if such code is there.
from __future__ import annotations

import os

from cleanenv.environments import metadata
from cleanenv.environments.problem import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.environments.environment import Environment
    from cleanenv.environments.interpreter import Interpreter
    from cleanenv.environments.search_path import Place

_CALL = "addsitedir("
# As uv writes the path of what `uv run --with` lies over.
_DECODED = '__import__("os").fsdecode('
_PATH = "sys.path"
_AFTER_PATH = ".[=+, )"  # "sys.path_hooks" and "sys.pathsep" add nothing
# Harmless, and common: setuptools' shim, its editable finders and egg lines, virtualenv, coverage.
_HARMLESS = ("_distutils_hack", "import __editable___", "sys.__plen", "import _virtualenv", "coverage.process_startup")
_OPAQUE = ("exec(", "eval(", "compile(", "runpy")
_CUSTOMIZE = ("sitecustomize", "usercustomize")


def directories(line: str) -> list[str]:
    """Return the directories that ``line`` hands to site.addsitedir as they are written, in order."""
    arguments = [rest.removeprefix(_DECODED) for rest in line.split(_CALL)[1:]]
    paths = map(_literal, arguments)
    return [path for path in paths if path is not None]


def may_add(line: str, directory: str, names: Sequence[str]) -> bool:
    """Whether the line of code of a .pth file in ``directory``, which has ``names``, may add what it does not name."""
    for harmless in _HARMLESS:
        if harmless in line:
            return False
    if _adds(line.replace(_CALL, "(")) or line.count(_CALL) > len(directories(line)):
        return True
    for opaque in _OPAQUE:
        if opaque in line:
            return True
    return any(_adds(_module(name, directory, names)) for name in _imported(line))


def customized(directory: str, names: Sequence[str], *, with_user: bool) -> list[Problem]:
    """Return a problem for sitecustomize in ``directory`` if it adds to the search path.

    ``with_user`` is whether usercustomize is imported too.
    """
    modules = _CUSTOMIZE if with_user else _CUSTOMIZE[:1]
    adding = [name for name in modules if _adds(_module(name, directory, names))]
    return [problem(f"{directory}/{name}") for name in adding]


def problem(path: str) -> Problem:
    """Return what is to be said of code at ``path`` that may add to the search path."""
    return Problem("path-code", f"code in '{path}' may add to the search path", "what it adds is not listed", path)


def of_conda(environment: Environment, interpreter: Interpreter) -> list[Problem]:
    """Return what may be on the search path of conda's Python besides, by code of its own."""
    problems = _unread(environment, interpreter)
    library = f"{environment.path}/lib/{interpreter.folder}"
    file = "sitecustomize.py"
    if os.access(f"{library}/{file}", os.F_OK):
        problems += customized(library, (file,), with_user=False)
    return problems


def entries(
    environment: Environment,
    file: str,
    line: str,
    known: set[str],
    problems: list[Problem],
) -> list[Place]:
    """Return the directories that a line of code in the .pth file writes out, with what their own .pth files add."""
    from cleanenv.environments import base_python, search_path

    places: list[Place] = []
    for directory in directories(line):
        path = os.path.abspath(directory)
        if path in known or "\0" in path:
            continue
        added = base_python.outside(path)
        if added is None:
            continue
        added.inside = search_path.is_inside(environment, path)
        added.pth = file
        below, in_front = search_path.site_directory(environment, added, known, problems)
        places += in_front + below
    return places


def _unread(environment: Environment, interpreter: Interpreter) -> list[Problem]:
    """Return a problem for each directory of packages below lib that is another Python's by its name.

    In conda's environments code may add it: conda-forge's free-threaded Python
    reads the one of the same version without "t" (conda #14053).
    """
    problems = []
    lib = f"{environment.path}/lib"
    for name in sorted(os.listdir(lib)):
        if name == interpreter.folder or not name.startswith("python") or os.path.islink(f"{lib}/{name}"):
            continue
        directory = f"{lib}/{name}/site-packages"
        try:
            packages = [entry for entry in os.listdir(directory) if entry.endswith((".dist-info", ".egg-info"))]
        except OSError:
            continue
        if packages:
            fact = f"'{directory}' has packages, but it is not that of {interpreter.folder}"
            problems.append(Problem("path-code", fact, "they are not listed", directory))
    return problems


def _literal(rest: str) -> str | None:
    """Return the string or bytes literal that ``rest`` begins with and that is the whole argument, None for another."""
    import ast

    start = rest[2:] if rest[:1] in "br" else rest[1:]
    quote = rest[1:2] if rest[:1] in "br" else rest[:1]
    if quote not in ("'", '"'):
        return None
    end = start.find(quote)
    while end > 0 and start[end - 1] == "\\":
        end = start.find(quote, end + 1)
    if end < 0 or not start[end + 1 :].lstrip().startswith(")"):
        return None
    try:
        value: object = ast.literal_eval(rest[: len(rest) - len(start) + end + 1])
    except (SyntaxError, ValueError):
        return None
    if isinstance(value, bytes):
        value = os.fsdecode(value)
    return value if isinstance(value, str) and os.path.isabs(value) else None


def _adds(text: str) -> bool:
    """Whether the code ``text`` works on the search path."""
    if "addsitedir" in text:
        return True
    return any(rest[:1] and rest[0] in _AFTER_PATH for rest in text.split(_PATH)[1:])


def _imported(line: str) -> list[str]:
    """Return the names of the modules that ``line`` imports, without what is below them."""
    names = []
    for statement in line.replace("__import__(", ";import ").split(";"):
        words = statement.strip().replace(",", " ").split()
        if not words or words[0] not in ("import", "from"):
            continue
        for word in words[1:]:
            if word == "import":
                break
            names.append(word.partition(".")[0].strip("'\")"))
    return names


def _module(name: str, directory: str, names: Sequence[str]) -> str:
    """Return the source of the module ``name`` in ``directory``, empty if it is not there."""
    file = f"{name}.py"
    if file not in names:
        if name not in names:
            return ""
        file = f"{name}/__init__.py"
    try:
        return metadata.read_whole(f"{directory}/{file}").decode("utf-8", "replace")
    except OSError:
        return ""
