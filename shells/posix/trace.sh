# shellcheck shell=sh
# The tracer of dash, busybox ash, mksh and yash, which such a shell reads as its startup file. It sources the startup
# files in the shell's order, under `set -x` with a PS4 that tells, before each command, where it is and what is
# exported; `.` is an alias of a function that keeps a stack of files, and functions stand in for what must not be run.
# Events go to CLEANENV_TRACE_EVENTS between marks,
# by name and not by way of stderr, so `2>/dev/null` hides none; only the text of a command goes there.
__cleanenv_events=$CLEANENV_TRACE_EVENTS
__cleanenv_login=$CLEANENV_TRACE_LOGIN
__cleanenv_table=$CLEANENV_TRACE_SKIPPED
__cleanenv_judge=$CLEANENV_TRACE_STAND_IN
unset ENV HISTFILE CLEANENV_INIT CLEANENV_TRACE_EVENTS CLEANENV_TRACE_LOGIN
unset CLEANENV_TRACE_SKIPPED CLEANENV_TRACE_STAND_IN
if [ "${CLEANENV_TRACE_ENV+set}" ]; then
    export ENV="$CLEANENV_TRACE_ENV"
    unset CLEANENV_TRACE_ENV
fi
__cleanenv_begin=$(printf '\1cleanenv\2')
__cleanenv_next=$(printf '\2')
__cleanenv_end=$(printf '\2cleanenv\1')
__cleanenv_between=$(printf '\3')
__cleanenv_files='' __cleanenv_line=0 __cleanenv_quiet=1 __cleanenv_status=0 __cleanenv_off=0 __cleanenv_stat=''
__cleanenv_at=0 __cleanenv_key='' __cleanenv_names=' '

if [ "${KSH_VERSION-}" ]; then
    __cleanenv_put() { \command print -rn -- "$1"; } # mksh has no printf of its own
else
    __cleanenv_put() { \command printf %s "$1"; }
fi

# Write an event; what ran in a subshell does not last, so of that only what it did not run is told.
__cleanenv_event() {
    if IFS='' \command read -r __cleanenv_stat </proc/self/stat; then
        __cleanenv_stat=${__cleanenv_stat##*) ? }
        case ${__cleanenv_stat%% *}/$1 in
        "$$"/*) ;;
        */skipped*) set -- "$1${__cleanenv_next}subshell" ;;
        *) return 1 ;;
        esac
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

# Tell of a command that is not run: the key of its row, then its words.
__cleanenv_skip() {
    __cleanenv_key=$1
    shift
    (
        set +x
        IFS=' '
        __cleanenv_key=$__cleanenv_key$__cleanenv_next$__cleanenv_at$__cleanenv_next$__cleanenv_files
        __cleanenv_event "skipped$__cleanenv_next$__cleanenv_key$__cleanenv_next$*"
    ) || :
}

# In the functions that follow: __cleanenv_at is the line of the command, which that of each command here takes the place
# of; an arithmetic expansion is no command. What is run while __cleanenv_quiet is set is no step.

# Without a program, exec is for descriptors: a function cannot do that for its caller. A subshell may replace itself.
__cleanenv_exec() {
    case $((__cleanenv_at = __cleanenv_line)) in *) __cleanenv_quiet=1 ;; esac
    __cleanenv_stat=$$
    IFS='' \command read -r __cleanenv_stat </proc/self/stat || :
    case ${__cleanenv_stat%% *}/$# in
    "$$"/0) __cleanenv_skip descriptors exec ;;
    "$$"/*) __cleanenv_skip replaced exec "$@" ;;
    */0) ;;
    *)
        __cleanenv_stand_in "$@"
        \exit
        ;;
    esac
    __cleanenv_quiet=''
} 2>>"$__cleanenv_events"

# Run the command that the arguments are, unless it is to be skipped.
__cleanenv_stand_in() {
    __cleanenv_quiet=1
    # Not by its status, which yash takes from PS4.
    __cleanenv_key=$(\command /bin/sh "$__cleanenv_judge" "$__cleanenv_table" - "$@") || :
    case $__cleanenv_key in
    '')
        \command "$@"
        __cleanenv_status=$?
        ;;
    *)
        __cleanenv_skip "$__cleanenv_key" "$@"
        __cleanenv_status=0
        ;;
    esac
    __cleanenv_quiet=''
    return $__cleanenv_status
}

# The same where an alias leads here, since not every name can be a function's.
__cleanenv_alias() { case $((__cleanenv_at = __cleanenv_line)) in *) __cleanenv_stand_in "$@" ;; esac }

# `command` would pass over the functions, and takes what follows for a part of this one.
__cleanenv_command() {
    case $((__cleanenv_at = __cleanenv_line))/${1-} in
    */-[vV]) __cleanenv_look_up command "$@" ;;
    */. | */source | */eval) \command "$@" ;;
    */exec)
        shift
        __cleanenv_exec "$@"
        ;;
    */typeset | */declare)
        shift
        # shellcheck disable=SC3044  # mksh's and yash's
        \command typeset -g "$@"
        ;;
    *)
        case $__cleanenv_names in
        *" ${1##*/} "*) __cleanenv_stand_in "$@" ;;
        *)
            __cleanenv_quiet=1
            \command "$@"
            __cleanenv_status=$?
            __cleanenv_quiet=''
            return $__cleanenv_status
            ;;
        esac
        ;;
    esac
}

# Run `command -v` or its like without what stands in for programs: they may not be there.
__cleanenv_look_up() {
    __cleanenv_quiet=1
    __cleanenv_key=''
    for __cleanenv_file; do
        case $__cleanenv_names in *" ${__cleanenv_file##*/} "*) __cleanenv_key=$__cleanenv_file ;; esac
    done
    case $__cleanenv_key in
    '') "$@" ;;
    *)
        (
            \command unset -f "$__cleanenv_key" 2>/dev/null
            \command unalias "$__cleanenv_key" 2>/dev/null
            "$@"
        )
        ;;
    esac
    __cleanenv_status=$?
    __cleanenv_quiet=''
    return $__cleanenv_status
}

# Neither history nor a trap on EXIT belongs to a startup.
__cleanenv_exit() {
    __cleanenv_quiet=1
    if (set +x && __cleanenv_event "exit$__cleanenv_next"); then \command kill -KILL $$; fi
    \exit "$@"
} 2>>"$__cleanenv_events"

\command exec 2>>"$__cleanenv_events"
alias .=__cleanenv_dot source=__cleanenv_dot exec=__cleanenv_exec exit=__cleanenv_exit
alias command=__cleanenv_command type='__cleanenv_look_up type'
if [ "${KSH_VERSION-}" ]; then
    alias type='__cleanenv_look_up whence -v' whence='__cleanenv_look_up whence'
fi
# A function of the startup's own can take the place of a function, but not be defined under the name of an alias.
set -f
for __cleanenv_file in $__cleanenv_table nohup: setsid: env:; do
    __cleanenv_file=${__cleanenv_file%%:*}
    __cleanenv_names="$__cleanenv_names$__cleanenv_file "
    # shellcheck disable=SC2139  # now
    case $__cleanenv_file/${KSH_VERSION-} in
    exec/*) ;;
    *-*/) alias "$__cleanenv_file=__cleanenv_alias $__cleanenv_file" ;;
    *)
        \command eval "$__cleanenv_file() {
            case \$((__cleanenv_at = __cleanenv_line)) in *) __cleanenv_stand_in $__cleanenv_file \"\$@\" ;; esac
        }"
        ;;
    esac
    case ${KSH_VERSION-} in '') # the others have no alias with a slash
        for __cleanenv_key in /usr/bin /bin /usr/local/bin; do
            __cleanenv_key=$__cleanenv_key/$__cleanenv_file
            # shellcheck disable=SC2139  # now
            alias "$__cleanenv_key=__cleanenv_alias $__cleanenv_key"
        done
        ;;
    esac
done
set +f
# shellcheck disable=SC2016  # expanded in front of each command
if [ "${YASH_VERSION-}" ]; then
    # It traces the command in its PS4 too: while __cleanenv_off is 1, PS4 is no more than that.
    PS4='${{__cleanenv_off#0}:-$((__cleanenv_off=1))$((__cleanenv_line=LINENO))$(__cleanenv_tell)$((__cleanenv_off=0))}'
else
    PS4='$((__cleanenv_line=${LINENO:-0}))${__cleanenv_quiet:-$(__cleanenv_tell)}'
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
