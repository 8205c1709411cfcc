"""ROS as people know it: distribution, prefix, underlay and overlays, and its Python against ENV's."""

from __future__ import annotations

import os
from shlex import quote
from typing import TYPE_CHECKING

from cleanenv.doctor.checks import ros_prefix
from cleanenv.doctor.codes import SEVERITY
from cleanenv.doctor.finding import Finding
from cleanenv.doctor.imports import sys_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.doctor.checks.ros_prefix import Prefix
    from cleanenv.doctor.finding import Subject

DISTRIBUTION = "ROS_DISTRO"
OWN = ("AMENT_PREFIX_PATH", "COLCON_PREFIX_PATH", "ROS_PACKAGE_PATH", DISTRIBUTION)
SETUP = ("setup.bash", "local_setup.bash", "setup.sh")


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield what of ROS is set up; a variable that only says how nodes talk to each other is none of it."""
    named = ros_prefix.named(subject.environ)
    prefixes = [prefix for path, variable in named if (prefix := ros_prefix.read(path, variable)) is not None]
    variable = next((name for name in OWN if subject.environ.get(name)), prefixes[0].variable if prefixes else "")
    if not variable:
        return
    yield _set_up(subject, variable, prefixes)
    yield from _two(subject, prefixes)
    yield from _python(subject, prefixes)
    for path, each in named:
        if each in OWN and not os.path.isdir(path):
            fact = f"'{path}' on {each} is not there: the ROS workspace was moved or deleted"
            remedy = f"take the line that sources '{path}/setup.bash' out of your shell's startup file"
            yield _finding("ros-prefix-missing", fact, each, subject.environ[each], remedy)


def _finding(
    code: str, fact: str, variable: str, value: str, remedy: str, *, evidence: Sequence[str] = (), line: str = ""
) -> Finding:
    return Finding(code, SEVERITY[code], fact, remedy, variable, value, tuple(evidence), line=line)


def title(distribution: str, ros: str) -> str:
    """Return a distribution as people call it, ``ROS 2 humble``."""
    return " ".join(filter(None, ("ROS", ros, distribution)))


def _set_up(subject: Subject, variable: str, prefixes: Sequence[Prefix]) -> Finding:
    environ = subject.environ
    underlays = [prefix for prefix in prefixes if prefix.distribution]
    overlays = [prefix for prefix in prefixes if not prefix.distribution]
    distribution = environ.get(DISTRIBUTION) or (underlays[0].distribution if underlays else "")
    ros = (
        ros_prefix.version(distribution)
        or environ.get("ROS_VERSION", "")
        or next((p.ros for p in prefixes if p.ros), "")
    )
    fact = f"{title(distribution, ros)} is set up"
    if underlays:
        fact += f" from {_paths(underlays)}"
    if overlays:
        fact += f", with {_paths(overlays)} over it" if underlays else f" from {_paths(overlays)}"
    python = ros_prefix.python(distribution)
    evidence = [f"overlay {prefix.path}{_made_for(prefix)}" for prefix in overlays]
    evidence += [f"underlay {prefix.path}{_made_for(prefix)}" for prefix in underlays]
    evidence += [f"{distribution} is released for Python {python}"] if python else []
    setup = _setup(prefixes)
    remedy = "source ROS where it is wanted, not in every shell: take the line out of your shell's startup file"
    name = subject.environment.path if subject.environment else "ENV"
    line = f"cleanenv shell {quote(name)} --source {quote(setup)}" if setup else ""
    return _finding("ros", fact, variable, environ.get(variable, ""), remedy, evidence=evidence, line=line)


def _two(subject: Subject, prefixes: Sequence[Prefix]) -> Iterator[Finding]:
    """Yield a finding where prefixes and ROS_DISTRO name more than one distribution."""
    told = subject.environ.get(DISTRIBUTION, "")
    places: dict[str, str] = {}
    for prefix in prefixes:
        if prefix.distribution:
            places.setdefault(prefix.distribution, f"{prefix.path} on {prefix.variable}")
    if told and places:
        places.setdefault(told, f"{DISTRIBUTION}={told}")
    if len(places) > 1:
        names = " and ".join(title(name, ros_prefix.version(name)) for name in places)
        evidence = [f"{name}: {place}" for name, place in places.items()]
        remedy = "source one distribution alone: keep one line 'source …/setup.bash' in your shell's startup file"
        variable = DISTRIBUTION if told else next(prefix.variable for prefix in prefixes if prefix.distribution)
        yield _finding(
            "ros-two-distributions",
            f"{names} are set up at once",
            variable,
            subject.environ[variable],
            remedy,
            evidence=evidence,
        )


def _python(subject: Subject, prefixes: Sequence[Prefix]) -> Iterator[Finding]:
    """Yield the prefixes that were made for another Python than ENV's, each with what shows it."""
    python = sys_path.python_of(subject)
    if python is None:
        return
    own = ".".join(map(str, python.version))
    for prefix in prefixes:
        full = [each for each in prefix.pythons if "." in each]
        made_for = full or [each for each in (ros_prefix.python(prefix.distribution),) if each] or list(prefix.pythons)
        if not made_for or any(each in (own, own.partition(".")[0]) for each in made_for):
            continue
        name = title(prefix.distribution, prefix.ros)
        fact = (
            f"{name} in '{prefix.path}' was made for Python {' and '.join(made_for)}, the environment has {python.full}"
        )
        remedy = f"make the environment with Python {made_for[0]}, or use it without ROS"
        evidence = [f"packages for Python {each} below {prefix.path}" for each in full]
        yield _finding("ros-python", fact, prefix.variable, subject.environ[prefix.variable], remedy, evidence=evidence)


def _paths(prefixes: Sequence[Prefix]) -> str:
    return ", ".join(f"'{prefix.path}'" for prefix in prefixes)


def _made_for(prefix: Prefix) -> str:
    return f", packages for Python {', '.join(prefix.pythons)}" if prefix.pythons else ""


def _setup(prefixes: Sequence[Prefix]) -> str:
    files = (f"{prefix.path}/{name}" for prefix in prefixes for name in SETUP)
    return next((path for path in files if os.path.isfile(path)), "")
