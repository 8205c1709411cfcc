"""``python -m cleanenv``, and the file that the launcher runs, without site (-S): compiled at each start, so short."""

import sys

if sys.flags.no_site:
    sys.path.insert(0, __file__[:-21])  # without /cleanenv/__main__.py
    import cleanenv  # noqa: F401  the package alone: its modules are found in it

    sys.path.append(sys.path.pop(0))  # what lies beside it must not hide the standard library

try:
    from cleanenv.main import start

    start()
except KeyboardInterrupt:
    sys.exit(130)
except Exception as error:  # noqa: BLE001  what comes up before main can take care of it
    from cleanenv.system.failure import end

    end(error)
