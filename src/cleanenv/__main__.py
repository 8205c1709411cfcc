"""``python -m cleanenv``, and the file that the installed command runs, without site (-S)."""

import sys

if sys.flags.no_site:
    sys.path.append(__file__.rpartition("/")[0].rpartition("/")[0])

from cleanenv.door import main

if __name__ == "__main__":
    sys.exit(main())
