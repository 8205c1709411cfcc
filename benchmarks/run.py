"""All benchmarks in one run: ``./dev bench [NAME…] [--runs N]``; the exit status is 1 where a goal is missed."""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
from pathlib import Path

NAMES = ("instructions", "start", "freeze", "trace", "doctor", "check", "verify")


def main() -> int:
    """Run the benchmarks named, by default all; each has a folder of its own."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which, by default all: {', '.join(NAMES)}")
    parser.add_argument("--runs", type=int, default=20, help="runs of each command (default: %(default)s)")
    options = parser.parse_args()
    unknown = sorted(set(options.names) - set(NAMES))
    if unknown:
        parser.error(f"no benchmark '{unknown[0]}': there are {', '.join(NAMES)}")
    missed = 0
    for name in options.names or NAMES:
        with tempfile.TemporaryDirectory(prefix=f"cleanenv-bench-{name}-") as folder:
            missed += importlib.import_module(name).main(Path(folder), options.runs)
        print()
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
