# shellcheck shell=bash
# The tracer of bash: read by way of ENV in posix mode, as init.bash is, so that nothing ran before it. It
# sources the startup files, its positional parameters, at top level (in a function `declare` would be local), with
# a DEBUG trap that compares the exported variables before each command: what changed is the doing
# of the command before. Events go to CLEANENV_TRACE_EVENTS, NUL-separated; the place of the
# command that runs to CLEANENV_TRACE_PLACE. Both are opened by name each time, since descriptors,
# IFS, options and functions are the startup files' to change.
set +o posix
shopt -u inherit_errexit
__cleanenv_events=$CLEANENV_TRACE_EVENTS
__cleanenv_place=$CLEANENV_TRACE_PLACE
__cleanenv_list=$CLEANENV_TRACE_LIST
IFS=' ' read -ra __cleanenv_seeds <<<"$CLEANENV_TRACE_NAMES"
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

declare -A __cleanenv_states=() # of each name: '' where it is not set, else 'x=' or '-=' and its value
declare -A __cleanenv_evals=()  # the places of those that were told
declare -A __cleanenv_groups=() # of each name the number of its group
# Of each group: the text that expands to its values, that once expanded, whether its function is not of that text.
__cleanenv_names=() __cleanenv_looks=() __cleanenv_before=() __cleanenv_fresh=() __cleanenv_suspects=() __cleanenv_one=''
__cleanenv_now='' __cleanenv_depth=0 __cleanenv_at=0 __cleanenv_local=0 __cleanenv_history='' __cleanenv_command='' __cleanenv_last=''
declare -A __cleanenv_heeded=() # of each command that may take more than an ordinary one, '/' and its name, '//' in a folder
for __cleanenv_name in exec trap set shopt history exit logout eval local declare typeset command builtin nohup setsid \
    {,/}{tmux,screen,startx,xinit,zellij,byobu,sway,Hyprland,weston,ssh-agent,gpg-agent,dbus-launch,keychain,pulseaudio} \
    {,/}{bash,zsh,fish,ksh,ksh93,mksh,sh,dash,ash,yash,tcsh,csh,xonsh,nu,elvish}; do
    __cleanenv_heeded["/$__cleanenv_name"]=1
done
__cleanenv_files=() __cleanenv_lineno=0 __cleanenv_lines=() __cleanenv_functions=() __cleanenv_frames=() __cleanenv_after=''

# Watch the names given too, but for those that every shell or every command changes.
__cleanenv_watch() {
    local __cleanenv_name __cleanenv_group
    for __cleanenv_name; do
        case $__cleanenv_name in
        '' | _ | IFS | PWD | OLDPWD | SHLVL | __cleanenv_* | [0-9]* | *[!A-Za-z0-9_]*) continue ;;
        LINENO | RANDOM | SRANDOM | SECONDS | EPOCH* | HISTCMD | FUNCNAME | BASH_[A-Z]* | BASHPID) continue ;;
        esac
        if [[ ! ${__cleanenv_states[$__cleanenv_name]+set} ]]; then
            __cleanenv_states[$__cleanenv_name]=
            __cleanenv_check
            __cleanenv_group=$((${#__cleanenv_names[@]} / 12))
            __cleanenv_names+=("$__cleanenv_name")
            __cleanenv_groups[$__cleanenv_name]=$__cleanenv_group
            __cleanenv_looks[__cleanenv_group]+="$__cleanenv_name\${$__cleanenv_name-"$'\2}'
            __cleanenv_before[__cleanenv_group]+=$__cleanenv_name${!__cleanenv_name-$'\2'}
            __cleanenv_fresh[__cleanenv_group]=1
        fi
    done
}

# Look at all values, and tell what changed.
__cleanenv_look() {
    local __cleanenv_group __cleanenv_name
    for __cleanenv_group in "${!__cleanenv_fresh[@]}"; do
        builtin eval "__cleanenv_look_at_$__cleanenv_group() { __cleanenv_now=\"${__cleanenv_looks[__cleanenv_group]}\"; }"
    done
    __cleanenv_fresh=()
    for __cleanenv_group in "${!__cleanenv_looks[@]}"; do
        "__cleanenv_look_at_$__cleanenv_group"
        if builtin test "$__cleanenv_now" != "${__cleanenv_before[__cleanenv_group]}"; then
            for __cleanenv_name in "${__cleanenv_names[@]:__cleanenv_group*12:12}"; do
                __cleanenv_check
            done
            __cleanenv_before[__cleanenv_group]=$__cleanenv_now
        fi
    done
}

# Tell what an export of one name changed.
__cleanenv_look_at_one() {
    local __cleanenv_name=$__cleanenv_one __cleanenv_group=${__cleanenv_groups[$__cleanenv_one]-}
    if [[ $__cleanenv_group ]]; then
        __cleanenv_check
        builtin eval "__cleanenv_before[__cleanenv_group]=\"${__cleanenv_looks[__cleanenv_group]}\""
    else
        __cleanenv_watch "$__cleanenv_name"
    fi
}

# Watch all names that are exported by now.
__cleanenv_watch_all() {
    local __cleanenv_line __cleanenv_declared __cleanenv_exported=()
    builtin export -p >|"$__cleanenv_list"
    builtin mapfile -t __cleanenv_declared <"$__cleanenv_list"
    for __cleanenv_line in "${__cleanenv_declared[@]}"; do
        if [[ $__cleanenv_line == 'declare -'*' '* ]]; then
            __cleanenv_line=${__cleanenv_line#declare -* }
            __cleanenv_exported+=("${__cleanenv_line%%=*}")
        fi
    done
    __cleanenv_watch_exported "${__cleanenv_exported[@]}"
    __cleanenv_suspects=("${__cleanenv_names[@]}")
}

# Watch those of the names that are exported: a line of a value may look like a declaration, a word like a name.
__cleanenv_watch_exported() {
    local __cleanenv_name __cleanenv_new=()
    for __cleanenv_name; do
        case $__cleanenv_name in '' | [0-9]* | *[!A-Za-z0-9_]*) continue ;; esac
        if [[ ! ${__cleanenv_states[$__cleanenv_name]+set} && ${!__cleanenv_name+${!__cleanenv_name@a}} == *x* ]]; then
            __cleanenv_new+=("$__cleanenv_name")
        fi
    done
    if ((${#__cleanenv_new[@]})); then
        __cleanenv_watch "${__cleanenv_new[@]}"
    fi
}

# Suspect what the last command may have exported: the names in its text, or all where the text does not tell them.
__cleanenv_discover() {
    local IFS=$' \t\n' __cleanenv_words __cleanenv_word
    __cleanenv_suspects=()
    builtin read -rd '' -a __cleanenv_words <<<"$__cleanenv_command"
    if [[ $- == *a* && $__cleanenv_command != [A-Za-z_]*=* ]]; then
        __cleanenv_watch_all
        return
    fi
    for __cleanenv_word in "${__cleanenv_words[@]}"; do
        __cleanenv_word=${__cleanenv_word%%=*}
        __cleanenv_word=${__cleanenv_word%+}
        case $__cleanenv_word in
        export | declare | typeset | readonly | local | command | builtin) continue ;;
        -n | -*n* | *[!A-Za-z0-9_+-]*)
            __cleanenv_watch_all
            return
            ;;
        esac
        if [[ -R $__cleanenv_word ]]; then # it stands for another name
            __cleanenv_watch_all
            return
        fi
        __cleanenv_suspects+=("$__cleanenv_word")
    done
    case ${__cleanenv_words[0]} in
    export) __cleanenv_watch "${__cleanenv_suspects[@]}" ;; # what has no value yet has no attribute to be asked for
    *) __cleanenv_watch_exported "${__cleanenv_suspects[@]}" ;;
    esac
}

# Tell each of those suspected that is not as it was: whether it is exported.
__cleanenv_compare() {
    local __cleanenv_name
    for __cleanenv_name in "${__cleanenv_suspects[@]}"; do
        if [[ ${__cleanenv_states[$__cleanenv_name]+set} ]]; then
            __cleanenv_check
        fi
    done
    __cleanenv_suspects=()
}

# Tell the variable __cleanenv_name, where it is not as it was.
__cleanenv_check() {
    local __cleanenv_state=
    if [[ ${!__cleanenv_name+set} ]]; then
        case ${!__cleanenv_name@a} in
        *[aA]*) __cleanenv_state= ;; # arrays reach no program
        *x*) __cleanenv_state=x=${!__cleanenv_name} ;;
        *) __cleanenv_state=-=${!__cleanenv_name} ;;
        esac
    fi
    if builtin test "$__cleanenv_state" != "${__cleanenv_states[$__cleanenv_name]}"; then
        __cleanenv_tell change "$__cleanenv_name" "${__cleanenv_states[$__cleanenv_name]}" "$__cleanenv_state" "$__cleanenv_at"
        __cleanenv_states[$__cleanenv_name]=$__cleanenv_state
    fi
}

# Name in __cleanenv_reason why the command must not be run, nothing where it may.
__cleanenv_judge() {
    local - IFS=$' \t\n'
    builtin set -f
    __cleanenv_reason=
    # shellcheck disable=SC2086  # -f is on
    builtin set -- $BASH_COMMAND
    while :; do
        case ${1-} in
        command | builtin | nohup | setsid | [A-Za-z_]*=*) builtin shift ;;
        *) break ;;
        esac
    done
    builtin set -- "${@-}"
    case ${1##*/} in
    exec)
        builtin shift
        while (($#)); do
            case $1 in
            *[\<\>]\(*) return 0 ;; # where that ends is unknown; no program stands there by custom
            *[\<\>] | *'>|') if (($# > 1)); then builtin shift; fi ;;
            *[\<\>]*) ;;
            *) __cleanenv_reason=replaced && return 0 ;;
            esac
            case ${1-} in *[\<\>]\(*) return 0 ;; esac
            builtin shift
        done
        ;;
    tmux | screen | startx | xinit | zellij | byobu | sway | Hyprland | weston)
        if ((!BASH_SUBSHELL)); then __cleanenv_reason=terminal; fi
        ;;
    ssh-agent | gpg-agent | dbus-launch | keychain | pulseaudio) __cleanenv_reason=daemon ;;
    bash | zsh | fish | ksh | ksh93 | mksh | sh | dash | ash | yash | tcsh | csh | xonsh | nu | elvish)
        while (($# > 1)); do
            if [[ $2 == -*c* || $2 != -* ]]; then return 0; fi
            builtin shift
        done
        if ((!BASH_SUBSHELL)); then __cleanenv_reason=terminal; fi
        ;;
    trap) if [[ " ${*:2} " == *' DEBUG '* && ${2-} != -[lp]* ]]; then __cleanenv_reason=tracing; fi ;;
    set)
        for __cleanenv_word in "${@:2}"; do
            case $__cleanenv_word in
            --) break ;;
            +*T* | functrace) __cleanenv_reason=tracing ;;
            esac
        done
        ;;
    shopt) if [[ " $* " == *' -'*u*' extdebug '* ]]; then __cleanenv_reason=tracing; fi ;;
    history) if [[ ${2-} == -*[aw]* ]]; then __cleanenv_reason=history; fi ;;
    exit | logout) __cleanenv_reason='exit' ;;
    eval) __cleanenv_reason='eval' ;;
    local | declare | typeset) __cleanenv_reason='local' ;;
    esac
    return 0
}

# Do what a command takes that is more than an ordinary one: its depth, its first word; with status 1 it is not run.
__cleanenv_heed() {
    local __cleanenv_reason __cleanenv_word
    case $2 in
    eval) __cleanenv_reason='eval' ;;
    local | declare | typeset) __cleanenv_reason='local' ;;
    *) __cleanenv_judge ;;
    esac
    case $__cleanenv_reason in
    '') ;;
    eval)
        if [[ ! ${__cleanenv_evals["${BASH_SOURCE[3]}:${BASH_LINENO[2]}"]+set} ]]; then
            __cleanenv_evals["${BASH_SOURCE[3]}:${BASH_LINENO[2]}"]=1
            __cleanenv_tell eval
        fi
        ;;
    local)
        __cleanenv_tell local "$1"
        if (($1 > __cleanenv_local)); then __cleanenv_local=$1; fi
        ;;
    exit)
        if ((!BASH_SUBSHELL)); then
            __cleanenv_tell exit
            builtin kill -KILL "$$" # logging out would run ~/.bash_logout
        fi
        ;;
    *)
        __cleanenv_tell skipped "$__cleanenv_reason"
        return 1
        ;;
    esac
    return 0
}

# Take down the place of the command that runs next.
__cleanenv_mark() {
    __cleanenv_files=("${BASH_SOURCE[@]:3}")
    __cleanenv_lineno=${BASH_LINENO[2]}
    __cleanenv_lines=("${BASH_LINENO[@]:3}")
    __cleanenv_functions=("${FUNCNAME[@]:3}")
    __cleanenv_frames=("${#__cleanenv_files[@]}" "${__cleanenv_files[@]}" "${__cleanenv_lines[@]}" "${__cleanenv_functions[@]}")
    __cleanenv_depth=$((${#FUNCNAME[@]} - 2))
    __cleanenv_last=$__cleanenv_depth:${BASH_SOURCE[3]}:${FUNCNAME[3]}
}

# Run in a subshell before each command: what it changes does not last, and the copies here are its own.
__cleanenv_trace_subshell() {
    if [[ $__cleanenv_history ]]; then
        : "${HISTFILE=$__cleanenv_history}"
        __cleanenv_history=
    fi
    case $BASH_COMMAND in
    *ssh-agent* | *gpg-agent* | *dbus-launch* | *keychain* | *pulseaudio*)
        __cleanenv_mark
        __cleanenv_command=$BASH_COMMAND
        __cleanenv_heed "$((${#FUNCNAME[@]} - 1))" ''
        ;;
    esac
}

# Tell what the last command changed, where it can have changed anything, and take down where the shell is now.
__cleanenv_catch_up() {
    local __cleanenv_is_moved='' __cleanenv_here=$((${#FUNCNAME[@]} - 1))
    if [[ $__cleanenv_history ]]; then
        : "${HISTFILE=$__cleanenv_history}"
        __cleanenv_history=
    fi
    if [[ $__cleanenv_here:${BASH_SOURCE[2]}:${FUNCNAME[2]} != "$__cleanenv_last" ]]; then
        __cleanenv_is_moved=1
        # The variables of a function's own end with it.
        if ((__cleanenv_here < __cleanenv_depth)) && [[ ${__cleanenv_last##*:} != source ]]; then
            __cleanenv_after+=a
        fi
    fi
    __cleanenv_at=$__cleanenv_here
    if [[ $- == *a* || $__cleanenv_after == all* ]]; then
        __cleanenv_discover
    elif [[ $__cleanenv_after == one* ]]; then
        __cleanenv_look_at_one
    fi
    if [[ $__cleanenv_after == *a* ]]; then
        __cleanenv_look
    fi
    if ((${#__cleanenv_suspects[@]})); then
        __cleanenv_compare
    fi
    if [[ $__cleanenv_is_moved ]]; then
        __cleanenv_mark
        if ((__cleanenv_depth < __cleanenv_local)); then
            builtin printf '%s\0' left "$__cleanenv_depth" >>"$__cleanenv_events"
            __cleanenv_local=$__cleanenv_depth
        fi
    else
        __cleanenv_lineno=${BASH_LINENO[1]}
    fi
}

# Keep the history file whole: setting HISTFILESIZE cuts it at once.
__cleanenv_spare_history() {
    __cleanenv_after+=a
    if [[ $BASH_COMMAND == *HISTFILE=* ]]; then
        __cleanenv_tell skipped history
        return 1
    fi
    __cleanenv_history=${HISTFILE-}
    builtin unset HISTFILE
    return 0
}

# Judge an export: by far the most are of one name, whose value is one word or quoted as a whole.
__cleanenv_weigh_export() {
    local __cleanenv_rest=${BASH_COMMAND#export }
    __cleanenv_one=${__cleanenv_rest%%=*}
    __cleanenv_after=all
    if [[ $__cleanenv_one && $__cleanenv_one != *[!A-Za-z0-9_]* && ! -R $__cleanenv_one ]]; then
        __cleanenv_rest=${__cleanenv_rest#"$__cleanenv_one"}
        case $__cleanenv_rest in
        =\"\`*\`*\`\") ;;
        =\"\`*\`\") __cleanenv_after=one ;;
        =\"*\"*\") ;;
        =\"*\") __cleanenv_after=one ;;
        *[$' \t\n\\']*) ;;
        *) __cleanenv_after=one ;;
        esac
    fi
    case $BASH_COMMAND in
    *HISTFILESIZE*=*) __cleanenv_spare_history ;;
    *\{* | *'(('*) __cleanenv_after+=a ;; # an expansion may set something
    esac
}

# Judge the command that runs next: whether it is run, and whether to look, in __cleanenv_after, at what it did.
# What a function, a sourced file or an eval does is seen by itself.
__cleanenv_weigh() {
    local __cleanenv_rest
    case $BASH_COMMAND in
    *export* | *declare* | *typeset* | *readonly* | *local* | \$* | \"\$* | \`*) __cleanenv_after=all ;;
    *\{* | *'(('*) __cleanenv_after=a ;; # an expansion may set something
    'unset '[A-Za-z_]*)
        __cleanenv_rest=${BASH_COMMAND#unset }
        if [[ $__cleanenv_rest == *[!A-Za-z0-9_]* || -R $__cleanenv_rest || ${__cleanenv_states[$__cleanenv_rest]+set} ]]; then
            __cleanenv_after=a
        fi
        return 0
        ;;
    eval\ *) ;;
    [A-Za-z_]*=*)
        __cleanenv_rest=${BASH_COMMAND#*=}
        __cleanenv_rest=${__cleanenv_rest//[\"]/}
        if [[ ${BASH_COMMAND%%=*} == *[!A-Za-z0-9_]* || $__cleanenv_rest == *[$' \t\n']* || -R ${BASH_COMMAND%%=*} ||
            ${__cleanenv_states[${BASH_COMMAND%%=*}]+set} ]]; then
            __cleanenv_after=a
        fi
        ;;
    unset* | read* | mapfile* | printf* | getopts* | let* | wait* | for* | select* | exec* | set* | shift* | builtin* | \
        command* | coproc* | enable* | time*) __cleanenv_after=a ;;
    [A-Za-z0-9_/.:[]*) ;;
    *) __cleanenv_after=a ;;
    esac
    if [[ $BASH_COMMAND == *HISTFILESIZE*=* ]]; then
        __cleanenv_spare_history
        return
    fi
    __cleanenv_rest=${BASH_COMMAND%%[$' \t\n']*}
    case $__cleanenv_rest in
    [A-Za-z_]*=*) if [[ $BASH_COMMAND == *' '* ]]; then __cleanenv_rest='command'; fi ;; # that it is for may be any
    */*) __cleanenv_rest=/${__cleanenv_rest##*/} ;;
    esac
    if [[ ${__cleanenv_heeded["/$__cleanenv_rest"]+set} ]]; then
        __cleanenv_heed "$((${#FUNCNAME[@]} - 1))" "$__cleanenv_rest"
    fi
}

# Run before each command: with status 1, by extdebug's rule, it is not run. Bash copies a function for each call of
# it, so that this one is short.
__cleanenv_trace() {
    if ((BASH_SUBSHELL)); then
        __cleanenv_trace_subshell
        return
    fi
    if [[ $__cleanenv_after || $- == *a* || ${#FUNCNAME[@]}:${BASH_SOURCE[1]}:${FUNCNAME[1]} != "$__cleanenv_last" ]]; then
        __cleanenv_catch_up
    else
        __cleanenv_lineno=${BASH_LINENO[0]}
    fi
    __cleanenv_command=$BASH_COMMAND
    builtin printf '%s\0' "$PWD" "$BASH_COMMAND" "$__cleanenv_lineno" "${__cleanenv_frames[@]}" 1<>"$__cleanenv_place"
    __cleanenv_after=
    case $BASH_COMMAND in
    'export '*) __cleanenv_weigh_export ;;
    *[\{\(]*) __cleanenv_weigh ;;
    '[ '* | '. '* | 'source '*) ;;
    *) __cleanenv_weigh ;;
    esac
}

__cleanenv_tell() { :; } # what is there already is no change
__cleanenv_watch "${__cleanenv_seeds[@]}"
__cleanenv_watch_all
__cleanenv_suspects=()

# Write an event that belongs to the last command: its kind, details, then that command's text and place, with
# the line on which each function in it began.
__cleanenv_tell() {
    local __cleanenv_function __cleanenv_begun=()
    for __cleanenv_function in "${__cleanenv_functions[@]}"; do
        if [[ $__cleanenv_function == source || $__cleanenv_function == main ]]; then
            __cleanenv_begun+=(0)
            continue
        fi
        builtin declare -F "$__cleanenv_function" >|"$__cleanenv_list"
        IFS=' ' builtin read -r _ __cleanenv_function _ <"$__cleanenv_list"
        __cleanenv_begun+=("${__cleanenv_function:-0}")
    done
    builtin printf '%s\0' "$@" "$PWD" "$__cleanenv_command" "$__cleanenv_lineno" "${__cleanenv_frames[@]}" \
        "${__cleanenv_begun[@]}" >>"$__cleanenv_events"
}

__cleanenv_startup=("$@")
unset __cleanenv_seeds __cleanenv_name
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
    builtin printf '%s\0' end >>"$__cleanenv_events"
    builtin kill -KILL "$$" # neither history, ~/.bash_logout nor a trap on EXIT belongs to a startup
}
