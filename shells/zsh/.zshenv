# zsh: what a clean shell runs first, on a terminal or reading a script.
# cleanenv starts `zsh -d` with ZDOTDIR naming this folder, so that zsh reads
# /etc/zsh/zshenv and then this file, and no other. All else it needs comes in
# variables CLEANENV_*, which it erases.

# Assignments and not commands: no alias or function of the system's stands in their way.
options[aliases]=off dis_functions[builtin]=:
builtin source "${${(%):-%x}:h}/restore.zsh"
builtin unsetopt rcs # neither the user's .zshrc nor another file after this one

builtin typeset -g "__cleanenv_python=$CLEANENV_PYTHON" "__cleanenv_base_path=$CLEANENV_BASE_PATH"

cleanenv() {
  builtin command "$__cleanenv_python" -I -m cleanenv "$@"
}

# `deactivate nondestructive` is what other environments' activate scripts call.
deactivate() {
  builtin export "PATH=$__cleanenv_base_path"
  builtin unset VIRTUAL_ENV VIRTUAL_ENV_PROMPT CONDA_PREFIX CONDA_DEFAULT_ENV
  builtin hash -r
  psvar=()
  if [[ ${1-} != nondestructive ]]; then
    builtin unset __cleanenv_base_path
    builtin unfunction deactivate
  fi
}

if [[ -o interactive ]]; then
  psvar=("$CLEANENV_PROMPT")
  # psvar is shown as it is, whatever prompt_subst says.
  PS1='%(1V.(%1v) .)%n@%m %1~ %# '
  if [[ -n ${CLEANENV_HISTFILE-} ]]; then
    HISTFILE=$CLEANENV_HISTFILE HISTSIZE=10000 SAVEHIST=10000
  else
    SAVEHIST=0
  fi
  # Home, End and Delete of the usual terminals, which zsh alone leaves unbound.
  builtin bindkey '\e[H' beginning-of-line '\eOH' beginning-of-line '\e[1~' beginning-of-line \
    '\e[F' end-of-line '\eOF' end-of-line '\e[4~' end-of-line '\e[3~' delete-char
fi

builtin unset CLEANENV_INIT CLEANENV_PYTHON CLEANENV_PROMPT CLEANENV_BASE_PATH CLEANENV_HISTFILE
