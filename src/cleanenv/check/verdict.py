"""Judges the imports of a project: which depend on a leak, which on nothing that is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cleanenv.check import alternatives, codes, parse, scan, source_file
from cleanenv.check.conftest_path import ConftestPath
from cleanenv.check.declared.manifest import PACKAGE_XML
from cleanenv.check.first_party import ANYWHERE, BESIDE, GENERATED, ROOT, is_of_workspace
from cleanenv.check.resolution import BROKEN, LEAKED, NAMESPACES, NOWHERE, OWN, SHADOWED, STANDARD, Resolution
from cleanenv.check.source_file import UnreadableSourceError
from cleanenv.check.use import FALLBACK, OPTIONAL, TYPING, UNGUARDED, Use
from cleanenv.environments.names import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleanenv.check.condition import Target
    from cleanenv.check.declared.declarations import Answering, Declarations
    from cleanenv.check.first_party import FirstParty
    from cleanenv.check.needed import Needed
    from cleanenv.check.packages import Packages
    from cleanenv.check.project import Project
    from cleanenv.check.resolution import Resolver
    from cleanenv.check.source_file import Source

BUILD_SCRIPTS = ("setup.py", "/build.py")  # setuptools' and Poetry's; templates of the former end like it
# Whatever runs one of them brings these: pip into an environment of its own, catkin from outside ENV.
BUILD_TOOLS = frozenset(("setuptools", "distutils", "pkg_resources", "wheel", "catkin_pkg"))


class Verdict(NamedTuple):
    """What is wrong with one import: ``code``, and what it was judged by.

    ``resolution`` is what it finds; ``distribution`` the canonical name of
    ENV's for it; ``reason`` the declared one that needs it, or, for a file that
    is not parsed, why.
    """

    code: str
    source: Source
    use: Use
    resolution: Resolution
    answering: Answering
    distribution: str = ""
    reason: str = ""


class Judge:
    """Judges sources one by one."""

    def __init__(
        self,
        project: Project,
        *,
        resolver: Resolver,
        declarations: Declarations,
        first_party: FirstParty,
        packages: Packages,
        needed: Needed,
        target: Target,
        shows_all: bool,
        is_strict: bool,
    ) -> None:
        """``shows_all`` if imports that find nothing are wanted too, ``is_strict`` if those for type checkers are."""
        self._project = project
        self._resolver = resolver
        self._declarations = declarations
        self._first_party = first_party
        self._packages = packages
        self._needed = needed
        self._target = target
        self._shows_all = shows_all
        self._is_strict = is_strict
        self._doubts: dict[tuple[str, str, bool], bool] = {}
        self._conftest = ConftestPath(project)

    def judge(self, source: Source) -> list[Verdict]:
        """Return what is wrong with the imports of ``source``."""
        answering = self._declarations.of(source.directory)
        try:
            data = source_file.read(source)
            source.is_script = source_file.is_script(data)
            return list(self._judged(source, data, answering))
        except UnreadableSourceError as error:
            return [_unparsed(source, answering, str(error))]

    def _judged(self, source: Source, data: bytes, answering: Answering) -> Iterator[Verdict]:
        changes_path = self._conftest.is_changed_for(source)
        for cell in source_file.cells(source, data):
            code = cell.code if self._is_strict else scan.without_typing_blocks(cell.code)
            names = scan.modules(code)
            tops = {name.partition(".")[0] for name in names if self._is_doubtful(name, source, answering)}
            if not tops:
                continue
            try:
                uses = parse.uses(cell.code, self._target, cell.number)
            except parse.UnparsableError as error:
                from cleanenv.check import tolerant

                uses = tolerant.uses(cell.code, self._target, cell.number)
                yield _unparsed(source, answering, str(error))
            if changes_path:
                uses = [use._replace(changes_path=True) for use in uses]
            yield from self._verdicts(source, uses, tops, answering)

    def _is_doubtful(self, name: str, source: Source, answering: Answering) -> bool:
        """Tell whether an import of ``name`` has to be looked at; what a directory's files answer to is the same."""
        key = (name, source.path if source.path.endswith(BUILD_SCRIPTS) else source.directory, source.is_script)
        known = self._doubts.get(key)
        if known is None:
            known = self._doubts[key] = self._doubt(name, source, answering)
        return known

    def _doubt(self, name: str, source: Source, answering: Answering) -> bool:
        top = name.partition(".")[0]
        kind = self._first_party.kind(top, source)
        if kind in (BESIDE, GENERATED):
            return False
        if top in BUILD_TOOLS and source.path.endswith(BUILD_SCRIPTS):
            return False
        if kind == ROOT:
            return self._resolver.leaked_top(top) is not None
        resolution = self._resolver.resolve(name)
        if resolution.status == OWN:
            return self._undeclared(resolution, source, answering) is not None
        if resolution.status == NOWHERE:
            return self._shows_all and not kind
        return resolution.status != STANDARD

    def _undeclared(self, resolution: Resolution, source: Source, answering: Answering) -> str | None:
        """Return the distribution of ENV's module if no manifest names it, None if one does or it is not known."""
        if not answering.manifests or resolution.clean is None:
            return None
        names = answering.names
        if source.directory in {manifest.path.rpartition("/")[0] for manifest in answering.manifests}:
            # Only a setup.py and its kind run where the build requirements are installed.
            names = names | answering.build_names
        distribution = self._packages.own(resolution.clean, names)
        if distribution is None or distribution in names or distribution in answering.projects:
            return None
        if answering.is_computed:
            return None
        return None if answering.find(distribution, resolution.name.partition(".")[0]) else distribution

    def _verdicts(self, source: Source, uses: Sequence[Use], tops: set[str], answering: Answering) -> Iterator[Verdict]:
        for use in uses:
            if use.top not in tops:
                continue
            for resolution in self._resolutions(use):
                verdict = self._verdict(source, use, resolution, answering)
                if verdict is None:
                    continue
                group = alternatives.group(use, uses)
                is_alternative = verdict.code == codes.OPTIONAL
                if is_alternative and alternatives.one_is_needed(group, source, self._first_party, self._resolver):
                    if use is not alternatives.first_leaked(group, self._resolver):
                        continue  # one finding for all of them
                    verdict = verdict._replace(code=codes.LEAKED)
                yield verdict

    def _resolutions(self, use: Use) -> Iterator[Resolution]:
        """Yield what an import finds: of a namespace package each of the names that are taken from it."""
        resolution = self._resolver.resolve(use.module)
        if resolution.status != NAMESPACES:
            yield resolution
            return
        for name in use.names:
            below = self._resolver.resolve(f"{use.module}.{name}")
            if below.status != NAMESPACES:
                yield below

    def _verdict(self, source: Source, use: Use, resolution: Resolution, answering: Answering) -> Verdict | None:
        kind = self._first_party.kind(use.top, source)
        if kind in (BESIDE, GENERATED):
            return None
        if kind == ROOT:
            return self._hidden(source, use, answering)
        verdict = Verdict(codes.NOWHERE, source, use, resolution, answering)
        if resolution.status == NOWHERE:
            is_wanted = self._shows_all and use.guard == UNGUARDED and not kind
            return verdict if is_wanted else None
        if kind == ANYWHERE and use.changes_path:
            return None
        return self._of_found(verdict)

    def _of_found(self, verdict: Verdict) -> Verdict | None:
        """Return what is wrong with an import that finds something which is not the project's."""
        status = verdict.resolution.status
        if status == OWN:
            return self._of_own(verdict)
        module = verdict.resolution.module
        if module is not None and self._first_party.has(module):
            return None
        if status == LEAKED:
            return self._of_leak(verdict)
        if status in (SHADOWED, BROKEN) and verdict.use.guard != TYPING:
            return verdict._replace(code=codes.SHADOWED)
        return None

    def _hidden(self, source: Source, use: Use, answering: Answering) -> Verdict | None:
        """Return that a leak goes before the project's own module, unless the leak has it from this workspace."""
        leaked = self._resolver.leaked_top(use.top)
        if leaked is None or use.guard == TYPING or leaked[1].variable == "":
            return None
        module, leak = leaked
        if is_of_workspace(module, self._project) or self._first_party.has(module):
            return None
        resolution = Resolution(use.top, SHADOWED, module, None, leak)
        return Verdict(codes.HIDES_YOURS, source, use, resolution, answering)

    def _of_own(self, verdict: Verdict) -> Verdict | None:
        """Return that nothing declares what ENV has; a guarded import need not be declared."""
        if verdict.use.guard != UNGUARDED:
            return None
        distribution = self._undeclared(verdict.resolution, verdict.source, verdict.answering)
        if distribution is None:
            return None
        declared = []
        for manifest in verdict.answering.manifests:
            for name, requirements in manifest.requirements.items():
                extras = frozenset(extra for requirement in requirements for extra in requirement.extras)
                declared.append((canonical(name), extras))
        reason = self._needed.by(declared).get(distribution, "")
        code = codes.TRANSITIVE if reason else codes.UNDECLARED
        return verdict._replace(code=code, distribution=distribution, reason=reason)

    def _of_leak(self, verdict: Verdict) -> Verdict | None:
        """Return whether an import that only a leak satisfies is declared, guarded, or neither."""
        use, resolution = verdict.use, verdict.resolution
        if use.guard == TYPING:
            return verdict._replace(code=codes.TYPING) if self._is_strict else None
        module = resolution.module
        assert module is not None  # noqa: S101  it is what the leak has
        package = self._packages.of(module)
        matches = verdict.answering.find(package.distribution, use.top, package.debian)
        matches = [match for match in matches if self._needed.applies(match.declared)]
        is_guarded = use.guard in (OPTIONAL, FALLBACK)
        if any(match.manifest.kind == PACKAGE_XML for match in matches):
            return verdict._replace(code=codes.ROS)
        if matches and not (is_guarded and all(match.declared.group for match in matches)):
            return verdict._replace(code=codes.STANDS_IN)
        return verdict._replace(code=codes.OPTIONAL if is_guarded else codes.LEAKED)


def _unparsed(source: Source, answering: Answering, reason: str) -> Verdict:
    resolution = Resolution("", NOWHERE)
    return Verdict(codes.UNPARSED, source, Use("", 1), resolution, answering, reason=reason)
