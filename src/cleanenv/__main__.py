"""``python -m cleanenv``, which is what the installed command runs."""

from __future__ import annotations

import sys

from cleanenv.cli import main

if __name__ == "__main__":
    sys.exit(main())
