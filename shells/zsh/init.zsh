# zsh: what a clean shell runs first; read by .zshrc on a terminal and by .zshenv
# in a script. Its variables CLEANENV_* are erased.

builtin source "${${(%):-%x}:h}/restore.zsh"

builtin typeset -g "__cleanenv_python=$CLEANENV_PYTHON"

cleanenv() {
  builtin command "$__cleanenv_python" -X utf8 -I -m cleanenv "$@"
}

# The names under which activate scripts keep what they change: the script of
# another environment, sourced in here, then puts it right before its own changes.
builtin typeset -g "_OLD_VIRTUAL_PATH=$CLEANENV_BASE_PATH"

deactivate() {
  if [[ -n ${_OLD_VIRTUAL_PATH-} ]]; then
    builtin export "PATH=$_OLD_VIRTUAL_PATH"
  fi
  builtin unset _OLD_VIRTUAL_PATH _OLD_VIRTUAL_PS1 VIRTUAL_ENV VIRTUAL_ENV_PROMPT CONDA_PREFIX CONDA_DEFAULT_ENV
  builtin hash -r
  psvar=()
  if [[ ${1-} != nondestructive ]]; then
    builtin unfunction deactivate
  fi
}

if [[ -o interactive ]]; then
  builtin setopt monitor 2>/dev/null # there may be no terminal
  builtin bindkey -d
  () {
    builtin local widget
    for widget in ${(k)widgets[(R)user:*]}; do
      builtin zle -A .$widget $widget 2>/dev/null || builtin zle -D $widget
    done
  }
  psvar=("$CLEANENV_PROMPT")
  # An element of psvar is shown as it is, whatever prompt_subst says.
  # What was asked for with --keep or --set stays.
  if [[ " ${CLEANENV_WANTED-} " == *" PS1 "* ]]; then
    _OLD_VIRTUAL_PS1=$PS1
  elif [[ -n ${CLEANENV_COLOR-} ]]; then
    _OLD_VIRTUAL_PS1='%B%F{green}%n@%m%f %F{blue}%1~%f%b %# '
  else
    _OLD_VIRTUAL_PS1='%n@%m %1~ %# '
  fi
  if [[ -n ${CLEANENV_COLOR-} ]]; then
    builtin alias ls="ls $CLEANENV_COLOR"
  fi
  PS1="%(1V.(%1v) .)$_OLD_VIRTUAL_PS1"
  if [[ " ${CLEANENV_WANTED-} " == *" HISTFILE "* ]]; then
    builtin : ${SAVEHIST:=10000}
  elif [[ -n ${CLEANENV_HISTFILE-} ]]; then
    HISTFILE=$CLEANENV_HISTFILE
    [[ " ${CLEANENV_WANTED-} " == *" SAVEHIST "* ]] || SAVEHIST=10000
  else
    SAVEHIST=0
  fi
  [[ " ${CLEANENV_WANTED-} " == *" HISTSIZE "* ]] || HISTSIZE=10000
  # At the first Tab, since compinit takes longer than the shell takes to start; without a dump, and without asking.
  builtin typeset -g "__cleanenv_shells=${${(%):-%x}:h}"
  __cleanenv_first_completion() {
    builtin bindkey '^I' expand-or-complete
    builtin autoload -Uz compinit
    compinit -D -i
    builtin source "$__cleanenv_shells/completion.zsh"
    builtin zle expand-or-complete
  }
  builtin zle -N __cleanenv_first_completion
  builtin bindkey '^I' __cleanenv_first_completion
  # Home, End and Delete of the usual terminals, which zsh alone leaves unbound.
  builtin bindkey '\e[H' beginning-of-line '\eOH' beginning-of-line '\e[1~' beginning-of-line \
    '\e[F' end-of-line '\eOF' end-of-line '\e[4~' end-of-line '\e[3~' delete-char
fi

builtin unset CLEANENV_INIT CLEANENV_PYTHON CLEANENV_PROMPT CLEANENV_BASE_PATH CLEANENV_HISTFILE CLEANENV_COLOR

# cleanenv asks so, before it starts a shell, whether this file is read (src/cleanenv/shell/preflight.py).
if (( $+CLEANENV_HANDSHAKE )); then
  builtin print -r -- "$CLEANENV_HANDSHAKE"
  builtin exit
fi

if (( $+CLEANENV_RC )); then
  builtin source "${${(%):-%x}:h}/rc.zsh"
fi
