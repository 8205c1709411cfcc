# shellcheck shell=ksh
# ksh93: the tracer, sourced by `ksh -i -c`. It sources the startup files in the order of ksh(1), at top level, under a
# DEBUG trap which tells each command, its place, and what is exported where that is not as before. The trap runs
# when the assignments of a command are done, and before the rest of it. Events go to CLEANENV_TRACE_EVENTS between
# marks; opened by name each time, since descriptors are the startup files' to close.
__cleanenv_events=$CLEANENV_TRACE_EVENTS
__cleanenv_login=$CLEANENV_TRACE_LOGIN
unset ENV CLEANENV_TRACE_EVENTS CLEANENV_TRACE_LOGIN
if [[ -n ${CLEANENV_TRACE_ENV+set} ]]; then
    export ENV=$CLEANENV_TRACE_ENV
    unset CLEANENV_TRACE_ENV
fi
typeset +x HISTFILE # of the tracer's: without one ksh writes ~/.sh_history
typeset __cleanenv_new='' __cleanenv_old='' __cleanenv_reason='' __cleanenv_word=''

# Tell of the command, and return 2, by which the trap keeps it from being run, where it must not be.
function __cleanenv_judge {
    typeset IFS=$' \t\n'
    set -f
    # shellcheck disable=SC2086  # into words
    set -- $1
    __cleanenv_reason=
    while [[ ${1-} == command || ${1-} == builtin || ${1-} == [A-Za-z_]*=* ]]; do shift; done
    case ${1##*/} in
    exec)
        shift
        while [[ ${1-} == *[\<\>]* ]]; do
            if [[ $1 == *[\<\>\&\|] ]]; then shift; fi
            if (($#)); then shift; fi
        done
        if (($#)); then __cleanenv_reason=replaced; fi
        ;;
    tmux | screen | startx | xinit | zellij | byobu) __cleanenv_reason=terminal ;;
    trap) if [[ " $*" == *' DEBUG'* ]]; then __cleanenv_reason=tracing; fi ;;
    set) if [[ " $*" == *' +o functrace'* ]]; then __cleanenv_reason=tracing; fi ;;
    exit | logout) __cleanenv_reason='exit' ;;
    esac
    set +f
    if [[ -z $__cleanenv_reason ]]; then return 0; fi
    \command print -rn -- $'\1cleanenv\2skipped\2'"$__cleanenv_reason"$'\2cleanenv\1\n' >>"$__cleanenv_events"
    if [[ $__cleanenv_reason == exit ]]; then \command kill -KILL $$; fi
    return 2
}

# In one line: LINENO counts on in a trap of more. Under allexport, what it assigned would be exported, and told too.
# shellcheck disable=SC2016  # the trap's
__cleanenv_trap='if ((.sh.subshell == 0)); then \command print -rn -- $'"'\\1cleanenv\\2step\\2'"'"${.sh.file-}"$'"'\\2'"'"$LINENO"$'"'\\2'"'"${.sh.level}"$'"'\\2'"'"${.sh.fun-}"$'"'\\2'"'"$PWD"$'"'\\2'"'"${.sh.command}"$'"'\\2'"' >>"$__cleanenv_events"; if [[ -o allexport ]]; then \command export -p >>"$__cleanenv_events"; else __cleanenv_new=${ \command export -p; }; if [[ $__cleanenv_new != "$__cleanenv_old" ]]; then __cleanenv_old=$__cleanenv_new; \command print -rn -- "$__cleanenv_new" >>"$__cleanenv_events"; fi; fi; \command print -rn -- $'"'\\2cleanenv\\1\\n'"' >>"$__cleanenv_events"; case ${.sh.command} in *exec* | *tmux* | *screen* | *startx* | *xinit* | *zellij* | *byobu* | *DEBUG* | *functrace* | *exit* | *logout*) __cleanenv_judge "${.sh.command}" ;; esac; fi'

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
        fi
    done
    :
    \command print -rn -- $'\1cleanenv\2end\2'"$(\command export -p)"$'\2cleanenv\1\n' >>"$__cleanenv_events"
    \command kill -KILL $$ # neither history nor a trap on EXIT belongs to a startup
}
