"""What the registry says of one shell."""

# On the way of `shell`: no dataclasses (12 ms).
from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


MULTI_CALL = "busybox"  # also busybox.static, busybox-extras: one program, whose first word says what it is


class Shell:
    """How one shell is started clean.

    Immutable by convention; the fields, in the order of their use:

    ``name``: what ``--shell`` takes.
    ``programs``: what its program is called on PATH, first choice first.
    ``applet``: the words after the program if it is one of many (``busybox ash``).
    ``init``: its init file below shells/, which a clean shell runs first.
    ``handshake``: the file that answers in its place before the first start, where init itself cannot.
    ``interactive``, ``interactive_environ``: arguments and variables that start it with init, on a terminal.
    ``script``, ``script_environ``: the same for a shell that reads standard input as a script.
    ``script_init``: whether it runs init there too; the others have no startup file for scripts.
    ``restores``: whether a startup file of the system's always runs before init, which then
    puts the environment right again from CLEANENV_NAMES and CLEANENV_KEEP_*.
    ``early``: those startup files, ``early_name`` the end of their names, which the program holds with the path
    that it was built for; ``early_advice``: the usual cause if they keep init from being read.
    ``longest``: the bytes that a value may have, None if the shell sets no limit.
    ``doubled``: characters that its prompt means something by even in the value of a variable, unless there are two.
    ``expands_path``: whether it expands ``$NAME`` in the entries of PATH: an environment called so would not be active.
    ``history``: the name of its own history file, None if it keeps none.
    ``valued``: its options that take the next word as their value (for reading process tables).
    ``renames``: whether it writes '-' over the first letter of its own argv[0] if it is interactive and no login
    shell, and blanks over '-l' if it is one.
    ``exports``: what it sets and exports by itself, apart from what every shell does.
    ``suffixes``: endings of the files that ``--source`` runs in it.
    ``is_posix_like``: whether its user gives it setup files that name no shell, such as ``env.sh``.
    ``tracer``: the module of cleanenv.trace that replays or reads its startup.
    ``reads_rc``: whether it can run a file of the user's own at the end of init.
    ``source``: the file below shells/ that ``--source`` runs, with ``source_arguments`` and ``source_environ``.

    In arguments and variables ``{init}``, ``{directory}`` (that of init), ``{shells}`` and ``{state}``
    (cleanenv's own state directory) and ``{socket}`` (on which a daemon of the shell's listens) stand for paths.
    """

    __slots__ = (
        "applet",
        "doubled",
        "early",
        "early_advice",
        "early_name",
        "expands_path",
        "exports",
        "handshake",
        "history",
        "init",
        "interactive",
        "interactive_environ",
        "is_posix_like",
        "longest",
        "name",
        "programs",
        "reads_rc",
        "renames",
        "restores",
        "script",
        "script_environ",
        "script_init",
        "source",
        "source_arguments",
        "source_environ",
        "suffixes",
        "tracer",
        "valued",
    )

    def __init__(
        self,
        name: str,
        *,
        init: str,
        tracer: str,
        interactive: Sequence[str],
        script: Sequence[str],
        interactive_environ: Mapping[str, str] | None = None,
        script_environ: Mapping[str, str] | None = None,
        programs: Sequence[str] = (),
        applet: Sequence[str] = (),
        script_init: bool = False,
        restores: bool = False,
        early: Sequence[str] = (),
        early_advice: str = "",
        early_name: str = "",
        longest: int | None = None,
        doubled: str = "",
        expands_path: bool = False,
        history: str | None = None,
        valued: Sequence[str] = (),
        renames: bool = False,
        exports: Sequence[str] = (),
        handshake: str | None = None,
        suffixes: Sequence[str] = (),
        is_posix_like: bool = False,
        reads_rc: bool = True,
        source: str | None = None,
        source_arguments: Sequence[str] = ("{source}",),
        source_environ: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.programs = tuple(programs) or (name,)
        self.applet = tuple(applet)
        self.init = init
        self.tracer = tracer
        self.interactive = tuple(interactive)
        self.interactive_environ = dict(interactive_environ or {})
        self.script = tuple(script)
        self.script_environ = dict(script_environ or {})
        self.script_init = script_init
        self.restores = restores
        self.early = tuple(early)
        self.early_advice = early_advice
        self.early_name = early_name
        self.longest = longest
        self.doubled = doubled
        self.expands_path = expands_path
        self.history = history
        self.valued = tuple(valued)
        self.renames = renames
        self.exports = tuple(exports)
        self.handshake = handshake or init
        self.suffixes = tuple(suffixes)
        self.is_posix_like = is_posix_like
        self.reads_rc = reads_rc
        self.source = source
        self.source_arguments = tuple(source_arguments)
        self.source_environ = dict(source_environ or {})

    def escaped(self, marker: str) -> str:
        """Return ``marker`` as it must be written in a variable that the prompt expands, to be shown as it is."""
        for character in self.doubled:
            marker = marker.replace(character, 2 * character)
        return marker

    def applet_of(self, program: str) -> tuple[str, ...]:
        """Return the words that make ``program`` this shell, none unless it is one of many, as busybox is."""
        return self.applet if os.path.basename(program).startswith(MULTI_CALL) else ()

    def __repr__(self) -> str:
        return f"Shell({self.name!r})"
