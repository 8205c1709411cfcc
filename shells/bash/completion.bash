# shellcheck shell=bash
# Completes cleanenv's command lines in bash 4.4 or newer: printed by `cleanenv completion bash`, and read in a
# clean shell at the first Tab (init.bash). cleanenv itself answers what may stand at the cursor, a line each:
#   word VALUE HELP, part VALUE (it goes on, as 'dir/' does), files, directories, command NUMBER (of the words before it)
_cleanenv_complete() {
    local kind value line=${COMP_LINE:0:COMP_POINT}
    local -a words=()
    # COMP_WORDS is split at '=' and ':' too; what stands between blanks is one word here.
    local rest=${line#*"${COMP_WORDS[0]}"} index
    for ((index = 1; index <= COMP_CWORD; index++)); do
        local trimmed=${rest#"${rest%%[![:space:]]*}"}
        if [[ $trimmed != "$rest" || ${#words[@]} == 0 ]]; then
            words+=("")
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
        command) _cleanenv_complete_command "$value" && return ;;
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

# Completes what stands after the first $1 words of cleanenv, as it would be without them.
_cleanenv_complete_command() {
    if ! declare -F _command_offset >/dev/null && ! declare -F _comp_command_offset >/dev/null; then
        compopt -o default
        return 0
    fi
    local rest=$COMP_LINE count=-1 index
    for ((index = 0; index <= COMP_CWORD; index++)); do
        local trimmed=${rest#"${rest%%[![:space:]]*}"}
        if [[ $trimmed != "$rest" || $index == 0 ]]; then
            ((++count))
        fi
        if ((count > $1)); then
            if declare -F _comp_command_offset >/dev/null; then
                _comp_command_offset "$index"
            else
                _command_offset "$index"
            fi
            return 0
        fi
        rest=${trimmed#"${COMP_WORDS[index]}"}
    done
    return 1
}

complete -o nosort -F _cleanenv_complete cleanenv
