# zsh: the tracer. `zsh -f -i -c` sources it with the folder of the system's startup files as its parameter. It sources
# the startup files in the order of zsh(1), at top level, under a DEBUG trap which compares the exported parameters
# before each command: what changed is the doing of the command before. A ZDOTDIR of ours would lose against a zshenv
# of the system's that sets it. Events go to CLEANENV_TRACE_EVENTS, NUL-separated; what may hold a NUL itself, as the
# value of zsh's IFS does (zshparam(1)), ends in a field that is __cleanenv_mark.

builtin zmodload zsh/parameter
builtin setopt rcs
# Opened by name each time: descriptors are the startup files' to close.
builtin typeset -g __cleanenv_events=$CLEANENV_TRACE_EVENTS __cleanenv_system=$1
builtin typeset -ga __cleanenv_table
__cleanenv_table=(${=CLEANENV_TRACE_SKIPPED})
builtin unset CLEANENV_TRACE_EVENTS CLEANENV_TRACE_SKIPPED ZSH_EXECUTION_STRING
builtin set --
# What is compared: names, with texts that expand to their values and to their types, and what these were.
builtin typeset -g __cleanenv_names=' ' __cleanenv_expression= __cleanenv_values= __cleanenv_query= __cleanenv_types=
builtin typeset -g __cleanenv_unset=$'\2' __cleanenv_mark=$'\3\2' __cleanenv_end=$'\0\3\2\0' __cleanenv_line=$'\n'
# All parameters exported at the last search; what to look at after this command: values, or 'no', or 'one' parameter
# whose new value is 'stale' for all others, or 'known' types too, or 'all' exports.
builtin typeset -g __cleanenv_exported= __cleanenv_due= __cleanenv_one= __cleanenv_stale= __cleanenv_way=
builtin typeset -g __cleanenv_reason= __cleanenv_list= __cleanenv_reached=
# What was set may be set back, or be set again by a loop, with no command of its own: 'no' and 'one' will not do then.
builtin typeset -g __cleanenv_always= __cleanenv_passing= __cleanenv_loops=' '
# What a command by itself can do, by its first word: declare, change a value, or neither, in which case it is still;
# what is heeded may have to be skipped.
builtin typeset -gA __cleanenv_ways
__cleanenv_ways=(
  export export local declare typeset declare declare declare integer declare float declare readonly declare
  unset unset if compound while compound until compound for loop select loop
)
for __cleanenv_one in \[ \[\[ : . source eval echo true false return alias bindkey zle autoload; do
  __cleanenv_ways[$__cleanenv_one]=still
done
for __cleanenv_one in shift read print printf cd zstyle; do __cleanenv_ways[$__cleanenv_one]=light; done
for __cleanenv_one in exit logout bye TRAPDEBUG; do __cleanenv_ways[$__cleanenv_one]=heed; done
for __cleanenv_one in ! - builtin command noglob nocorrect nohup setsid env time; do
  __cleanenv_ways[$__cleanenv_one]=prefix
done
# The commands that are not run, by name: key, patterns of arguments, and what concerns this process alone
# (trace/engine/skipped_commands.py).
builtin typeset -gA __cleanenv_skipped
builtin typeset -g __cleanenv_named='exit|logout|bye' __cleanenv_quotes='"'"'"
for __cleanenv_one in $__cleanenv_table; do
  __cleanenv_skipped[${__cleanenv_one%%:*}]=${__cleanenv_one#*:}
  __cleanenv_ways[${__cleanenv_one%%:*}]=heed
  __cleanenv_named+="|${__cleanenv_one%%:*}"
done
builtin unset __cleanenv_table

# Write what is compared as it is, where it is not as it was; but for 'known' search for further exports before. Local
# names are the tracer's too: another would hide the user's. One that is unset is told from an empty one.
__cleanenv_look() {
  builtin emulate -L zsh -o no_aliases
  builtin local __cleanenv_name __cleanenv_type __cleanenv_was="$__cleanenv_names$__cleanenv_types$__cleanenv_values"
  if [[ $1 != known ]]; then
    __cleanenv_type=${(kvj: :)parameters[(R)*export*]}
    if [[ $__cleanenv_type != "$__cleanenv_exported" ]]; then
      __cleanenv_exported=$__cleanenv_type
      for __cleanenv_name __cleanenv_type in ${(s: :)__cleanenv_exported}; do
        case $__cleanenv_name in
          (_|PWD|OLDPWD|SHLVL|ZSH_DEBUG_CMD|__cleanenv_*) continue ;;
        esac
        # One that a local hides comes back.
        if [[ $__cleanenv_names == *" $__cleanenv_name "* ]]; then continue; fi
        __cleanenv_names+="$__cleanenv_name "
        if [[ $__cleanenv_loops == *" $__cleanenv_name "* ]]; then __cleanenv_always=1; fi
        __cleanenv_expression+="\${$__cleanenv_name-$__cleanenv_unset}$__cleanenv_end"
        __cleanenv_query+="\${$__cleanenv_name+\${(t)$__cleanenv_name}}$__cleanenv_end"
      done
    fi
  fi
  __cleanenv_types=${(e)__cleanenv_query}
  __cleanenv_values=${(e)__cleanenv_expression}
  if [[ $1 == (start|end) || -n $__cleanenv_stale ||
    "$__cleanenv_names$__cleanenv_types$__cleanenv_values" != "$__cleanenv_was" ]]; then
    __cleanenv_stale= __cleanenv_always+=$__cleanenv_passing
    builtin print -rN -- state "$1" "$__cleanenv_names" "$__cleanenv_types" "$__cleanenv_values" >>"$__cleanenv_events"
  fi
}

# Name in __cleanenv_reason the row by which the command must not be run, nothing where it may. Of a list, `list`: then
# __cleanenv_list is that with what must not be run left out, each reported when it is reached. The arguments are those
# of the function around the command, which may run them.
__cleanenv_judge() {
  builtin emulate -L zsh -o no_aliases -o extended_glob
  __cleanenv_reason= __cleanenv_list=
  if [[ $ZSH_DEBUG_CMD == TRAPDEBUG\ \(\)* ]]; then __cleanenv_reason=function; return; fi
  # Of a compound command, which is told with its lines, each command comes here by itself.
  if [[ $ZSH_DEBUG_CMD == *$'\n'* ]]; then return; fi
  builtin local __cleanenv_part __cleanenv_text __cleanenv_word __cleanenv_operator __cleanenv_found=
  builtin local -a __cleanenv_parts __cleanenv_words
  # Split at what stands between commands, and not at the same in a substitution.
  __cleanenv_text=$ZSH_DEBUG_CMD
  __cleanenv_parts=('')
  for __cleanenv_word in ${(z)ZSH_DEBUG_CMD}; do
    __cleanenv_text=${__cleanenv_text##[[:blank:]]#}
    __cleanenv_text=${__cleanenv_text#"$__cleanenv_word"}
    if [[ $__cleanenv_word == ('&&'|'||') ]]; then __cleanenv_parts+=(''); fi
    __cleanenv_parts[-1]+=$__cleanenv_word${(M)__cleanenv_text##[[:blank:]]#}
  done
  for __cleanenv_part in "${__cleanenv_parts[@]}"; do
    __cleanenv_operator=
    __cleanenv_text=$__cleanenv_part
    if [[ $__cleanenv_part == ('&&'|'||')' '* ]]; then
      __cleanenv_operator=${__cleanenv_part[1,3]} __cleanenv_text=${__cleanenv_part[4,-1]}
    fi
    __cleanenv_part=$__cleanenv_text
    # What stands in a variable is put in, if that can neither run nor set anything.
    __cleanenv_words=(${(z)__cleanenv_text}) __cleanenv_word=${__cleanenv_words[1]-}
    if [[ $__cleanenv_word == *\$* && $__cleanenv_word != *[\(\`=]* ]]; then
      __cleanenv_text="${(Q)${(e)__cleanenv_word}}${__cleanenv_text#"$__cleanenv_word"}"
    fi
    __cleanenv_judge_pipeline
    if [[ -n $__cleanenv_reason ]]; then
      __cleanenv_found=$__cleanenv_reason
      __cleanenv_part="__cleanenv_reached+=' $__cleanenv_reason'"
    fi
    __cleanenv_list+=${__cleanenv_list:+ }$__cleanenv_operator$__cleanenv_part
  done
  __cleanenv_reason=$__cleanenv_found
  if [[ -n $__cleanenv_found && ${#__cleanenv_parts} != 1 ]]; then __cleanenv_reason=list; fi
}

# The same for the commands between `|` in __cleanenv_text: one that must not be run keeps all from it.
__cleanenv_judge_pipeline() {
  builtin local __cleanenv_element __cleanenv_input=
  [[ /dev/stdin -ef /dev/null ]] || __cleanenv_input=1
  for __cleanenv_element in "${(@s:|:)__cleanenv_text//|&/|}"; do
    __cleanenv_reason=
    __cleanenv_judge_words ${(z)__cleanenv_element}
    if [[ -n $__cleanenv_reason ]]; then return; fi
    __cleanenv_input=1
  done
}

# The same for the words of one simple command.
__cleanenv_judge_words() {
  builtin local __cleanenv_row __cleanenv_only __cleanenv_but __cleanenv_fits=
  while [[ ${${1-}#\\} == (\!|-|builtin|command|noglob|nocorrect|nohup|setsid|env|time|[A-Za-z_][A-Za-z0-9_]#(+|)=*) ]]; do
    shift
  done
  if (( ZSH_SUBSHELL )) && [[ ${1-} == exec ]]; then shift; fi # it replaces the subshell alone
  if [[ ${1-} == (exit|logout|bye) ]]; then
    (( ZSH_SUBSHELL )) || __cleanenv_reason=exit
    return
  fi
  # The startup's own is for when the shell ends, which is not part of a startup; but after a command that was not run
  # zsh 5.9 runs it at the end of the next list.
  if [[ ${1-} == trap && ${@[-1]} == (EXIT|SIGEXIT|0) && ${2-} != -* ]]; then
    if [[ $ZSH_SUBSHELL == 0 && ( -o posix_traps || ${${(j: :)zsh_eval_context}% trap*} != *shfunc* ) ]]; then
      __cleanenv_reason=silent
    fi
    return
  fi
  __cleanenv_row=${(Q)1-}
  # What a substitution prints ends in what it was asked for, by custom: `$(command -v tmux)`, `$(brew --prefix)/bin/tmux`.
  if [[ $__cleanenv_row == *\$\(* ]]; then __cleanenv_row=${${__cleanenv_row##*[[:blank:]]}%%[\)\"]#}; fi
  __cleanenv_row=${__cleanenv_skipped[${__cleanenv_row:t}]-}
  if [[ -z $__cleanenv_row || ($__cleanenv_row == *:own && $ZSH_SUBSHELL != 0) ]]; then return; fi
  __cleanenv_reason=${__cleanenv_row%%:*} __cleanenv_row=${__cleanenv_row#*:}
  __cleanenv_only=${__cleanenv_row%%:*} __cleanenv_row=${__cleanenv_row#*:}
  __cleanenv_but=${__cleanenv_row%%:*}
  shift
  while (( $# )); do
    case $1 in
      # zshmisc(1), REDIRECTION: a descriptor may be a parameter's, as in `exec {name}<file`.
      (\{[A-Za-z_][A-Za-z0-9_]#\}) if [[ ${2-} != [\<\>]* ]]; then __cleanenv_fits=1; fi ;;
      ([0-9]#(\&|)[\<\>][\<\>\&\|\!]#)
        if [[ $1 == (0|)\<* ]]; then __cleanenv_input=1; fi # it may be a script
        shift ;;
      (\&|\&\!|\&\||\;) ;;
      (--) break ;;
      (*)
        if [[ ${(Q)1} == ($~__cleanenv_but) ]]; then __cleanenv_reason= ; return; fi
        if [[ ${(Q)1} == ($~__cleanenv_only) ]]; then __cleanenv_fits=1; fi ;;
    esac
    shift 2>/dev/null
  done
  if [[ (-n $__cleanenv_only && -z $__cleanenv_fits) || ("|$__cleanenv_but|" == *'|<|'* && -n $__cleanenv_input) ]]; then
    __cleanenv_reason=
  fi
}

# The directory of the functions that come with zsh. compinit alone runs 70,000 commands, and took 20 s: of what runs in
# these the call is known, and that is the place of what they do.
builtin typeset -g __cleanenv_shipped=/dev/null __cleanenv_source=
for __cleanenv_one in "${fpath[@]}"; do
  if [[ $__cleanenv_one == */functions(|/*) ]]; then
    __cleanenv_shipped=${__cleanenv_one%%/functions*}/functions
    break
  fi
done

__cleanenv_look start
# Run before each command. In line, since a call of a function looks through all parameters, and in short pieces, since
# zsh makes the text of a compound command that it runs, all of it. It leans on no option, the user's hold. Setting
# errexit in a DEBUG trap keeps the command from being run (zshmisc(1), DEBUG).
builtin typeset -g __cleanenv_skip='
    if [[ $__cleanenv_reason == list ]]; then
      __cleanenv_reached=
      builtin eval "$__cleanenv_list"
      __cleanenv_reason=${__cleanenv_reached:-silent}
    fi
    for __cleanenv_one in ${(s: :)__cleanenv_reason}; do
      case $__cleanenv_one in
        (silent) ;;
        (exit)
          if (( ! ZSH_SUBSHELL )); then __cleanenv_look all; fi
          builtin print -rN -- exit >>"$__cleanenv_events"
          builtin kill -KILL $$ ;;
        (*)
          builtin print -rN -- skipped "$__cleanenv_one" "$PWD" "${ZSH_DEBUG_CMD:0:300}" "$__cleanenv_mark" \
            "${#funcstack[@]}" "${(%):-%I}" "${funcsourcetrace[@]:0:1}" "${funcfiletrace[@]}" "${funcstack[@]}" \
            >>"$__cleanenv_events" ;;
      esac
    done
    if [[ -n $__cleanenv_reason ]]; then
      __cleanenv_reason=
      builtin setopt err_exit
    fi'
# Of a subshell only what must not be run is of interest: what it changes does not last. With no trap its last command
# need not fork, and behind a program that stands first, as in most, there is seldom another.
builtin typeset -g __cleanenv_light='
  [[ " $ZSH_DEBUG_CMD " != (*[[:blank:]/\\$__cleanenv_quotes]('$__cleanenv_named')[\)[:blank:]$__cleanenv_quotes]*|\ (\"|)\$*) &&
    ! -o shglob ]] || {
    __cleanenv_judge "$@"'$__cleanenv_skip'
  }'
builtin typeset -g __cleanenv_trap='
  __cleanenv_source="${funcsourcetrace[@]:0:1}"
  if [[ $__cleanenv_source == $__cleanenv_shipped/* ]]; then
    __cleanenv_due=all
  else
  [[ $__cleanenv_due$__cleanenv_always$ZSH_SUBSHELL == no0 && ! -o allexport ]] ||
    if (( ZSH_SUBSHELL )); then
      __cleanenv_one=${ZSH_DEBUG_CMD%%[[:space:]]*}
      if (( $+builtins[$__cleanenv_one] || $+functions[$__cleanenv_one] )) || [[ $__cleanenv_one == *=* ]]; then
        builtin trap "$__cleanenv_light" DEBUG
      else
        builtin trap - DEBUG
      fi
    elif [[ $__cleanenv_due == all || -o allexport ]]; then
      __cleanenv_look all
    elif [[ $__cleanenv_due == one ]]; then
      __cleanenv_stale=1
      builtin print -rN -- one "$__cleanenv_one" "${(Pt)__cleanenv_one-}" "${(P)__cleanenv_one-}" \
        "$__cleanenv_mark" >>"$__cleanenv_events"
    elif [[ "${(e)__cleanenv_expression}" != "$__cleanenv_values" ||
      $__cleanenv_due == known && "${(e)__cleanenv_query}" != "$__cleanenv_types" ]]; then
      __cleanenv_types=${(e)__cleanenv_query} __cleanenv_values=${(e)__cleanenv_expression}
      __cleanenv_always+=$__cleanenv_passing
      builtin print -rN -- state known "$__cleanenv_names" "$__cleanenv_types" "$__cleanenv_values" \
        >>"$__cleanenv_events"
    fi
  (( ZSH_SUBSHELL )) || builtin print -rN -- step "$PWD" "${ZSH_DEBUG_CMD:0:300}" "$__cleanenv_mark" "${#funcstack[@]}" \
    "${(%):-%I}" "$__cleanenv_source" "${funcfiletrace[@]}" "${funcstack[@]}" >>"$__cleanenv_events"
  __cleanenv_due= __cleanenv_passing= __cleanenv_way=${__cleanenv_ways[${ZSH_DEBUG_CMD%%[[:space:]]*}]-}
  # What is a part of a list, by itself it is not; an assignment is, where it is one word and not of an element.
  case $__cleanenv_way:$ZSH_DEBUG_CMD in
    (compound:*fi[[:blank:]]*|compound:*done[[:blank:]]*|compound:*}[[:blank:]]*) __cleanenv_way= ;;
    (compound:*) __cleanenv_due=no ;;
    (loop:*) ;;
    (*[\&\|]*) __cleanenv_way= ;;
    # An expansion may set something.
    (still:*[%-+{]*=*|still:*[%-+{]*[+-][+-]*|still:*[^[[:blank:]:][[]*=*|still:*[^[[:blank:]:][[]*[+-][+-]*|\
      still:[[]*[=+-]*[[:blank:]]-[lgen][teq][[:blank:]]*) __cleanenv_way=light ;;
    (still:*) __cleanenv_due=no ;;
    (:[A-Za-z_]*[[:blank:]]?*|:[A-Za-z_]*[[]*) ;;
    (:[A-Za-z_]*=*) __cleanenv_way=assignment ;;
  esac
  [[ $__cleanenv_due == no ]] || {
    [[ $__cleanenv_way == assignment ]] && {
      __cleanenv_one=${${ZSH_DEBUG_CMD%%=*}%+}
      case ${ZSH_DEBUG_CMD#*=}:${(Pt)__cleanenv_one-} in
        (*[[%-+{]*=*:*|*[[%-+{]*[+-][+-]*:*|*:*array*|*:*ref*) ;;
        (*:*export*) __cleanenv_due=one ;;
        (*:*tied*|*:*special*) ;;
        (*) __cleanenv_due=no ;;
      esac
    }
    [[ $__cleanenv_way == unset ]] && {
      __cleanenv_one=${ZSH_DEBUG_CMD#unset[[:blank:]]}
      case $__cleanenv_one in
        (*[^A-Za-z0-9_]*) ;;
        (*)
          case ${(Pt)__cleanenv_one-} in
            (*export*|*tied*|*ref*|*special*) ;;
            (*) __cleanenv_due=no ;;
          esac ;;
      esac
    }
    # Where the text tells all names that it may export, these are compared from now on.
    [[ $__cleanenv_way == export ]] && {
      __cleanenv_due=one __cleanenv_one=${${${ZSH_DEBUG_CMD#export\ }%%=*}%+}
      case ${${ZSH_DEBUG_CMD#export\ }#*=}:${(Pt)__cleanenv_one-} in
        (*:*array*|*:*ref*|*\"*\"*\"*:*) __cleanenv_due=all ;;
        (*[[%-+{]*=*:*|*[[%-+{]*[+-][+-]*:*) __cleanenv_due=all ;;
        (\"*\":*|\"*\"\ :*) ;;
        (*[[:space:]][!:]*:*) __cleanenv_due=all ;;
      esac
      if [[ -o shwordsplit || $__cleanenv_one == *[!A-Za-z0-9_]* ]]; then __cleanenv_due=all; fi
      case $__cleanenv_due:$__cleanenv_one:$__cleanenv_names in
        (all:*|*:_:*|*:PWD:*|*:OLDPWD:*|*:SHLVL:*|*:__cleanenv_*:*|*:*:*" $__cleanenv_one "*) ;;
        (*)
          __cleanenv_names+="$__cleanenv_one "
          __cleanenv_expression+="\${$__cleanenv_one-$__cleanenv_unset}$__cleanenv_end"
          __cleanenv_query+="\${$__cleanenv_one+\${(t)$__cleanenv_one}}$__cleanenv_end"
          __cleanenv_stale=1
          if [[ $__cleanenv_loops == *" $__cleanenv_one "* ]]; then __cleanenv_always=1; fi ;;
      esac
    }
    # A loop over values of one name; one over many, or of arithmetic, may set anything.
    [[ $__cleanenv_way == loop ]] && {
      __cleanenv_way= __cleanenv_one=${${${ZSH_DEBUG_CMD%%$__cleanenv_line*}#*[[:blank:]]}%%[[:blank:]]in*}
      case $__cleanenv_one in
        (*[^A-Za-z0-9_]*) __cleanenv_always=1 ;;
        (*)
          [[ $__cleanenv_loops == *" $__cleanenv_one "* ]] || __cleanenv_loops+="$__cleanenv_one "
          if [[ $__cleanenv_names == *" $__cleanenv_one "* ]]; then __cleanenv_always=1; fi
          if [[ ${(Pt)__cleanenv_one-} == *tied* ]]; then __cleanenv_always=1; fi ;;
      esac
    }
    [[ $__cleanenv_way == declare ]] && __cleanenv_passing=1 && case $ZSH_DEBUG_CMD in
      # With an option that is, or may be, -x, -T or -m, or with a word that may become one.
      (*[[:blank:]][-+][xTm]*|*[[:blank:]][-+][^[:blank:]][xTm]*|*[[:blank:]][-+][^[:blank:]][^[:blank:]][xTm]*|\
        *[[:blank:]][-+][^[:blank:]][^[:blank:]][^[:blank:]]*|*[[:blank:]][^A-Za-z0-9_/.:,=+-]*)
        __cleanenv_due=all ;;
      (*) __cleanenv_due=known ;;
    esac
    # By itself or behind another word; a list has to be searched for what must not be run.
    [[ $__cleanenv_way == heed ]] && { __cleanenv_due=all; __cleanenv_judge "$@"; }
    [[ $__cleanenv_way == prefix || -z $__cleanenv_way ]] && case $__cleanenv_way$ZSH_DEBUG_CMD in
      (prefix*|*[\&\|]*|[^A-Za-z0-9_.:+-]*|[A-Za-z_]*=*)
        [[ " $ZSH_DEBUG_CMD " != (*[[:blank:]/\\$__cleanenv_quotes]('$__cleanenv_named')[\)[:blank:]$__cleanenv_quotes]*|\ (\"|)\$*) &&
          ! -o shglob ]] || {
          __cleanenv_due=all
          __cleanenv_judge "$@"
        } ;;
    esac
    [[ $__cleanenv_way == heed || $__cleanenv_way == prefix ]] && __cleanenv_way=
    [[ -z $__cleanenv_way ]] && case $ZSH_DEBUG_CMD in
      (*export*|typeset*|*[[:blank:]]typeset*|*declare[[:blank:]]*|*integer[[:blank:]]*|*float[[:blank:]]*|\
        *readonly[[:blank:]]*|*local[[:blank:]]*|*setopt*|*options*|*private[[:blank:]]*)
        __cleanenv_due=all ;;
      (emulate[[:blank:]]*|set[[:blank:]]*|[\"\$]*|*\]\ [\&\|][\&\|]\ [\"\$]*) __cleanenv_due=all ;;
    esac
    # What is set for a command, or declared in a function, is passing; what a trap runs is not seen.
    [[ -z $__cleanenv_way ]] && case $ZSH_DEBUG_CMD in
      (trap[[:blank:]]*|builtin[[:blank:]]trap[[:blank:]]*|*[\&\|][[:blank:]]trap[[:blank:]]*|TRAP[A-Z]*)
        __cleanenv_always=1 ;;
      (*[A-Za-z0-9_]=*[[:blank:]]?*|*+=*[[:blank:]]?*|*typeset[[:blank:]]*|*declare[[:blank:]]*|*integer[[:blank:]]*|\
        *float[[:blank:]]*|*readonly[[:blank:]]*|*local[[:blank:]]*|*private[[:blank:]]*)
        __cleanenv_passing=1 ;;
    esac
    if [[ -o allexport ]]; then
      __cleanenv_due=all # it may be off by the next command
    elif [[ -n $__cleanenv_always && $__cleanenv_due == one ]]; then
      __cleanenv_due=known
    fi
    if [[ -n $__cleanenv_stale && -z ${__cleanenv_due#known} ]]; then
      __cleanenv_stale= __cleanenv_types=${(e)__cleanenv_query} __cleanenv_values=${(e)__cleanenv_expression}
    fi
    '$__cleanenv_skip'
  }
  fi'
builtin typeset -g __cleanenv_signal=DEBUG # not in the text of our own commands, which are judged too
builtin trap "$__cleanenv_trap" $__cleanenv_signal
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
  builtin trap - $__cleanenv_signal # what the last command did is seen before this one
  __cleanenv_look end
  builtin print -rN -- prompt >>"$__cleanenv_events"
  builtin trap "$__cleanenv_trap" $__cleanenv_signal
  if (( ${+functions[precmd]} )); then { precmd } always { TRY_BLOCK_ERROR=0 }; fi
  for __cleanenv_file in "${precmd_functions[@]-}"; do
    if (( ${+functions[$__cleanenv_file]} )); then { "$__cleanenv_file" } always { TRY_BLOCK_ERROR=0 }; fi
  done
  builtin trap - $__cleanenv_signal
  __cleanenv_look end
  # What is put off until the line editor is idle: zinit's turbo, zsh-defer and the like.
  if (( ${+builtins[zle]} )) && [[ -n "$(builtin zle -F -L 2>/dev/null)" ]] || (( ${#zsh_scheduled_events} )); then
    builtin print -rN -- deferred >>"$__cleanenv_events"
  fi
  builtin print -rN -- end >>"$__cleanenv_events"
  builtin kill -KILL $$ # neither history, .zlogout nor a trap on EXIT belongs to a startup
}
