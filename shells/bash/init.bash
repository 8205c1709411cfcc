# shellcheck shell=bash
# The first thing that bash runs in a clean shell: read by way of ENV in posix mode, which alone
# skips /etc/bash.bashrc (nixpkgs #16907), and by way of BASH_ENV where it reads a script.
set +o posix
shopt -u inherit_errexit
unset BASH_ENV
if [[ ${CLEANENV_KEEP_BASH_ENV+set} ]]; then
    export BASH_ENV=$CLEANENV_KEEP_BASH_ENV
    unset CLEANENV_KEEP_BASH_ENV
fi
if [[ $- == *i* ]]; then
    # What was asked for with --keep or --set stays.
    if [[ " ${CLEANENV_WANTED-} " != *' PS1 '* ]]; then
        PS1='\u@\h:\w\$ '
        [[ -z ${CLEANENV_COLOR-} ]] || PS1='\[\e[1;32m\]\u@\h\[\e[0m\]:\[\e[1;34m\]\w\[\e[0m\]\$ '
    fi
    [[ " ${CLEANENV_WANTED-} " == *' HISTSIZE '* ]] || HISTSIZE=10000
    __cleanenv_shells=${CLEANENV_INIT%/*}
    # At the first Tab, since the system's completions take longer to read than the shell takes to start. They are
    # read without the user's own file and directories of completions.
    __cleanenv_first_completion() {
        local file pattern='-F ([^ ]+)'
        complete -r -D
        unset -f __cleanenv_first_completion
        # shellcheck source=completion.bash
        source "$__cleanenv_shells/completion.bash"
        # shellcheck disable=SC2034
        BASH_COMPLETION_USER_DIR=/dev/null
        for file in /usr/share/bash-completion/bash_completion /usr/local/share/bash-completion/bash_completion \
            /run/current-system/sw/share/bash-completion/bash_completion; do
            if [[ -r $file ]]; then
                # shellcheck disable=SC1090
                BASH_COMPLETION_USER_FILE=/dev/null BASH_COMPLETION_COMPAT_DIR=/dev/null source "$file"
                break
            fi
        done
        # Bash asks once more for this command alone, not for what completes by default now: that loads its completion.
        if ! complete -p "$1" &>/dev/null && [[ $(complete -p -D 2>/dev/null) =~ $pattern ]]; then
            "${BASH_REMATCH[1]}" "$@"
        fi
        return 124 # bash begins the completion again (bash(1), Programmable Completion)
    }
    complete -D -F __cleanenv_first_completion
fi
# shellcheck source=../posix/init.sh
source "${CLEANENV_INIT%/*/*}/posix/init.sh"
if [[ $HISTFILE == /dev/null ]]; then
    unset HISTFILE
fi
if [[ ${CLEANENV_RC+set} ]]; then
    # shellcheck source=../posix/rc.sh
    source "${BASH_SOURCE[0]%/*/*}/posix/rc.sh"
fi
