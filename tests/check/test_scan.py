"""The scan misses no import that stands in a statement, however it is written."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanenv.check import scan
from tests.support import python_trees

FORMS: dict[bytes, set[str]] = {
    b"import a": {"a"},
    b"import a.b.c": {"a.b.c"},
    b"import a, b as c, d.e": {"a", "b", "d.e"},
    b"import  a\t,\tb": {"a", "b"},
    b"import a # why": {"a"},
    b"import a#why": {"a"},
    b"import a; import b;import c": {"a", "b", "c"},
    b"x = 1; import a": {"a"},
    b"if x: import a": {"a"},
    b"if x:import a": {"a"},
    b"else:from a import b": {"a"},
    b"class A: import a": {"a"},
    b"    import a": {"a"},
    b"\timport a": {"a"},
    b"\x0cimport a": {"a"},
    b"\xef\xbb\xbfimport a": {"a"},
    b"import a\r\nimport b\r\n": {"a", "b"},
    b"import a\rimport b\rfrom c import d": {"a", "b", "c"},
    b"import \\\n  a": {"a"},
    b"import a, \\\n  b, \\\n  c": {"a", "b", "c"},
    b"import a, \\\r\n  b": {"a", "b"},
    b"import a \\\n  as b": {"a"},
    b"import a . b": {"a.b"},
    b"from a import b": {"a"},
    b"from a.b import c": {"a.b"},
    b"from a import (\n  b,\n  c,\n)": {"a"},
    b"from a import(b)": {"a"},
    b"from a import*": {"a"},
    b"from \\\n  a \\\n  import b": {"a"},
    b"from a . b import c": {"a.b"},
    b"from . import a": set(),
    b"from .a import b": set(),
    b"from.a import b": set(),
    b"from ... import b": set(),
    "import ünï".encode(): {"ünï"},
    "from ünï.cödé import x".encode(): {"ünï.cödé"},
    "import ﬁne".encode(): {"fine"},
    b"import n\xe4me": {"n\xe4me"},  # latin-1
    b"importlib.import_module('a.b')": {"a.b"},
    b'import_module(\n    "a"\n)': {"a"},
    b"import_module(name='a')": {"a"},
    b"import_module('.a', 'b')": set(),
    b"__import__('a')": {"a"},
    b"pytest.importorskip('a', minversion='1')": {"a"},
    b"important = 1": set(),
    b"reimport a": set(),
    b"x.import_a": set(),
    b"# you can import a from b, too": set(),
    b"match x:\n    case 1: import a": {"a"},
    b"async def f():\n    import a": {"a"},
    b"try: import a\nexcept ImportError: import b": {"a", "b"},
    b"import a\x00": set(),
}


@pytest.mark.parametrize("form", FORMS, ids=repr)
def test_each_form(form: bytes) -> None:
    assert scan.modules(form) == FORMS[form]


NAMES = st.sampled_from(("a", "abc", "_x", "näme", "importer", "fromage", "as_", "import_", "x1"))
DOTTED = st.lists(NAMES, min_size=1, max_size=3).map(".".join)
GAPS = st.sampled_from((" ", "  ", "\t", " \\\n ", "\\\n ", " \\\r\n\t", "\x0c "))
ENDS = st.sampled_from(("\n", "\r\n", "  \n", " # import z\n", "#z\n", "; x = 1\n", ";import z9\n", "\r"))
STARTS = st.sampled_from(("", "x = 1; ", "x = 1;", "if 1: ", "if 1:", "'''import q'''; "))


@st.composite
def statements(draw: st.DrawFn) -> str:
    gap = draw(GAPS)
    if draw(st.booleans()):
        renamed = draw(st.sampled_from(("", f"{gap}as{gap}other")))
        comma = f"{draw(st.sampled_from(('', gap)))},{gap}"
        body = f"import{gap}" + comma.join(name + renamed for name in draw(st.lists(DOTTED, min_size=1)))
    else:
        taken = draw(st.sampled_from(("x", "(x)", "(\n  x,\n  y)", "*", "x as y")))
        body = f"from{gap}{draw(DOTTED)}{gap}import{gap}{taken}"
    return draw(STARTS) + body + draw(ENDS)


@settings(max_examples=400, deadline=None)
@given(st.lists(statements(), min_size=1, max_size=4).map("".join))
def test_any_statement(text: str) -> None:
    """What the parser finds in it, the scan finds."""
    tree = python_trees.parsed(text.encode())
    if tree is None:
        return
    assert set(python_trees.imported(tree)) <= scan.modules(text.encode())


def misses(most: int) -> tuple[int, int, list[tuple[str, set[str]]]]:
    """Return how many files and imports were looked at, and the imports that the scan misses."""
    missed = []
    count = total = 0
    for path in python_trees.files(most):
        data = path.read_bytes()
        tree = python_trees.parsed(data)
        if tree is None:
            continue
        names = set(python_trees.imported(tree))
        lacking = names - scan.modules(data)
        count += 1
        total += len(names)
        if lacking:
            missed.append((str(path), lacking))
    return count, total, missed


def test_some_hundred_files_of_this_machine() -> None:
    files, imports, missed = misses(700)
    assert missed == []
    assert files > 500
    assert imports > 2000


@pytest.mark.trial
@pytest.mark.timeout(1800)
def test_ten_thousand_files_of_this_machine() -> None:
    _, imports, missed = misses(20_000)
    assert missed == []
    assert imports > 10_000


@pytest.mark.parametrize(
    "part", [b"import a; ", b"import a, \\\n", b"x = 'import a' + ", b"from a import b\r", b"import " + b" " * 50]
)
def test_megabytes_of_anything(part: bytes) -> None:
    """One line, lines that all go on in the next, no end of line: quadratic time would outlast the limit of tests."""
    assert scan.modules(part * (6_000_000 // len(part))) <= {"a"}


def test_blocks_for_type_checkers_are_left_out() -> None:
    text = b"import a\nif TYPE_CHECKING:\n    import b\n\n    from c import (\n        d,\n    )\nimport e\n"
    assert scan.modules(scan.without_typing_blocks(text)) == {"a", "e"}
    alias = b"if t.TYPE_CHECKING:  # types\n\timport b\nelse:\n    import c\n"
    assert scan.modules(scan.without_typing_blocks(alias)) == {"c"}


@pytest.mark.parametrize(
    "text",
    [
        b"if TYPE_CHECKING or x:\n    import b\n",
        b"if not TYPE_CHECKING:\n    import b\n",
        b"def f():\n    '''\nif TYPE_CHECKING:\n    '''\n    import b\n",
        b"if TYPE_CHECKING: pass\nimport b\n",
        b"TYPE_CHECKING = False\nimport b\n",
    ],
)
def test_nothing_else_is(text: bytes) -> None:
    ast.parse(text)
    assert "b" in scan.modules(scan.without_typing_blocks(text))
