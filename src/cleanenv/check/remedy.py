"""How to fix a finding: which file to change, and the command that installs what is missing."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from cleanenv.check.declared.manifest import PACKAGE_XML, PYPROJECT, REQUIREMENTS, SETUP_CFG, SETUP_PY
from cleanenv.check.result import Remedy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanenv.check.declared.declarations import Answering, Match
    from cleanenv.check.declared.manifest import Manifest
    from cleanenv.check.leaks import Leak
    from cleanenv.check.packages import Package
    from cleanenv.check.project import Project
    from cleanenv.environments.environment import Environment

REQUIREMENTS_TXT = "requirements.txt"
_LISTS = {
    PYPROJECT: "to 'dependencies' in",
    SETUP_CFG: "to 'install_requires' in",
    SETUP_PY: "to 'install_requires' in",
}


class Remedies:
    """Writes remedies for one project and one ENV; ``env`` is what the user calls ENV, ``directory`` where they are."""

    def __init__(self, project: Project, environment: Environment, env: str, directory: str) -> None:
        self._project = project
        self._environment = environment
        self._env = env
        self._directory = directory

    def declare(self, answering: Answering, package: Package, module: str, *, is_installed: bool = False) -> Remedy:
        """Return how to declare what ``module`` comes from, and to install it unless ``is_installed``."""
        manifest = _target(answering.manifests, package)
        if package.is_ros or (manifest is not None and manifest.kind == PACKAGE_XML):
            return self._in_package_xml(manifest, package, module)
        requirement = package.distribution or module
        if package.version:
            requirement = f"{requirement}=={package.version}"
        if manifest is None or manifest.kind == REQUIREMENTS:
            path = manifest.path if manifest is not None else f"{self._project.top}/{REQUIREMENTS_TXT}"
            return self._in_requirements(path, requirement, is_installed=is_installed)
        text = f"add '{requirement}' {_LISTS[manifest.kind]} {manifest.shown}"
        if is_installed:
            return Remedy(text, manifest=manifest.shown)
        return Remedy(f"{text}, and install it", self._install(shlex.quote(requirement)), manifest.shown)

    def install(self, match: Match) -> Remedy:
        """Return how to install the requirement that ``match`` has found."""
        shown = match.manifest.shown
        if match.manifest.kind == REQUIREMENTS:
            argument = f"-r {shlex.quote(self._path(match.manifest.path))}"
            return Remedy(f"install what {shown} names", self._install(argument), shown)
        text = match.declared.asked
        return Remedy(f"install it, as {match.declared.where} says", self._install(shlex.quote(text)), shown)

    def allow(self, leak: Leak, manifests: str) -> Remedy:
        """Return how to let a ROS distribution in on purpose: by its setup file, or else its directory."""
        prefix = leak.path.rpartition("/lib/")[0]
        setup = f"{prefix}/setup.bash"
        option = f"--source {shlex.quote(setup)}"
        if not os.path.isfile(setup):
            option = f"--set {shlex.quote(f'PYTHONPATH={leak.path}')}"
        text = "let it in on purpose, in a clean shell"
        return Remedy(text, f"cleanenv shell {shlex.quote(self._env)} {option}", manifests)

    def _in_requirements(self, path: str, requirement: str, *, is_installed: bool) -> Remedy:
        shown = self._project.shown(path)
        file = shlex.quote(self._path(path))
        line = f"echo {shlex.quote(requirement)} >> {file}"
        if _lacks_newline(path):
            line = f"printf '\\n%s\\n' {shlex.quote(requirement)} >> {file}"
        if is_installed:
            return Remedy(f"add it to {shown}", line, shown)
        return Remedy(f"add it to {shown}, and install it", f"{line} && {self._install(f'-r {file}')}", shown)

    def _in_package_xml(self, manifest: Manifest | None, package: Package, module: str) -> Remedy:
        name = module
        if not package.is_ros:
            name = package.debian or f"python3-{(package.distribution or module).lower().replace('_', '-')}"
        if manifest is None:
            return Remedy(f"pip has no ROS packages: name it in a package.xml, as <exec_depend>{name}</exec_depend>")
        return Remedy(f"add <exec_depend>{name}</exec_depend> to {manifest.shown}", manifest=manifest.shown)

    def _install(self, arguments: str) -> str:
        """Return the command that installs into ENV whatever leaks: pip in a clean process, or uv if ENV has no pip."""
        if os.path.lexists(f"{self._environment.bin}/pip"):
            return f"cleanenv run {shlex.quote(self._env)} -- python -m pip install {arguments}"
        return f"uv pip install --python {shlex.quote(self._path(self._environment.python))} {arguments}"

    def _path(self, path: str) -> str:
        """Return ``path`` as one types it where the user is."""
        if path.startswith(f"{self._directory}/"):
            return path[len(self._directory) + 1 :]
        return path


def _target(manifests: Sequence[Manifest], package: Package) -> Manifest | None:
    """Return the manifest in which a requirement is best added, None if there is none yet."""
    by_kind: dict[str, Manifest] = {}
    for manifest in manifests:
        known = by_kind.get(manifest.kind)
        if known is None or os.path.basename(manifest.path) == REQUIREMENTS_TXT:
            by_kind[manifest.kind] = manifest
    if package.is_ros:
        return by_kind.get(PACKAGE_XML)
    for kind in (PYPROJECT, SETUP_CFG, SETUP_PY):
        structured = by_kind.get(kind)
        if structured is not None and structured.requirements and not structured.is_computed:
            return structured
    for kind in (REQUIREMENTS, PYPROJECT, SETUP_CFG):
        if kind in by_kind:
            return by_kind[kind]
    return by_kind.get(PACKAGE_XML) or by_kind.get(SETUP_PY)


def _lacks_newline(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"
    except OSError:
        return False
