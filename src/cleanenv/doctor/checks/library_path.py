"""LD_LIBRARY_PATH: its entries, and which libraries ENV loads from them, some from nowhere else (ld.so(8))."""

from __future__ import annotations

import os
import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.doctor import codes, remedies
from cleanenv.doctor.finding import Hidden
from cleanenv.doctor.linking import libraries
from cleanenv.doctor.remedies import Command
from cleanenv.system import loader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cleanenv.doctor.finding import Finding, Subject
    from cleanenv.doctor.linking.libraries import Substitute

PATH = loader.VARIABLE
# Libraries that much is linked with: another one of these affects programs that know nothing of it.
COMMON = re.compile(
    r"lib(stdc\+\+|gcc_s|c|m|pthread|python[\d.]*\w*|ssl|crypto|z|sqlite3|hdf5\w*|mkl\w*|openblas|gomp|iomp5|curl"
    r"|protobuf|tbb|ffi|expat|xml2|boost_python\d*|Qt\d\w*|opencv_core|cudart|cudnn)\.(so|dylib)"
)
FEW = 4  # names that fit a line


class _Advice(NamedTuple):
    """What to do, and the line to type for it, empty if there is none."""

    remedy: str
    line: str | Command


UNSET = _Advice(f"unset {PATH}, or set it only for the program that needs it", remedies.unset(PATH))


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield what LD_LIBRARY_PATH does; none of it advises to take away what ENV has nowhere else."""
    value = subject.environ.get(PATH)
    if value:
        yield from _entries(subject, value)
        yield from _directories(subject, value)


def needed(subject: Subject) -> list[str]:
    """Return the names of the libraries that ENV has from LD_LIBRARY_PATH and nowhere else."""
    return [library.name for library in subject.substitutes if library.other is None]


def directories(subject: Subject) -> Mapping[str, str]:
    """Return the directories on LD_LIBRARY_PATH by the text of their entries, without those with $ORIGIN or its kin."""
    paths: dict[str, str] = {}
    for text in _texts(subject.environ.get(PATH, "")):
        if "$" not in text:
            paths[text] = os.path.normpath(os.path.join(subject.directory, text))
    return paths


def read_substitutes(subject: Subject) -> list[Substitute]:
    """Return the libraries that ENV's files load from LD_LIBRARY_PATH rather than from where the system has them."""
    if not subject.environ.get(PATH):
        return []
    contents = _contents(directories(subject).values())
    if not any(_is_foreign(directory) for directory in contents):
        return []
    return libraries.substitutes(subject, list(contents))


def _texts(value: str) -> list[str]:
    return re.split("[:;]", value)  # ld.so(8) takes either


def _is_foreign(directory: str) -> bool:
    """Tell whether the loader would not search ``directory`` by itself."""
    return os.path.realpath(directory) not in map(os.path.realpath, libraries.system_directories())


def _finding(
    code: str,
    value: str,
    fact: str,
    advice: _Advice,
    *,
    evidence: Iterable[str] = (),
    hides: Iterable[Hidden] = (),
    entry: str = "",
) -> Finding:
    return codes.finding(
        code,
        fact,
        advice.remedy,
        variable=PATH,
        value=value,
        evidence=evidence,
        hides=hides,
        line=advice.line,
        entries=[entry] if entry else (),
    )


def _advice(subject: Subject, entry: str) -> _Advice:
    """Return what to do about an ``entry`` that ENV can do without."""
    names = needed(subject)
    if not names:
        return UNSET
    which = f"'{entry}'" if entry else "the empty entry"
    return _Advice(f"remove {which} from {PATH} and keep the rest, from which ENV needs {_few(names)}", "")


def _few(names: Sequence[str]) -> str:
    """Return as many names as fit a line."""
    more = "" if len(names) <= FEW else f" and {len(names) - FEW} more"
    return ", ".join(names[:FEW]) + more


def _entries(subject: Subject, value: str) -> Iterator[Finding]:
    """Yield what is wrong with the entries of LD_LIBRARY_PATH themselves."""
    for text in _texts(value):
        if not text:
            fact = f"an empty entry of {PATH} stands for the current directory"
            yield _finding("ld-path-current", value, fact, _advice(subject, text))
        elif "$" in text:  # $ORIGIN, $LIB and $PLATFORM: another directory for each program
            continue
        elif not os.path.isabs(text):
            fact = f"'{text}' on {PATH} is relative to the current directory"
            yield _finding("ld-path-relative", value, fact, _advice(subject, text), entry=text)
        elif not os.path.isdir(text):
            wrong = "is not a directory" if os.path.exists(text) else "does not exist"
            yield _finding("ld-path-missing", value, f"'{text}' on {PATH} {wrong}", _advice(subject, text), entry=text)


def _directories(subject: Subject, value: str) -> Iterator[Finding]:
    """Yield what the libraries in each directory do: those that ENV's files load from it, else what it contains."""
    by_entry = directories(subject)
    contents = _contents(by_entry.values())
    for text, directory in by_entry.items():
        from_here = [library for library in subject.substitutes if os.path.dirname(library.path) == directory]
        without_other = [library for library in from_here if library.other is None]
        instead = [library for library in from_here if library.other is not None]
        if without_other:
            yield _needed(subject, text, value, without_other)
        if instead:
            advice = _put_before(without_other, instead) if without_other else _advice(subject, text)
            yield _shadows(text, value, instead, advice)
        if not from_here and directory in contents and _is_foreign(directory):
            yield _searched_first(text, directory, value, contents[directory], _advice(subject, text))


def _contents(paths: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """Return the libraries in each directory that has some."""
    contents = {}
    for directory in paths:
        try:
            names = libraries.libraries(directory)
        except OSError:
            continue
        if names:
            contents[directory] = names
    return contents


def _searched_first(text: str, directory: str, value: str, names: Sequence[str], advice: _Advice) -> Finding:
    common = [name for name in names if COMMON.match(name)]
    few = ", ".join((common or names)[:FEW])
    return _finding(
        "ld-path",
        value,
        f"every program searches '{text}' for its libraries first, which contains {few}",
        advice,
        evidence=[f"{len(names)} {'library' if len(names) == 1 else 'libraries'} in {directory}"],
        entry=text,
    )


def _needed(subject: Subject, text: str, value: str, from_here: Sequence[Substitute]) -> Finding:
    """Return the finding on libraries that ENV has from the entry ``text`` and nowhere else."""
    environment = subject.environment
    assert environment is not None  # noqa: S101  without ENV nothing loads them
    names = _few([library.name for library in from_here])
    starters = libraries.starters(environment)
    is_start = any(library.user in starters for library in from_here)
    user = "the environment's Python" if is_start else "the environment's packages"
    evidence = [f"{library.user} loads {library.path}, and there is no other" for library in from_here]
    advice = _Advice(
        f"keep it: pass it on with '--keep {PATH}', or '--source' the script that sets it",
        f"cleanenv shell {shlex.quote(environment.path)} --keep {PATH}",
    )
    verb = "cannot start" if is_start else "do not work"
    fact = f"{user} {verb} without {names} from '{text}'"
    return _finding("ld-path-needed", value, fact, advice, evidence=evidence, entry=text)


def _put_before(without_other: Sequence[Substitute], instead: Sequence[Substitute]) -> _Advice:
    """Return what to do if one entry hides libraries and has others that ENV needs."""
    own = list(dict.fromkeys(os.path.dirname(library.other) for library in instead if library.other is not None))
    path = ":".join(own)
    names = _few([library.name for library in without_other])
    return _Advice(
        f"put '{path}' before it on {PATH}, which ENV needs for {names}", Command(remedies.PREPEND, PATH, path)
    )


def _shadows(text: str, value: str, instead: Sequence[Substitute], advice: _Advice) -> Finding:
    """Return the finding on libraries of the entry ``text`` that ENV loads in place of others."""
    hides = []
    evidence = []
    for library in instead:
        assert library.other is not None  # noqa: S101  as they were chosen
        directory = os.path.dirname(library.path)
        leaked = libraries.version(library.path)
        hides.append(Hidden(library.name, directory, leaked, libraries.version(library.other)))
        evidence.append(f"{library.user} loads {library.path}, not {library.other}")
    names = ", ".join(library.name for library in instead[:FEW])
    fact = f"the environment's programs load {names} from '{text}'"
    return _finding("ld-path-shadows", value, fact, advice, evidence=evidence, hides=hides, entry=text)
