"""Building the clean environment from nothing."""

# On the way of `run`: no dataclasses, pathlib or re (each 6 to 12 ms).
from __future__ import annotations

import os

from cleanenv.clean import policy
from cleanenv.environments.discovery import PLACES, places_to_carry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cleanenv.clean.difference import Difference
    from cleanenv.environments.environment import Environment

WANTED = "CLEANENV_WANTED"  # with PLACES what a clean shell exports of ours: names allowed explicitly
PROGRAMS = ("EDITOR", "VISUAL", "PAGER")  # whose value is a command
BUS = "DBUS_SESSION_BUS_ADDRESS"  # whose value may name a program without a '/'
CHECKED = ("LANG", "LANGUAGE", "TERM", "COLORTERM")  # with LC_*: env_check in sudoers(5)
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
NO_USER_SITE = "PYTHONNOUSERSITE"
CLOSED = "keeps the environment's Python from your ~/.local (PEP 370); see --keep"
CARRIED = "where your environments are found by name, for cleanenv"


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
    ``dropped`` maps each name that is not passed on to its kind, ``refused``
    those among them that are dropped for their value; ``wanted`` lists what
    was allowed explicitly; ``places`` is what discovery adds to the places
    that it knows, as a list with ':'.
    """

    __slots__ = ("_unlisted", "base_path", "environ", "places", "reasons", "refused", "wanted")

    def __init__(
        self,
        environ: dict[str, str],
        base_path: str,
        reasons: dict[str, str],
        *,
        refused: dict[str, str],
        unlisted: Iterable[str],
        places: str,
    ) -> None:
        self.environ = environ
        self.base_path = base_path
        self.reasons = reasons
        self.refused = refused
        self.places = places
        self.wanted = sorted(name for name, why in reasons.items() if why in (BY_KEEP, BY_SET, BY_SOURCE))
        self._unlisted = tuple(unlisted)

    @property
    def dropped(self) -> dict[str, str]:
        """The kind of each name that is not passed on; those of most are only looked up for who asks."""
        kinds = {name: policy.hazard(name) or policy.UNLISTED for name in self._unlisted}
        return kinds | self.refused

    def changed(self, environ: dict[str, str], reasons: dict[str, str]) -> Plan:
        """Return the plan with another environment: no name in it is dropped."""
        refused = {name: kind for name, kind in self.refused.items() if name not in environ}
        unlisted = [name for name in self._unlisted if name not in environ]
        return Plan(environ, self.base_path, reasons, refused=refused, unlisted=unlisted, places=self.places)


def build_plan(
    caller: Mapping[str, str],
    overrides: Overrides,
    sourced: Difference | None = None,
    environment: Environment | None = None,
    last_on_path: str = "",
) -> Plan:
    """Build the clean environment, without ENV in it yet, from ``caller``, the environment of who calls.

    ``sourced`` is what a setup file changed in the plan built without it;
    ``environment`` is ENV, as far as it is known by then; ``last_on_path``
    a directory that goes after all others, where it can hide nothing.
    """
    environ: dict[str, str] = {}
    reasons: dict[str, str] = {}
    refused: dict[str, str] = {}
    unlisted: list[str] = []
    active = None if environment is None else environment.path
    for name, value in caller.items():
        reason, kind = _judge(name, value, overrides.keep, caller, active)
        if reason:
            environ[name] = value
            reasons[name] = reason
        elif kind:
            refused[name] = kind
        else:
            unlisted.append(name)
    environ |= overrides.assign
    reasons |= dict.fromkeys(overrides.assign, BY_SET)

    system_path = environ.get("PATH") or ":".join(filter(os.path.isdir, policy.SYSTEM_PATH))
    base_path = ":".join((*overrides.path, system_path))
    if last_on_path and last_on_path not in base_path.split(":"):  # it is there if PATH of a clean shell is kept
        base_path = f"{base_path}:{last_on_path}"
    environ["PATH"] = base_path
    reasons.setdefault("PATH", BUILT_ANEW)
    environ["SHLVL"] = _level(caller.get("SHLVL", ""))
    reasons["SHLVL"] = ALWAYS_SET

    if sourced is not None:
        environ = sourced.apply(environ)
        for name in sourced.removed:
            reasons.pop(name, None)
        reasons |= dict.fromkeys((*sourced.added, *sourced.changed), BY_SOURCE)
        base_path = environ.get("PATH", base_path)
    if environment is not None and environment.sees_user_site:
        decided = (*environ, *overrides.keep, *(() if sourced is None else sourced.removed))
        if not policy.matches(NO_USER_SITE, decided):
            environ[NO_USER_SITE] = "1"
            reasons[NO_USER_SITE] = CLOSED
    places = places_to_carry(caller, environ)
    if len(places) >= LONGEST:
        places = ""
    plan = Plan(environ, base_path, reasons, refused=refused, unlisted=unlisted, places=places)
    _find_programs(plan, caller, overrides, active)
    return plan.changed(environ, reasons)


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
    if plan.places:
        environ[PLACES] = plan.places
        reasons[PLACES] = CARRIED
    return plan.changed(environ, reasons)


def _judge(
    name: str, value: str, keep: Sequence[str], caller: Mapping[str, str], active: str | None
) -> tuple[str, str]:
    """Return why a variable is kept, else an empty reason and its kind, which is empty if the name alone says it."""
    if name.startswith("BASH_FUNC_") or value.startswith("()"):
        return "", policy.FUNCTION
    if not (name.isidentifier() and name.isascii()):
        return "", policy.BAD_NAME
    if name.startswith("CLEANENV"):
        return "", policy.OWN
    row = policy.kept(name)
    is_requested = bool(keep) and policy.matches(name, keep)
    if row is None:
        return (BY_KEEP if is_requested else ""), ""
    kind = _value_kind(name, value, caller, active)
    if not kind:
        return row[1], ""
    is_let_in = is_requested and kind != policy.BAD_VALUE
    return (BY_KEEP, "") if is_let_in else ("", kind)


def _value_kind(name: str, value: str, caller: Mapping[str, str], active: str | None) -> str:
    """Return the kind for which the value of a kept name is not passed on, empty if it is."""
    if _is_refused(name, value):
        return policy.BAD_VALUE
    if name in ("HOME", "SHELL") or ("/" not in value and name != BUS):
        return ""
    from cleanenv.clean import paths

    return paths.problem(name, value, caller, active)


def _find_programs(plan: Plan, caller: Mapping[str, str], overrides: Overrides, active: str | None) -> None:
    """Write EDITOR and the like in ``plan`` so that they are found; drop those that are not found at all."""
    names = [name for name in PROGRAMS if name in plan.environ and name not in plan.wanted]
    if not names:
        return
    from cleanenv.clean import programs

    clean_path = f"{active}/bin:{plan.base_path}" if active else plan.base_path
    for name in names:
        value = plan.environ[name]
        command = programs.found(value, clean_path, caller, active)
        if command is None and policy.matches(name, overrides.keep):
            plan.reasons[name] = BY_KEEP
        elif command is None:
            del plan.environ[name], plan.reasons[name]
            plan.refused[name] = programs.NOT_FOUND
        elif command != value:
            plan.environ[name] = command
            plan.reasons[name] += f", {programs.BY_FULL_PATH}"


def _level(value: str) -> str:
    """Return SHLVL, at least 1: if it is less, bash reads ~/.bashrc for ``-c`` under ssh or on a socket."""
    is_number = value.isdecimal() and value.isascii()
    return value if is_number and int(value) > 0 else "1"


def _is_refused(name: str, value: str) -> bool:
    """Tell whether sudo refuses the value: env_check in sudoers(5), as far as its reasons hold here."""
    if name == "TZ":
        return _is_bad_time_zone(value)
    # A '/' leads to messages or a description elsewhere, whose '%' programs take for formats of printf.
    is_checked = name in CHECKED or (name.startswith("LC_") and not name.startswith("LC_TERMINAL"))
    return is_checked and ("/" in value or "%" in value)


def _is_bad_time_zone(value: str) -> bool:
    """Tell whether no time zone is called so; sudo refuses files elsewhere too, read with another's rights there."""
    path = value.removeprefix(":")
    if ".." in path.split("/") or len(path) >= PATH_MAX:
        return True
    return not path.isprintable() or " " in path
