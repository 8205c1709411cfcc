"""The modules keep to the layers of the design, and what is dangerous is done in one place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import cleanenv
from cleanenv.shell import registry

SOURCE = Path(cleanenv.__file__).parent
MODULES = {
    ".".join(("cleanenv", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in sorted(SOURCE.rglob("*.py"))
}

# From the lowest; a module imports from layers below its own, and from its own package.
LAYERS = (
    ("errors",),
    ("system",),
    ("environments",),
    ("clean",),
    ("shell",),
    ("session", "freeze", "trace"),
    ("doctor",),
    ("check", "integrity"),
    ("cli",),
    ("main",),
    ("__main__",),
)


def tree_of(module: str) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(MODULES[module].read_text(encoding="utf-8"), module)


def top(module: str) -> str:
    """Return the name below cleanenv by which the layers know a module: ``cleanenv.cli.run`` is ``cli``."""
    return module.split(".")[1] if "." in module else ""


def layer(module: str) -> int:
    """Return the number of the layer in which a module stands."""
    return next(number for number, names in enumerate(LAYERS) if top(module) in names)


def imported(module: str) -> Iterator[str]:
    """Yield the modules of cleanenv that ``module`` imports, at its top, in functions and for types alike."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("cleanenv."))
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            source = node.module or ""
            if source.split(".")[0] == "cleanenv":
                yield from (name if (name := f"{source}.{alias.name}") in MODULES else source for alias in node.names)


def test_every_module_has_a_layer() -> None:
    """A new module takes its place here."""
    placed = {name for names in LAYERS for name in names}
    assert {top(module) for module in MODULES} - {""} <= placed


@pytest.mark.parametrize("module", [module for module in MODULES if module != "cleanenv"])
def test_imports_point_one_way(module: str) -> None:
    """Down, or within one package; for types as well."""
    for other in imported(module):
        if other in ("cleanenv", "cleanenv.shells") or top(other) == top(module):
            continue
        assert layer(other) < layer(module), f"{module} imports {other}"


def uses(module: str, owner: str, names: tuple[str, ...]) -> list[int]:
    """Return the lines in which ``module`` takes one of ``names`` from ``owner``; a name's end may be '*'."""
    taken: list[tuple[int, str]] = []
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == owner:
            taken.append((node.lineno, node.attr))
        elif isinstance(node, ast.ImportFrom) and node.module == owner:
            taken += [(node.lineno, alias.name) for alias in node.names]
    return [line for line, name in taken if any(fnmatchcase(name, pattern) for pattern in names)]


READS = ("environ", "environb", "getenv", "getenvb", "putenv", "unsetenv")


@pytest.mark.parametrize("module", MODULES)
def test_the_environment_is_read_in_one_place(module: str) -> None:
    """Also by way of '~' and '$NAME' in paths."""
    if module == "cleanenv.system.invocation":
        assert uses(module, "os", READS)
        return
    assert uses(module, "os", READS) == []
    assert uses(module, "os.path", ("expanduser", "expandvars")) == []
    assert uses(module, "Path", ("home",)) == []


@pytest.mark.parametrize("module", MODULES)
def test_the_process_is_replaced_in_one_place(module: str) -> None:
    """And nowhere by way of a shell's command line."""
    replaced = uses(module, "os", ("exec*",))
    assert bool(replaced) == (module == "cleanenv.system.execute")
    assert uses(module, "os", ("system", "popen", "fork", "forkpty", "spawn*", "posix_spawn*")) == []
    keywords = (node for node in ast.walk(tree_of(module)) if isinstance(node, ast.keyword))
    assert [
        word.value.lineno for word in keywords if word.arg == "shell" and isinstance(word.value, ast.Constant)
    ] == []


STARTERS = ("run", "Popen", "call", "check_*", "getoutput", "getstatusoutput")


@pytest.mark.parametrize("module", MODULES)
def test_no_child_gets_the_callers_environment(module: str) -> None:
    """Every process is started in an environment that was handed in."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("subprocess.run", "subprocess.Popen"):
            assert "env" in {keyword.arg for keyword in node.keywords}, f"{module}:{node.lineno}"
    assert uses(module, "subprocess", tuple(name for name in STARTERS if name not in ("run", "Popen"))) == []


def compared(module: str) -> Iterator[tuple[int, str]]:
    """Yield the texts with which something is compared, looked up in a list, or matched."""
    for node in ast.walk(tree_of(module)):
        parts: list[ast.AST] = []
        if isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
        elif isinstance(node, ast.MatchValue):
            parts = [node.value]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            parts = list(node.args) if node.func.attr in ("startswith", "endswith", "by_name") else []
        for part in parts:
            for inner in ast.walk(part):
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                    yield inner.lineno, inner.value


# Where a shell is the thing itself and no case among others: completion is click's, and it knows three.
@pytest.mark.parametrize(
    "module", [module for module in MODULES if module not in ("cleanenv.shell.registry", "cleanenv.cli.completion")]
)
def test_shells_are_data(module: str) -> None:
    """No ``if name == "fish"`` outside the registry."""
    names = {*registry.NAMES, *(program for row in registry.ROWS for program in row.programs)}
    assert [(line, text) for line, text in compared(module) if text.lstrip("-.") in names] == []


@pytest.mark.parametrize("module", MODULES)
def test_rooms_are_small(module: str) -> None:
    """No module of more than 250 lines, data apart."""
    lines = MODULES[module].read_text(encoding="utf-8").count("\n")
    assert lines <= (300 if module in ("cleanenv.clean.policy", "cleanenv.shell.registry") else 250)
