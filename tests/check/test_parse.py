"""Lines, guards and groups of imports, by the parser and by the one that takes errors."""

from __future__ import annotations

import sys

import pytest

from cleanenv.check import parse, tolerant
from cleanenv.check.condition import Target
from cleanenv.check.use import FALLBACK, OPTIONAL, TYPING, UNGUARDED, Use

PYTHON = Target((3, 11, 5))


def guards(text: str, target: Target = PYTHON) -> dict[str, str]:
    """Return the guard of each module that ``text`` imports."""
    return {use.module: use.guard for use in parse.uses(text.encode(), target)}


@pytest.mark.parametrize(
    ("condition", "branch"),
    [
        ("sys.version_info >= (3, 8)", "body"),
        ("sys.version_info < (3, 8)", "else"),
        ("(3, 8) <= sys.version_info < (3, 12)", "body"),
        ("sys.version_info[:2] >= (3, 12)", "else"),
        ("sys.version_info[0] == 2", "else"),
        ("sys.version_info[0] > 2", "body"),
        ("sys.version_info.major == 3", "body"),
        ("version_info >= (3,)", "body"),
        ("sys.version_info >= (3, 11, 0, 'final', 0)", "body"),
        ("six.PY2", "else"),
        ("PY3", "body"),
        ("not PY2", "body"),
        ("sys.platform == 'win32'", "else"),
        ("sys.platform.startswith('win')", "else"),
        ("sys.platform in ('win32', 'cygwin')", "else"),
        ("os.name == 'nt'", "else"),
        ("platform.system() == 'Windows'", "else"),
        ("platform.python_implementation() == 'PyPy'", "else"),
        ("sys.implementation.name == 'cpython'", "body"),
        ("False", "else"),
        ("0", "else"),
        ("True", "body"),
        ("False and unknown", "else"),
        ("unknown and False", "else"),
        ("True or unknown", "body"),
        ("unknown", "both"),
        ("unknown or False", "both"),
        ("sys.version_info >= unknown", "both"),
        ("sys.argv", "both"),
        ("sys.version_info >= 3", "both"),
        ("'x' < 3", "both"),
        ("__name__ == '__main__'", "both"),
        ("sys.maxsize > 2**32", "both"),
    ],
)
def test_conditions_are_decided_for_the_environment(condition: str, branch: str) -> None:
    found = guards(f"if {condition}:\n    import body\nelse:\n    import other\n")
    assert set(found) == {"body": {"body"}, "else": {"other"}, "both": {"body", "other"}}[branch]


def test_another_python_decides_otherwise() -> None:
    text = "if sys.version_info >= (3, 11):\n    import new\nelse:\n    import old\n"
    assert set(guards(text, Target((3, 10, 1)))) == {"old"}
    assert set(guards(text, Target((3, 13, 0)))) == {"new"}
    assert set(guards("if PY2:\n    import old\n", Target((2, 7, 18)))) == {"old"}
    pypy = "if platform.python_implementation() == 'PyPy':\n    import old\n"
    assert set(guards(pypy, Target((3, 10, 0), is_pypy=True))) == {"old"}


@pytest.mark.parametrize(
    "condition",
    ["TYPE_CHECKING", "typing.TYPE_CHECKING", "t.TYPE_CHECKING", "TC", "TYPE_CHECKING and x", "TYPE_CHECKING or False"],
)
def test_what_only_type_checkers_run(condition: str) -> None:
    text = f"from typing import TYPE_CHECKING as TC\nif {condition}:\n    import a\nelse:\n    import b\nimport c\n"
    assert guards(text) == {"typing": UNGUARDED, "a": TYPING, "b": UNGUARDED, "c": UNGUARDED}


def test_its_opposite() -> None:
    text = "if not TYPE_CHECKING:\n    import a\nelse:\n"
    text += "    try:\n        import b\n    except ImportError:\n        pass\n"
    assert guards(text) == {"a": UNGUARDED, "b": TYPING}


TRY = {
    "except ImportError:\n    pass": OPTIONAL,
    "except ModuleNotFoundError:\n    pass": OPTIONAL,
    "except builtins.ImportError:\n    pass": OPTIONAL,
    "except (OSError, ImportError):\n    pass": OPTIONAL,
    "except Exception as error:\n    log(error)": OPTIONAL,
    "except BaseException:\n    pass": OPTIONAL,
    "except:\n    pass": OPTIONAL,
    "except OSError:\n    pass": UNGUARDED,
    "except (OSError, ValueError):\n    pass": UNGUARDED,
    "finally:\n    pass": UNGUARDED,
    "except ImportError:\n    raise": UNGUARDED,
    "except ImportError as e:\n    raise SystemExit(1) from e": UNGUARDED,
    "except ImportError:\n    print('install it')\n    sys.exit(1)": UNGUARDED,
    "except ImportError:\n    if x:\n        raise": OPTIONAL,
}


@pytest.mark.parametrize("handler", TRY)
def test_handlers(handler: str) -> None:
    assert guards(f"try:\n    import a\n{handler}\n")["a"] == TRY[handler]


def test_alternatives_are_one_group() -> None:
    text = (
        "try:\n    import a\nexcept ImportError:\n"
        "    try:\n        import b\n    except ImportError:\n        import c\n"
        "import d\ntry:\n    import e\nexcept ImportError:\n    pass\n"
    )
    uses = {use.module: use for use in parse.uses(text.encode(), PYTHON)}
    assert [uses[name].guard for name in "abcde"] == [OPTIONAL, FALLBACK, FALLBACK, UNGUARDED, OPTIONAL]
    groups = [uses[name].group for name in "abcde"]
    assert groups[0] == groups[1] == groups[2] != groups[4]
    assert groups[3] == 0


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    import a\nexcept ImportError:\n    b = 1\nelse:\n    from a import x\n",
        "def f():\n    try:\n        import a\n    except ImportError:\n        return\n    from a.b import c\n",
        "for x in y:\n    try:\n        import a\n    except ImportError:\n        continue\n    from a import c\n",
        "try:\n    import a\n    HAS = True\nexcept ImportError:\n    HAS = False\nif HAS:\n    from a import b\n",
        "try:\n    import a\nexcept ImportError:\n    a = None\nif a is not None:\n    from a import b\n",
        "if importlib.util.find_spec('a') is not None:\n    import a\n",
        "try:\n    import b\nexcept ImportError:\n    b = None\n    a = None\nelse:\n    import a\n",
        "with suppress(ImportError):\n    import a\n",
        "with contextlib.suppress(OSError, ModuleNotFoundError):\n    import a\n",
        "a = pytest.importorskip('a')\n",
    ],
)
def test_what_else_is_guarded(text: str) -> None:
    assert {use.guard for use in parse.uses(text.encode(), PYTHON) if use.top == "a"} == {OPTIONAL}


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    import b\nexcept ImportError:\n    pass\nelse:\n    import a\n",
        "def f():\n    try:\n        import b\n    except ImportError:\n        return\n    import a\n",
        "try:\n    x()\nexcept OSError:\n    HAS = False\nif HAS:\n    import a\n",
        "with suppress(OSError):\n    import a\n",
        "with open('x') as f:\n    import a\n",
    ],
)
def test_what_is_not(text: str) -> None:
    assert {use.guard for use in parse.uses(text.encode(), PYTHON) if use.top == "a"} == {UNGUARDED}


def test_lines_and_functions() -> None:
    text = "import a\n\nclass C:\n    import b\n    async def f(self):\n        with x:\n            import c, d\n"
    uses = [(use.module, use.line, use.is_lazy) for use in parse.uses(text.encode(), PYTHON)]
    assert uses == [("a", 1, False), ("b", 4, False), ("c", 7, True), ("d", 7, True)]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="except* and its like are new")
def test_every_statement_is_looked_into() -> None:
    text = (
        "match x:\n    case 1:\n        import a\nwhile x:\n    import b\nelse:\n    import c\n"
        "try:\n    pass\nexcept* OSError:\n    import d\nfinally:\n    import e\n"
        "for x in y:\n    pass\nelse:\n    import f\n"
    )
    assert list(guards(text)) == ["a", "b", "c", "d", "e", "f"]


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("sys.path.insert(0, 'x')\nimport a\n", True),
        ("import a\nsys.path.append('x')\n", True),
        ("sys.path += ['x']\nimport a\n", True),
        ("sys.path[:0] = ['x']\nimport a\n", True),
        ("def f():\n    site.addsitedir('x')\nimport a\n", True),
        ("print(sys.path)\nimport a\n", False),
        ("os.path.append('x')\nimport a\n", False),
    ],
)
def test_a_file_that_changes_sys_path(text: str, changes: bool) -> None:
    assert {use.changes_path for use in parse.uses(text.encode(), PYTHON)} == {changes}


@pytest.mark.parametrize("code", [b"print 'x'", b"import a\0", b"(" * 5000, b"x = \xff", b"# coding: none\nimport a"])
def test_what_cannot_be_parsed(code: bytes) -> None:
    with pytest.raises(parse.UnparsableError):
        parse.uses(code, PYTHON)


def test_latin_1_is_read_by_its_cookie() -> None:
    code = b"# -*- coding: latin-1 -*-\nimport a\nx = '\xe4'\n"
    assert parse.uses(code, PYTHON) == [Use("a", 2)]


PYTHON_2 = """print 'x'
import a, b.c as d
from e import (f,
    g)
from . import h
try:
    import i
except ImportError, error:
    import j
if TYPE_CHECKING:
    import k
if sys.version_info[0] == 2:
    import l
else:
    import m
def n():
    import o
try:
    import p
except OSError, error:
    pass
"""


def test_python_2_is_read_with_errors() -> None:
    uses = {use.module: use for use in tolerant.uses(PYTHON_2.encode(), PYTHON)}
    found = {name: (use.line, use.guard, use.is_lazy) for name, use in uses.items()}
    assert found == {
        "a": (2, UNGUARDED, False),
        "b.c": (2, UNGUARDED, False),
        "e": (3, UNGUARDED, False),
        "i": (7, OPTIONAL, False),
        "j": (9, FALLBACK, False),
        "k": (11, TYPING, False),
        "m": (15, UNGUARDED, False),
        "o": (17, UNGUARDED, True),
        "p": (19, UNGUARDED, False),
    }
    assert uses["e"].names == ("f", "g")
    assert uses["i"].group == uses["j"].group != 0


@pytest.mark.parametrize(
    "text",
    [
        "import a\ntype X[T] = list[T]\nclass A[T: int = str]: pass\nimport b\n",
        "import a\nx = (\nimport b\n",
        "import a\n\0import b\n",
    ],
)
def test_newer_syntax_and_broken_files(text: str) -> None:
    assert {"a", "b"} <= {use.module for use in tolerant.uses(text.encode(), PYTHON)}
