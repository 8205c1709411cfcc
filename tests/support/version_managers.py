"""Small version managers, built as pyenv, asdf and mise are: their shims start the Python that variables choose."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.support import interpreters
from tests.support.command import write_program
from tests.support.surroundings import skip_or_fail

# Chooses by the variable, else by a file here or above, else by the global one; then as pyenv-which does.
CHOOSE = """#!/bin/sh
root='{root}' program=$1
shift
version=${variable}
at=$PWD
while [ -z "$version" ] && [ -n "$at" ]; do
    [ -f "$at/{file}" ] && version=$(sed 's/^python //' "$at/{file}")
    at=${{at%/*}}
done
[ -z "$version" ] && [ -f "$root/global" ] && version=$(cat "$root/global")
if [ -z "$version" ]; then
    echo "{name}: no version is set for $program" >&2
    exit 126
fi
if [ -x "$root/{installs}/$version/bin/$program" ]; then
    exec "$root/{installs}/$version/bin/$program" "$@"
fi
echo "{name}: $program: command not found in $version" >&2
echo "Note: see '{name} help'" >&2
exit 127
"""


class Manager(NamedTuple):
    """A manager: the ``variable`` and the ``file`` that choose, where it keeps the Pythons, and what its shims are."""

    name: str
    variable: str
    file: str
    installs: str
    shim: str


MANAGERS = {
    "pyenv": Manager(
        "pyenv",
        "PYENV_VERSION",
        ".python-version",
        "versions",
        '#!/usr/bin/env bash\nset -e\nprogram="${{0##*/}}"\nexport PYENV_ROOT="{root}"\n'
        'exec "{root}/libexec/pyenv" "$program" "$@"\n',
    ),
    "asdf": Manager(
        "asdf",
        "ASDF_PYTHON_VERSION",
        ".tool-versions",
        "installs/python",
        '#!/usr/bin/env bash\n# asdf-plugin: python 3\nexec {root}/libexec/asdf "{program}" "$@"\n',
    ),
    # Its shims are links to itself, and it looks at its own name.
    "mise": Manager("mise", "MISE_PYTHON_VERSION", ".tool-versions", "installs/python", ""),
}


class Installed:
    """A manager in ``root`` with two Pythons, ``old`` and ``new`` their full versions; none is the global one."""

    def __init__(self, manager: Manager, root: Path) -> None:
        self.manager = manager
        self.root = root
        self.shims = root / "shims"
        self.shims.mkdir(parents=True)
        self.versions: list[str] = []
        for short in ("3.9", "3.10", "3.8", "3.12", "3.13"):
            python = interpreters.find(short)
            if python is not None and len(self.versions) < 2:
                self._install(python, short)
        if len(self.versions) < 2:
            skip_or_fail("no two Pythons here")
        self.old, self.new = self.versions

    def _install(self, python: str, short: str) -> None:
        answer = subprocess.run(
            [python, "-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"],
            env={},
            capture_output=True,
            check=True,
        )
        version = answer.stdout.decode().strip()
        self.versions.append(version)
        bin_ = self.root / self.manager.installs / version / "bin"
        bin_.mkdir(parents=True)
        chosen = CHOOSE.format(root=self.root, **self.manager._asdict())
        program = write_program(self.root / "libexec" / self.manager.name, chosen)
        for name in ("python", "python3", f"python{short}"):
            (bin_ / name).symlink_to(os.path.realpath(python))
            shim = self.shims / name
            if shim.is_symlink() or shim.exists():
                continue
            if self.manager.shim:
                write_program(shim, self.manager.shim.format(root=self.root, program=name))
            else:
                mise = self.root / "libexec" / "by-name"
                write_program(mise, f'#!/bin/sh\nexec {program} "${{0##*/}}" "$@"\n')
                shim.symlink_to(mise)

    def interpreter(self, version: str, name: str = "python") -> str:
        """Return the path of the Python of ``version``."""
        return f"{self.root}/{self.manager.installs}/{version}/bin/{name}"

    def environ(self, caller: dict[str, str], version: str = "") -> dict[str, str]:
        """Return the environment of a caller who has the shims on PATH, and has chosen ``version`` if there is one."""
        environ = caller | {"PATH": f"{self.shims}:{caller['PATH']}"}
        return environ | {self.manager.variable: version} if version else environ
