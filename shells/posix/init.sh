# shellcheck shell=sh
# The first thing that an interactive POSIX shell runs in a clean shell: read by way of ENV
# (dash, busybox ash, mksh, ksh93), of --rcfile (yash) and from ../bash/init.bash.
# Fed by CLEANENV_* variables, which it erases; prints nothing and starts nothing.
__cleanenv_directory=${CLEANENV_INIT%/*}
unset ENV CLEANENV_INIT
if [ "${CLEANENV_KEEP_ENV+set}" ]; then
    export ENV="$CLEANENV_KEEP_ENV"
    unset CLEANENV_KEEP_ENV
fi
__cleanenv_python=$CLEANENV_PYTHON
__cleanenv_marker=$CLEANENV_PROMPT
# Under the names that the standard activate scripts use (CPython, Lib/venv/scripts): each defines a
# deactivate of its own and calls that first, which takes this environment away by them.
_OLD_VIRTUAL_PATH=$CLEANENV_BASE_PATH
# Not exported, and never the user's own: an unset HISTFILE means ~/.sh_history to ksh93.
case " ${CLEANENV_WANTED-} " in
*' HISTFILE '*) ;;
*) HISTFILE=${CLEANENV_HISTFILE:-/dev/null} ;;
esac
unset CLEANENV_PYTHON CLEANENV_BASE_PATH CLEANENV_PROMPT CLEANENV_HISTFILE

if [ "${CLEANENV_PS1+set}" ]; then
    PS1=$CLEANENV_PS1
    unset CLEANENV_PS1
fi
# The prompt names the marker and does not hold it: what a variable expands to is not expanded again.
# ksh93 has no PS1 yet; a shell that reads a script never has one, which others take for the sign of that.
case $- in
*i*)
    _OLD_VIRTUAL_PS1=${PS1-\$ }
    PS1="(\$__cleanenv_marker) $_OLD_VIRTUAL_PS1"
    ;;
esac

if [ "${CLEANENV_COLOR+set}" ]; then
    # shellcheck disable=SC2139  # now, as it is unset then
    alias ls="ls $CLEANENV_COLOR"
    unset CLEANENV_COLOR
fi

cleanenv() {
    "$__cleanenv_python" -X utf8 -I -m cleanenv "$@"
}

deactivate() {
    # Called a second time, after 'deactivate nondestructive', there is nothing left to put back.
    if [ "${_OLD_VIRTUAL_PATH+set}" ]; then
        PATH=$_OLD_VIRTUAL_PATH
        export PATH
    fi
    [ -z "${_OLD_VIRTUAL_PS1-}" ] || PS1=$_OLD_VIRTUAL_PS1
    unset VIRTUAL_ENV VIRTUAL_ENV_PROMPT CONDA_PREFIX CONDA_DEFAULT_ENV
    unset _OLD_VIRTUAL_PATH _OLD_VIRTUAL_PS1
    hash -r
    [ "${1-}" = nondestructive ] || unset -f deactivate
}

# cleanenv asks so, before it starts a shell, whether this file is read (src/cleanenv/shell/preflight.py).
if [ "${CLEANENV_HANDSHAKE+set}" ]; then
    "$__cleanenv_python" -I -S -c \
        'import json, os; token = os.environ.pop("CLEANENV_HANDSHAKE"); print(json.dumps(dict(os.environ)), token)'
    exit
fi

# For bash, init.bash reads it after all else.
if [ "${CLEANENV_RC+set}" ] && [ "${__cleanenv_directory##*/}" = posix ]; then
    # shellcheck source=rc.sh
    . "$__cleanenv_directory/rc.sh"
fi
unset __cleanenv_directory
