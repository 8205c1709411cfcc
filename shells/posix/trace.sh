# shellcheck shell=sh
# The tracer of dash, busybox ash, mksh and yash, which such a shell reads as its startup file. It sources the startup
# files in the shell's order, under `set -x` with a PS4 that tells, before each command, where it is and what is
# exported; `.` is an alias of a function that keeps a stack of files. Events go to CLEANENV_TRACE_EVENTS between marks,
# by name and not by way of stderr, so `2>/dev/null` hides none; only the text of a command goes there.
__cleanenv_events=$CLEANENV_TRACE_EVENTS
__cleanenv_login=$CLEANENV_TRACE_LOGIN
unset ENV HISTFILE CLEANENV_INIT CLEANENV_TRACE_EVENTS CLEANENV_TRACE_LOGIN
if [ "${CLEANENV_TRACE_ENV+set}" ]; then
    export ENV="$CLEANENV_TRACE_ENV"
    unset CLEANENV_TRACE_ENV
fi
__cleanenv_begin=$(printf '\1cleanenv\2')
__cleanenv_next=$(printf '\2')
__cleanenv_end=$(printf '\2cleanenv\1')
__cleanenv_between=$(printf '\3')
__cleanenv_files='' __cleanenv_line=0 __cleanenv_quiet=1 __cleanenv_status=0 __cleanenv_off=0 __cleanenv_stat=''

if [ "${KSH_VERSION-}" ]; then
    __cleanenv_put() { \command print -rn -- "$1"; } # mksh has no printf of its own
else
    __cleanenv_put() { \command printf %s "$1"; }
fi

# Write an event; what ran in a subshell does not last.
__cleanenv_event() {
    if IFS='' \command read -r __cleanenv_stat </proc/self/stat; then
        __cleanenv_stat=${__cleanenv_stat##*) ? }
        case ${__cleanenv_stat%% *} in "$$") ;; *) return 1 ;; esac
    fi
    __cleanenv_put "$__cleanenv_begin$1"
    case $1 in step* | end*) \command export -p ;; esac
    __cleanenv_put "$__cleanenv_end"
} 2>/dev/null >>"$__cleanenv_events"

# In PS4, so in a process of its own.
__cleanenv_tell() {
    case $__cleanenv_quiet in '') ;; *) return 0 ;; esac
    __cleanenv_event "step$__cleanenv_next$__cleanenv_line$__cleanenv_next$PWD$__cleanenv_next$__cleanenv_files$__cleanenv_next"
} 2>/dev/null

# Go on, and say so, where a startup file has ended it.
# shellcheck disable=SC2129  # a function each
__cleanenv_arm() {
    case $-${PS4-} in
    *x*"$__cleanenv_ps4") ;;
    *)
        set -x
        PS4=$__cleanenv_ps4
        (set +x && __cleanenv_event "blind$__cleanenv_next") || :
        ;;
    esac
} 2>>"$__cleanenv_events"

# What a startup file sources is read in a function, where typeset would be local: make it global. An alias is put in
# where a function is read, so one of such a file's has no variables of its own; one of the startup file has.
__cleanenv_make_global() {
    if [ "${KSH_VERSION-}" ]; then
        alias typeset='typeset -g'
    elif [ "${YASH_VERSION-}" ]; then
        alias typeset='typeset ' declare='declare ' -- -x=-gx
    fi
} 2>>"$__cleanenv_events"

# Take that back behind the last file.
__cleanenv_make_local() {
    case ${__cleanenv_files#"$__cleanenv_between"} in *"$__cleanenv_between"*) return ;; esac
    if [ "${KSH_VERSION-}" ]; then
        unalias typeset
    elif [ "${YASH_VERSION-}" ]; then
        unalias -- typeset declare -x
    fi
} 2>>"$__cleanenv_events"

# Keep the stack of files; stderr is given back, so that the text is seen.
__cleanenv_dot() {
    __cleanenv_quiet=1
    __cleanenv_arm
    __cleanenv_make_global
    set -x # mksh takes back what a function did to it
    __cleanenv_files=$__cleanenv_files$__cleanenv_between$1 __cleanenv_quiet=''
    # shellcheck disable=SC1090  # the user's
    \. "$@"
    __cleanenv_status=$? __cleanenv_quiet=1
    __cleanenv_arm
    __cleanenv_files=${__cleanenv_files%"$__cleanenv_between"*}
    __cleanenv_make_local
    __cleanenv_quiet=''
    return $__cleanenv_status
} 2>>"$__cleanenv_events"

# Tell of a command that is not run.
__cleanenv_skip() {
    __cleanenv_quiet=1
    (set +x && __cleanenv_event "skipped$__cleanenv_next$1") || :
    __cleanenv_quiet=''
} 2>>"$__cleanenv_events"

# Without a program, exec is for descriptors: a function cannot do that for its caller.
__cleanenv_exec() {
    case $# in
    0) __cleanenv_skip descriptors ;;
    *) __cleanenv_skip replaced ;;
    esac
} 2>>"$__cleanenv_events"

__cleanenv_terminal() { __cleanenv_skip terminal; } 2>>"$__cleanenv_events"

# Neither history nor a trap on EXIT belongs to a startup.
__cleanenv_exit() {
    __cleanenv_quiet=1
    if (set +x && __cleanenv_event "exit$__cleanenv_next"); then \command kill -KILL $$; fi
    \exit "$@"
} 2>>"$__cleanenv_events"

\command exec 2>>"$__cleanenv_events"
alias .=__cleanenv_dot source=__cleanenv_dot exec=__cleanenv_exec exit=__cleanenv_exit
for __cleanenv_file in tmux screen startx xinit zellij byobu; do
    # shellcheck disable=SC2139  # now
    alias "$__cleanenv_file=__cleanenv_terminal $__cleanenv_file"
done
# shellcheck disable=SC2016  # expanded in front of each command
if [ "${YASH_VERSION-}" ]; then
    # It traces the command in its PS4 too: while __cleanenv_off is 1, PS4 is no more than that.
    PS4='${{__cleanenv_off#0}:-$((__cleanenv_off=1))$((__cleanenv_line=LINENO))$(__cleanenv_tell)$((__cleanenv_off=0))}'
else
    PS4='$((__cleanenv_line=${LINENO:-0}))$(__cleanenv_tell)'
fi
__cleanenv_ps4=$PS4

# One command, read as a whole before a startup file can define an alias. `command` keeps an error to its file.
{
    set -x
    if [ "${YASH_VERSION-}" ]; then
        set -- ${__cleanenv_login:+"$HOME/.yash_profile"} "$HOME/.yashrc"
    else
        set -- ${__cleanenv_login:+/etc/profile "$HOME/.profile"} ENV
    fi
    for __cleanenv_file; do
        case $__cleanenv_file in
        ENV)
            __cleanenv_file=${ENV-}
            if [ "${KSH_VERSION-}" ]; then __cleanenv_file=${ENV:-\$HOME/.mkshrc}; fi
            \command eval "__cleanenv_file=\"$__cleanenv_file\""
            ;;
        esac
        (set +x && __cleanenv_event "file$__cleanenv_next$__cleanenv_file") || :
        if [ -r "$__cleanenv_file" ] && ! [ -d "$__cleanenv_file" ]; then
            set --
            __cleanenv_files=$__cleanenv_between$__cleanenv_file __cleanenv_quiet=''
            # In mksh `command` would make what typeset declares its own, and '.' keeps an error to its file too.
            # shellcheck disable=SC1090  # the user's
            case ${KSH_VERSION-} in # which is not traced
            '') \command . "$__cleanenv_file" ;;
            *) \. "$__cleanenv_file" ;;
            esac
            __cleanenv_files='' __cleanenv_quiet=1
            __cleanenv_arm
            set -x
        fi
    done
    if [ "${YASH_VERSION-}" ] && [ "${PROMPT_COMMAND-}" ]; then
        (set +x && __cleanenv_event "prompt$__cleanenv_next") || :
        __cleanenv_quiet=''
        \command eval "$PROMPT_COMMAND"
        __cleanenv_quiet=1
    fi
    (set +x && __cleanenv_event "end$__cleanenv_next") || :
    \command kill -KILL $$
}
