"""Building the clean environment from nothing."""

# On the way of `run`: no dataclasses, pathlib or re (each 6 to 12 ms).
from __future__ import annotations

import os

from cleanenv.clean import policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cleanenv.clean.difference import Difference
    from cleanenv.environments.environment import Environment

WANTED = "CLEANENV_WANTED"  # the one variable of ours that a clean shell exports: names allowed explicitly
PATH_MAX = 4096
LONGEST = 131_072 - len("CLEANENV_WANTED=") - 1  # bytes: Linux' MAX_ARG_STRLEN; names are ASCII
SHELLS_OWN = ("PWD", "OLDPWD", "SHLVL", "_")  # what every shell sets by itself
BY_ACTIVATION = "the environment is active"
BY_KEEP = "requested with keep"
BY_SET = "set as requested"
BY_SOURCE = "set by a sourced file"
BUILT_ANEW = "rebuilt: the environment's, what you added, the system's"
ALWAYS_SET = "how deep shells are nested; below 1, bash assumes that sshd started it and reads ~/.bashrc"
NAMED = "the names that you allowed explicitly, for doctor"


class Overrides:
    """What the user allows explicitly, by options and configuration.

    ``keep`` holds names and globs, ``assign`` new values, ``path`` directories
    that go in front of the system's, ``source`` setup files to be run first.
    """

    __slots__ = ("assign", "keep", "path", "source")

    def __init__(
        self,
        keep: Iterable[str] = (),
        assign: Mapping[str, str] | None = None,
        path: Iterable[str] = (),
        source: Iterable[str] = (),
    ) -> None:
        self.keep = tuple(keep)
        self.assign = dict(assign or {})
        self.path = tuple(path)
        self.source = tuple(source)


class Plan:
    """A clean environment with the account of how it came about.

    ``environ`` is what the child gets; ``base_path`` its PATH without the
    environment's bin; ``reasons`` maps each name in it to why it is there;
    ``dropped`` maps each name that is not passed on to its kind;
    ``wanted`` lists what was allowed explicitly.
    """

    __slots__ = ("base_path", "dropped", "environ", "reasons", "wanted")

    def __init__(
        self, environ: dict[str, str], base_path: str, reasons: dict[str, str], dropped: dict[str, str]
    ) -> None:
        self.environ = environ
        self.base_path = base_path
        self.reasons = reasons
        self.dropped = dropped
        self.wanted = sorted(name for name, why in reasons.items() if why in (BY_KEEP, BY_SET, BY_SOURCE))


def build_plan(caller: Mapping[str, str], overrides: Overrides, sourced: Difference | None = None) -> Plan:
    """Build the clean environment without ENV from ``caller``, the environment of who calls.

    ``sourced`` is what a setup file changed in the plan built without it.
    """
    environ: dict[str, str] = {}
    reasons: dict[str, str] = {}
    dropped: dict[str, str] = {}
    for name, value in caller.items():
        reason, kind = _judge(name, value, overrides.keep)
        if kind:
            dropped[name] = kind
        else:
            environ[name] = value
            reasons[name] = reason
    environ |= overrides.assign
    reasons |= dict.fromkeys(overrides.assign, BY_SET)

    system_path = environ.get("PATH") or ":".join(filter(os.path.isdir, policy.SYSTEM_PATH))
    base_path = ":".join((*overrides.path, system_path))
    environ["PATH"] = base_path
    reasons.setdefault("PATH", BUILT_ANEW)
    environ["SHLVL"] = _level(caller.get("SHLVL", ""))
    reasons["SHLVL"] = ALWAYS_SET

    if sourced is not None:
        environ = sourced.apply(environ)
        reasons = {name: reasons.get(name, BY_SOURCE) for name in environ}
        reasons |= dict.fromkeys((*sourced.added, *sourced.changed), BY_SOURCE)
        base_path = environ.get("PATH", base_path)
    for name in environ:
        dropped.pop(name, None)
    return Plan(environ, base_path, reasons, dropped)


def activate(plan: Plan, environment: Environment) -> Plan:
    """Return ``plan`` with ``environment`` active in it, its bin first on PATH."""
    activation = environment.activation()
    environ = plan.environ | activation
    environ["PATH"] = f"{environment.bin}:{plan.base_path}" if plan.base_path else environment.bin
    reasons = plan.reasons | dict.fromkeys(activation, BY_ACTIVATION)
    wanted = " ".join(plan.wanted)
    if 0 < len(wanted) < LONGEST:  # with more no program could be started
        environ[WANTED] = wanted
        reasons[WANTED] = NAMED
    dropped = {name: kind for name, kind in plan.dropped.items() if name not in activation and name != WANTED}
    return Plan(environ, plan.base_path, reasons, dropped)


def _judge(name: str, value: str, keep: Sequence[str]) -> tuple[str, str]:
    """Return why a variable is kept and an empty kind, or the kind for which it is dropped."""
    if name.startswith("BASH_FUNC_") or value.startswith("()"):
        return "", policy.FUNCTION
    if not (name.isidentifier() and name.isascii()):
        return "", policy.BAD_NAME
    if name.startswith("CLEANENV"):
        return "", policy.OWN
    row = policy.kept(name)
    if row is not None:
        return ("", policy.BAD_VALUE) if _is_refused(name, value) else (row[1], "")
    if keep and policy.matches(name, keep):
        return BY_KEEP, ""
    return "", policy.hazard(name) or policy.UNLISTED


def _level(value: str) -> str:
    """Return SHLVL, at least 1: if it is less, bash reads ~/.bashrc for ``-c`` under ssh or on a socket."""
    is_number = value.isdecimal() and value.isascii()
    return value if is_number and int(value) > 0 else "1"


def _is_refused(name: str, value: str) -> bool:
    """Tell whether sudo refuses the value: env_check in sudoers(5)."""
    if name == "TZ":
        return _is_bad_time_zone(value)
    checked = name in ("LANG", "LANGUAGE", "TERM", "COLORTERM") or name.startswith("LC_")
    return checked and ("/" in value or "%" in value)


def _is_bad_time_zone(value: str) -> bool:
    path = value.removeprefix(":")
    if path.startswith("/") and not path.startswith("/usr/share/zoneinfo/"):
        return True
    if ".." in path.split("/") or len(path) >= PATH_MAX:
        return True
    return not path.isprintable() or " " in path
