# shellcheck shell=bash
# Completes cleanenv's command lines in bash 4.4 or newer: printed by `cleanenv completion bash`, and read in a
# clean shell at the first Tab (init.bash). cleanenv itself answers what may stand at the cursor, a line each:
#   word VALUE HELP, part VALUE (it goes on, as 'dir/' does), files, directories, command NUMBER (of the words before it)
_cleanenv_complete() {
    local kind value index trimmed line=${COMP_LINE:0:COMP_POINT}
    # COMP_WORDS is split at '=' and ':' too; what stands between blanks is one word here, and begins at COMP_WORDS[start].
    local -a words=() starts=()
    local rest=${line#*"${COMP_WORDS[0]}"}
    for ((index = 1; index <= COMP_CWORD; index++)); do
        trimmed=${rest#"${rest%%[![:space:]]*}"}
        if [[ $trimmed != "$rest" || ${#words[@]} == 0 ]]; then
            words+=("")
            starts+=("$index")
        fi
        words[-1]+=${COMP_WORDS[index]}
        rest=${trimmed#"${COMP_WORDS[index]}"}
    done
    COMPREPLY=()
    while IFS=$'\t' read -r kind value _; do
        case $kind in
        word) COMPREPLY+=("$(_cleanenv_quoted "$value") ") ;;
        part) COMPREPLY+=("$(_cleanenv_quoted "$value")") ;;
        files) compopt -o default ;;
        directories) compopt -o dirnames ;;
        command)
            _cleanenv_complete_command "${starts[value]}"
            return
            ;;
        esac
    done < <(_CLEANENV_COMPLETE=bash "$1" "${words[@]}" 2>/dev/null)
    if ((${#COMPREPLY[@]})); then
        compopt -o nospace # words have their blank already
    fi
}

# Prints $1 as it must be typed, after an opening quote as it is.
_cleanenv_quoted() {
    local typed=${COMP_WORDS[COMP_CWORD]}
    if [[ $typed == [\"\']* ]]; then
        printf '%s' "$1"
    elif [[ $typed == \~/* ]]; then
        printf '%s/%q' \~ "${1#??}"
    else
        printf '%q' "$1"
    fi
}

# Completes the command that begins at COMP_WORDS[$1], as bash-completion would complete it alone; else file names.
_cleanenv_complete_command() {
    if declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset "$1"
    elif declare -F _command_offset >/dev/null; then
        _command_offset "$1"
    else
        compopt -o default
    fi
}

complete -o nosort -F _cleanenv_complete cleanenv
