"""What a lock file asks for: pylock.toml and pylock.NAME.toml (PEP 751)."""

from __future__ import annotations

import os

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.specifiers import SpecifierSet

from cleanenv.environments import direct_url
from cleanenv.environments.names import canonical
from cleanenv.errors import UsageError
from cleanenv.freeze import named_file
from cleanenv.freeze.request import FileRequirement, Request
from cleanenv.freeze.requirement_line import Requested

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from packaging.pylock import Package, PackageArchive, PackageDirectory, PackageVcs, Pylock

_MARKERS_OF_OTHERS = ("extra",)  # a lock file has 'extras' in its place


def is_name(name: str) -> bool:
    """Whether a file called ``name`` is a lock file by its name."""
    if name == "pylock.toml":
        return True
    middle = name.removeprefix("pylock.").removesuffix(".toml")
    return name == f"pylock.{middle}.toml" and middle != "" and "." not in middle


def read(
    path: str,
    shown: str,
    extras: Sequence[str],
    groups: Sequence[str],
    values: Mapping[str, str],
) -> Request:
    """Return what the lock file at ``path``, which messages call ``shown``, asks for in an environment.

    ``extras`` and ``groups`` are those to count, of groups the file's own
    default if there are none; ``values`` the marker variables of the
    environment. Raises UsageError if the file cannot be read, or has no such
    extra or group.
    """
    text, document = named_file.read_toml(path, shown)
    lock = _lock(document, shown)
    _check_names(shown, "extra", extras, lock.extras or ())
    _check_names(shown, "dependency group", groups, (*(lock.dependency_groups or ()), *(lock.default_groups or ())))
    chosen_groups = groups or lock.default_groups or ()
    variables: dict[str, str | frozenset[str]] = dict(values)
    variables["extras"] = frozenset(map(canonical, extras))
    variables["dependency_groups"] = frozenset(map(canonical, chosen_groups))
    for name in _MARKERS_OF_OTHERS:
        variables.pop(name, None)
    request = Request(follows=False, pythons=lock.requires_python, environments=list(lock.environments or ()))
    for package in lock.packages:
        number = named_file.line_of(text, f'name = "{package.name}"')
        where = f"{shown}:{number or package.name}"
        try:
            is_wanted = package.marker is None or package.marker.evaluate(variables, context="lock_file")
        except (UndefinedComparison, UndefinedEnvironmentName) as error:
            fact = f"the marker of '{package.name}' ({where}) cannot be evaluated"
            raise UsageError(fact, "create the lock file again") from error
        if is_wanted:
            request.requirements.append(_requirement(package, os.path.dirname(path), where))
    return request


def _lock(document: Mapping[str, object], shown: str) -> Pylock:
    try:
        from packaging.pylock import Pylock, PylockValidationError
    except ImportError:
        fact = f"'{shown}' is a lock file, and the installed release of 'packaging' does not read those"
        raise UsageError(fact, "install packaging 26.0 or newer beside cleanenv") from None
    try:
        return Pylock.from_dict(document)
    except PylockValidationError as error:
        raise UsageError(f"'{shown}' is not a lock file ({error})", "create it again (PEP 751)") from error


def _check_names(shown: str, kind: str, asked: Sequence[str], known: Collection[str]) -> None:
    names = sorted(set(map(canonical, known)))
    for name in asked:
        if canonical(name) not in names:
            remedy = f"name one of {', '.join(names)}" if names else "remove the option"
            raise UsageError(f"'{shown}' has no {kind} '{name}'", remedy)


def _requirement(package: Package, directory: str, where: str) -> FileRequirement:
    name = package.name
    if package.vcs is not None:
        url = _vcs_url(package.vcs, directory)
    elif package.archive is not None:
        url = _archive_url(package.archive, directory)
    elif package.directory is not None:
        url = _directory_url(package.directory, directory)
        is_editable = bool(package.directory.editable)
        return FileRequirement(f"{name} @ {url}", where, Requested(name, None, url), is_editable=is_editable)
    elif package.version is None:
        return FileRequirement(name, where, Requested(name, SpecifierSet()))
    else:
        pin = f"=={package.version}"
        return FileRequirement(f"{name}{pin}", where, Requested(name, SpecifierSet(pin)))
    return FileRequirement(f"{name} @ {url}", where, Requested(name, None, url))


def _vcs_url(vcs: PackageVcs, directory: str) -> str:
    url = vcs.url or direct_url.file_url(os.path.join(directory, vcs.path or ""))
    return _with_fragment(f"{vcs.type}+{url}@{vcs.commit_id}", {}, vcs.subdirectory)


def _archive_url(archive: PackageArchive, directory: str) -> str:
    url = archive.url or direct_url.file_url(os.path.join(directory, archive.path or ""))
    return _with_fragment(url, archive.hashes, archive.subdirectory)


def _directory_url(source: PackageDirectory, directory: str) -> str:
    return direct_url.file_url(os.path.join(directory, source.path, source.subdirectory or ""))


def _with_fragment(url: str, hashes: Mapping[str, str], subdirectory: str | None) -> str:
    pairs = [f"{algorithm}={digest}" for algorithm, digest in hashes.items()]
    if subdirectory:
        pairs.append(f"subdirectory={subdirectory}")
    return f"{url}#{'&'.join(pairs)}" if pairs else url
