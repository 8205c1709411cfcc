"""The clean environment is built from nothing, value by value, and the laws it keeps."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleanenv.clean import difference, dropped, policy
from cleanenv.clean.plan import LONGEST, Overrides, activate, build_plan
from cleanenv.environments.environment import Environment

SYSTEM = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
MY_ENV = Environment("/home/me/my env", "venv", {})


def cleaned(caller: dict[str, str], overrides: Overrides | None = None) -> dict[str, str]:
    """Return the environment for ``caller`` without what is always there."""
    made = build_plan(caller, overrides or Overrides()).environ
    return {name: value for name, value in made.items() if name not in ("PATH", "SHLVL")}


def test_nothing_gets_in_that_is_not_on_the_list() -> None:
    """A new name that nobody thought of stays outside, and is named."""
    plan = build_plan({"HOME": "/home/me", "NEVER_HEARD_OF": "1", "PYTHONPATH": "/x"}, Overrides())
    assert set(plan.environ) == {"HOME", "PATH", "SHLVL"}
    assert plan.dropped == {"NEVER_HEARD_OF": "not on the list", "PYTHONPATH": "what Python imports or runs"}


def test_every_variable_has_a_reason() -> None:
    """``env --explain`` has something to say about each."""
    plan = activate(
        build_plan({"HOME": "/h", "MINE": "1"}, Overrides(["MINE"], {"YOURS": "2"}, ["/opt/x"])),
        MY_ENV,
    )
    assert plan.reasons == {
        "HOME": "where your files and configuration are",
        "MINE": "requested with keep",
        "YOURS": "set as requested",
        "PATH": "rebuilt: the environment's, what you added, the system's",
        "SHLVL": "how deep shells are nested; below 1, bash assumes that sshd started it and reads ~/.bashrc",
        "VIRTUAL_ENV": "the environment is active",
        "VIRTUAL_ENV_PROMPT": "the environment is active",
        "CLEANENV_WANTED": "the names that you allowed explicitly, for doctor",
    }
    assert plan.environ["CLEANENV_WANTED"] == "MINE YOURS"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LANG", "de_DE.UTF-8"),
        ("LC_ALL", "C"),
        ("TERM", "xterm-256color"),
        ("COLORTERM", "truecolor"),
        ("TZ", "Europe/Vienna"),
        ("TZ", "CET-1CEST,M3.5.0/2,M10.5.0/3"),
        ("TZ", ":/usr/share/zoneinfo/Europe/Vienna"),
        ("TZ", "/usr/share/zoneinfo/UTC"),
        ("TZ", ":/etc/localtime"),
        ("TZ", "/etc/passwd"),
        ("LC_TERMINAL", "a/b"),
        ("TZ", ""),
        ("HOME", "/home/me/50%"),
        ("EDITOR", "vi -c 'set ai' %"),
        ("http_proxy", "http://u:p%40ss@proxy:3128/"),
        ("LS_COLORS", ""),
        ("USER", "J\udcf6rg"),
        ("HOME", "/home/a b\nc"),
        ("PAGER", " () { x"),
    ],
)
def test_good_values_pass_as_they_are(name: str, value: str) -> None:
    """Also an empty one, one that is not UTF-8, and one with a newline."""
    assert cleaned({name: value}) == {name: value}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LANG", "/elsewhere/locale"),
        ("LANG", "../../tmp"),
        ("LANG", "%n"),
        ("LANGUAGE", "de:/x"),
        ("LC_MESSAGES", "/x"),
        ("LC_ALL", "a%sb"),
        ("TERM", "../../../tmp/xterm"),
        ("TERM", "%p1"),
        ("COLORTERM", "a/b"),
        ("TZ", "/etc/../etc/localtime"),
        ("TZ", "../../tmp/zone"),
        ("TZ", "/usr/share/zoneinfo/../../../tmp/zone"),
        ("TZ", "Europe/ Vienna"),
        ("TZ", "Europe\nVienna"),
        ("TZ", "x" * 4096),
    ],
)
def test_values_that_sudo_refuses_stay_outside(name: str, value: str) -> None:
    """Env_check in sudoers(5)."""
    plan = build_plan({name: value}, Overrides())
    assert name not in plan.environ
    assert plan.dropped == {name: "a value that sudo refuses too"}


@pytest.mark.parametrize("name", ["LANG", "EDITOR", "MINE"])
def test_a_value_that_is_a_function_stays_outside(name: str) -> None:
    """A bash before its patch of 2014 runs it; ``keep`` does not help."""
    plan = build_plan({name: "() { :; }; touch x"}, Overrides(["MINE"]))
    assert name not in plan.environ
    assert plan.dropped == {name: "an exported shell function"}


@pytest.mark.parametrize("name", ["BASH_FUNC_python%%", "BASH_FUNC_ls()"])
def test_functions_stay_outside(name: str) -> None:
    """The names under which bash exports functions, kept or not."""
    assert build_plan({name: "() { :; }"}, Overrides([name, "BASH*"])).dropped == {name: "an exported shell function"}


@pytest.mark.parametrize(
    "name", ["a-b", "1A", "A B", "A.B", "", "LC_a-b", "TERM_PROGRAM ", "ÄRGER", "A\nB", "LC_\udcff"]
)
def test_names_that_are_no_identifiers_stay_outside(name: str) -> None:
    """No shell can name them, and ``keep '*'`` does not help."""
    plan = build_plan({name: "x"}, Overrides(["*"]))
    assert name not in plan.environ
    assert plan.dropped == {name: "a name that is not an identifier"}


def test_path_is_built_anew() -> None:
    """ENV's bin, what was added, the system's; of the caller's nothing."""
    plan = activate(build_plan({"PATH": "/hostile/bin:/usr/bin"}, Overrides(path=["/opt/a", "/opt/b"])), MY_ENV)
    there = [folder for folder in SYSTEM if os.path.isdir(folder)]
    folders = plan.environ["PATH"].split(":")
    assert folders[:3] == ["/home/me/my env/bin", "/opt/a", "/opt/b"]
    assert [folder for folder in folders[3:] if not folder.startswith("/run/")] == there
    assert plan.base_path == plan.environ["PATH"].partition(":")[2]
    assert "PATH" not in plan.dropped


def test_path_that_is_kept_or_set_on_purpose() -> None:
    """It takes the place of the system's, and ENV still comes first."""
    for overrides in (Overrides(["PATH"]), Overrides(assign={"PATH": "/only/this"})):
        plan = activate(build_plan({"PATH": "/only/this"}, overrides), MY_ENV)
        assert plan.environ["PATH"] == "/home/me/my env/bin:/only/this"
        assert plan.wanted == ["PATH"]


@pytest.mark.parametrize(
    ("before", "after"),
    [(None, "1"), ("1", "1"), ("3", "3"), ("0", "1"), ("-1", "1"), ("", "1"), ("x", "1"), ("²", "1"), ("٣", "1")],
)
def test_shlvl_is_always_set(before: str | None, after: str) -> None:
    """Bash reads ~/.bashrc for ``-c`` under ssh where it is below 1."""
    assert build_plan({} if before is None else {"SHLVL": before}, Overrides()).environ["SHLVL"] == after


def test_keep_lets_in_by_name_and_glob() -> None:
    """It wins over every kind but those that no shell can hold."""
    caller = {"PYTHONPATH": "/x", "ROS_DISTRO": "noetic", "ROS_ROOT": "/r", "OTHER": "1", "CLEANENV_INIT": "/x"}
    assert cleaned(caller, Overrides(["PYTHONPATH", "ROS_*", "CLEANENV_*", "ABSENT"])) == {
        "PYTHONPATH": "/x",
        "ROS_DISTRO": "noetic",
        "ROS_ROOT": "/r",
    }


def test_set_wins_over_the_caller() -> None:
    """Also over a value that would have been refused; an empty value is a value."""
    assert cleaned({"LANG": "/x", "HOME": "/a"}, Overrides(assign={"LANG": "C", "HOME": "/b", "NEW": ""})) == {
        "LANG": "C",
        "HOME": "/b",
        "NEW": "",
    }
    assert build_plan({"LANG": "/x"}, Overrides(assign={"LANG": "C"})).dropped == {}


def test_conda_is_activated_as_conda_does() -> None:
    """An environment of conda's has no VIRTUAL_ENV."""
    plan = activate(
        build_plan({"CONDA_PREFIX": "/other", "CONDA_SHLVL": "2"}, Overrides()), Environment("/c/it", "conda", {})
    )
    assert plan.environ["CONDA_PREFIX"] == "/c/it"
    assert plan.environ["CONDA_DEFAULT_ENV"] == "it"
    assert "VIRTUAL_ENV" not in plan.environ
    assert plan.dropped == {"CONDA_SHLVL": "another environment"}


def test_what_a_setup_file_changed_is_taken_over() -> None:
    """Its additions, changes and removals, and its PATH behind ENV's bin."""
    caller = {"HOME": "/h", "LANG": "C", "PYTHONPATH": "/leak"}
    change = difference.between({"LANG": "C"}, {"PYTHONPATH": "/ros", "PATH": "/ros/bin:/usr/bin"})
    plan = activate(build_plan(caller, Overrides(), change), MY_ENV)
    assert plan.environ["PYTHONPATH"] == "/ros"
    assert plan.environ["PATH"] == "/home/me/my env/bin:/ros/bin:/usr/bin"
    assert "LANG" not in plan.environ
    assert plan.reasons["PYTHONPATH"] == "set by a sourced file"
    assert plan.wanted == ["PATH", "PYTHONPATH"]
    assert plan.dropped == {}


# The laws, for callers drawn at random among names that count and names that do not.
NAMES = st.one_of(
    st.sampled_from(
        [name.replace("*", "X") for names, _, _ in policy.KEPT for name in names.split()]
        + [name.replace("*", "X") for _, names in dropped.DROPPED for name in names.split()]
        + ["BASH_FUNC_x%%", "a-b", "", "PATH", "SHLVL", "MINE"]
    ),
    st.text(min_size=1, max_size=8),
)
VALUES = st.one_of(
    st.sampled_from(["", "()", "() { :; }", "/x", "%n", "C", "1", "0"]),
    st.binary(max_size=12).map(os.fsdecode),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12),
)
CALLERS = st.dictionaries(NAMES, VALUES, max_size=20)
WISHES = st.builds(
    Overrides,
    st.lists(st.sampled_from(["MINE", "PYTHON*", "L*", "CLEANENV*"])),
    st.dictionaries(st.sampled_from(["MINE", "LANG", "LD_PRELOAD"]), VALUES, max_size=2),
    st.lists(st.sampled_from(["/opt/a", "/opt/b"]), max_size=2),
)


@given(CALLERS, WISHES)
@settings(deadline=None)
def test_clean_is_idempotent(caller: dict[str, str], overrides: Overrides) -> None:
    """What is clean stays as it is: a clean shell in a clean shell starts from the same."""
    once = build_plan(caller, overrides).environ
    assert build_plan(once, overrides).environ == once


@given(CALLERS, WISHES)
@settings(deadline=None)
def test_clean_is_a_subset_of_the_caller_apart_from_what_is_declared(
    caller: dict[str, str], overrides: Overrides
) -> None:
    """Each kept value is the caller's, each name of the caller is either kept or named as dropped."""
    plan = build_plan(caller, overrides)
    declared = {"PATH", "SHLVL", *overrides.assign}
    assert {name: value for name, value in plan.environ.items() if name not in declared}.items() <= caller.items()
    assert set(plan.environ) | set(plan.dropped) == set(caller) | declared
    assert not set(plan.environ) & set(plan.dropped)
    assert set(plan.reasons) == set(plan.environ)


FEW = st.dictionaries(st.sampled_from("ABC"), st.sampled_from(["", "x", "y"]))


@given(FEW | CALLERS, FEW | CALLERS)
@settings(deadline=None)
@example({"A": "x"}, {"A": ""})
def test_applying_a_difference_gives_the_other(one: dict[str, str], other: dict[str, str]) -> None:
    """An empty value and an absent name are two things."""
    assert difference.between(one, other).apply(one) == other


@given(st.binary(max_size=40).filter(lambda value: b"\0" not in value and not value.startswith(b"()")))
@settings(deadline=None)
def test_bytes_that_are_not_utf8_pass_unharmed(value: bytes) -> None:
    """PEP 383: what came in as bytes goes out as the same bytes."""
    assert os.fsencode(build_plan({"USER": os.fsdecode(value)}, Overrides()).environ["USER"]) == value


@pytest.mark.parametrize(
    "folder",
    [
        *("/run/current-system/profile/bin", "/run/current-system/profile/sbin", "/run/privileged/bin"),
        *("/run/setuid-programs", "/usr/lib/wsl/lib", "/run/current-system/sw/bin", "/run/wrappers/bin", "/usr/bin"),
    ],
)
def test_directories_of_systems_without_usr_bin_are_known(folder: str) -> None:
    """Those that the login of Guix System, NixOS and WSL gives; no directory of a package manager's or a user's."""
    assert folder in policy.SYSTEM_PATH
    assert not {"/opt/homebrew/bin", "/snap/bin", "/usr/games", "/usr/local/games"} & set(policy.SYSTEM_PATH)


def test_only_directories_that_exist_are_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "SYSTEM_PATH", ("/nowhere", str(tmp_path), "/usr/bin"))
    assert build_plan({}, Overrides()).environ["PATH"] == f"{tmp_path}:/usr/bin"
    assert build_plan({}, Overrides(path=["/gone"])).environ["PATH"] == f"/gone:{tmp_path}:/usr/bin"


def test_a_setup_file_may_unset_path_or_empty_it() -> None:
    """The environment's programs are found all the same."""
    environment = Environment("/it", "venv", {})
    before = build_plan({}, Overrides())
    unset = build_plan({}, Overrides(), difference.Difference({}, {}, ("PATH",)))
    assert unset.base_path == before.base_path
    assert "PATH" not in unset.environ
    assert "PATH" not in unset.reasons
    assert activate(unset, environment).environ["PATH"] == f"/it/bin:{before.base_path}"
    emptied = build_plan({}, Overrides(), difference.Difference({}, {"PATH": ""}, ()))
    assert activate(emptied, environment).environ["PATH"] == "/it/bin"


@pytest.mark.parametrize(("length", "is_told"), [(1, True), (LONGEST - 1, True), (LONGEST, False)])
def test_names_are_told_as_long_as_a_program_can_be_started(length: int, is_told: bool) -> None:
    plan = activate(build_plan({}, Overrides(assign={"A" * length: ""})), Environment("/it", "venv", {}))
    assert ("CLEANENV_WANTED" in plan.environ) is is_told
    assert plan.environ.get("CLEANENV_WANTED", "A" * length) == "A" * length


def test_an_exported_function_is_told_by_its_name_or_its_value() -> None:
    names = build_plan({"BASH_FUNC_x%%": "x", "Y": "() { :; }", "BASH_FUNC_z": "()"}, Overrides()).dropped
    assert set(names.values()) == {policy.FUNCTION}


def test_places_of_environments_are_carried(tmp_path: Path) -> None:
    """Those that exist, and whose variable is not kept; a plan made from the result says the same."""
    (tmp_path / "work").mkdir()
    (tmp_path / "share/virtualenvs").mkdir(parents=True)
    (tmp_path / "py/versions").mkdir(parents=True)
    caller = {
        "WORKON_HOME": str(tmp_path / "work"),
        "PYENV_ROOT": str(tmp_path / "py"),
        "MAMBA_ROOT_PREFIX": str(tmp_path / "gone"),
        "XDG_DATA_HOME": str(tmp_path / "share"),
    }
    plan = activate(build_plan(caller, Overrides()), MY_ENV)
    assert plan.environ["CLEANENV_PLACES"] == f"{tmp_path}/work:{tmp_path}/py/versions"
    assert plan.reasons["CLEANENV_PLACES"] == "where your environments are found by name, for cleanenv"
    again = activate(build_plan(plan.environ, Overrides()), MY_ENV)
    assert again.environ == plan.environ
    # A setup file that was sourced says nothing of it.
    changes = difference.Difference({"X": "1"}, {}, ())
    assert activate(build_plan(caller, Overrides(), changes), MY_ENV).environ["CLEANENV_PLACES"]


@pytest.mark.parametrize("name", ["WORKON_HOME", "CONDA_ENVS_PATH", "POETRY_VIRTUALENVS_PATH", "CLEANENV_PLACES"])
def test_a_place_with_a_colon_cannot_be_carried(name: str, tmp_path: Path) -> None:
    (tmp_path / "a:b").mkdir()
    plan = activate(build_plan({name: str(tmp_path / "a:b")}, Overrides()), MY_ENV)
    assert "CLEANENV_PLACES" not in plan.environ


def test_without_overrides_a_shell_exports_no_variable_of_ours() -> None:
    plan = activate(build_plan({"HOME": "/home/me"}, Overrides()), Environment("/it", "venv", {}))
    assert not {name for name in plan.environ if name.startswith("CLEANENV")}
