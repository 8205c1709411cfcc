"""Cloning an environment: listing it, creating another one, installing the same, and proving that it is the same."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.clean.plan import activate, build_plan
from cleanenv.environments import creation_failure, inventory, python_choice
from cleanenv.environments.environment import read_environment
from cleanenv.errors import EnvironmentUnusableError, UsageError
from cleanenv.integrity import clone_directory, clone_proof, clone_source, installer
from cleanenv.session import config
from cleanenv.system import child_process

if TYPE_CHECKING:
    from cleanenv.clean.plan import Overrides
    from cleanenv.environments.environment import Environment
    from cleanenv.environments.python_choice import Choice
    from cleanenv.integrity.clone_proof import Proof
    from cleanenv.integrity.clone_source import Source
    from cleanenv.system.invocation import Invocation


class Request(NamedTuple):
    """What was asked for: ``path`` of the clone, ``python`` and ``file`` if they were named."""

    path: str
    python: str | None = None
    file: str | None = None
    is_offline: bool = False
    is_exact: bool = False


class Clone(NamedTuple):
    """What came of it: ``tool`` installed it in ``seconds``."""

    proof: Proof
    source: Source
    tool: str
    seconds: float


def clone(environment: Environment, request: Request, caller: Invocation) -> Clone:
    """Create a clone of ``environment`` and prove it; nothing but the clone is written.

    Raises UsageError, EnvironmentUnusableError, and CleanenvError if something
    cannot be installed; then there is no clone.
    """
    path = os.path.abspath(os.path.join(caller.directory, request.path))
    if f"{path}/".startswith(f"{environment.path}/"):
        raise UsageError(f"'{path}' is inside the environment to clone", "choose another path")
    file = _requirements_file(request.file, caller)
    source = clone_source.read(environment, exact=request.is_exact)
    before = clone_proof.state_of(environment)
    overrides = config.load(caller.environ, caller.directory).overrides
    started = time.monotonic()
    clean = build_plan(caller.environ, overrides).environ
    choice = python_choice.choose(request.python or _base(environment), clean, caller.environ, caller.directory)
    search = f"{clean['PATH']}:{caller.environ.get('PATH', '')}"
    uv = installer.find_uv(choice.python.version, search, caller.directory, offline=request.is_offline)
    with clone_directory.create(path):
        installer.show(f"creating '{path}'")
        # venv's pip is what takes longest.
        new = _create(choice, path, caller, with_pip=not uv or "pip" in source.keys)
        environ = _environ(new, choice, overrides, caller)
        tool = installer.Installer(uv, new.python, environ, caller.directory, request.is_offline)
        installer.show(f"installing {len(source.lines)} distributions with {tool.name}")
        tool.install([] if file else source.lines, file)
        added = set(inventory.read(new).distributions) - source.keys
        superfluous = added & {"pip", "setuptools", "wheel"}  # what venv has put there
        if superfluous:
            tool.uninstall(sorted(superfluous))
        if environment.system_site_packages:  # not before: pip would take the system's for installed
            _let_system_in(new)
        installer.show("comparing")
        proof = clone_proof.prove(before, new)
        installer.show("")
    return Clone(proof, source, tool.name, time.monotonic() - started)


def _requirements_file(file: str | None, caller: Invocation) -> str | None:
    if file is None:
        return None
    path = os.path.join(caller.directory, file)
    if not os.path.isfile(path):
        raise UsageError(f"no file '{file}'", "name a requirements file or a pylock.toml")
    return path


def _base(environment: Environment) -> str:
    """Return the path of the Python that ``environment`` was created with."""
    home = environment.config.get("home")
    minor = ".".join(environment.version.split(".")[:2])
    names = [f"python{minor}", f"pypy{minor}", "python3", "pypy3", "python"]
    for name in names if home else ():
        if os.access(f"{home}/{name}", os.X_OK):
            return f"{home}/{name}"
    return os.path.realpath(environment.python)


def _create(choice: Choice, path: str, caller: Invocation, *, with_pip: bool) -> Environment:
    """Create an environment in the directory ``path``; raise EnvironmentUnusableError if venv fails."""
    options = [] if with_pip else ["--without-pip"]
    words = [choice.python.program, "-I", "-m", "venv", *options, "--", path]
    outcome = child_process.run(words, choice.environ, caller.directory)
    if outcome.status:
        raise creation_failure.explain(choice.python, path, outcome, choice.environ).refusal
    new = read_environment(path)
    if new is None:
        raise EnvironmentUnusableError(f"'{choice.python.program} -m venv' created no environment", "use --python")
    return new


def _environ(new: Environment, choice: Choice, overrides: Overrides, caller: Invocation) -> dict[str, str]:
    """Return the clean environment with ``new`` active, and what its Python needs to start (LD_LIBRARY_PATH)."""
    plan = activate(build_plan(caller.environ, overrides, environment=new), new)
    loader = {name: choice.environ[name] for name in python_choice.LOADER_VARIABLES if name in choice.environ}
    return {**plan.environ, **loader}


def _let_system_in(new: Environment) -> None:
    path = f"{new.path}/pyvenv.cfg"
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        lines = file.readlines()
    key = "include-system-site-packages"
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.writelines(f"{key} = true\n" if line.partition("=")[0].strip() == key else line for line in lines)
