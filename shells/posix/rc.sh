# shellcheck shell=sh
# shellcheck disable=SC2154  # what init.sh and 'eval' set
# The user's own file for clean shells, CLEANENV_RC, run last: read at the end of init.sh and of ../bash/init.bash.
# Of CLEANENV_GUARDED, names of the environment, and of what it exports beside them, nothing stays changed.
__cleanenv_rc=$CLEANENV_RC
__cleanenv_guarded=$CLEANENV_GUARDED
unset CLEANENV_RC CLEANENV_GUARDED
for __cleanenv_name in $__cleanenv_guarded; do
    eval "__cleanenv_was_$__cleanenv_name=\$$__cleanenv_name"
done
unset __cleanenv_name # in a function of yash, 'for' has a variable of its own
__cleanenv_was_base=$_OLD_VIRTUAL_PATH
__cleanenv_was_prompt=${PS1-}

# Names among what is exported that may decide what is imported, linked or run; a value may show lines that are none.
__cleanenv_harmful() {
    export -p | while IFS= read -r __cleanenv_line; do
        case $__cleanenv_line in
        declare\ -* | typeset\ -*) __cleanenv_line=${__cleanenv_line#* } ;;
        esac
        __cleanenv_line=${__cleanenv_line#* }
        __cleanenv_name=${__cleanenv_line%%=*}
        case $__cleanenv_name in
        *[!A-Za-z0-9_]*) ;;
        PYTHON* | LD_* | DYLD_* | VIRTUAL_ENV | VIRTUAL_ENV_PROMPT | CONDA_PREFIX | CONDA_DEFAULT_ENV)
            echo "$__cleanenv_name"
            ;;
        esac
    done
}

# A function is read before the file can define an alias.
__cleanenv_set_back() {
    __cleanenv_ifs=$IFS
    IFS=' 
'
    __cleanenv_changed=
    for __cleanenv_name in $__cleanenv_guarded; do
        # A dot at the end tells an empty value from none.
        eval "__cleanenv_now=\${$__cleanenv_name-}\${$__cleanenv_name+.}"
        eval "__cleanenv_was=\${__cleanenv_was_$__cleanenv_name}."
        if [ "$__cleanenv_now" != "$__cleanenv_was" ]; then
            __cleanenv_changed=$__cleanenv_changed${__cleanenv_changed:+, }$__cleanenv_name
        fi
        eval "$__cleanenv_name=\$__cleanenv_was_$__cleanenv_name"
        eval "export $__cleanenv_name"
        unset "__cleanenv_was_$__cleanenv_name"
    done
    for __cleanenv_name in $(__cleanenv_harmful); do
        case " $__cleanenv_guarded " in
        *" $__cleanenv_name "*) ;;
        *)
            unset "$__cleanenv_name"
            __cleanenv_changed=$__cleanenv_changed${__cleanenv_changed:+, }$__cleanenv_name
            ;;
        esac
    done
    IFS=$__cleanenv_ifs
    _OLD_VIRTUAL_PATH=$__cleanenv_was_base
    if [ "${PS1-}" != "$__cleanenv_was_prompt" ]; then
        _OLD_VIRTUAL_PS1=${PS1-}
        PS1="(\$__cleanenv_marker) $_OLD_VIRTUAL_PS1"
    fi
    hash -r
    [ -z "$__cleanenv_changed" ] || echo "'$__cleanenv_rc' changed $__cleanenv_changed: set back" >&2
    unset __cleanenv_ifs __cleanenv_changed __cleanenv_name __cleanenv_now __cleanenv_was
    unset __cleanenv_was_base __cleanenv_was_prompt __cleanenv_rc __cleanenv_guarded
    unset -f __cleanenv_harmful __cleanenv_set_back
}

# 'command' keeps an error in the file from ending this one, '||' an option -e that it sets.
# shellcheck disable=SC1090  # named by the user
command . "$__cleanenv_rc" || :
__cleanenv_set_back
