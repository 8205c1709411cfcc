"""What a replay ends with is what the plain shell has on a terminal, variable by variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleanenv.shell import registry
from cleanenv.trace import tracing
from cleanenv.trace.engine.ledger import dumped, is_own
from tests.support.installed_shells import find_shell
from tests.support.terminal import Terminal
from tests.support.trace_cases import LIMIT, PATH, home_of

FILES = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}
# What a terminal and a login give, or every shell sets by itself.
NOT_COMPARED = ("TERM", "COLUMNS", "LINES", "SHLVL", "OLDPWD", "PWD", "LS_COLORS", "HISTFILE")

# The construction of conda's, mise's, direnv's and modules' code: functions, defined in an eval, that set variables.
TOOL = r"""export BEFORE=1
eval "$(cat <<'EOF'
tool() {

    local what=$1
    case $what in
        use) __tool_use "$2" ;;
    esac
}
__tool_use() {
    eval "export TOOL_HOME=/opt/$1
export PATH=/opt/$1/bin:\$PATH"
}
EOF
)"
tool use a
tool use b
export AFTER=1
"""
HOOK = r"""eval "$(printf '%s\n' '_hook() {' '' '  export HOOKED=$((${HOOKED:-0} + 1))' '}')"
__INSTALL__
export AFTER=1
"""
# nvm's: IFS in front of a function, which in zsh exports it while that runs.
SPLIT = r"""DEFAULT_IFS=" $(printf '\t\nx')"
use() { for each in a:b; do export NVM_BIN=/n/$1; done; }
if [ "$IFS" != x ]; then IFS="$DEFAULT_IFS" use v1; fi
export NVM_INC=/n/include
IFS=: use v2
export AFTER=1
"""
READ = r"""printf 'A=1\nB=two words\n' >~/.vars
exec {fd}<~/.vars
while IFS= read -r -u $fd line; do export "$line"; done
exec {fd}<&-
exec {one}<~/.vars {two}>/dev/null
export AFTER=1
"""
LISTS = r"""[ -n "$HOME" ] && export ONE=1 || export TWO=2
false || { export THREE=3; false; } && export FOUR=4
f() { local X=1; export FIVE=$X; return 3; }
f && export SIX=6
NEW=1 f
trap 'export TRAPPED=1' EXIT
alias e=export
e ALIASED=1
set -a; SEVEN=7; set +a
unset ONE; EIGHT=8 true
export EMPTY= AFTER=1
"""
BOURNE = {"tool": TOOL, "split": SPLIT, "read": READ, "lists": LISTS}
INSTALL = {"bash": "PROMPT_COMMAND=_hook", "zsh": "precmd_functions+=(_hook)"}
ZSH = {
    "NUL": "export IFS\nexport X=$'a\\0b'\nsetopt allexport\nY=1\nIFS=$IFS\nunsetopt allexport\nexport AFTER=1\n",
    "compinit": "autoload -Uz compinit; compinit -D -u\npath+=(/opt/x)\ntypeset -TUx LIBS libs\nlibs+=(/a /b /a)\n",
    "functions": "functions[f]='export X=1'\nf\n() { export ANON=$1 } 2\neval 'function g h { export $0=1 }'; g; h\n",
}
FISH = {
    "tool": "eval 'function tool\n  set -gx TOOL_HOME /opt/$argv\n  set -gxp PATH /opt/$argv/bin\nend'\ntool a\n",
    "hook": "printf 'function hook --on-event fish_prompt\\n set -gx HOOKED 1\\nend\\n' | source\nset -gx AFTER 1\n",
    "lists": "true && set -gx ONE 1\nfalse; or set -gx TWO 2\nbegin; set -lx LOCAL 1; set -gx THREE $LOCAL; end\n",
}
CASES = [
    *[(shell, name, text) for shell in ("bash", "zsh") for name, text in BOURNE.items()],
    *[(shell, "hook", HOOK.replace("__INSTALL__", line)) for shell, line in INSTALL.items()],
    *[("zsh", name, text) for name, text in ZSH.items()],
    *[("fish", name, text) for name, text in FISH.items()],
]


def environ_of_login(home: Path) -> dict[str, str]:
    """Return what both start with: that of a login, from which a replay takes nothing away."""
    return {"HOME": str(home), "USER": "root", "LOGNAME": "root", "TERM": "xterm", "LANG": "C.UTF-8", "PATH": PATH}


def ended_plain(program: str, home: Path) -> dict[str, str]:
    """Return the environment of a program that the plain shell starts at its first prompt."""
    end = home / ".end"
    with Terminal([program, "-i"], environ_of_login(home), home) as terminal:
        terminal.wait_quiet()
        terminal.enter(f" /usr/bin/env -0 >{end}.new; /bin/mv {end}.new {end}")
        terminal.wait(end.exists, "the environment")
    return dumped(end.read_bytes()) or {}


def ended_replay(shell: str, program: str, home: Path) -> dict[str, str]:
    """Return the variables that are set at the end of the replay."""
    start = environ_of_login(home)
    replayed = tracing.replay(registry.by_name(shell), program, start, login=False, timeout=LIMIT)
    assert replayed.finished
    for change in replayed.changes:
        if change.new is None or not change.exported:
            start.pop(change.name, None)
        else:
            start[change.name] = change.new
    return start


def compared(environ: dict[str, str]) -> dict[str, str]:
    """Return an environment without what is not the startup's."""
    return {name: value for name, value in environ.items() if name not in NOT_COMPARED and not is_own(name)}


@pytest.mark.parametrize(("shell", "name", "text"), CASES, ids=[f"{shell}-{name}" for shell, name, _ in CASES])
def test_it_ends_with_the_same_values(shell: str, name: str, text: str) -> None:
    program = find_shell(shell).program
    with home_of("myself", {FILES[shell]: text}) as home:
        assert compared(ended_replay(shell, program, home)) == compared(ended_plain(program, home)), name
