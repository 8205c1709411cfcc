"""The loader's variables: libraries put into every program, directories searched before the system's (ld.so(8))."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from cleanenv.doctor import codes, remedies
from cleanenv.doctor.finding import Hidden
from cleanenv.doctor.linking import libraries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cleanenv.doctor.finding import Finding, Subject
    from cleanenv.doctor.linking.libraries import Substitute

PATH = "LD_LIBRARY_PATH"
# (code; variable; what its entries are separated by)
LOADED = (("ld-preload", "LD_PRELOAD", "[ \t:]+"), ("ld-audit", "LD_AUDIT", ":"))
DYLD = ("DYLD_INSERT_LIBRARIES", "DYLD_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
# Libraries that much is linked with: another one of these affects programs that know nothing of it.
COMMON = re.compile(
    r"lib(stdc\+\+|gcc_s|c|m|pthread|python[\d.]*\w*|ssl|crypto|z|sqlite3|hdf5\w*|mkl\w*|openblas|gomp|iomp5|curl"
    r"|protobuf|tbb|ffi|expat|xml2|boost_python\d*|Qt\d\w*|opencv_core|cudart|cudnn)\.(so|dylib)"
)
FEW = 4  # names that fit a line


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield what LD_* and DYLD_* do."""
    environ = subject.environ
    for code, variable, separator in LOADED:
        if environ.get(variable):
            yield from _loaded(code, variable, environ[variable], separator)
    if environ.get(PATH):
        yield from _entries(environ[PATH])
        yield from _directories(subject, environ[PATH])
    for variable in DYLD:
        value = environ.get(variable)
        if value:
            yield _finding("dyld", variable, value, f"on macOS, programs load libraries from '{value}'")


def _finding(
    code: str,
    variable: str,
    value: str,
    fact: str,
    *,
    evidence: Iterable[str] = (),
    hides: Iterable[Hidden] = (),
    entry: str = "",
) -> Finding:
    return codes.finding(
        code,
        fact,
        f"unset {variable}, or set it only for the program that needs it",
        variable=variable,
        value=value,
        evidence=evidence,
        hides=hides,
        line=remedies.unset(variable),
        entries=[entry] if entry else (),
    )


def _loaded(code: str, variable: str, value: str, separator: str) -> Iterator[Finding]:
    """Yield a finding on the libraries that are loaded, and one on those that do not exist."""
    existing = []
    missing = []
    for name in re.split(separator, value):
        if not name:
            continue
        # A bare name is searched for, and $ORIGIN and its kin differ from program to program.
        is_path = "/" in name and "$" not in name
        if is_path and not os.path.exists(name):
            missing.append(name)
        else:
            existing.append(name)
    if existing:
        fact = f"every program loads '{', '.join(existing)}' first"
        yield _finding(code, variable, value, fact, evidence=existing)
    if missing:
        names = ", ".join(missing)
        fact = f"{variable} names '{names}', which {'does' if len(missing) == 1 else 'do'} not exist"
        yield _finding("ld-preload-missing", variable, value, fact, evidence=missing)


def _texts(value: str) -> list[str]:
    return re.split("[:;]", value)  # ld.so(8) takes either


def _entries(value: str) -> Iterator[Finding]:
    """Yield what is wrong with the entries of LD_LIBRARY_PATH themselves."""
    for text in _texts(value):
        if not text:
            fact = f"an empty entry of {PATH} stands for the current directory"
            yield _finding("ld-path-current", PATH, value, fact)
        elif "$" in text:  # $ORIGIN, $LIB and $PLATFORM: another directory for each program
            continue
        elif not os.path.isabs(text):
            fact = f"'{text}' on {PATH} is relative to the current directory"
            yield _finding("ld-path-relative", PATH, value, fact, entry=text)
        elif not os.path.isdir(text):
            wrong = "is not a directory" if os.path.exists(text) else "does not exist"
            yield _finding("ld-path-missing", PATH, value, f"'{text}' on {PATH} {wrong}", entry=text)


def _directories(subject: Subject, value: str) -> Iterator[Finding]:
    """Yield what the libraries in each directory do: those that ENV's files load from it, else what it contains."""
    directories: dict[str, str] = {}  # by the text of the entry
    for text in _texts(value):
        if "$" not in text:
            directories[text] = os.path.normpath(os.path.join(subject.directory, text))
    contents = _contents(directories.values())
    system = {os.path.realpath(directory) for directory in libraries.system_directories()}
    foreign = [directory for directory in contents if os.path.realpath(directory) not in system]
    substitutes = libraries.substitutes(subject, list(contents)) if foreign else []
    for text, directory in directories.items():
        from_here = [substitute for substitute in substitutes if os.path.dirname(substitute.path) == directory]
        if from_here:
            yield _shadows(text, value, from_here)
        elif directory in foreign:
            yield _searched_first(text, directory, value, contents[directory])


def _contents(directories: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """Return the libraries in each directory that has some."""
    contents = {}
    for directory in directories:
        try:
            names = libraries.libraries(directory)
        except OSError:
            continue
        if names:
            contents[directory] = names
    return contents


def _searched_first(text: str, directory: str, value: str, names: Sequence[str]) -> Finding:
    common = [name for name in names if COMMON.match(name)]
    few = ", ".join((common or names)[:FEW])
    return _finding(
        "ld-path",
        PATH,
        value,
        f"every program searches '{text}' for its libraries first, which contains {few}",
        evidence=[f"{len(names)} {'library' if len(names) == 1 else 'libraries'} in {directory}"],
        entry=text,
    )


def _shadows(text: str, value: str, substitutes: Sequence[Substitute]) -> Finding:
    hides = []
    evidence = []
    for library in substitutes:
        own = None
        instead = "and there is no other"
        if library.other is not None:
            own = libraries.version(library.other)
            instead = f"not {library.other}"
        leaked = libraries.version(library.path)
        hides.append(Hidden(library.name, os.path.dirname(library.path), leaked, own))
        evidence.append(f"{library.user} loads {library.path}, {instead}")
    names = ", ".join(library.name for library in substitutes[:FEW])
    fact = f"the environment's programs load {names} from '{text}'"
    return _finding("ld-path-shadows", PATH, value, fact, evidence=evidence, hides=hides, entry=text)
