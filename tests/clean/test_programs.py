"""EDITOR, VISUAL and PAGER name a program that is found inside, or are not passed on."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cleanenv.clean.plan import Overrides, build_plan
from cleanenv.environments.environment import Environment


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Return a folder with programs: in bin and `my bin` of the caller's PATH, in env/bin of ENV's."""
    for place in ("bin/nvim", "bin/code", "my bin/ed$x", "my bin/it's", "env/bin/own", "bin/sh"):
        program = tmp_path / place
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text("#!/bin/sh\nprintf '<%s>' \"$@\"\n", encoding="ascii")
        program.chmod(0o755)
    (tmp_path / "bin/data").touch()
    (tmp_path / "bin/folder").mkdir()
    return tmp_path


def plan_of(value: str, folders: Path, name: str = "EDITOR") -> tuple[str | None, str]:
    """Return the value of ``name`` inside, and its reason or its kind."""
    caller = {name: value, "PATH": f"{folders}/bin:{folders}/my bin:bin:/usr/bin:/bin", "HOME": str(folders)}
    plan = build_plan(caller, Overrides(), environment=Environment(f"{folders}/env", "venv", {}))
    return plan.environ.get(name), plan.reasons.get(name) or plan.dropped[name]


@pytest.mark.parametrize("name", ["EDITOR", "VISUAL", "PAGER"])
def test_a_program_that_only_the_caller_finds(name: str, folders: Path) -> None:
    value, reason = plan_of("nvim -f", folders, name)
    assert value == f"{folders}/bin/nvim -f"
    assert reason.endswith(", by its full path, as only your PATH has it")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("code", "{}/bin/code"),
        ("code -w --reuse-window", "{}/bin/code -w --reuse-window"),
        ("  nvim\t-c 'set ai'", "  {}/bin/nvim\t-c 'set ai'"),
        ("'nvim' -f", "{}/bin/nvim -f"),
        ('"nvim"', "{}/bin/nvim"),
        ("env X=1 nvim -f", "env X=1 {}/bin/nvim -f"),
        ("X=1 Y=/a nvim", "X=1 Y=/a {}/bin/nvim"),
        ("exec nvim", "exec {}/bin/nvim"),
        ("command nvim", "command {}/bin/nvim"),
    ],
)
def test_only_the_program_is_replaced(before: str, after: str, folders: Path) -> None:
    assert plan_of(before, folders)[0] == after.format(folders)


def test_blanks_and_quotes_in_the_path_are_quoted_for_sh(folders: Path) -> None:
    """As git reads it: sh -c '$EDITOR "$@"'."""
    for name in ("ed$x", "it's"):
        (folders / "my bin" / name).rename(folders / "my bin/edit")
        value, _ = plan_of("edit -f", folders)
        assert value == f"'{folders}/my bin/edit' -f"
        printed = subprocess.run(
            ["/bin/sh", "-c", f'{value} "$@"', "sh", "a b"], capture_output=True, check=True
        ).stdout
        assert printed == b"<-f><a b>"
        (folders / "my bin/edit").rename(folders / "my bin" / name)


def test_a_quote_in_the_path(folders: Path) -> None:
    (folders / "my bin").rename(folders / "it's")
    caller = {"EDITOR": "edit", "PATH": f"{folders}/it's"}
    (folders / "it's/ed$x").rename(folders / "it's/edit")
    value = build_plan(caller, Overrides()).environ["EDITOR"]
    printed = subprocess.run(["/bin/sh", "-c", f'{value} "$@"', "sh", "a"], capture_output=True, check=True).stdout
    assert printed == b"<a>"


@pytest.mark.parametrize(
    "value",
    [
        "sh",  # of the system's, which goes before the caller's
        "sh -x",
        "own -f",  # ENV's
        "env",
        "/bin/sh -x",
        "{}/bin/nvim -f",
        "'{}/bin/nvim' -f",
        "~/bin/nvim",
        "{}/my bin/it's",  # not quoted, and a program as a whole
        "./nvim",
        "",
        " ",
        "$HOME/bin/nvim",
        "nvim; true",
        "n'vi'm",
        "'no such'x",
        "nvim's",
        "env -i nvim",
        "X='a b' nvim",
        "$(which nvim)",
        "cat | less",
    ],
)
def test_what_works_or_takes_a_shell_to_read_is_left_as_it_is(value: str, folders: Path) -> None:
    value = value.format(folders)
    assert plan_of(value, folders) == (value, "your editor")


@pytest.mark.parametrize(
    "value",
    ["emacs-gone", "emacs-gone -nw", "/gone/vim", "/gone/vim -f", "~/gone", "data", "folder", "env gone", "'gone'"],
)
def test_a_program_that_nobody_finds_stays_outside(value: str, folders: Path) -> None:
    assert plan_of(value, folders) == (None, "a program that is not found")


def test_path_from_the_current_directory_does_not_count(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folders)
    for path in ("bin", "", "."):
        plan = build_plan({"EDITOR": "nvim", "PATH": path}, Overrides())
        assert "EDITOR" not in plan.environ


def test_directories_that_were_added_count(folders: Path) -> None:
    plan = build_plan({"EDITOR": "nvim", "PATH": f"{folders}/bin"}, Overrides(path=[f"{folders}/bin"]))
    assert plan.environ["EDITOR"] == "nvim"


def test_what_was_set_on_purpose_is_left_as_it_is(folders: Path) -> None:
    plan = build_plan({"EDITOR": "nvim", "PATH": f"{folders}/bin"}, Overrides(assign={"EDITOR": "code"}))
    assert plan.environ["EDITOR"] == "code"


def test_without_env_a_plan_is_the_same_a_second_time(folders: Path) -> None:
    first = build_plan({"EDITOR": "nvim", "PATH": f"{folders}/bin"}, Overrides()).environ
    assert build_plan(first, Overrides()).environ == first


@pytest.mark.parametrize("value", ["{}/conda/bin/nano", "nano", "{}/conda/bin/nano -w", "~/conda/bin/nano"])
def test_a_program_in_an_environment_that_is_left_out(value: str, folders: Path) -> None:
    """Neither by its path nor by a name that only the caller's PATH finds there."""
    program = folders / "conda/bin/nano"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n", encoding="ascii")
    program.chmod(0o755)
    (folders / "conda/conda-meta").mkdir()
    caller = {"EDITOR": value.format(folders), "PATH": f"{folders}/conda/bin:/gone", "HOME": str(folders)}
    plan = build_plan(caller, Overrides(), environment=Environment(f"{folders}/env", "venv", {}))
    assert "EDITOR" not in plan.environ
    inside = build_plan(caller, Overrides(), environment=Environment(f"{folders}/conda", "conda", {}))
    assert inside.environ["EDITOR"].endswith(("nano", "nano -w")), "ENV's own is not left out"
