"""What the loader is told by variables: libraries put into every program, folders searched before the system's."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from cleanenv.doctor.codes import SEVERITY
from cleanenv.doctor.finding import Finding, Hidden
from cleanenv.doctor.linking import libraries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.doctor.finding import Subject

PATH = "LD_LIBRARY_PATH"
LOADED = (("ld-preload", "LD_PRELOAD"), ("ld-audit", "LD_AUDIT"))
DYLD = ("DYLD_INSERT_LIBRARIES", "DYLD_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
# Libraries that much is linked with: another one of these is felt in programs that know nothing of it.
FELT = re.compile(
    r"lib(stdc\+\+|gcc_s|c|m|pthread|python[\d.]*\w*|ssl|crypto|z|sqlite3|hdf5\w*|mkl\w*|openblas|gomp|iomp5|curl"
    r"|protobuf|tbb|ffi|expat|xml2|boost_python\d*|Qt\d\w*|opencv_core|cudart|cudnn)\.(so|dylib)"
)


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield what LD_* and DYLD_* do."""
    environ = subject.environ
    for code, variable in LOADED:
        if environ.get(variable):
            yield from _loaded(code, variable, environ[variable])
    if environ.get(PATH):
        yield from _path(subject, environ[PATH])
    for variable in DYLD:
        if environ.get(variable):
            fact = f"on macOS, programs take libraries from '{environ[variable]}'"
            yield _finding("dyld", variable, environ[variable], fact)


def _finding(
    code: str, variable: str, value: str, fact: str, *, evidence: Sequence[str] = (), hides: tuple[Hidden, ...] = ()
) -> Finding:
    whole = f"unset {variable}, or set it for the one program that needs it"
    return Finding(code, SEVERITY[code], fact, whole, variable, value, tuple(evidence), hides, f"unset {variable}")


def _loaded(code: str, variable: str, value: str) -> Iterator[Finding]:
    """Yield a finding each for what is loaded and what is not there (LD_PRELOAD is split at blanks and colons)."""
    names = [name for name in re.split(r"[ \t:]+" if code == "ld-preload" else ":", value) if name]
    missing = [name for name in names if "/" in name and "$" not in name and not os.path.exists(name)]
    there = [name for name in names if name not in missing]
    if there:
        listed = ", ".join(there)
        yield _finding(code, variable, value, f"every program that is started loads '{listed}' first", evidence=there)
    if missing:
        listed = ", ".join(missing)
        yield _finding(
            "ld-preload-missing", variable, value, f"{variable} names '{listed}', which is not there", evidence=missing
        )


def _path(subject: Subject, value: str) -> Iterator[Finding]:
    folders = []
    for text in re.split("[:;]", value):  # ld.so(8) takes either
        if not text:
            fact = f"an empty entry of {PATH} stands for the current folder, whichever that is"
            yield _finding("ld-path-current", PATH, value, fact)
        elif not os.path.isabs(text) and "$" not in text:
            fact = f"'{text}' on {PATH} begins at the current folder, whichever that is"
            yield _finding("ld-path-relative", PATH, value, fact)
        elif "$" not in text and not os.path.isdir(text):
            yield _finding("ld-path-missing", PATH, value, f"'{text}' on {PATH} is no folder that is there")
        if "$" not in text:
            folders.append((text, os.path.normpath(os.path.join(subject.folder, text))))
    yield from _folders(subject, list(dict.fromkeys(folders)))


def _folders(subject: Subject, folders: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    """Yield what the libraries in each folder do: what ENV's own files get from it, else what it merely holds."""
    held = {folder: names for _, folder in folders if (names := _libraries(folder))}
    strange = [folder for folder in held if os.path.realpath(folder) not in _system()]
    taken = libraries.taken(subject, list(held)) if strange else []
    for text, folder in folders:
        mine = [each for each in taken if os.path.dirname(each.path) == folder]
        if mine:
            yield _shadows(text, subject.environ[PATH], mine)
        elif folder in strange:
            felt = [name for name in held[folder] if FELT.match(name)] or held[folder]
            few = ", ".join(felt[:4])
            fact = f"every program looks for its libraries in '{text}' first, which holds {few}"
            yield _finding(
                "ld-path", PATH, subject.environ[PATH], fact, evidence=[f"{len(held[folder])} libraries in {folder}"]
            )


def _shadows(text: str, value: str, taken: Sequence[libraries.Taken]) -> Finding:
    hides = tuple(
        Hidden(
            each.name,
            os.path.dirname(each.path),
            libraries.version(each.path),
            libraries.version(each.other) if each.other else None,
        )
        for each in taken
    )
    evidence = [
        f"{each.user} gets {each.path}, " + (f"not {each.other}" if each.other else "and has no other")
        for each in taken
    ]
    names = ", ".join(each.name for each in taken[:4])
    return _finding(
        "ld-path-shadows",
        PATH,
        value,
        f"the environment's programs get {names} from '{text}'",
        evidence=evidence,
        hides=hides,
    )


def _libraries(folder: str) -> list[str]:
    try:
        return libraries.libraries(folder)
    except OSError:
        return []


def _system() -> set[str]:
    return {os.path.realpath(folder) for folder in libraries.system_folders()}
