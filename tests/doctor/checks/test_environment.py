"""What a finding inside an environment says, and that the environment's own Python agrees."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cleanenv.doctor.checks import registry
from cleanenv.doctor.finding import Finding, Hidden, Subject
from cleanenv.environments.environment import read_environment
from tests.doctor.checks import cases_environment as cases
from tests.environments.test_makers import MAKERS
from tests.support import interpreters
from tests.support.doctor_scene import Situation
from tests.support.environments import make_venv
from tests.support.fake_environment import FakeEnvironment, add
from tests.support.surroundings import skip_or_fail

LISTING = """
import json
from importlib.metadata import distributions
print(json.dumps([[info.metadata["Name"], info.version] for info in distributions()]))
"""


def only(subject: Subject, code: str) -> Finding:
    """Return the one finding of ``code``."""
    reported = [finding for finding in registry.findings(subject) if finding.code == code]
    assert len(reported) == 1
    return reported[0]


def look(path: Path, home: Path) -> list[str]:
    """Return the codes of what is found in a real environment."""
    return [
        finding.code for finding in registry.findings(Subject({}, read_environment(str(path)), str(home), str(home)))
    ]


def python(path: Path, *words: str, environ: dict[str, str] | None = None) -> str:
    """Run the environment's Python and return what it prints."""
    command = [str(path / "bin" / "python"), *words]
    done = subprocess.run(command, env=environ or {}, capture_output=True, text=True, check=True)
    return done.stdout


def test_a_moved_environment_names_both_places_and_the_command(tmp_path: Path) -> None:
    finding = only(cases.moved(tmp_path), "env-moved")
    assert str(tmp_path / "my_env") in finding.fact
    assert str(tmp_path / "other") in finding.fact
    assert finding.evidence == tuple(
        f"{tmp_path}/other/bin/{name}: VIRTUAL_ENV is '{tmp_path}/my_env'"
        for name in ("activate", "activate.csh", "activate.fish")
    )
    assert finding.line == f"{tmp_path}/base/bin/python3.11 -m venv {tmp_path}/other"


def test_a_copy_activates_the_other(tmp_path: Path) -> None:
    assert "activates another environment" in only(cases.copied(tmp_path), "env-moved").fact


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (cases.program_of_another, "#!/old/place/bin/python3.11, which does not exist"),
        (cases.program_with_a_long_path, "#!/old place/bin/python3, which does not exist"),
    ],
)
def test_a_shebang_is_told_with_whether_it_leads_anywhere(make: Situation, expected: str, tmp_path: Path) -> None:
    assert only(make(tmp_path), "env-shebang").evidence == (f"{tmp_path}/my_env/bin/tool: {expected}",)


@pytest.mark.parametrize("length", [200, 300, 1000, 4000])
@pytest.mark.parametrize("head", ["#!{}", "#!/bin/sh\n'''exec' {} \"$0\" \"$@\"\n' '''"])
def test_a_shebang_of_any_length(head: str, length: int, tmp_path: Path) -> None:
    """Linux takes 256 bytes of a first line; installers write longer ones in another form, and some as they are."""
    fake = FakeEnvironment(tmp_path)
    python = "/old/" + "x" * length + "/bin/python3"
    fake.program("tool", head.format(python))
    finding = only(fake.subject(), "env-shebang")
    assert finding.evidence == (f"{fake.bin}/tool: #!{python}, which does not exist",)


def test_two_shebangs_are_one_finding(tmp_path: Path) -> None:
    fake = FakeEnvironment(tmp_path)
    for name in ("pip", "pip3"):
        fake.program(name, "#!/old/bin/python")
    finding = only(fake.subject(), "env-shebang")
    assert finding.fact.startswith("2 programs")
    assert len(finding.evidence) == 2


def test_user_packages_hide_those_of_conda_with_both_versions(tmp_path: Path) -> None:
    finding = only(cases.own_packages_before_conda(tmp_path), "env-user-site")
    place = f"{tmp_path}/home/.local/lib/python3.11/site-packages"
    assert finding.hides == (Hidden("numpy", place, "1.26", "2.0"),)


def test_user_packages_come_behind_those_of_an_open_environment(tmp_path: Path) -> None:
    fake = FakeEnvironment(tmp_path)
    fake.configure(include_system_site_packages="true")
    add(fake.site_packages, "numpy", "2.0")
    add(cases.user_site(fake), "numpy", "1.26")
    add(cases.user_site(fake), "scipy", "1.0")
    finding = only(fake.subject(), "env-user-site")
    assert finding.hides == (Hidden("scipy", str(cases.user_site(fake)), "1.0"),)


def test_system_packages_are_those_that_the_environment_has_not(tmp_path: Path) -> None:
    fake = FakeEnvironment(tmp_path)
    fake.configure(include_system_site_packages="true")
    add(fake.site_packages, "numpy", "2.0")
    for name in ("numpy", "scipy"):
        add(fake.base_packages, name)
    assert only(fake.subject(), "env-system-site").hides == (Hidden("scipy", str(fake.base_packages), "1.0"),)


def test_leftovers_can_be_deleted_by_the_command(tmp_path: Path) -> None:
    fake = FakeEnvironment(tmp_path, name="it's mine")
    (fake.site_packages / "~ip-1.0.dist-info").mkdir()
    (fake.site_packages / "~ip").mkdir()
    finding = only(fake.subject(), "env-leftover")
    subprocess.run(["/bin/sh", "-c", finding.line], env={"PATH": "/usr/bin:/bin"}, check=True)
    assert list(fake.site_packages.iterdir()) == []


def test_a_long_line_of_code_is_cut(tmp_path: Path) -> None:
    fake = FakeEnvironment(tmp_path)
    fake.pth("zz.pth", f"import evil{';' * 5000}")
    assert [len(line) for line in only(fake.subject(), "env-pth-code").evidence] == [161]


def test_nothing_is_run_to_find_it(tmp_path: Path) -> None:
    """The interpreter of a fake is a script: it would leave a mark."""
    fake = FakeEnvironment(tmp_path)
    mark = tmp_path / "mark"
    fake.python.resolve().write_text(f"#!/bin/sh\ntouch {mark}\n")
    fake.pth("zz.pth", f"import os; os.mkdir({str(mark)!r})")
    registry.findings(fake.subject())
    assert not mark.exists()


@pytest.mark.parametrize("kind", MAKERS)
def test_a_real_one_is_sound_until_it_is_moved(kind: str, tmp_path: Path, home: Path) -> None:
    made, moved = tmp_path / "made here", tmp_path / "moved"
    MAKERS[kind](sys.executable, made)
    assert look(made, home) == []
    (tmp_path / "link").symlink_to(made)
    assert look(tmp_path / "link", home) == []
    (tmp_path / "link").unlink()
    made.rename(moved)
    assert look(moved, home) == ["env-moved"]


def test_programs_that_pip_installed_are_found_moved(tmp_path: Path, home: Path) -> None:
    base = getattr(sys, "_base_executable", sys.executable)
    made = tmp_path / "made"
    done = subprocess.run([base, "-I", "-m", "venv", str(made)], capture_output=True, check=False)
    if done.returncode:
        skip_or_fail("this Python has no ensurepip")
    assert look(made, home) == []
    made.rename(tmp_path / "moved")
    assert look(tmp_path / "moved", home) == ["env-moved", "env-shebang"]


@pytest.mark.parametrize("version", [version for version in interpreters.VERSIONS if version != "2.7"])
def test_a_real_one_of_every_python_is_sound(version: str, tmp_path: Path, home: Path) -> None:
    program = interpreters.find(version)
    if program is None:
        skip_or_fail(f"no Python {version} here")
        return
    MAKERS["venv"](program, tmp_path / "my_env")
    assert look(tmp_path / "my_env", home) == []


def test_activation_of_a_moved_one_agrees(tmp_path: Path) -> None:
    made = make_venv(tmp_path / "made")
    moved = made.rename(tmp_path / "moved")
    done = subprocess.run(
        ["bash", "-c", f". {moved}/bin/activate && echo $VIRTUAL_ENV"],
        env={},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{made}\n"


def test_the_environments_python_agrees_on_system_packages(tmp_path: Path, home: Path) -> None:
    made = make_venv(tmp_path / "my_env", "--system-site-packages")
    subject = Subject({}, read_environment(str(made)), str(home), str(home))
    seen = json.loads(python(made, "-c", LISTING, environ={"HOME": str(home)}))
    hides = only(subject, "env-system-site").hides
    assert {(hidden.package.lower(), hidden.leaked) for hidden in hides} == {
        (name.lower(), version) for name, version in seen
    }


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("zz.pth", "import sys; print('ran')\n", "env-pth-code"),
        ("sitecustomize.py", "print('ran')\n", "env-customize"),
        ("usercustomize.py", "print('ran')\n", ""),
        ("a.pth", " import sys; print('ran')\n", ""),
    ],
)
def test_the_environments_python_agrees_on_what_runs(
    file: str, text: str, code: str, tmp_path: Path, home: Path
) -> None:
    made = make_venv(tmp_path / "my_env")
    if (Path(sys.base_prefix) / "lib" / f"python3.{sys.version_info[1]}" / "sitecustomize.py").exists():
        skip_or_fail("this Python has a sitecustomize of its own")
    place = next(made.glob("lib/python3*/site-packages"))
    (place / file).write_text(text)
    assert look(made, home) == ([code] if code else [])
    assert set(python(made, "-c", "").splitlines()) == ({"ran"} if code else set())


@pytest.mark.parametrize("version", [version for version in interpreters.VERSIONS if version != "2.7"])
def test_every_python_agrees_on_hidden_files(version: str, tmp_path: Path, home: Path) -> None:
    program = interpreters.find(version)
    if program is None:
        skip_or_fail(f"no Python {version} here")
        return
    made = tmp_path / "my_env"
    MAKERS["venv"](program, made)
    (next(made.glob("lib/python3*/site-packages")) / ".hidden.pth").write_text("import sys; print('ran')\n")
    assert bool(python(made, "-c", "")) == (look(made, home) == ["env-pth-code"])
