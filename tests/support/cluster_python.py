"""A Python as on a cluster: its interpreter finds its libpython by LD_LIBRARY_PATH alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.support.surroundings import skip_or_fail

LIBRARY = "libpythonhpc.so.1.00"
PATH = {"PATH": "/usr/bin:/bin"}
RUN = "int Py_BytesMain(int, char **); int run_python(int c, char **v) { return Py_BytesMain(c, v); }"
MAIN = "int run_python(int, char **); int main(int c, char **v) { return run_python(c, v); }"


def compiler() -> str:
    """Return a C compiler; skip if there is none."""
    program = shutil.which("cc") or shutil.which("gcc")
    if program is None or sys.platform != "linux":
        skip_or_fail("no C compiler")
        raise AssertionError
    return program


def compile_program(target: Path, text: str, *words: str | Path) -> Path:
    """Compile a C program or, with ``-shared`` among the words, a library."""
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [compiler(), "-x", "c", "-", "-o", str(target), "-x", "none", "-Wl,--no-as-needed", *map(str, words)]
    subprocess.run(command, input=text.encode(), env=PATH, check=True)
    return target


def make(top: Path) -> Path:
    """Return the interpreter of a Python in ``top``, that of the tests under another name of its library."""
    shared = Path(sysconfig.get_config_var("LIBDIR") or "", sysconfig.get_config_var("INSTSONAME") or "")
    if not shared.is_file() or ".so" not in shared.name:
        skip_or_fail("the Python of the tests has no shared library")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    options = ["-shared", "-fPIC", f"-Wl,-soname,{LIBRARY}", f"-Wl,-rpath,{shared.parent}"]
    library = compile_program(top / "lib" / LIBRARY, RUN, shared, *options)
    (top / "lib" / version).symlink_to(sysconfig.get_path("stdlib"))
    # Only the renamed library is needed, which leads to the real one.
    return compile_program(top / "bin" / "python3", MAIN, library, f"-Wl,-rpath-link,{shared.parent}")
