"""ROS as people know it: distribution, prefix, underlay and overlays, and its Python against ENV's."""

from __future__ import annotations

import os
from shlex import quote
from typing import TYPE_CHECKING

from cleanenv.doctor import codes
from cleanenv.doctor.checks import ros_prefix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cleanenv.doctor.checks.ros_prefix import Prefix
    from cleanenv.doctor.finding import Finding, Subject

DISTRIBUTION = "ROS_DISTRO"
OWN = ("AMENT_PREFIX_PATH", "COLCON_PREFIX_PATH", "ROS_PACKAGE_PATH", DISTRIBUTION)
FEW = 4  # prefixes that fit a line
SETUP = ("setup.bash", "local_setup.bash", "setup.sh")


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield what of ROS is set up; a variable that only says how nodes communicate does not count."""
    named = ros_prefix.named(subject.environ)
    prefixes = []
    for path, variable in named:
        prefix = ros_prefix.read(path, variable)
        if prefix is not None:
            prefixes.append(prefix)
    variable = _main_variable(subject, prefixes)
    if not variable:
        return
    yield _set_up(subject, variable, prefixes)
    yield from _two(subject, prefixes)
    yield from _python(subject, prefixes)
    for path, variable in named:
        if variable in OWN and not os.path.isdir(path):
            fact = f"'{path}' on {variable} does not exist: the ROS workspace was moved or deleted"
            remedy = f"remove the line that sources '{path}/setup.bash' from your shell's startup file"
            yield _finding(subject, "ros-prefix-missing", variable, fact, remedy, entries=[path])


def title(distribution: str, ros: str) -> str:
    """Return a distribution as people call it, ``ROS 2 humble``."""
    return " ".join(filter(None, ("ROS", ros, distribution)))


def _finding(
    subject: Subject,
    code: str,
    variable: str,
    fact: str,
    remedy: str,
    *,
    evidence: Iterable[str] = (),
    line: str = "",
    entries: Iterable[str] = (),
) -> Finding:
    value = subject.environ.get(variable, "")
    return codes.finding(
        code, fact, remedy, variable=variable, value=value, evidence=evidence, line=line, entries=entries
    )


def _main_variable(subject: Subject, prefixes: Sequence[Prefix]) -> str:
    """Return the variable that shows best that ROS is set up, empty if none does."""
    for name in OWN:
        if subject.environ.get(name):
            return name
    return prefixes[0].variable if prefixes else ""


def _set_up(subject: Subject, variable: str, prefixes: Sequence[Prefix]) -> Finding:
    """Return the finding that names distribution, underlays and overlays."""
    underlays = [prefix for prefix in prefixes if prefix.distribution]
    overlays = [prefix for prefix in prefixes if not prefix.distribution]
    distribution = subject.environ.get(DISTRIBUTION, "")
    if not distribution and underlays:
        distribution = underlays[0].distribution
    name = title(distribution, _ros_version(subject, distribution, prefixes))

    evidence = [f"overlay {prefix.path}{_built_for(prefix)}" for prefix in overlays]
    evidence += [f"underlay {prefix.path}{_built_for(prefix)}" for prefix in underlays]
    python = ros_prefix.python(distribution)
    if python:
        evidence.append(f"{distribution} is released for Python {python}")
    return _finding(
        subject,
        "ros",
        variable,
        f"{name} is set up{_from(underlays, overlays)}",
        "remove the line that sources ROS from your shell's startup file, and source it where you need it",
        evidence=evidence,
        line=_clean_shell(subject, prefixes),
    )


def _from(underlays: Sequence[Prefix], overlays: Sequence[Prefix]) -> str:
    """Return the end of a sentence that says from where ROS is set up."""
    if underlays and len(overlays) > FEW:
        return f" from {_paths(underlays)}, with {_paths(overlays[:1])} and {len(overlays) - 1} more over it"
    if underlays and overlays:
        return f" from {_paths(underlays)}, with {_paths(overlays)} over it"
    if underlays or overlays:
        return f" from {_paths(underlays or overlays)}"
    return ""


def _clean_shell(subject: Subject, prefixes: Sequence[Prefix]) -> str:
    """Return the command that sources ROS in a clean shell alone, empty if there is no setup file."""
    setup = _setup_file(prefixes)
    if not setup:
        return ""
    env = subject.environment.path if subject.environment is not None else "ENV"
    return f"cleanenv shell {quote(env)} --source {quote(setup)}"


def _ros_version(subject: Subject, distribution: str, prefixes: Sequence[Prefix]) -> str:
    """Return '1' or '2', empty if nothing shows it."""
    version = ros_prefix.version(distribution) or subject.environ.get("ROS_VERSION", "")
    if version:
        return version
    for prefix in prefixes:
        if prefix.ros:
            return prefix.ros
    return ""


def _two(subject: Subject, prefixes: Sequence[Prefix]) -> Iterator[Finding]:
    """Yield a finding if prefixes and ROS_DISTRO name more than one distribution."""
    places: dict[str, str] = {}
    variable = ""
    for prefix in prefixes:
        if prefix.distribution:
            places.setdefault(prefix.distribution, f"{prefix.path} on {prefix.variable}")
            variable = variable or prefix.variable
    named = subject.environ.get(DISTRIBUTION, "")
    if named and places:
        places.setdefault(named, f"{DISTRIBUTION}={named}")
        variable = DISTRIBUTION
    if len(places) < 2:  # noqa: PLR2004
        return
    names = " and ".join(title(name, ros_prefix.version(name)) for name in places)
    evidence = [f"{name}: {place}" for name, place in places.items()]
    remedy = "source only one distribution: keep one line 'source …/setup.bash' in your shell's startup file"
    fact = f"{names} are set up at once"
    yield _finding(subject, "ros-two-distributions", variable, fact, remedy, evidence=evidence)


def _python(subject: Subject, prefixes: Sequence[Prefix]) -> Iterator[Finding]:
    """Yield the prefixes that were built for another Python than ENV's, with the evidence for it."""
    python = subject.python
    if python is None:
        return
    major, minor = python.version
    own = (f"{major}.{minor}", f"{major}")
    for prefix in prefixes:
        built_for = _pythons(prefix)
        if not built_for or any(version in own for version in built_for):
            continue
        fact = (
            f"{title(prefix.distribution, prefix.ros)} in '{prefix.path}' was built for Python "
            f"{' and '.join(built_for)}, the environment has {python.full}"
        )
        remedy = f"recreate the environment with Python {built_for[0]}, or use it without ROS"
        evidence = [f"packages for Python {version} in {prefix.path}" for version in prefix.pythons if "." in version]
        yield _finding(subject, "ros-python", prefix.variable, fact, remedy, evidence=evidence, entries=[prefix.path])


def _pythons(prefix: Prefix) -> Sequence[str]:
    """Return the Pythons that ``prefix`` was built for: by its directories, else by its name.

    ROS 1 installs into lib/python3/dist-packages, whichever Python 3 it is.
    """
    exact = [version for version in prefix.pythons if "." in version]
    if exact:
        return exact
    released_for = ros_prefix.python(prefix.distribution)
    return [released_for] if released_for else prefix.pythons


def _paths(prefixes: Sequence[Prefix]) -> str:
    few = ", ".join(f"'{prefix.path}'" for prefix in prefixes[:FEW])
    return few if len(prefixes) <= FEW else f"{few} and {len(prefixes) - FEW} more"


def _built_for(prefix: Prefix) -> str:
    return f", packages for Python {', '.join(prefix.pythons)}" if prefix.pythons else ""


def _setup_file(prefixes: Sequence[Prefix]) -> str:
    """Return the setup file of the prefix that counts first, empty if none has one."""
    for prefix in prefixes:
        for name in SETUP:
            path = f"{prefix.path}/{name}"
            if os.path.isfile(path):
                return path
    return ""
