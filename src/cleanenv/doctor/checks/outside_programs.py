"""Python programs that the shell finds outside the active ENV, which has none: they see another Python's packages."""

from __future__ import annotations

import os
from shlex import quote
from typing import TYPE_CHECKING

from cleanenv.doctor import codes
from cleanenv.doctor.checks import path
from cleanenv.environments import discovery
from cleanenv.session import foreign_programs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.doctor.finding import Finding, Subject
    from cleanenv.environments.environment import Environment

# Programs that import, check or install the packages of the Python that runs them; and their distribution.
# A formatter, or a tool that makes environments of its own, does the same wherever it is installed.
PROGRAMS = {
    "pip": "pip",
    **dict.fromkeys(("pytest", "py.test"), "pytest"),
    **{name: name for name in ("ipython", "mypy", "pylint", "coverage", "nose2", "bpython", "ptpython", "behave")},
    **{name: name for name in ("ptw", "pyright", "pytype", "pyre", "pip-audit", "pipdeptree", "pip-licenses")},
    **{name: name for name in ("robot", "locust", "flask", "celery", "gunicorn", "uvicorn", "hypercorn", "daphne")},
    **{name: name for name in ("scrapy", "alembic", "streamlit", "dask", "bokeh", "mlflow", "kedro", "papermill")},
    **{name: name for name in ("doit", "invoke", "fab", "mkdocs", "pelican", "nikola", "pdoc", "voila")},
    **{name: name for name in ("twine", "cython", "py-spy", "kernprof", "memray", "scalene", "pyinstaller")},
    **dict.fromkeys(("jupyter", "jupyter-lab", "jupyter-notebook", "jupyter-console", "jupyter-nbconvert"), "jupyter"),
    **dict.fromkeys(("sphinx-build", "sphinx-autobuild", "sphinx-apidoc", "sphinx-quickstart"), "sphinx"),
    **dict.fromkeys(("pip-compile", "pip-sync"), "pip-tools"),
    **dict.fromkeys(("stubtest", "stubgen", "dmypy"), "mypy"),
    **dict.fromkeys(("cythonize",), "cython"),
    **dict.fromkeys(("nosetests",), "nose"),
    **dict.fromkeys(("django-admin",), "django"),
    **dict.fromkeys(("torchrun",), "torch"),
    **dict.fromkeys(("f2py",), "numpy"),
    **dict.fromkeys(("trial", "twistd"), "twisted"),
}
# What Debian, conda and pip add to a name for Python 3.
ENDINGS = ("", "3", "-3")
FEW = 4  # names that fit a line


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield one finding on the programs of PROGRAMS that ENV has not, if it is active."""
    environment = subject.environment
    if environment is None:
        return
    entries = filter(None, subject.environ.get(path.VARIABLE, "").split(":"))
    directories = [os.path.normpath(os.path.join(subject.directory, entry)) for entry in entries]
    if not path.is_active(subject, directories):
        return
    own_bins = [directory for directory in directories if path.is_same_file(directory, environment.bin)]
    others = [name for name in directories if name not in own_bins and not discovery.is_own(os.path.dirname(name))]
    outside = _outside(environment, others)
    if outside:
        yield _finding(environment, outside)


def _outside(environment: Environment, directories: Sequence[str]) -> dict[str, str]:
    """Return the programs that only another installation has: the path by the name that is found first."""
    found: dict[str, str] = {}
    for program in PROGRAMS:
        names = [program + ending for ending in ENDINGS]
        if any(os.path.lexists(f"{environment.bin}/{name}") for name in names):
            continue
        for name in names:
            directory = path.first_with(name, directories)
            if directory is not None and foreign_programs.is_of_python(f"{directory}/{name}"):
                found[name] = f"{directory}/{name}"
                break
    return found


def _finding(environment: Environment, outside: dict[str, str]) -> Finding:
    names = list(outside)
    few = ", ".join(names[:FEW])
    if len(names) > FEW:
        few = f"{few} and {len(names) - FEW} more"
    is_or_are = "is" if len(names) == 1 else "are"
    missing = [PROGRAMS[_stem(name)] for name in names]
    return codes.finding(
        "path-outside",
        f"{few} on PATH {is_or_are} of another Python installation, the environment has none",
        "install what you need of them in the environment",
        evidence=[f"{name} is {file}" for name, file in outside.items()],
        line=_install(environment, list(dict.fromkeys(missing))),
    )


def _stem(name: str) -> str:
    for ending in ENDINGS:
        stem = name.removesuffix(ending) if ending else name
        if stem in PROGRAMS:
            return stem
    return name


def _install(environment: Environment, distributions: Sequence[str]) -> str:
    """Return the command that installs ``distributions`` in ENV by what ENV has for that."""
    packages = " ".join(distributions)
    if environment.kind == "conda":
        return f"conda install --prefix {quote(environment.path)} {packages}"
    if environment.kind == "uv":
        return f"uv pip install --python {quote(environment.path)} {packages}"
    if "pip" in distributions:
        return f"{quote(environment.python)} -m ensurepip"
    return f"{quote(environment.python)} -m pip install {packages}"
