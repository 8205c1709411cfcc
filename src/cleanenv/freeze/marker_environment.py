"""The values that dependency markers have in an environment, told without starting its Python (PEP 508)."""

from __future__ import annotations

from packaging.markers import default_environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.environments.interpreter import Interpreter


def markers(interpreter: Interpreter) -> dict[str, str]:
    """Return the marker variables of ``interpreter``, on this machine; ``extra`` is empty."""
    values: dict[str, str] = {key: str(value) for key, value in default_environment().items()}
    short = "{}.{}".format(*interpreter.version)
    full = interpreter.full if interpreter.full.count(".") > 1 else f"{short}.0"
    values.update(python_version=short, python_full_version=full, extra="")
    if interpreter.is_pypy:
        values.update(implementation_name="pypy", platform_python_implementation="PyPy")
    else:
        values.update(implementation_name="cpython", platform_python_implementation="CPython")
        values["implementation_version"] = full
    if interpreter.version < (3, 3) and values["sys_platform"] == "linux":
        values["sys_platform"] = "linux2"
    return values
