"""The values of marker variables in an environment, found without starting its Python (PEP 508)."""

from __future__ import annotations

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName, default_environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from packaging.markers import Marker

    from cleanenv.environments.interpreter import Interpreter


def markers(interpreter: Interpreter) -> dict[str, str]:
    """Return the marker variables of ``interpreter`` on this machine; ``extra`` is empty."""
    values: dict[str, str] = {key: str(value) for key, value in default_environment().items()}
    major, minor = interpreter.version
    full = interpreter.full
    if full.count(".") < 2:  # noqa: PLR2004 - the third number is not known
        full = f"{full}.0"
    values["python_version"] = f"{major}.{minor}"
    values["python_full_version"] = full
    values["extra"] = ""
    if interpreter.is_pypy:
        values["implementation_name"] = "pypy"
        values["platform_python_implementation"] = "PyPy"
    else:
        values["implementation_name"] = "cpython"
        values["platform_python_implementation"] = "CPython"
        values["implementation_version"] = full
    if interpreter.version < (3, 3) and values["sys_platform"] == "linux":
        values["sys_platform"] = "linux2"
    return values


def applies(marker: Marker | None, values: Mapping[str, str]) -> bool | None:
    """Whether ``marker`` is true of ``values``, as no marker is; None if it cannot be evaluated."""
    if marker is None:
        return True
    try:
        return marker.evaluate(dict(values))
    except (UndefinedComparison, UndefinedEnvironmentName):
        return None
