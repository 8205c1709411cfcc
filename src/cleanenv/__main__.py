"""``python -m cleanenv``, and the file that the installed command runs, without site (-S)."""

import _signal  # what `signal` wraps in enums, whose import costs 4 ms
import os
import sys

if sys.flags.no_site:
    sys.path.insert(0, __file__.rpartition("/")[0].rpartition("/")[0])
    import cleanenv  # noqa: F401  the package alone: its modules are found in it

    sys.path.append(sys.path.pop(0))  # found at once; what lies beside it must not hide the standard library

from cleanenv.door import main

if __name__ == "__main__":
    _signal.signal(_signal.SIGPIPE, _signal.SIG_DFL)  # end as other programs do when the reader goes away
    status = main()
    if status:
        sys.exit(status)
    os._exit(0)  # all is written and flushed; the interpreter would take a millisecond to clear up
