# zsh: completes cleanenv's command lines: printed by `cleanenv completion zsh`, and read in a clean shell at the
# first Tab (init.zsh). After compinit. cleanenv itself answers what may stand at the cursor, a line each:
#   word VALUE HELP, part VALUE (it goes on, as 'dir/' does), files, directories, command NUMBER (of the words before it)
_cleanenv() {
  local kind value help line
  local -a as_is
  local -a given described parts
  given=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
  if [[ $PREFIX == --*=* ]]; then
    compset -P '*='
  fi
  for line in "${(@f)$(_CLEANENV_COMPLETE=zsh $words[1] "${given[@]}" 2>/dev/null)}"; do
    kind=${line%%$'\t'*}
    value=${${line#*$'\t'}%%$'\t'*}
    help=${line##*$'\t'}
    if [[ $value == '~/'* && -z $compstate[quote] ]]; then # compadd would quote the tilde
      value="~/${(q)value#??}"
      as_is=(-Q)
    fi
    case $kind in
    word) described+=("${value//:/\\:}${help:+:$help}") ;;
    part) parts+=("$value") ;;
    files) _files ;;
    directories) _files -/ ;;
    command)
      shift $((value + 1)) words
      ((CURRENT -= value + 1))
      _normal
      return
      ;;
    esac
  done
  if (($#described)); then
    _describe -V cleanenv described $as_is
  fi
  if (($#parts)); then
    compadd -S '' $as_is -- $parts
  fi
}

compdef _cleanenv cleanenv
