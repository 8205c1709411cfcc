# zsh: undo what /etc/zsh/zshenv did, which zsh reads first whatever it is told.
# Read by .zshenv and source.zsh. CLEANENV_NAMES holds the names of the clean
# environment, CLEANENV_KEEP_1 and so on their values; all are erased.

builtin emulate -R zsh -o no_aliases
builtin enable -m '*'
builtin unset 'dis_functions[builtin]'
builtin enable -r -m '*'
builtin enable -p -m '*'
builtin enable -f -m '*'
builtin unfunction -m '*'
builtin enable -a -m '*'
builtin enable -s -m '*'
builtin unalias -m '*'
builtin unalias -s -m '*'
builtin alias run-help=man which-command=whence # zsh's own two
builtin trap -
if builtin zmodload -e zsh/sched; then builtin zmodload -u zsh/sched; fi # with what is to run later
IFS=$' \t\n\0' PS1='%m%# ' PS2='%_> ' PS3='?# ' PS4='+%N:%i> '
builtin hash -r
builtin hash -d -r

() {
  # Under allexport the first assignments of .zshenv and source.zsh were exported too, as `aliases` and `builtin`.
  builtin local -hx aliases= builtin=
}

# Where it is started, and with which mask. The path stays as it is, with its links, if it is the same directory.
builtin umask "$CLEANENV_KEEP_UMASK"
if [[ -n ${CLEANENV_KEEP_DIRECTORY-} && ! . -ef $CLEANENV_KEEP_DIRECTORY ]]; then
  builtin cd -q -- "$CLEANENV_KEEP_DIRECTORY"
  builtin unset OLDPWD
fi

() {
  if builtin zmodload -e zsh/zutil; then builtin zstyle -d; fi

  builtin local name kind kept
  builtin local -i number
  builtin local -a names
  names=(${=CLEANENV_NAMES})
  for name kind in ${(kv)parameters}; do
    if [[ $kind == (undefined|*local*) ]]; then
      continue
    elif [[ $name == CLEANENV_(NAMES|KEEP_*|INIT|PYTHON|PROMPT|BASE_PATH|HISTFILE|HANDSHAKE|SOURCE|OUTPUT|COLOR|RC|GUARDED) ]]; then
      continue
    elif [[ $kind == *special* ]]; then
      if (( $names[(Ie)$name] )); then continue; fi
      case $name in
        (SHLVL) ;; # zsh's own and exported
        (LANG|LC_*|TERM|CDPATH|FIGNORE|MAILPATH|MANPATH|PSVAR|RPROMPT*|RPS*)
          builtin typeset -g +rx -- $name
          builtin unset -- $name ;;
        (*) if [[ $kind == *export* ]]; then builtin typeset -g +x -- $name; fi ;;
      esac
    else
      case $name in
        (PWD|OLDPWD) ;; # as SHLVL
        (CPUTYPE|HOST|KEYTIMEOUT|LISTMAX|MACHTYPE|MAILCHECK|OSTYPE|TIMEFMT|TMPPREFIX|TTY|VENDOR|ZSH_*|signals)
          if [[ $kind == *export* ]]; then builtin typeset -g +x -- $name; fi ;;
        (*)
          builtin typeset -g +r -- $name
          builtin unset -- $name ;;
      esac
    fi
  done

  builtin typeset -g +U PATH path
  for name in $names; do
    kept=CLEANENV_KEEP_$(( ++number ))
    case $name in
      (_|PWD|OLDPWD) ;; # zsh's own
      (SHLVL) SHLVL=$(( ${(P)kept} + 1 )) ;;
      (*)
        case ${parameters[$name]-} in
          (*readonly*special*|integer*special*) ;; # zsh takes none of them from the environment
          (*) builtin export -- "$name=${(P)kept}" ;;
        esac ;;
    esac
  done
  builtin unset -m 'CLEANENV_KEEP_*' CLEANENV_NAMES
}
builtin setopt aliases
