# zsh: run the user's own file for clean shells, CLEANENV_RC, last; read at the end of init.zsh.
# Of CLEANENV_GUARDED, names of the environment, and of what it exports beside them, nothing stays changed.

builtin typeset -g "__cleanenv_rc=$CLEANENV_RC" "__cleanenv_was_base=$_OLD_VIRTUAL_PATH" "__cleanenv_was_prompt=$PS1"
__cleanenv_guarded=(${=CLEANENV_GUARDED})
builtin unset CLEANENV_RC CLEANENV_GUARDED
() {
  builtin local name
  for name in $__cleanenv_guarded; do
    builtin typeset -g "__cleanenv_was_$name=${(P)name}"
  done
}

# A function is read before the file can define an alias; it has its own options.
__cleanenv_set_back() {
  builtin emulate -L zsh
  builtin local name was
  builtin local -a changed
  for name in $__cleanenv_guarded; do
    was=__cleanenv_was_$name
    if (( ! ${+parameters[$name]} )) || [[ ${(P)name} != "${(P)was}" || $parameters[$name] != *export* ]]; then
      changed+=($name)
      builtin typeset -g +r -- $name 2>/dev/null
      builtin export -- "$name=${(P)was}"
    fi
    builtin unset $was
  done
  for name in ${(k)parameters[(R)*export*]}; do
    case $name in
      (PYTHON*|LD_*|DYLD_*|VIRTUAL_ENV|VIRTUAL_ENV_PROMPT|CONDA_PREFIX|CONDA_DEFAULT_ENV)
        if (( ! $__cleanenv_guarded[(Ie)$name] )); then
          changed+=($name)
          builtin typeset -g +r -- $name
          builtin unset -- $name
        fi ;;
    esac
  done
  builtin typeset -g "_OLD_VIRTUAL_PATH=$__cleanenv_was_base"
  if [[ $PS1 != "$__cleanenv_was_prompt" ]]; then
    builtin typeset -g "_OLD_VIRTUAL_PS1=$PS1"
    PS1="%(1V.(%1v) .)$_OLD_VIRTUAL_PS1"
  fi
  builtin hash -r
  if (( $#changed )); then
    builtin print -r -u 2 -- "'$__cleanenv_rc' changed ${(j:, :)changed}: set back"
  fi
  builtin unset __cleanenv_rc __cleanenv_guarded __cleanenv_was_base __cleanenv_was_prompt
  builtin unfunction __cleanenv_set_back
}

builtin source "$__cleanenv_rc"
__cleanenv_set_back
