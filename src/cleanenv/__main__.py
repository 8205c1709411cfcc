"""``python -m cleanenv``, and the file that the installed command runs, without site (-S): compiled at each start."""

import sys

if sys.flags.no_site:
    sys.path.insert(0, __file__.rpartition("/")[0].rpartition("/")[0])
    import cleanenv  # noqa: F401  the package alone: its modules are found in it

    sys.path.append(sys.path.pop(0))  # found at once; what lies beside it must not hide the standard library

if __name__ == "__main__":
    try:
        from cleanenv.main import start

        start()
    except KeyboardInterrupt:  # before main could take care of it
        sys.exit(130)
