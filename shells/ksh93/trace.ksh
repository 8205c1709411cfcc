# shellcheck shell=ksh
# ksh93: the tracer, sourced by `ksh -i -c`. It sources the startup files in the order of ksh(1), at top level, under a
# DEBUG trap which tells each command, its place, and what is exported where that is not as before. The trap runs
# when the assignments of a command are done, and before the rest of it. Events go to CLEANENV_TRACE_EVENTS between
# marks; opened by name each time, since descriptors are the startup files' to close.
__cleanenv_events=$CLEANENV_TRACE_EVENTS
__cleanenv_login=$CLEANENV_TRACE_LOGIN
__cleanenv_table=$CLEANENV_TRACE_SKIPPED
unset ENV CLEANENV_TRACE_EVENTS CLEANENV_TRACE_LOGIN CLEANENV_TRACE_SKIPPED
if [[ -n ${CLEANENV_TRACE_ENV+set} ]]; then
    export ENV=$CLEANENV_TRACE_ENV
    unset CLEANENV_TRACE_ENV
fi
typeset +x HISTFILE # of the tracer's: without one ksh writes ~/.sh_history
typeset __cleanenv_new='' __cleanenv_old='' __cleanenv_reason='' __cleanenv_word=''

# The commands that are not run, by '/' and the name: key, patterns of arguments, and what concerns this process alone
# (trace/engine/skipped_commands.py); and patterns of what may be one of them, of which a subshell may run some.
typeset -A __cleanenv_skipped=()
__cleanenv_named='exit|logout' __cleanenv_everywhere=''
set -f
for __cleanenv_word in $__cleanenv_table; do
    __cleanenv_new=${__cleanenv_word%%:*}
    __cleanenv_skipped[/$__cleanenv_new]=${__cleanenv_word#*:}
    __cleanenv_named+="|$__cleanenv_new"
    if [[ $__cleanenv_word != *:own ]]; then __cleanenv_everywhere+=${__cleanenv_everywhere:+|}$__cleanenv_new; fi
    # No trap runs before the first command of a pipeline, nor before one in the background. A function cannot have such
    # a name; the others are not worth that a startup finds the function where it looks for the program.
    if [[ $__cleanenv_new == *-* || $__cleanenv_new == keychain ]]; then
        # shellcheck disable=SC2139  # now
        alias "$__cleanenv_new=__cleanenv_stand_in \$LINENO $__cleanenv_new"
    fi
done
set +f
__cleanenv_named="*[ /]@($__cleanenv_named) *" __cleanenv_everywhere="*[ /]@($__cleanenv_everywhere) *"
__cleanenv_new='' __cleanenv_word='' __cleanenv_table=''

# Run the command that the arguments are, after the line that it stands on, unless it is to be skipped.
function __cleanenv_stand_in {
    typeset IFS=$' \t\n' __cleanenv_line=$1
    shift
    if __cleanenv_judge "$*" '' "$__cleanenv_line" '' ''; then \command "$@"; fi
}

# Tell of the command $1 and where it is, file, line, level and function, and return 2, by which the trap keeps it from
# being run, where it must not be.
function __cleanenv_judge {
    typeset IFS=$' \t\n' __cleanenv_row __cleanenv_only __cleanenv_but __cleanenv_fits='' __cleanenv_told
    # shellcheck disable=SC2296  # ksh93's own
    __cleanenv_told=${1##__cleanenv_stand_in +([0-9]) }$'\2'${.sh.subshell}$'\2'$2$'\2'$3$'\2'$4$'\2'$5
    set -f
    # shellcheck disable=SC2086  # into words
    set -- $1
    __cleanenv_reason=
    while [[ ${1-} == @(command|builtin|nohup|setsid|env|__cleanenv_stand_in|+([0-9])|[A-Za-z_]*=*) ]]; do shift; done
    if ((.sh.subshell)) && [[ ${1-} == exec ]]; then shift; fi # it replaces the subshell alone
    set +f
    __cleanenv_row=${__cleanenv_skipped[/${1##*/}]-}
    case ${1-} in
    exit | logout)
        if ((.sh.subshell)); then return 0; fi
        \command print -rn -- $'\1cleanenv\2exit\2cleanenv\1\n' >>"$__cleanenv_events"
        \command kill -KILL $$
        ;;
    esac
    # shellcheck disable=SC2296  # ksh93's own
    if [[ -z $__cleanenv_row || ($__cleanenv_row == *:own && ${.sh.subshell} != 0) ]]; then return 0; fi
    __cleanenv_reason=${__cleanenv_row%%:*} __cleanenv_row=${__cleanenv_row#*:}
    __cleanenv_only=${__cleanenv_row%%:*} __cleanenv_row=${__cleanenv_row#*:}
    __cleanenv_but=${__cleanenv_row%%:*}
    shift
    while (($#)); do
        case $1 in
        *[\<\>]*)
            # Its input may be a script.
            if [[ $1 == ?(0)\<* && "|$__cleanenv_but|" == *'|<|'* ]]; then return 0; fi
            if [[ $1 == *[\<\>\&\|] && $# != 1 ]]; then shift; fi
            ;;
        --) break ;;
        *)
            if [[ $1 == @($__cleanenv_but) ]]; then return 0; fi
            if [[ $1 == @($__cleanenv_only) ]]; then __cleanenv_fits=1; fi
            ;;
        esac
        shift
    done
    if [[ -n $__cleanenv_only && -z $__cleanenv_fits ]]; then return 0; fi
    if [[ "|$__cleanenv_but|" == *'|<|'* && ! /dev/stdin -ef /dev/null ]]; then return 0; fi
    \command print -rn -- $'\1cleanenv\2skipped\2'"$__cleanenv_reason"$'\2'"$__cleanenv_told"$'\2cleanenv\1\n' >>"$__cleanenv_events"
    return 2
}

# In one line: LINENO counts on in a trap of more. Under allexport, what it assigned would be exported, and told too.
# shellcheck disable=SC2016  # the trap's
__cleanenv_trap='if [[ ${.sh.fun-} == __cleanenv_* ]]; then :; elif ((.sh.subshell == 0)); then \command print -rn -- $'"'\\1cleanenv\\2step\\2'"'"${.sh.file-}"$'"'\\2'"'"$LINENO"$'"'\\2'"'"${.sh.level}"$'"'\\2'"'"${.sh.fun-}"$'"'\\2'"'"$PWD"$'"'\\2'"'"${.sh.command}"$'"'\\2'"' >>"$__cleanenv_events"; if [[ -o allexport ]]; then \command export -p >>"$__cleanenv_events"; else __cleanenv_new=${ \command export -p; }; if [[ $__cleanenv_new != "$__cleanenv_old" ]]; then __cleanenv_old=$__cleanenv_new; \command print -rn -- "$__cleanenv_new" >>"$__cleanenv_events"; fi; fi; \command print -rn -- $'"'\\2cleanenv\\1\\n'"' >>"$__cleanenv_events"; if [[ " ${.sh.command} " == $__cleanenv_named ]]; then __cleanenv_judge "${.sh.command}" "${.sh.file-}" "$LINENO" "${.sh.level}" "${.sh.fun-}"; fi; elif [[ " ${.sh.command} " == $__cleanenv_everywhere ]]; then __cleanenv_judge "${.sh.command}" "${.sh.file-}" "$LINENO" "${.sh.level}" "${.sh.fun-}"; fi'

# One command, read as a whole before a startup file can define an alias. `command` keeps an error to its file.
{
    set -o functrace
    # shellcheck disable=SC2064  # the variable holds it as it is
    trap "$__cleanenv_trap" DEBUG
    for __cleanenv_file in ${__cleanenv_login:+/etc/profile "$HOME/.profile"} /etc/ksh.kshrc ENV; do
        if [[ $__cleanenv_file == ENV ]]; then
            \command eval "__cleanenv_file=\"${ENV-\$HOME/.kshrc}\""
        elif [[ $__cleanenv_file == /etc/ksh.kshrc && ${ENV-} == @(/./|././)* ]]; then
            continue
        fi
        \command print -rn -- $'\1cleanenv\2file\2'"$__cleanenv_file"$'\2cleanenv\1\n' >>"$__cleanenv_events"
        if [[ -r $__cleanenv_file && ! -d $__cleanenv_file ]]; then
            # shellcheck disable=SC1090  # the user's
            \command . "$__cleanenv_file"
            # ksh93's status of a syntax error: `.` reads a file as a whole, which at a startup ksh93 reads line by line.
            if (($? == 3)); then \command print -rn -- $'\1cleanenv\2syntax\2'"$__cleanenv_file"$'\2cleanenv\1\n' >>"$__cleanenv_events"; fi
        fi
    done
    :
    \command print -rn -- $'\1cleanenv\2end\2'"$(\command export -p)"$'\2cleanenv\1\n' >>"$__cleanenv_events"
    \command kill -KILL $$ # neither history nor a trap on EXIT belongs to a startup
}
