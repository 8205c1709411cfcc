"""What ``cleanenv check`` does."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.check import findings, first_party, leaks, project
from cleanenv.check.condition import Target
from cleanenv.check.declared.declarations import Declarations
from cleanenv.check.first_party import FirstParty
from cleanenv.check.needed import Needed
from cleanenv.check.packages import Packages
from cleanenv.check.progress import Progress
from cleanenv.check.remedy import Remedies
from cleanenv.check.resolution import Resolver
from cleanenv.check.result import Result
from cleanenv.check.verdict import Judge
from cleanenv.doctor.diagnosis import Diagnosis, wanted
from cleanenv.doctor.finding import Subject
from cleanenv.errors import EnvironmentUnusableError, UsageError
from cleanenv.session import session
from cleanenv.system import console

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleanenv.check.verdict import Verdict
    from cleanenv.environments.environment import Environment
    from cleanenv.system.invocation import Invocation


REPOSITORY = ".git"


class Options(NamedTuple):
    """What the command line says; ``paths`` empty for the current directory, ``files`` for every manifest found."""

    env: str | None = None
    paths: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    is_traced: bool = False
    from_startup: bool = False
    shows_all: bool = False
    is_strict: bool = False
    as_json: bool = False
    quiet: bool = False


def run(options: Options, caller: Invocation) -> int:
    """Print which imports depend on a leak; return 1 if there is an error or a warning, else 0.

    Raises EnvironmentUnusableError, and UsageError for a path or a requirements file that cannot be read.
    """
    environment = _environment(options, caller)
    environ: Mapping[str, str] = caller.environ
    if options.from_startup:
        from cleanenv.check import startup

        environ = startup.environ(caller)
    top, paths = _paths(options.paths, caller.directory)
    subject = Subject(environ, environment, top, environ.get("HOME", ""), wanted(environ), ancestors=caller.ancestry)
    result, warnings = check(options, subject, top, paths, caller.directory)
    if options.is_traced:
        from cleanenv.doctor import trace_link

        traced, more = trace_link.trace(_diagnosis(result), subject)
        if traced.trace is not None:
            from cleanenv.system import masking

            result = result._replace(trace=masking.masked(traced.trace, masking.secrets(caller.environ)))
        warnings += more
    console.warn(warnings)
    if not options.quiet:
        console.write(_report(result, caller, as_json=options.as_json))
    return int(not result.is_sound)


def check(
    options: Options, subject: Subject, top: str, paths: Sequence[str], directory: str
) -> tuple[Result, list[str]]:
    """Return what is found in ``paths`` of the project at ``top``, and warnings; only files are read.

    ``directory`` is the current one, from which a command in a remedy starts.
    """
    environment, python = subject.environment, subject.python
    tree = project.read(top, paths, options.excluded)
    path = leaks.read(subject, first_party.finder(tree))
    assert environment is not None  # noqa: S101  leaks.read refuses that
    assert python is not None  # noqa: S101
    declarations = Declarations(tree, subject.environ, options.files, directory)
    packages = Packages()
    needed = Needed([root.entry for root in path.roots if root.leak is None], python)
    judge = Judge(
        tree,
        resolver=Resolver(path),
        declarations=declarations,
        first_party=FirstParty(tree, declarations.ros_packages()),
        packages=packages,
        needed=needed,
        target=Target(_version(python.full), python.is_pypy),
        shows_all=options.shows_all,
        is_strict=options.is_strict,
    )
    verdicts: list[Verdict] = []
    progress = Progress(len(tree.sources))
    for source in tree.sources:
        verdicts += judge.judge(source)
        progress.step()
    progress.end()
    env = options.env or environment.path.removeprefix(f"{directory}/")
    remedies = Remedies(tree, environment, env, directory)
    writer = findings.Writer(packages, remedies, needed, is_strict=options.is_strict)
    found = writer.findings(verdicts)
    manifests = declarations.manifests
    result = Result(
        tree.name,
        top,
        environment,
        python.full,
        len(tree.sources),
        found,
        tuple(manifest.shown for manifest in manifests),
        tuple(manifest.shown for manifest in manifests if manifest.is_computed),
        tuple(sorted(subject.wanted)),
    )
    return result, list(declarations.warnings)


def _environment(options: Options, caller: Invocation) -> Environment:
    try:
        return session.find(options.env, caller)
    except EnvironmentUnusableError as error:
        named = options.env
        if named is None or not os.path.exists(os.path.join(caller.directory, named)):
            raise
        remedy = f"name ENV first: cleanenv check ENV {named}"
        raise EnvironmentUnusableError(f"'{named}' is not an environment", remedy) from error


def _paths(given: Sequence[str], directory: str) -> tuple[str, list[str]]:
    """Return the top of the project and the absolute paths to check.

    Without a path it is the current directory.
    """
    paths = [os.path.normpath(os.path.join(directory, path)) for path in given or (".",)]
    for written, path in zip(given or (".",), paths, strict=True):
        if not os.path.exists(path):
            raise UsageError(f"'{written}' does not exist", "name a file or directory of your project")
    if not given:
        return directory, paths
    common = os.path.commonpath(paths)
    if not os.path.isdir(common):
        common = os.path.dirname(common)
    return _top(common, directory), paths


def _top(common: str, directory: str) -> str:
    """Return the project to which ``common`` belongs: a directory with a manifest or a repository in it.

    That is the current one if it is such and above it, else the nearest, else ``common`` itself.
    """
    if f"{common}/".startswith(f"{directory.rstrip('/')}/") and _is_project(directory):
        return directory
    above = common
    while not _is_project(above):
        if above == os.path.dirname(above):
            return common
        above = os.path.dirname(above)
    return above


def _is_project(directory: str) -> bool:
    try:
        names = os.listdir(directory)
    except OSError:
        return False
    if REPOSITORY in names:
        return True
    return any(name in project.MANIFESTS or project.is_requirements_file(name) for name in names)


def _version(full: str) -> tuple[int, ...]:
    """Return a version's numbers as sys.version_info has them; the third is 0 if it is not known."""
    numbers = [int(part) for part in full.split(".") if part.isdecimal()]
    while len(numbers) < 3:  # noqa: PLR2004  major, minor, micro
        numbers.append(0)
    return tuple(numbers)


def _diagnosis(result: Result) -> Diagnosis:
    plain = tuple(found.finding for found in result.findings)
    return Diagnosis(result.environment, result.python, plain, result.wanted, trace=result.trace)


def _report(result: Result, caller: Invocation, *, as_json: bool) -> bytes:
    if as_json:
        from cleanenv.check import json_document

        return json_document.render(result, _diagnosis(result)).encode()
    from cleanenv.check import wording
    from cleanenv.doctor.report import terminal

    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    lines = wording.lines(result, caller.environ.get("HOME", ""))
    return terminal.render_lines(lines, caller.environ, is_terminal=is_terminal)
