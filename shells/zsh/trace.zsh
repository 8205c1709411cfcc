# zsh: the tracer. `zsh -f -i -c` sources it with the folder of the system's startup files as its parameter. It sources
# the startup files in the order of zsh(1), at top level, under a DEBUG trap which compares the exported parameters
# before each command: what changed is the doing of the command before. A ZDOTDIR of ours would lose against a zshenv
# of the system's that sets it. Events go to CLEANENV_TRACE_EVENTS, NUL-separated.

builtin zmodload zsh/parameter
builtin setopt rcs
# Opened by name each time: descriptors are the startup files' to close.
builtin typeset -g __cleanenv_events=$CLEANENV_TRACE_EVENTS __cleanenv_system=$1
builtin unset CLEANENV_TRACE_EVENTS ZSH_EXECUTION_STRING
builtin typeset -g __cleanenv_types= __cleanenv_told= __cleanenv_expression= __cleanenv_values=
builtin typeset -g __cleanenv_due= __cleanenv_reason=
builtin set --

# Write the exported parameters as they are, and take down what to compare from now on: their types, which say what is
# exported at all, and an expression of their values, in which one that is unset is told from an empty one.
__cleanenv_look() {
  builtin emulate -L zsh -o no_aliases -o typeset_silent
  builtin local types="${(kvj: :)parameters[(R)*export*]}"
  if [[ $types != "$__cleanenv_types" ]]; then
    builtin local name kind told= expression=
    for name kind in ${(s: :)types}; do
      case $name in
        (_|PWD|OLDPWD|SHLVL|ZSH_DEBUG_CMD|__cleanenv_*) continue ;;
      esac
      told+="$name $kind "
      expression+="\${$name-"$'\2}\0'
    done
    builtin typeset -g "__cleanenv_types=$types" "__cleanenv_told=$told" "__cleanenv_expression=$expression"
  fi
  builtin typeset -g __cleanenv_due= "__cleanenv_values=${(e)__cleanenv_expression}"
  builtin print -rN -- state "$1" "$__cleanenv_told" "$__cleanenv_values" >>"$__cleanenv_events"
}

# Name in __cleanenv_reason why the command must not be run, nothing where it may.
__cleanenv_judge() {
  builtin emulate -L zsh -o no_aliases -o extended_glob
  __cleanenv_reason=
  if [[ $ZSH_DEBUG_CMD == TRAPDEBUG\ \(\)* ]]; then __cleanenv_reason=tracing; return; fi
  # Of a compound command, which is told with its lines, each command comes here by itself.
  if [[ $ZSH_DEBUG_CMD == *$'\n'* ]]; then return; fi
  builtin local part text before= operator
  builtin local -a parts words
  text=${ZSH_DEBUG_CMD//' && '/$'\0&& '}
  text=${text//' || '/$'\0|| '}
  parts=("${(@0)text}")
  for part in "${parts[@]}"; do
    operator=
    if [[ $part == ('&&'|'||')' '* ]]; then operator=${part[1,2]} text=${part[4,-1]}; else text=$part; fi
    __cleanenv_reason=
    __cleanenv_word ${(z)text}
    if [[ -n $__cleanenv_reason ]]; then
      if [[ -n $operator ]]; then
        if (builtin eval "$before") </dev/null >/dev/null 2>&1; then
          if [[ $operator == '&&' ]]; then return; fi
        elif [[ $operator == '||' ]]; then
          return
        fi
      else
        return
      fi
    fi
    before+=${before:+ }$part
  done
  __cleanenv_reason=
}

# The same for the words of one simple command.
__cleanenv_word() {
  while [[ ${1-} == (\!|-|builtin|command|noglob|nocorrect|[A-Za-z_][A-Za-z0-9_]#(+|)=*) ]]; do shift; done
  case ${1:t} in
    (exec)
      shift
      while [[ ${1-} == ([0-9]#|\{*\})[\<\>]* ]]; do
        if [[ $1 == *[\<\>\&\|\!] ]]; then shift; fi
        shift 2>/dev/null
      done
      if (( $# )); then __cleanenv_reason=replaced; fi ;;
    (tmux|screen|startx|xinit|zellij|byobu) __cleanenv_reason=terminal ;;
    (trap) if [[ "${*[2,-1]}" == *DEBUG* ]]; then __cleanenv_reason=tracing; fi ;;
    (exit|logout|bye) __cleanenv_reason=exit ;;
  esac
}

__cleanenv_look due
# Run before each command. In line, since a function costs more than all of it; it leans on no option, the user's hold.
# Setting errexit in a DEBUG trap keeps the command from being run (zshmisc(1), DEBUG).
trap '
  if (( ! ZSH_SUBSHELL )); then
    if [[ "${(e)__cleanenv_expression}" != "$__cleanenv_values" ]]; then
      __cleanenv_look values
    elif [[ -n $__cleanenv_due || -o allexport ]]; then
      __cleanenv_due=
      if [[ "${(kvj: :)parameters[(R)*export*]}" != "$__cleanenv_types" ]]; then __cleanenv_look due; fi
    fi
    builtin print -rN -- step "$PWD" "${ZSH_DEBUG_CMD:0:300}" "${#funcstack[@]}" "${(%):-%I}" \
      "${funcsourcetrace[@]}" "${funcfiletrace[@]}" "${funcstack[@]}" >>"$__cleanenv_events"
    case $ZSH_DEBUG_CMD in
      (*exec*|*tmux*|*screen*|*startx*|*xinit*|*zellij*|*byobu*|*DEBUG*|*exit*|*logout*|*bye*)
        __cleanenv_due=1
        __cleanenv_judge "$@"
        if [[ -n $__cleanenv_reason ]]; then
          builtin print -rN -- skipped "$__cleanenv_reason" >>"$__cleanenv_events"
          if [[ $__cleanenv_reason == exit ]]; then builtin kill -KILL $$; fi
          builtin setopt err_exit
        fi ;;
      (*export*|typeset*|*\ typeset*|*declare\ *|*integer\ *|*float\ *|*readonly\ *|*local\ *|*setopt*|*options*)
        __cleanenv_due=1 ;;
      (emulate\ *|set\ *|[\"\$]*) __cleanenv_due=1 ;;
    esac
  fi' DEBUG
# One command, read as a whole before a startup file can define an alias. No function around the files: in one,
# typeset would be local. An error ends one file and not the startup.
{
  for __cleanenv_file in zshenv zprofile zshrc zlogin; do
    if [[ $__cleanenv_file == (zprofile|zlogin) && ! -o login ]]; then continue; fi
    if [[ $__cleanenv_file != zshenv && -o rcs && -o global_rcs ]]; then
      builtin print -rN -- file "$__cleanenv_system$__cleanenv_file" >>"$__cleanenv_events"
      if [[ -r $__cleanenv_system$__cleanenv_file && ! -d $__cleanenv_system$__cleanenv_file ]]; then
        { builtin source "$__cleanenv_system$__cleanenv_file" } always { TRY_BLOCK_ERROR=0 }
      fi
    fi
    if [[ -o rcs ]]; then
      builtin print -rN -- file "${ZDOTDIR:-$HOME}/.$__cleanenv_file" >>"$__cleanenv_events"
      if [[ -r ${ZDOTDIR:-$HOME}/.$__cleanenv_file && ! -d ${ZDOTDIR:-$HOME}/.$__cleanenv_file ]]; then
        { builtin source "${ZDOTDIR:-$HOME}/.$__cleanenv_file" } always { TRY_BLOCK_ERROR=0 }
      fi
    fi
  done
  __cleanenv_look end
  builtin print -rN -- prompt >>"$__cleanenv_events"
  if (( ${+functions[precmd]} )); then { precmd } always { TRY_BLOCK_ERROR=0 }; fi
  for __cleanenv_file in "${precmd_functions[@]-}"; do
    if (( ${+functions[$__cleanenv_file]} )); then { "$__cleanenv_file" } always { TRY_BLOCK_ERROR=0 }; fi
  done
  __cleanenv_look end
  builtin print -rN -- end >>"$__cleanenv_events"
  builtin kill -KILL $$ # neither history, .zlogout nor a trap on EXIT belongs to a startup
}
