# shellcheck shell=bash
# The tracer of bash: read by way of ENV in posix mode, as init.bash is, so that nothing ran before it. It
# sources the startup files, its positional parameters, at top level (in a function `declare` would be local), with
# a DEBUG trap before each command. A command whose text says that it can change an exported variable is told as a
# step, with its place; before the next one it is told what the variables are by then, for Python to compare.
#
# Bash copies a function for each call of it, so that a long one costs more than what it does: commands are told apart
# by a table, with a short function for each kind.
#
# Events go to CLEANENV_TRACE_EVENTS, NUL-separated, and the place of the command that runs to CLEANENV_TRACE_PLACE.
# Both are opened by name each time, since descriptors, IFS, options and functions are the startup files' to change.
set +o posix
shopt -u inherit_errexit
__cleanenv_events=$CLEANENV_TRACE_EVENTS
__cleanenv_place=$CLEANENV_TRACE_PLACE
__cleanenv_list=$CLEANENV_TRACE_LIST
IFS=' ' read -ra __cleanenv_seeds <<<"$CLEANENV_TRACE_NAMES"
IFS=' ' read -ra __cleanenv_table <<<"$CLEANENV_TRACE_SKIPPED"
unset ENV CLEANENV_TRACE "${!CLEANENV_TRACE_@}"
if [[ ${CLEANENV_KEEP_ENV+set} ]]; then
    export ENV=$CLEANENV_KEEP_ENV
    unset CLEANENV_KEEP_ENV
fi
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)); then
    printf '%s\0' unsupported "$BASH_VERSION" >>"$__cleanenv_events"
    kill -KILL $$
fi
HISTFILE=$HOME/.bash_history # posix mode has another

# What to watch.
declare -A __cleanenv_known=() # by '/' and the name: those given, and each that was exported once
__cleanenv_texts=()            # of each what expands to its name, attributes and value
__cleanenv_watched=0           # how many of these are in __cleanenv_expand
__cleanenv_now='' __cleanenv_values=''

# The last step: how to see what it changed, and which name, where that is one.
__cleanenv_due='' __cleanenv_name=''
__cleanenv_steps=0
__cleanenv_history='' # while HISTFILE is taken away: '/' and its value, or 'unset'

# The command that runs next: its text, its first words, a name it sets, and how many functions and files are open.
__cleanenv_command='' __cleanenv_word='' __cleanenv_one='' __cleanenv_here=0
__cleanenv_plain='' __cleanenv_raw=''
__cleanenv_before=0            # the same of the command before
__cleanenv_local=0             # the same where variables end that are a function's or a command's own
__cleanenv_stacked=()          # by that number whether it was told what is open
declare -A __cleanenv_evals=() # the places of those that were told
__cleanenv_quick=0             # how many were passed over
__cleanenv_piped=0             # how many that come next are of the pipeline of one that was skipped

declare -A __cleanenv_kinds=() # of commands outside of subshells, by '0/' and the name, '0//' where that is in a folder
__cleanenv_sort() {
    local __cleanenv_name
    for __cleanenv_name in "${@:2}"; do
        __cleanenv_kinds["0/$__cleanenv_name"]=$1
    done
}
__cleanenv_sort quick '[' '[['
__cleanenv_sort plain . source test : echo return true false
__cleanenv_sort setting read mapfile readarray getopts let wait select coproc
__cleanenv_sort for for
__cleanenv_sort printf printf
__cleanenv_sort export export
__cleanenv_sort unset unset
__cleanenv_sort declaration declare typeset readonly local
__cleanenv_sort eval eval
__cleanenv_sort prefix command builtin
__cleanenv_sort heeded exit logout nohup setsid env

# The commands that are not run, by '/' and the name: key, patterns of arguments, and what concerns this process alone
# (trace/engine/skipped_commands.py).
declare -A __cleanenv_skipped=()
for __cleanenv_one in "${__cleanenv_table[@]}"; do
    # Without functions and here-documents, which took 2 ms of each trace.
    __cleanenv_word=${__cleanenv_one%%:*}
    __cleanenv_command=${__cleanenv_one#*:}
    __cleanenv_skipped["/$__cleanenv_word"]=$__cleanenv_command
    case $__cleanenv_word in
    trap | set | shopt | history) __cleanenv_kinds["0/$__cleanenv_word"]=option ;;
    *)
        __cleanenv_kinds["0/$__cleanenv_word"]=heeded
        __cleanenv_kinds["0//$__cleanenv_word"]=heeded
        __cleanenv_kinds["0/\\$__cleanenv_word"]=heeded
        ;;
    esac
done
__cleanenv_word='' __cleanenv_command=''

# Watch the names given too, but for those that change by themselves or with every command.
declare -A __cleanenv_fleeting=()
for __cleanenv_one in _ IFS PWD OLDPWD SHLVL LINENO RANDOM SRANDOM SECONDS EPOCHSECONDS EPOCHREALTIME HISTCMD FUNCNAME \
    BASHPID BASH_{ARGC,ARGV,ARGV0,COMMAND,LINENO,MONOSECONDS,REMATCH,SOURCE,SUBSHELL}; do
    __cleanenv_fleeting["/$__cleanenv_one"]=1
done
__cleanenv_watch() {
    local __cleanenv_name
    for __cleanenv_name; do
        if [[ $__cleanenv_name == [A-Za-z_]* && $__cleanenv_name != *[!A-Za-z0-9_]* && $__cleanenv_name != __cleanenv_* &&
            ! ${__cleanenv_known["/$__cleanenv_name"]+set} && ! ${__cleanenv_fleeting["/$__cleanenv_name"]+set} ]]; then
            __cleanenv_known["/$__cleanenv_name"]=1
            __cleanenv_texts+=("$__cleanenv_name\${$__cleanenv_name+-\${$__cleanenv_name@a}=\$$__cleanenv_name}"$'\3\2')
        fi
    done
}

# Write what all names are, as one text, where that is not as it was.
__cleanenv_see_values() {
    if ((${#__cleanenv_texts[@]} != __cleanenv_watched)); then
        builtin printf -v __cleanenv_now %s "${__cleanenv_texts[@]}" # joined, whatever IFS is
        builtin eval "__cleanenv_expand() { __cleanenv_now=\"$__cleanenv_now\"; }"
        __cleanenv_watched=${#__cleanenv_texts[@]}
    fi
    __cleanenv_expand
    if builtin test "$__cleanenv_now" != "$__cleanenv_values"; then
        builtin printf '%s\0' all "$__cleanenv_here" "$__cleanenv_now" >>"$__cleanenv_events"
        __cleanenv_values=$__cleanenv_now
    fi
}

# The same, with what was exported by now; and give the history file its name back.
__cleanenv_see_all() {
    local __cleanenv_exported=()
    __cleanenv_give_history_back
    builtin compgen -e >|"$__cleanenv_list"
    builtin mapfile -t __cleanenv_exported <"$__cleanenv_list"
    __cleanenv_watch "${__cleanenv_exported[@]}"
    __cleanenv_see_values
}

# Write what the last step changed, what ended with the functions and commands that were left since, and what is open.
__cleanenv_catch_up() {
    if [[ $__cleanenv_name ]]; then
        builtin printf '%s\0' one "$__cleanenv_here" "$__cleanenv_name" "${!__cleanenv_name+-${!__cleanenv_name@a}}" \
            "${!__cleanenv_name-}" >>"$__cleanenv_events"
    elif [[ $__cleanenv_due ]]; then
        "__cleanenv_see_$__cleanenv_due"
    fi
    if ((__cleanenv_here < __cleanenv_local)); then
        if [[ $__cleanenv_name || ! $__cleanenv_due ]]; then
            __cleanenv_see_values
        fi
        builtin printf '%s\0' left "$__cleanenv_here" >>"$__cleanenv_events"
        __cleanenv_local=$__cleanenv_here
    fi
    __cleanenv_due='' __cleanenv_name=''
    if ((__cleanenv_here > __cleanenv_before)) || [[ ! ${__cleanenv_stacked[__cleanenv_here]-} ]]; then
        __cleanenv_tell_stack
    fi
    __cleanenv_before=$__cleanenv_here
}

# Take down that variables end where $1 functions and files are open.
__cleanenv_deepen() {
    if (($1 > __cleanenv_local)); then
        __cleanenv_local=$1
    fi
}

# Tell how the functions and files that are open were called, the inner first, and where the innermost function begins.
__cleanenv_tell_stack() {
    local __cleanenv_own=$((${#FUNCNAME[@]} - __cleanenv_here + 1))
    {
        builtin printf '%s\0' stack "$__cleanenv_here" "$((__cleanenv_here - 1))" "${BASH_LINENO[@]:__cleanenv_own}" \
            "${BASH_SOURCE[@]:__cleanenv_own}" "${FUNCNAME[@]:__cleanenv_own}"
        if [[ ${FUNCNAME[__cleanenv_own]-} != source ]]; then
            builtin declare -F "${FUNCNAME[__cleanenv_own]-}"
        fi
        builtin printf '\0'
    } >>"$__cleanenv_events" 2>/dev/null
    __cleanenv_stacked[__cleanenv_here]=1
}

# Write an event: its kind, details, then the command that runs next and its place.
__cleanenv_tell() {
    builtin printf '%s\0' "$@" "$PWD" "$__cleanenv_command" "$__cleanenv_here" \
        "${BASH_LINENO[${#FUNCNAME[@]} - __cleanenv_here]}" >>"$__cleanenv_events"
}

# Tell the command that runs next, and take down how to see what it changed: values, all, or where $1 is one, the name $2.
# What the last step did to one name goes with it: by far the most are one export after the other.
__cleanenv_step() {
    if [[ $__cleanenv_due != one ]] || ((__cleanenv_here != __cleanenv_before || __cleanenv_here < __cleanenv_local)); then
        __cleanenv_catch_up
        __cleanenv_name=__cleanenv_none
    fi
    builtin printf '%s\0' step "$__cleanenv_name" "${!__cleanenv_name+-${!__cleanenv_name@a}}" "${!__cleanenv_name-}" \
        "$PWD" "$__cleanenv_command" "$__cleanenv_here" "${BASH_LINENO[${#FUNCNAME[@]} - __cleanenv_here]}" \
        >>"$__cleanenv_events"
    __cleanenv_due=$1 __cleanenv_name=${2-} __cleanenv_steps=$((__cleanenv_steps + 1))
    case $1 in
    one) __cleanenv_values= ;; # which will not have it
    values) if [[ $- == *a* ]]; then __cleanenv_due=all; fi ;;
    esac
    case $__cleanenv_command in *HISTFILESIZE*=*) __cleanenv_spare_history ;; esac
}

# Write the place of the command that runs next, over the last one.
__cleanenv_mark() {
    if [[ $__cleanenv_due ]] || ((__cleanenv_here != __cleanenv_before || __cleanenv_here < __cleanenv_local)); then
        __cleanenv_catch_up
    fi
    builtin printf '%s\0' "$__cleanenv_steps" "$PWD" "$__cleanenv_command" "$__cleanenv_here" \
        "${BASH_LINENO[${#FUNCNAME[@]} - __cleanenv_here]}" 1<>"$__cleanenv_place"
}

# Keep the history file whole: setting HISTFILESIZE cuts it at once, and without HISTFILE ~/.history, the default of
# readline. No file can have this name.
__cleanenv_spare_history() {
    if [[ $__cleanenv_command == *HISTFILE=* ]]; then
        __cleanenv_tell skipped cut
        return 1
    fi
    __cleanenv_due=all __cleanenv_name=''
    __cleanenv_history=${HISTFILE+/}${HISTFILE-}
    __cleanenv_history=${__cleanenv_history:-unset}
    if ! builtin printf -v HISTFILE %s /dev/null/none 2>/dev/null; then # it is readonly
        __cleanenv_history=
        __cleanenv_tell skipped cut
        return 1
    fi
}

# Give HISTFILE back what it was, unless the command itself set it.
__cleanenv_give_history_back() {
    case ${__cleanenv_history:+$__cleanenv_history:}${HISTFILE-} in
    unset:/dev/null/none) builtin unset HISTFILE ;;
    /*:/dev/null/none) HISTFILE=${__cleanenv_history#/} ;;
    esac
    __cleanenv_history=
}

# The functions that follow weigh, each for one kind of its first word, the command that runs next: whether it may run,
# else with status 1, and whether it can change a variable. What a function, a sourced file or an eval does is seen by
# itself.

# One that changes nothing, unless an expansion does.
__cleanenv_weigh_plain() {
    case $__cleanenv_command in
    *\{*=* | *'(('*=* | *'(('*++* | *'(('*--*) __cleanenv_step values ;;
    *) __cleanenv_mark ;;
    esac
}

# The same, of one that ends at once: where that is need not be known, but in an endless loop, and under errexit.
__cleanenv_weigh_quick() {
    case $__cleanenv_command in
    *\{*=* | *'(('*=* | *'(('*++* | *'(('*--*) __cleanenv_step values ;;
    *)
        if ((++__cleanenv_quick % 50 == 0)) || [[ $- == *e* ]]; then
            __cleanenv_mark
        fi
        ;;
    esac
}

# The same, of one that takes as long as the commands that it asks for a value.
__cleanenv_weigh_value() {
    case $__cleanenv_command in
    *\$\(\(*) __cleanenv_weigh_quick ;;
    *\$\(* | *\`*) __cleanenv_weigh_plain ;;
    *) __cleanenv_weigh_quick ;;
    esac
}

__cleanenv_weigh_printf() {
    case $__cleanenv_command in
    *' -v'*) __cleanenv_step values ;;
    *) __cleanenv_weigh_plain ;;
    esac
}

__cleanenv_weigh_setting() {
    __cleanenv_step values
}

# By far the most are of one name, whose value is one word or quoted as a whole.
__cleanenv_weigh_export() {
    local __cleanenv_value=${__cleanenv_command#export }
    __cleanenv_one=${__cleanenv_word#export }
    __cleanenv_one=${__cleanenv_one%%=*}
    case ${__cleanenv_value#"$__cleanenv_one"} in
    *\{*=* | *'(('* | =\"\`*\`*\`\") __cleanenv_one= ;; # an expansion may set something
    =\"\`*\`\") ;;
    =\"*\"*\") __cleanenv_one= ;;
    =\"*\") ;;
    *[$' \t\n"\'\\']*) __cleanenv_one= ;;
    esac
    if [[ ! $__cleanenv_one || $__cleanenv_one == *[!A-Za-z0-9_]* || -R $__cleanenv_one ]]; then
        __cleanenv_step all
    else
        __cleanenv_step one "$__cleanenv_one" || return
        if [[ ! ${__cleanenv_known["/$__cleanenv_one"]+set} ]]; then
            __cleanenv_watch "$__cleanenv_one"
        fi
    fi
}

__cleanenv_weigh_unset() {
    __cleanenv_one=${__cleanenv_command#unset }
    case $__cleanenv_one in *[!A-Za-z0-9_\$\{\}]*) ;; *\$*) builtin eval "__cleanenv_one=$__cleanenv_one" ;; esac
    if [[ $__cleanenv_one == *[!A-Za-z0-9_]* || -R $__cleanenv_one ]]; then
        __cleanenv_step values
    elif [[ ${__cleanenv_known["/$__cleanenv_one"]+set} ]]; then
        __cleanenv_step one "$__cleanenv_one"
    else
        __cleanenv_weigh_quick
    fi
}

__cleanenv_weigh_for() {
    __cleanenv_one=${__cleanenv_word#for }
    if [[ ${__cleanenv_known["/${__cleanenv_one%% *}"]+set} || $- == *a* ]]; then
        __cleanenv_step values
    else
        __cleanenv_weigh_plain
    fi
}

__cleanenv_weigh_declaration() {
    __cleanenv_deepen "$__cleanenv_here"
    __cleanenv_one=${__cleanenv_word#* }
    __cleanenv_one=${__cleanenv_one%%=*}
    case $__cleanenv_command in
    *' '[-+][xn]* | *' '[-+][A-Za-z][xn]* | *' '[-+][A-Za-z][A-Za-z][xn]*) __cleanenv_step all ;;
    *\ *\ * | *\{*=* | *'(('*) __cleanenv_step values ;;
    *)
        if [[ $__cleanenv_one == *[!A-Za-z0-9_]* || ${__cleanenv_known["/$__cleanenv_one"]+set} || $- == *a* ]]; then
            __cleanenv_step values
        else
            __cleanenv_step '' # told, since what it hides may be exported later
        fi
        ;;
    esac
}

__cleanenv_weigh_eval() {
    if [[ ! ${__cleanenv_evals["${BASH_SOURCE[2]}:${BASH_LINENO[1]}"]+set} ]]; then
        __cleanenv_evals["${BASH_SOURCE[2]}:${BASH_LINENO[1]}"]=1
        __cleanenv_mark
        __cleanenv_tell eval
    fi
    __cleanenv_weigh_value
}

__cleanenv_weigh_heeded() {
    __cleanenv_step values && __cleanenv_heed
}

# One that may end the trace, or write the history.
__cleanenv_weigh_option() {
    case $__cleanenv_command in
    *DEBUG* | *T* | *functrace* | *extdebug* | history*) __cleanenv_weigh_heeded ;;
    *) __cleanenv_weigh_plain ;;
    esac
}

# A command behind assignments or a word that stands for it: it may be any.
__cleanenv_weigh_prefix() {
    if [[ $__cleanenv_command == *\$__cleanenv_* ]]; then # the tracer's own
        return 0
    fi
    __cleanenv_deepen "$((__cleanenv_here + 1))"
    case $__cleanenv_command in
    *export* | *declare* | *typeset* | *readonly* | *local*) __cleanenv_step all ;;
    [A-Za-z_]*=*) __cleanenv_step values ;;
    *) __cleanenv_step all ;;
    esac || return
    local - IFS=$' \t\n' __cleanenv_quote=''
    builtin set -f
    __cleanenv_unquote
    for __cleanenv_word in $__cleanenv_plain; do
        if [[ $__cleanenv_quote ]]; then
            case $__cleanenv_word in *"$__cleanenv_quote"*) __cleanenv_quote= ;; esac
            continue
        fi
        case ${__cleanenv_word#\\} in
        command | builtin | nohup | setsid) ;;
        [A-Za-z_]*=*)
            case ${__cleanenv_word#*=} in
            \"*\"* | \'*\'*) ;;
            [\"\']*)
                __cleanenv_quote=${__cleanenv_word#*=}
                __cleanenv_quote=${__cleanenv_quote:0:1}
                ;;
            esac
            __cleanenv_word=${__cleanenv_word%%=*}
            __cleanenv_watch "${__cleanenv_word%+}" # so that its first value is seen as this command's
            ;;
        *) break ;;
        esac
    done
    case $__cleanenv_word in */*) __cleanenv_word=/${__cleanenv_word##*/} ;; esac
    case ${__cleanenv_kinds["0/$__cleanenv_word"]-} in
    eval) __cleanenv_tell eval ;;
    heeded | option) __cleanenv_heed ;;
    esac
}

# Take down the command as __cleanenv_plain, with a first word that is quoted or a variable's put in plainly, and that
# word as __cleanenv_raw.
__cleanenv_unquote() {
    local __cleanenv_first=${__cleanenv_command%%[$' \t\n']*}
    local __cleanenv_rest=${__cleanenv_command#"$__cleanenv_first"}
    case $__cleanenv_first in
    [A-Za-z_]*=*)
        __cleanenv_plain=$__cleanenv_command __cleanenv_raw=$__cleanenv_first
        return 0
        ;;
    *\$\(* | *\`*)
        # What it prints ends in what it was asked for, by custom: `$(command -v tmux)`, `$(brew --prefix)/bin/tmux`.
        __cleanenv_rest=${__cleanenv_command#*[\(\`]}
        __cleanenv_first=${__cleanenv_rest%%[\)\`]*}
        __cleanenv_rest=${__cleanenv_rest#"$__cleanenv_first"?}
        __cleanenv_first="${__cleanenv_first##*[$' \t\n']}${__cleanenv_rest%%[$' \t\n']*}"
        case $__cleanenv_rest in *[$' \t\n']*) __cleanenv_rest=" ${__cleanenv_rest#*[$' \t\n']}" ;; *) __cleanenv_rest= ;; esac
        ;;
    *\$[A-Za-z_\{]*)
        # If that can neither run nor set anything.
        case $__cleanenv_first in
        *[!A-Za-z0-9_/.\$\{\}~\"-]*) ;;
        *) builtin eval "__cleanenv_first=$__cleanenv_first" 2>/dev/null ;;
        esac
        ;;
    esac
    __cleanenv_plain=${__cleanenv_first//[\"\']/}$__cleanenv_rest
    __cleanenv_raw=${__cleanenv_command%"$__cleanenv_rest"}
}

__cleanenv_weigh_assignment() {
    __cleanenv_one=${__cleanenv_word%%=*}
    __cleanenv_one=${__cleanenv_one%+}
    if [[ $__cleanenv_one == *[!A-Za-z0-9_]* || -R $__cleanenv_one ]]; then
        __cleanenv_step values
    elif [[ $- == *a* || ${__cleanenv_known["/$__cleanenv_one"]+set} ]]; then
        case $__cleanenv_command in
        *\{*=* | *'(('*) __cleanenv_step values ;; # an expansion may set another
        *) __cleanenv_step one "$__cleanenv_one" ;;
        esac || return
        __cleanenv_watch "$__cleanenv_one"
    else
        __cleanenv_weigh_value
    fi
}

# An assignment with blanks in it: one value, or a command behind it.
__cleanenv_weigh_spaced() {
    case ${__cleanenv_command#*=} in
    \$\(\(*\)\)) __cleanenv_weigh_assignment ;;
    \"*\"*\"* | \'*\'*\'* | \`*\`*\`* | \$\(*\)*\)*) __cleanenv_weigh_prefix ;;
    \"*\" | \'*\' | \`*\` | \$\(*\)) __cleanenv_weigh_assignment ;;
    *) __cleanenv_weigh_prefix ;;
    esac
}

__cleanenv_weigh_other() {
    if ((BASH_SUBSHELL)); then
        __cleanenv_trace_subshell
        return
    fi
    case ${__cleanenv_word%%[$' \t\n']*} in
    [\"\'\$]*) __cleanenv_weigh_prefix ;;
    [A-Za-z_]*=*) case $__cleanenv_command in *[$' \t\n']*) __cleanenv_weigh_spaced ;; *) __cleanenv_weigh_assignment ;; esac ;;
    */*) __cleanenv_weigh_path ;;
    [A-Za-z0-9_.:-]*) __cleanenv_weigh_plain ;;
    '(('*) __cleanenv_step values ;;
    *) __cleanenv_weigh_prefix ;;
    esac
}

# A program by its path.
__cleanenv_weigh_path() {
    __cleanenv_word=${__cleanenv_word%%[$' \t\n']*}
    "__cleanenv_weigh_${__cleanenv_kinds["0//${__cleanenv_word##*/}"]-plain}"
}

# Name in __cleanenv_reason the row by which the command must not be run, nothing where it may.
__cleanenv_judge() {
    local - IFS=$' \t\n' __cleanenv_row __cleanenv_only __cleanenv_but __cleanenv_fits=''
    builtin set -f
    __cleanenv_reason=
    __cleanenv_unquote
    # shellcheck disable=SC2086  # -f is on
    builtin set -- $__cleanenv_plain
    while :; do
        builtin set -- "${1#\\}" "${@:2}"
        case ${1-} in
        command | builtin | nohup | setsid | env | [A-Za-z_]*=*) builtin shift ;;
        *) break ;;
        esac
    done
    if ((BASH_SUBSHELL)) && [[ ${1-} == exec ]]; then # it replaces the subshell alone
        builtin shift
    fi
    builtin set -- "${@-}"
    case $1 in exit | logout) __cleanenv_reason='exit' && return 0 ;; esac
    __cleanenv_row=${1#\\}
    __cleanenv_row=${__cleanenv_skipped["/${__cleanenv_row##*/}"]-}
    if [[ ! $__cleanenv_row || ($__cleanenv_row == *:own && $BASH_SUBSHELL != 0) ]]; then
        return 0
    fi
    __cleanenv_reason=${__cleanenv_row%%:*} __cleanenv_row=${__cleanenv_row#*:}
    __cleanenv_only=${__cleanenv_row%%:*} __cleanenv_row=${__cleanenv_row#*:}
    __cleanenv_but=${__cleanenv_row%%:*}
    builtin shift
    while (($#)); do
        case $1 in
        *[\<\>]\(*) break ;; # where that ends is unknown; nothing stands there by custom
        *[\<\>]*)
            # Its input may be a script.
            if [[ $1 == ?(0)\<* && "|$__cleanenv_but|" == *'|<|'* ]]; then __cleanenv_reason= && return 0; fi
            case $1 in *[\<\>] | *'>|') if (($# > 1)); then builtin shift; fi ;; esac
            case $1 in *[\<\>]\(*) break ;; esac
            ;;
        --) break ;;
        *)
            # shellcheck disable=SC2053  # patterns
            if [[ $1 == @($__cleanenv_but) ]]; then __cleanenv_reason= && return 0; fi
            # shellcheck disable=SC2053
            if [[ $1 == @($__cleanenv_only) ]]; then __cleanenv_fits=1; fi
            ;;
        esac
        builtin shift
    done
    if [[ $__cleanenv_only && ! $__cleanenv_fits ]]; then
        __cleanenv_reason=
    elif [[ "|$__cleanenv_but|" == *'|<|'* ]]; then
        __cleanenv_judge_input "${__cleanenv_command%% *}"
    fi
}

# Its input may be a script: bash runs the trap before it makes a pipeline, which is seen on the line alone.
__cleanenv_judge_input() {
    local __cleanenv_own=$((${#FUNCNAME[@]} - __cleanenv_here)) __cleanenv_line=()
    builtin mapfile -t -s "$((BASH_LINENO[__cleanenv_own] - 1))" -n 1 __cleanenv_line \
        <"${BASH_SOURCE[__cleanenv_own + 1]}"
    if [[ ! /dev/stdin -ef /dev/null || ${__cleanenv_line-} == *[!\|]\|*([!\|\&;])"$1"* ]]; then
        __cleanenv_reason=
    fi
} 2>/dev/null

# Count in __cleanenv_piped the commands of the same pipeline that come after the one which is skipped: they would have
# nothing to read, and empty a file that it was to fill. Bash tells of each by itself, so that only the line shows them.
__cleanenv_find_pipes() {
    local __cleanenv_own=$((${#FUNCNAME[@]} - __cleanenv_here)) __cleanenv_line=() __cleanenv_rest __cleanenv_text
    builtin mapfile -s "$((BASH_LINENO[__cleanenv_own] - 1))" -n 9 __cleanenv_line <"${BASH_SOURCE[__cleanenv_own + 1]}"
    __cleanenv_rest=${__cleanenv_line[*]-}
    # The line may have another command of that name before it.
    while [[ $__cleanenv_rest == *"$__cleanenv_raw"* ]]; do
        __cleanenv_rest=${__cleanenv_rest#*"$__cleanenv_raw"}
        __cleanenv_count_pipes "$__cleanenv_rest"
        if [[ ${__cleanenv_text//[$' \t\n']/} == "${__cleanenv_command//[$' \t\n']/}" ]]; then
            return
        fi
    done
} 2>/dev/null

# Count the pipes behind the word __cleanenv_raw, where $1 comes after it, and name its command in __cleanenv_text.
__cleanenv_count_pipes() {
    local __cleanenv_rest=$1
    __cleanenv_piped=0
    __cleanenv_text=$__cleanenv_raw$1
    while [[ $__cleanenv_rest ]]; do
        case $__cleanenv_rest in
        '||'* | [$';)}\n`']* | '&'[!\>]*) break ;;
        \'*\'*) __cleanenv_rest=${__cleanenv_rest#\'*\'} ;;
        \"*\"*) __cleanenv_rest=${__cleanenv_rest#\"*\"} ;;
        '>|'* | '>&'* | '<&'* | '&>'* | \\*) __cleanenv_rest=${__cleanenv_rest:2} ;;
        '|'*)
            if ((!__cleanenv_piped++)); then __cleanenv_text=${__cleanenv_text%"$__cleanenv_rest"}; fi
            __cleanenv_rest=${__cleanenv_rest#'|'}
            __cleanenv_rest=${__cleanenv_rest#"${__cleanenv_rest%%[!$'& \t\n']*}"}
            ;;
        *) __cleanenv_rest=${__cleanenv_rest:1} ;;
        esac
    done
    if ((!__cleanenv_piped)); then __cleanenv_text=${__cleanenv_text%"$__cleanenv_rest"}; fi
}

# Do what a command takes that is more than an ordinary one; with status 1 it is not run.
__cleanenv_heed() {
    local __cleanenv_reason
    __cleanenv_judge
    case $__cleanenv_reason in
    '') ;;
    exit)
        if ((!BASH_SUBSHELL)); then
            __cleanenv_tell exit
            builtin kill -KILL "$$" # logging out would run ~/.bash_logout
        fi
        ;;
    *)
        if ((BASH_SUBSHELL)); then __cleanenv_tell_stack; fi
        __cleanenv_tell skipped "$__cleanenv_reason"
        __cleanenv_find_pipes
        return 1
        ;;
    esac
    return 0
}

# Run in a subshell before each command: what it changes does not last, and the copies here are its own.
__cleanenv_trace_subshell() {
    __cleanenv_give_history_back
    # By its first word: a pattern of all names takes bash 0.2 ms for a long command.
    case $__cleanenv_word in
    [\"\'\$]*)
        __cleanenv_unquote
        __cleanenv_word=$__cleanenv_plain
        ;;
    esac
    __cleanenv_word=${__cleanenv_word%%[$' \t\n']*}
    __cleanenv_word=${__cleanenv_word##*/}
    case ${__cleanenv_word#\\} in
    command | builtin | nohup | setsid | env | [A-Za-z_]*=*) __cleanenv_heed ;;
    *) if [[ ${__cleanenv_skipped["/${__cleanenv_word#\\}"]+set} ]]; then __cleanenv_heed; fi ;;
    esac
}

# Run before each command: with status 1, by extdebug's rule, it is not run. Cutting a long text takes bash ages.
__cleanenv_trace() {
    __cleanenv_here=${#FUNCNAME[@]}
    __cleanenv_command=$BASH_COMMAND
    __cleanenv_word=${BASH_COMMAND:0:99}
    if ((__cleanenv_piped)); then
        ((__cleanenv_piped--, 0))
        return 1
    fi
    if [[ $__cleanenv_due == all ]]; then # the names that are watched count below
        __cleanenv_catch_up
    fi
    "__cleanenv_weigh_${__cleanenv_kinds["$BASH_SUBSHELL/${__cleanenv_word%%[$' \t\n']*}"]-other}"
}

# The first so that no assignment of it is passed over.
__cleanenv_watch HISTFILESIZE "${__cleanenv_seeds[@]}"
# What is there already is no change: no step goes before it.
__cleanenv_see_all

__cleanenv_startup=("$@")
unset __cleanenv_seeds __cleanenv_table
unset -f __cleanenv_sort
set --
shopt -s extdebug
set -T
# Behind '!' a status other than 0 does not end a shell that has errexit on.
trap '! { ! __cleanenv_trace "$_"; }' DEBUG
{ # read as a whole, before the startup's aliases could get at it
    for __cleanenv_file in "${__cleanenv_startup[@]}"; do
        # shellcheck disable=SC1090  # the user's
        source "$__cleanenv_file"
    done
    builtin printf '%s\0' prompt >>"$__cleanenv_events"
    for __cleanenv_file in "${PROMPT_COMMAND[@]-}"; do
        builtin eval "$__cleanenv_file"
    done
    :
    builtin printf '%s\0' aliases "$(builtin alias -p)" end >>"$__cleanenv_events"
    builtin kill -KILL "$$" # neither history, ~/.bash_logout nor a trap on EXIT belongs to a startup
}
