"""What the catch-all around the program makes of an exception: one sentence and an exit status."""

# Imported after something failed, perhaps for lack of memory or descriptors: it imports little, and late.
from __future__ import annotations

import errno
import sys

from cleanenv.errors import CleanenvError, CommandNotExecutableError, UsageError
from cleanenv.system import console

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from cleanenv.system.invocation import Invocation

NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
NO_DESCRIPTORS = (errno.EMFILE, errno.ENFILE)
NO_PROCESSES = (errno.EAGAIN, errno.ENOMEM)
NO_TEMPORARY_DIRECTORY = "No usable temporary directory"  # tempfile's words; it raises FileNotFoundError


class BrokenError(CleanenvError):
    """Cleanenv itself is at fault, or not wholly installed (EX_SOFTWARE of sysexits.h)."""

    status = 70


class SystemLimitError(CleanenvError):
    """The machine lacks what is needed: disk space, a temporary directory, memory, descriptors (EX_OSERR)."""

    status = 71


def end(error: Exception) -> NoReturn:
    """End this process, since ``error`` came up where ``main`` could not take care of it."""
    sys.exit(report(error, sys.argv[1:], None))


def report(error: Exception, words: Sequence[str], caller: Invocation | None) -> int:
    """Print one sentence about ``error``, which ended the command line ``words``, and return the exit status.

    What the machine or the installation lacks is named as such; anything else
    goes to a log file as well.
    """
    try:
        refusal = explain(error)
        if refusal is None:
            from cleanenv.system import crash_log

            refusal = BrokenError(*crash_log.write(error, words, caller.environ if caller is not None else {}))
    except Exception:  # noqa: BLE001  what failed once may fail again
        refusal = BrokenError(f"cleanenv failed unexpectedly ({type(error).__name__}), and so did its log")
    console.complain(str(refusal))
    return refusal.status


def explain(error: BaseException) -> CleanenvError | None:
    """Return the refusal that ``error`` means, None if it was not to be expected."""
    if isinstance(error, MemoryError):
        return SystemLimitError("not enough memory", "free some, or raise the limit with 'ulimit -v'")
    if isinstance(error, ImportError):
        from cleanenv.system import dependencies

        missing = dependencies.explain(error)
        return BrokenError(*missing) if missing is not None else None
    if isinstance(error, UnicodeEncodeError) and error.encoding == sys.getfilesystemencoding():
        # The C library reads more than Python can write, in encodings such as EUC-JP; the launcher needs neither.
        fact = f"the encoding of your locale, {error.encoding}, cannot hold a name or value that was given"
        return UsageError(fact, "set LC_ALL=C.UTF-8")
    if isinstance(error, OSError):
        return _explain_system_error(error)
    return None


def _explain_system_error(error: OSError) -> CleanenvError | None:
    if NO_TEMPORARY_DIRECTORY in str(error):
        return SystemLimitError(
            "no temporary directory can be written, neither TMPDIR's nor /tmp",
            "set TMPDIR to a directory that exists and has space",
        )
    if error.errno in NO_SPACE:
        at = f" at '{error.filename}'" if error.filename else ""
        return SystemLimitError(f"no space left on the disk{at}", "free some, or set TMPDIR to a directory with space")
    if error.errno in NO_DESCRIPTORS:
        return SystemLimitError("too many open files", "raise the limit with 'ulimit -n'")
    if error.errno in NO_PROCESSES:
        return SystemLimitError(
            "no other process can be started", "end some, or raise the limits with 'ulimit -u' and 'ulimit -v'"
        )
    if error.errno == errno.E2BIG:
        program = f"'{error.filename}'" if error.filename else "a program"
        return CommandNotExecutableError(
            f"{program} cannot be started, since its arguments and environment are too long together",
            "keep fewer variables",
        )
    return None
