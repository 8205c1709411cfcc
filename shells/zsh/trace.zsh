# zsh: the tracer. `zsh -f -i -c` sources it with the folder of the system's startup files as its parameter. It sources
# the startup files in the order of zsh(1), at top level, under a DEBUG trap which compares the exported parameters
# before each command: what changed is the doing of the command before. A ZDOTDIR of ours would lose against a zshenv
# of the system's that sets it. Events go to CLEANENV_TRACE_EVENTS, NUL-separated.

builtin zmodload zsh/parameter
builtin setopt rcs
# Opened by name each time: descriptors are the startup files' to close.
builtin typeset -g __cleanenv_events=$CLEANENV_TRACE_EVENTS __cleanenv_system=$1
builtin unset CLEANENV_TRACE_EVENTS ZSH_EXECUTION_STRING
builtin set --
# What is compared: names, with texts that expand to their values and to their types, and what these were.
builtin typeset -g __cleanenv_names= __cleanenv_expression= __cleanenv_values= __cleanenv_query= __cleanenv_types=
# All parameters exported at the last look; whether to look after this command; the command's first word.
builtin typeset -g __cleanenv_exported= __cleanenv_due= __cleanenv_first= __cleanenv_way= __cleanenv_reason=
# Commands that can export a name, end the trace, or run another: 'names' where their text tells which name.
builtin typeset -gA __cleanenv_heeded
for __cleanenv_first in export typeset declare local integer float readonly; do
  __cleanenv_heeded[$__cleanenv_first]=names
done
for __cleanenv_first in emulate set setopt unsetopt private; do __cleanenv_heeded[$__cleanenv_first]=all; done
for __cleanenv_first in exec tmux screen startx xinit zellij byobu trap TRAPDEBUG exit logout bye \
  builtin command noglob nocorrect - time coproc; do
  __cleanenv_heeded[$__cleanenv_first]=any
done

# Compare the name from now on; one that is unset is told from an empty one.
__cleanenv_watch() {
  case $1 in
    (_|PWD|OLDPWD|SHLVL|ZSH_DEBUG_CMD|__cleanenv_*) ;;
    (*)
      __cleanenv_names+="$1 "
      __cleanenv_expression+="\${$1-"$'\2}\0'
      __cleanenv_query+="\${$1+\${(t)$1}}"$'\0' ;;
  esac
}

# Write what is compared as it is, where it is not as it was; but for 'known' look for further exports before. Local
# names are the tracer's too: another would hide the user's.
__cleanenv_look() {
  builtin emulate -L zsh -o no_aliases
  builtin local __cleanenv_name __cleanenv_type __cleanenv_was="$__cleanenv_names$__cleanenv_types$__cleanenv_values"
  if [[ $1 != known ]]; then
    __cleanenv_type=${(kvj: :)parameters[(R)*export*]}
    if [[ $__cleanenv_type != "$__cleanenv_exported" ]]; then
      builtin typeset -g __cleanenv_exported=$__cleanenv_type __cleanenv_names= __cleanenv_expression= __cleanenv_query=
      for __cleanenv_name __cleanenv_type in ${(s: :)__cleanenv_exported}; do __cleanenv_watch $__cleanenv_name; done
    fi
  fi
  __cleanenv_types=${(e)__cleanenv_query}
  __cleanenv_values=${(e)__cleanenv_expression}
  if [[ $1 == (start|end) || "$__cleanenv_names$__cleanenv_types$__cleanenv_values" != "$__cleanenv_was" ]]; then
    builtin print -rN -- state "$1" "$__cleanenv_names" "$__cleanenv_types" "$__cleanenv_values" >>"$__cleanenv_events"
  fi
}

# Foresee what a declaration can export: 'named' in __cleanenv_due where its text says all names, else 'all'.
# What it exports is compared from now on, so that the change is seen after it.
__cleanenv_foresee() {
  builtin emulate -L zsh -o no_aliases -o extended_glob
  builtin local __cleanenv_part __cleanenv_exports= __cleanenv_new=
  builtin local -a __cleanenv_parts
  __cleanenv_parts=(${(s: :)ZSH_DEBUG_CMD})
  if [[ $__cleanenv_parts[1] == export ]]; then __cleanenv_exports=1; fi
  __cleanenv_due=named
  for __cleanenv_part in "${(@)__cleanenv_parts[2,-1]}"; do
    case $__cleanenv_part in
      ([-+][AFHLRUZafghilprtuxz]##) if [[ $__cleanenv_part == *x* ]]; then __cleanenv_exports=1; fi ;;
      ([A-Za-z_][A-Za-z0-9_]#(|(|+)=*))
        __cleanenv_part=${__cleanenv_part%%(|+)=*}
        if [[ -n $__cleanenv_exports && " $__cleanenv_names" != *" $__cleanenv_part "* ]]; then
          __cleanenv_watch $__cleanenv_part
          __cleanenv_new=1
        fi ;;
      (*) __cleanenv_due=all; break ;;
    esac
  done
  if [[ -n $__cleanenv_new ]]; then
    __cleanenv_types=${(e)__cleanenv_query}
    __cleanenv_values=${(e)__cleanenv_expression}
  fi
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

__cleanenv_look start
# Run before each command. In line, since a function costs more than most of it; it leans on no option, the user's hold.
# Setting errexit in a DEBUG trap keeps the command from being run (zshmisc(1), DEBUG). What a subshell changes does
# not last, and with no trap it need not fork for its last command. Of a compound command each command comes here by
# itself; what a function, a sourced file or an eval runs does too.
trap '
  if (( ZSH_SUBSHELL )); then
    builtin trap - DEBUG
  else
    if [[ $__cleanenv_due == all || -o allexport ]]; then
      __cleanenv_look all
    elif [[ "${(e)__cleanenv_expression}" != "$__cleanenv_values" ||
      -n $__cleanenv_due && "${(e)__cleanenv_query}" != "$__cleanenv_types" ]]; then
      __cleanenv_look known
    fi
    builtin print -rN -- step "$PWD" "${ZSH_DEBUG_CMD:0:300}" "${#funcstack[@]}" "${(%):-%I}" \
      "${funcsourcetrace[@]}" "${funcfiletrace[@]}" "${funcstack[@]}" >>"$__cleanenv_events"
    __cleanenv_due= __cleanenv_way=any __cleanenv_first=${ZSH_DEBUG_CMD%%[[:space:]]*}
    case $ZSH_DEBUG_CMD in
      (*[\&\|]*)
        case $__cleanenv_first in
          (if|while|until|for|case)
            case $ZSH_DEBUG_CMD in
              (*fi\ *|*done\ *|*esac\ *|*}\ *) ;; # there may be more behind it
              (*) __cleanenv_way= ;;
            esac ;;
        esac ;;
      (*)
        case $__cleanenv_first in
          (\(\() __cleanenv_way= ;;
          ([A-Za-z_]*=*)
            case $ZSH_DEBUG_CMD in
              (*\ ?*|*\[*=*) ;; # for a command, of more than one word, or of an element
              (*) __cleanenv_way= ;;
            esac ;;
          (*[!A-Za-z0-9_./:+\[-]*) ;;
          (*) __cleanenv_way=${__cleanenv_heeded[${__cleanenv_first##*/}]-} ;;
        esac ;;
    esac
    case $__cleanenv_way in
      (names)
        if [[ -o shwordsplit ]]; then __cleanenv_due=all; else __cleanenv_foresee; fi ;;
      (all) __cleanenv_due=all ;;
      (any)
        case $ZSH_DEBUG_CMD in
          (*exec*|*tmux*|*screen*|*startx*|*xinit*|*zellij*|*byobu*|*DEBUG*|*exit*|*logout*|*bye*)
            __cleanenv_due=all
            __cleanenv_judge "$@"
            if [[ -n $__cleanenv_reason ]]; then
              builtin print -rN -- skipped "$__cleanenv_reason" >>"$__cleanenv_events"
              if [[ $__cleanenv_reason == exit ]]; then builtin kill -KILL $$; fi
              builtin setopt err_exit
            fi ;;
          (*export*|typeset*|*\ typeset*|*declare\ *|*integer\ *|*float\ *|*readonly\ *|*local\ *|*setopt*|*options*)
            __cleanenv_due=all ;;
          (emulate\ *|set\ *|[\"\$]*|*\]\ [\&\|][\&\|]\ [\"\$]*) __cleanenv_due=all ;;
        esac ;;
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
