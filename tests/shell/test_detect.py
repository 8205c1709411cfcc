"""Which shell is the user's, told from recorded process tables."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import shellingham

from cleanenv.errors import ShellUnusableError
from cleanenv.shell import arguments, detect, registry, running
from cleanenv.system.processes import Process
from tests.support.command import write_program

# A table has one row a process, the nearest first: name, program, argv separated by blanks.
# {bin} is a folder in which every shell is; elsewhere nothing can be looked at.
Row = tuple[str, str, str]
LOGIN = ("login", "/usr/bin/login", "login -pf me")
LAUNCHD = ("launchd", "/sbin/launchd", "/sbin/launchd")
TERMINAL = ("Terminal", "/System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal", "Terminal")
INIT = ("systemd", "", "")
SSHD = ("sshd", "/usr/sbin/sshd", "sshd: me@pts/0")
GNOME = ("gnome-terminal-", "/usr/libexec/gnome-terminal-server", "/usr/libexec/gnome-terminal-server")

TABLES: dict[str, tuple[str | None, list[Row]]] = {
    # macOS, Terminal.app: login shells have a dash in front, and programs carry no folder.
    "macos-zsh": ("zsh", [("zsh", "{bin}/zsh", "-zsh"), LOGIN, TERMINAL, LAUNCHD]),
    "macos-bash": ("bash", [("bash", "{bin}/bash", "-bash"), LOGIN, TERMINAL, LAUNCHD]),
    "macos-fish": ("fish", [("fish", "{bin}/fish", "-fish"), LOGIN, TERMINAL, LAUNCHD]),
    "macos-bash-in-zsh": (
        "bash",
        [("bash", "{bin}/bash", "bash"), ("zsh", "{bin}/zsh", "-zsh"), LOGIN, TERMINAL, LAUNCHD],
    ),
    "macos-program-unreadable": ("zsh", [("zsh", "", "-zsh"), ("login", "", ""), TERMINAL, LAUNCHD]),
    "macos-only-the-name": ("fish", [("fish", "", ""), ("login", "", ""), ("launchd", "", "")]),
    "macos-editor-unreadable": ("zsh", [("vim", "", "vim bash"), ("zsh", "", "-zsh"), ("login", "", "")]),
    "macos-homebrew": ("fish", [("fish", "{bin}/fish", "/opt/homebrew/bin/fish -l"), LOGIN, LAUNCHD]),
    # Linux terminals.
    "gnome-terminal": ("bash", [("bash", "{bin}/bash", "bash"), GNOME, INIT]),
    "rcfile": ("bash", [("bash", "{bin}/bash", "bash --rcfile /tmp/x.sh"), GNOME, INIT]),
    "options": ("zsh", [("zsh", "{bin}/zsh", "zsh -o sh_word_split -i"), GNOME, INIT]),
    "ssh": ("bash", [("bash", "{bin}/bash", "-bash"), SSHD, ("sshd", "", ""), INIT]),
    "ssh-command": ("bash", [("bash", "{bin}/bash", "bash -c cleanenv shell x"), SSHD, ("sshd", "", ""), INIT]),
    "tmux": ("fish", [("fish", "{bin}/fish", "-fish"), ("tmux: server", "/usr/bin/tmux", "tmux new -s x"), INIT]),
    "tmux-from-bash": (
        "zsh",
        [
            ("zsh", "{bin}/zsh", "-zsh"),
            ("tmux: server", "/usr/bin/tmux", "tmux"),
            ("bash", "{bin}/bash", "-bash"),
            SSHD,
        ],
    ),
    "screen": ("bash", [("bash", "{bin}/bash", "/bin/bash"), ("screen", "/usr/bin/screen", "SCREEN"), INIT]),
    "script": (
        "zsh",
        [("zsh", "{bin}/zsh", "zsh -i"), ("script", "/usr/bin/script", "script"), ("bash", "{bin}/bash", "bash")],
    ),
    "sudo": ("bash", [("sudo", "/usr/bin/sudo", "sudo cleanenv"), ("bash", "{bin}/bash", "bash"), GNOME, INIT]),
    "su": (
        "bash",
        [("bash", "{bin}/bash", "-bash"), ("su", "/usr/bin/su", "su -"), ("zsh", "{bin}/zsh", "zsh"), GNOME],
    ),
    "vscode": (
        "bash",
        [
            ("bash", "{bin}/bash", "/bin/bash --init-file /usr/share/code/resources/app/out/shellIntegration-bash.sh"),
            ("code", "/usr/share/code/code", "/usr/share/code/code --type=utility"),
            ("code", "/usr/share/code/code", "/usr/share/code/code"),
            INIT,
        ],
    ),
    "vscode-zsh": ("zsh", [("zsh", "{bin}/zsh", "/bin/zsh -il"), ("Code Helper", "/x/Code Helper", ""), LAUNCHD]),
    "vscode-task": (
        "fish",
        [("fish", "{bin}/fish", "fish -c cleanenv shell"), ("code", "/usr/share/code/code", "code"), INIT],
    ),
    # What runs for somebody is not the user's shell.
    "make": (
        "zsh",
        [
            ("sh", "{bin}/dash", "/bin/sh -c cleanenv shell"),
            ("make", "/usr/bin/make", "make"),
            ("zsh", "{bin}/zsh", "zsh"),
            GNOME,
        ],
    ),
    "make-with-bash": (
        "fish",
        [
            ("bash", "{bin}/bash", "/bin/bash -c cleanenv shell"),
            ("make", "/usr/bin/make", "make"),
            ("fish", "{bin}/fish", "fish"),
        ],
    ),
    "script-of-sh": ("fish", [("x.sh", "{bin}/dash", "/bin/sh ./x.sh"), ("fish", "{bin}/fish", "fish"), GNOME, INIT]),
    "script-of-bash": ("zsh", [("x", "{bin}/bash", "/usr/bin/bash ./x"), ("zsh", "{bin}/zsh", "-zsh"), LOGIN]),
    "script-of-bash-e": ("zsh", [("x", "{bin}/bash", "bash -eu -o pipefail ./x"), ("zsh", "{bin}/zsh", "-zsh"), LOGIN]),
    "script-in-script": (
        "tcsh",
        [("y", "{bin}/bash", "bash y"), ("x", "{bin}/dash", "sh x"), ("tcsh", "{bin}/tcsh", "-tcsh"), SSHD],
    ),
    "command-in-a-shell": (
        "zsh",
        [("zsh", "{bin}/zsh", "zsh -c cleanenv shell; :"), ("bash", "{bin}/bash", "bash"), GNOME],
    ),
    "python-script": (
        "bash",
        [("python3", "/usr/bin/python3.11", "python3 x.py"), ("bash", "{bin}/bash", "bash"), GNOME],
    ),
    "python-script-of-a-shells-name": (
        "zsh",
        [("python3", "/usr/bin/python3.11", "python3 x.py fish"), ("zsh", "{bin}/zsh", "zsh"), GNOME],
    ),
    "cron": (None, [("sh", "{bin}/dash", "/bin/sh -c cleanenv"), ("cron", "/usr/sbin/cron", "cron -f"), INIT]),
    "cron-script": (None, [("x", "{bin}/bash", "/bin/bash /home/me/x"), ("sh", "{bin}/dash", "/bin/sh -c x"), INIT]),
    "desktop-launcher": (None, [("gnome-shell", "/usr/bin/gnome-shell", "/usr/bin/gnome-shell"), INIT]),
    "none": (None, []),
    # Shells that hide.
    "busybox-applet": ("ash", [("busybox", "{bin}/busybox", "busybox ash"), ("bash", "{bin}/bash", "bash")]),
    "busybox-sh": ("ash", [("sh", "{bin}/busybox", "-sh"), ("init", "{bin}/busybox", "init")]),
    "busybox-link": ("ash", [("ash", "{bin}/busybox", "ash"), ("init", "{bin}/busybox", "init")]),
    "busybox-other": (None, [("busybox", "{bin}/busybox", "busybox httpd -f"), INIT]),
    "busybox-script": ("bash", [("busybox", "{bin}/busybox", "busybox ash ./x.sh"), ("bash", "{bin}/bash", "bash")]),
    "xonsh": (
        "xonsh",
        [("xonsh", "/usr/bin/python3.11", "/usr/bin/python3 {bin}/xonsh"), ("bash", "{bin}/bash", "bash")],
    ),
    "xonsh-retitled": ("xonsh", [("xonsh", "/usr/bin/python3.11", "xonsh"), ("bash", "{bin}/bash", "bash")]),
    "xonsh-module": ("xonsh", [("python3", "/usr/bin/python3.11", "python3 -m xonsh"), ("bash", "{bin}/bash", "bash")]),
    "xonsh-module-script": (
        "bash",
        [("python3", "/usr/bin/python3.11", "python3 -m xonsh x.xsh"), ("bash", "{bin}/bash", "bash")],
    ),
    "only-the-title": ("zsh", [("x", "", "-zsh"), ("bash", "{bin}/bash", "bash")]),
    "retitled-and-unreadable": ("fish", [("fish", "", "~/src"), ("bash", "{bin}/bash", "bash")]),
    "ksh-as-ksh": ("ksh93", [("ksh", "{bin}/ksh93", "ksh"), ("bash", "{bin}/bash", "bash")]),
    "csh": ("csh", [("csh", "{bin}/bsd-csh", "csh"), ("bash", "{bin}/bash", "bash")]),
    "nushell": ("nushell", [("nu", "{bin}/nu", "nu"), ("bash", "{bin}/bash", "bash")]),
    "elvish": ("elvish", [("elvish", "{bin}/elvish", "elvish"), ("bash", "{bin}/bash", "bash")]),
    "deleted-program": ("zsh", [("zsh", "/gone/zsh", "-zsh"), SSHD]),
    "sh-is-bash": ("bash", [("sh", "{bin}/bash", "sh"), ("sshd", "/usr/sbin/sshd", "sshd")]),
    "all-unreadable": (None, [("", "", ""), ("", "", "")]),
}


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """Return a folder with a program for every shell."""
    for row in registry.ROWS:
        for program in row.programs:
            write_program(tmp_path / "bin" / program, "#!/bin/sh\n")
    return str(tmp_path / "bin")


@pytest.mark.parametrize("table", TABLES)
def test_recorded_process_tables(table: str, folder: str) -> None:
    """The nearest shell that talks to the user, never one that only runs something for somebody."""
    expected, rows = TABLES[table]
    processes = [
        Process(pid, name, program.format(bin=folder), tuple(argv.format(bin=folder).split()))
        for pid, (name, program, argv) in enumerate(rows, 100)
    ]
    found = detect.from_processes(processes, folder)
    assert (found and found.shell.name) == expected
    assert found is None or found.program.startswith(folder + "/")


def test_the_program_that_runs_is_started_again(folder: str, tmp_path: Path) -> None:
    """Not another of the same name that comes first on PATH."""
    mine = str(write_program(tmp_path / "mine/zsh", "#!/bin/sh\n"))
    found = detect.from_processes([Process(1, "zsh", mine, ("-zsh",))], folder)
    assert found is not None
    assert found.program == mine


@pytest.fixture
def no_shellingham(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep out what stands above the tests themselves."""
    monkeypatch.setattr(detect, "from_shellingham", lambda: None)


@pytest.mark.usefixtures("no_shellingham")
def test_without_a_shell_above_the_account_says(folder: str) -> None:
    """SHELL, where it is a program that we know."""
    found = detect.choose(None, [], {"SHELL": f"{folder}/fish"})
    assert (found.shell.name, found.program) == ("fish", f"{folder}/fish")


def test_a_script_is_no_reason_to_take_its_shell(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the process table can be read, and no shell of the user's is in it, SHELL counts."""
    monkeypatch.setattr(detect, "from_shellingham", lambda: detect.Found(registry.by_name("bash"), f"{folder}/bash"))
    processes = [Process(2, "x", f"{folder}/bash", ("bash", "x")), Process(1, "cron", "/usr/sbin/cron", ("cron",))]
    assert detect.choose(None, processes, {"SHELL": f"{folder}/fish"}).shell.name == "fish"


def test_shell_by_a_link(tmp_path: Path, folder: str) -> None:
    """What the link leads to counts, and is what runs: called sh, another shell behaves as another."""
    (tmp_path / "sh").symlink_to(f"{folder}/dash")
    found = detect.choose(f"{tmp_path}/sh", [], {})
    assert (found.shell.name, found.program) == ("dash", os.path.realpath(f"{folder}/dash"))


@pytest.mark.parametrize("name", registry.NAMES)
def test_shell_by_name(name: str, folder: str) -> None:
    """Every row's own, found on the caller's PATH."""
    found = detect.choose(name, [], {"PATH": folder})
    assert found.shell.name == name
    assert found.program == f"{folder}/{found.shell.programs[0]}"


def refusal(name: str, environ: dict[str, str]) -> str:
    """Return the sentence with which a shell is refused."""
    with pytest.raises(ShellUnusableError) as refused:
        detect.choose(name, [], environ)
    return str(refused.value)


KNOWN = "bash, zsh, fish, tcsh, csh, ksh93, mksh, dash, ash, yash, xonsh, nushell, elvish"


def test_shells_that_are_refused(tmp_path: Path) -> None:
    """Unknown, no program, missing: each lists or says what helps."""
    other = str(write_program(tmp_path / "oil", "#!/bin/sh\n"))
    (tmp_path / "bash").touch(mode=0o644)
    assert refusal("oil", {}) == f"unknown shell 'oil': cleanenv knows {KNOWN}"
    assert refusal("", {}) == f"unknown shell '': cleanenv knows {KNOWN}"
    assert refusal(other, {}) == f"unknown shell '{other}': cleanenv knows {KNOWN}"
    for path in (f"{tmp_path}/bash", f"{tmp_path}/nothing", str(tmp_path)):
        assert (
            refusal(path, {}) == f"'{path}' is not an executable: give --shell the path of a shell or one of its names"
        )


def test_a_shell_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither on PATH nor where the system has its programs."""
    monkeypatch.setattr(detect, "SYSTEM", ())
    said = "the shell 'xonsh' is not installed: install it, or give --shell its path"
    assert refusal("xonsh", {"PATH": "/nowhere:"}) == said
    assert refusal("xonsh", {}) == said


NAMELESS = "neither SHELL nor the password database names your shell"


@pytest.mark.usefixtures("no_shellingham")
@pytest.mark.parametrize(
    ("account", "environ", "reason"),
    [
        ("", {}, NAMELESS),
        ("", {"SHELL": ""}, NAMELESS),
        ("/usr/sbin/nologin", {}, "your shell by the password database, '/usr/sbin/nologin', {cannot}"),
        ("/bin/false", {"SHELL": "/usr/sbin/nologin"}, "your shell by SHELL, '/usr/sbin/nologin', {cannot}"),
        ("", {"SHELL": "/usr/bin/oil"}, "your shell by SHELL, '/usr/bin/oil', {cannot}"),
        ("/gone/zsh", {}, "your shell by the password database, '/gone/zsh', {cannot}"),
    ],
)
def test_who_has_no_shell_gets_bash(
    account: str, environ: dict[str, str], reason: str, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a container without an entry in the password database, and as a service account."""
    monkeypatch.setattr(detect, "login_shell", lambda: account)
    monkeypatch.setattr(detect, "SYSTEM", ())
    found = detect.choose(None, [], environ | {"PATH": f"/nowhere:{folder}"})
    assert (found.shell.name, found.program) == ("bash", f"{folder}/bash")
    reason = reason.format(cannot="is not one that cleanenv can start")
    assert found.why_assumed == f"{reason}: this is bash; choose another with --shell"


@pytest.mark.usefixtures("no_shellingham")
@pytest.mark.parametrize(
    ("program", "name"), [("dash", "dash"), ("busybox", "ash"), ("mksh", "mksh"), ("bash", "bash")]
)
def test_who_has_no_shell_gets_sh_without_bash(
    program: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As what it really is; a sh that we do not know, as in the first directory, is passed over."""
    monkeypatch.setattr(detect, "login_shell", lambda: "")
    monkeypatch.setattr(detect, "SYSTEM", ())
    write_program(tmp_path / "first/sh", "#!/bin/sh\n")
    real = write_program(tmp_path / "elsewhere" / program, "#!/bin/sh\n")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/sh").symlink_to(real)
    found = detect.choose(None, [], {"PATH": f"{tmp_path}/first:{tmp_path}/bin"})
    assert (found.shell.name, found.program) == (name, os.path.realpath(real))
    assert found.why_assumed == f"{NAMELESS}: this is {name}; choose another with --shell"


@pytest.mark.usefixtures("no_shellingham")
def test_a_shell_that_is_known_is_not_assumed(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detect, "login_shell", lambda: "/usr/sbin/nologin")
    above = [Process(1, "zsh", f"{folder}/zsh", ("-zsh",))]
    assert detect.choose(None, above, {}).why_assumed == ""
    assert detect.choose(None, [], {"SHELL": f"{folder}/fish"}).why_assumed == ""
    assert detect.choose("bash", [], {"PATH": folder}).why_assumed == ""


@pytest.mark.usefixtures("no_shellingham")
def test_no_shell_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither above nor in SHELL nor in the password database, and neither bash nor a sh that we know."""
    monkeypatch.setattr(detect, "login_shell", lambda: "/usr/sbin/nologin")
    monkeypatch.setattr(detect, "SYSTEM", ())
    write_program(tmp_path / "sh", "#!/bin/sh\n")
    (tmp_path / "bash").touch(mode=0o644)
    with pytest.raises(ShellUnusableError) as refused:
        detect.choose(None, [], {"PATH": str(tmp_path)})
    assert str(refused.value) == (
        "your shell by the password database, '/usr/sbin/nologin', is not one that cleanenv can start,"
        " and neither bash nor sh is installed: name another shell with --shell"
    )


@pytest.mark.parametrize(
    ("words", "use"),
    [
        ("", "interactive"),
        ("-i", "interactive"),
        ("--interactive", "interactive"),
        ("-i script", "interactive"),
        ("--interactive script", "interactive"),
        ("-s", "interactive"),
        ("-l", "interactive"),
        ("--login", "interactive"),
        ("--norc", "interactive"),
        ("--color", "interactive"),
        ("+x", "interactive"),
        ("-x", "interactive"),
        ("--rcfile x", "interactive"),
        ("-o emacs", "interactive"),
        ("--rcfile", "interactive"),
        ("-c true", "command"),
        ("-lic true", "command"),
        ("-xec true", "command"),
        ("-s -c true", "command"),
        ("-l -c true", "command"),
        ("--login -c true", "command"),
        ("--command true", "command"),
        ("--commands true", "command"),
        ("--rcfile x -c true", "command"),
        ("script", "script"),
        ("script -c true", "script"),
        ("-x script", "script"),
        ("+x script", "script"),
        ("-s script", "script"),
        ("--login script", "script"),
        ("-l script", "script"),
        ("--norc script", "script"),
        ("-xuec true", "script"),
        ("--rcfile x script", "script"),
    ],
)
def test_what_a_shell_does_is_told_by_its_arguments(words: str, use: str) -> None:
    assert arguments.use_of(registry.by_name("bash"), words.split()) == use


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (("zsh", "{bin}/zsh"), "zsh"),
        (("ksh", "{bin}/ksh93"), "ksh93"),
        (("sh", "{bin}/bash"), None),
        (("oil", "{bin}/bash"), None),
        (("bash", "/gone/bash"), None),
        (OSError("unreadable"), None),
        (shellingham.ShellDetectionFailure(), None),
    ],
)
def test_what_shellingham_finds(
    answer: tuple[str, str] | Exception, name: str | None, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell that we know, and that can be started; 'sh' says nothing."""

    def detect_shell() -> tuple[str, str]:
        if isinstance(answer, Exception):
            raise answer
        return answer[0], answer[1].format(bin=folder)

    monkeypatch.setattr(shellingham, "detect_shell", detect_shell)
    found = detect.from_shellingham()
    assert (found and found.shell.name) == name
    if found is not None and isinstance(answer, tuple):
        assert found.program == answer[1].format(bin=folder)


@pytest.mark.parametrize("table", [[], [Process(2, "", "", ()), Process(1, "", "", ())]])
def test_shellingham_is_asked_if_the_process_table_says_nothing(
    table: list[Process], folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes before SHELL."""
    monkeypatch.setattr(shellingham, "detect_shell", lambda: ("zsh", f"{folder}/zsh"))
    assert detect.choose(None, iter(table), {"SHELL": f"{folder}/fish"}).shell.name == "zsh"


def test_the_callers_path_leads_to_a_shell_whose_program_is_unreadable(folder: str) -> None:
    """As on macOS, and with setuid programs."""
    found = detect.choose(None, [Process(1, "xonsh", "", ("xonsh",))], {"PATH": f"/nowhere:{folder}"})
    assert (found.shell.name, found.program) == ("xonsh", f"{folder}/xonsh")


def test_without_path_the_system_has_the_shell(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detect, "SYSTEM", (folder,))
    found = detect.choose(None, [Process(1, "xonsh", "", ("xonsh",))], {})
    assert found.program == f"{folder}/xonsh"
    assert detect.choose("xonsh", [], {}).program == f"{folder}/xonsh"


def test_the_password_database_says_where_shell_does_not(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does a SHELL that is not there any more."""
    monkeypatch.setattr(detect, "login_shell", lambda: f"{folder}/tcsh")
    for environ in ({}, {"SHELL": ""}, {"SHELL": "/gone/fish"}, {"SHELL": "/usr/bin/oil"}):
        found = detect.from_account(environ)
        assert found is not None
        assert (found.shell.name, found.program) == ("tcsh", f"{folder}/tcsh")
    monkeypatch.setattr(detect, "login_shell", lambda: "/gone/tcsh")
    assert detect.from_account({}) is None
    monkeypatch.setattr(detect, "login_shell", lambda: "")
    assert detect.from_account({}) is None


def test_a_shell_in_the_account_may_be_a_link(folder: str, tmp_path: Path) -> None:
    """What it leads to says which shell it is, and is what runs."""
    (tmp_path / "my-shell").symlink_to(f"{folder}/fish")
    found = detect.from_account({"SHELL": f"{tmp_path}/my-shell"})
    assert found is not None
    assert (found.shell.name, found.program) == ("fish", os.path.realpath(f"{folder}/fish"))


def test_found_shells_are_compared_by_shell_and_program() -> None:
    bash, zsh = registry.by_name("bash"), registry.by_name("zsh")
    assert detect.Found(bash, "/bin/bash") == detect.Found(bash, "/bin/bash")
    assert hash(detect.Found(bash, "/bin/bash")) == hash(detect.Found(bash, "/bin/bash"))
    assert detect.Found(bash, "/bin/bash") != detect.Found(bash, "/usr/bin/bash")
    assert detect.Found(bash, "/bin/bash") != detect.Found(zsh, "/bin/bash")
    assert detect.Found(bash, "/bin/bash") != "/bin/bash"
    assert len({detect.Found(bash, "/bin/bash"), detect.Found(bash, "/usr/bin/bash")}) == 2


@pytest.mark.parametrize(
    ("argv", "is_login"),
    [
        ("-bash", True),
        ("bash", False),
        ("bash -l", True),
        ("bash --login", True),
        ("bash -lic true", True),
        ("bash -ilc true", True),
        ("bash -icl true", True),
        ("bash -i -l -c true", True),
        ("bash -c -l true", True),
        ("bash -ic true -l", False),
        ("bash -x script -l", False),
        ("bash script --login", False),
        ("bash -- -l", False),
        ("bash +l", False),
        ("bash +x -l", True),
        ("bash --rl", False),
        ("bash --norc", False),
        ("bash --rcfile -l", False),
        ("bash --rcfile x -l", True),
        ("bash -o emacs -l", True),
        ("zsh -o login -i", True),
        ("zsh -o LOG_IN -i", True),
        ("zsh -o login +l -i", False),
        ("zsh -io login", True),
        ("zsh -o loginx -i", False),
        ("zsh -ioemacs", False),
        ("bash -li", True),
        ("bash -lc true", True),
        ("bash -iO login_shell", False),
        ("fish -il", True),
        ("fish -Cl", False),
        ("mksh -il", True),
        ("tcsh -l", True),
        ("-tcsh", True),
        ("tcsh -il", False),
        ("tcsh -i -l", False),
        ("csh -l", True),
        ("csh -li", False),
        ("elvish -nol", False),
        ("zsh -il", True),
        ("fish -l", True),
        ("fish -C -l", False),
        ("elvish -log x", False),
        ("nu --login", True),
        ("", False),
    ],
)
def test_a_login_shell_is_told_by_its_arguments(argv: str, is_login: bool) -> None:
    """Also by ``-l`` in one word with other options, but not by the words of a script or a command."""
    name = argv.removeprefix("-").partition(" ")[0] or "bash"
    table = [Process(3, "make", "/usr/bin/make", ("make", "-l")), Process(2, name, f"/bin/{name}", tuple(argv.split()))]
    assert running.is_login(table, f"/bin/{name}") is is_login


def test_the_nearest_process_of_the_shell_decides_about_login() -> None:
    inner = Process(3, "bash", "/bin/bash", ("bash",))
    outer = Process(2, "bash", "/bin/bash", ("-bash",))
    assert running.is_login([inner, outer], "/bin/bash") is False
    assert running.is_login([outer, inner], "/bin/bash") is True
    assert running.is_login([], "/bin/bash") is False
    assert running.is_login([outer], "/bin/zsh") is False
