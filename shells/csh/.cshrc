# tcsh, csh: what a clean shell runs first, on a terminal or reading a script.
# cleanenv starts it with HOME naming this folder, so that it reads /etc/csh.cshrc
# and then this file. Its variables CLEANENV_* are erased.

unalias * # the one command that no alias can stand in for
source $CLEANENV_INIT:h:q/restore.csh

set __cleanenv_python = $CLEANENV_PYTHON:q
set __cleanenv_set_back = $CLEANENV_INIT:h:q/set_back.csh
set __cleanenv_deactivate = $CLEANENV_INIT:h:q/deactivate.csh
alias cleanenv '$__cleanenv_python:q -X utf8 -I -m cleanenv'
alias deactivate 'set __cleanenv_mode = (\!*); source $__cleanenv_deactivate:q'

# The names under which activate scripts keep what they change: the script of
# another environment, sourced in here, then puts it right before its own changes.
set _OLD_VIRTUAL_PATH = $CLEANENV_BASE_PATH:q

unset histfile savehist
if ($?CLEANENV_TERMINAL) then # $prompt is set for a script on standard input too
  if (-o /) then
    set __cleanenv_sign = '#'
  else
    set __cleanenv_sign = '%'
  endif
  set __cleanenv_marker = $CLEANENV_PROMPT:q
  if ($?tcsh) then
    set _OLD_VIRTUAL_PROMPT = '%c %# '
    # %$ shows the value of a variable as it is.
    set prompt = '(%$__cleanenv_marker) %c %# '
    if ($?CLEANENV_COLOR) then
      set _OLD_VIRTUAL_PROMPT = '%{\033[1;34m%}%c%{\033[0m%} %# '
      set prompt = '(%$__cleanenv_marker) %{\033[1;34m%}%c%{\033[0m%} %# '
    endif
    set prompt2 = '%R? ' prompt3 = 'CORRECT>%R (y|n|e|a)? '
    set histfile = /dev/null # the user's is read where there is none
    if ($?CLEANENV_HISTFILE) then
      set histfile = $CLEANENV_HISTFILE:q history = 10000 savehist = (10000 merge)
    endif
    uncomplete *
    # Home, End and Delete of the usual terminals.
    bindkey -d
    bindkey '\e[H' beginning-of-line
    bindkey '\eOH' beginning-of-line
    bindkey '\e[1~' beginning-of-line
    bindkey '\e[F' end-of-line
    bindkey '\eOF' end-of-line
    bindkey '\e[4~' end-of-line
    bindkey '\e[3~' delete-char
  else
    set _OLD_VIRTUAL_PROMPT = "$__cleanenv_sign "
    # csh expands `!` in a prompt, and nothing else, and only a fork can replace it.
    if ("$__cleanenv_marker:q" =~ *\!*) then
      # `!=` starts no history substitution.
      set __cleanenv_marker = "`setenv PATH /usr/bin:/bin; printenv CLEANENV_PROMPT | sed 's=!=\\&=g'`"
    endif
    set prompt = "($__cleanenv_marker) $_OLD_VIRTUAL_PROMPT"
    set prompt2 = '? ' history = 1000
    unset __cleanenv_marker
  endif
  unset __cleanenv_sign
  if ($?CLEANENV_COLOR) then
    alias ls "ls $CLEANENV_COLOR"
  endif
endif

# cleanenv asks so, before it starts a shell, whether this file is read (src/cleanenv/shell/preflight.py).
if ($?CLEANENV_HANDSHAKE) then
  echo $CLEANENV_HANDSHAKE:q
  exit
endif

# An error keeps csh from loading ~/.history, the user's; in a script on standard input it would end that too.
set __cleanenv_error
if ($?tcsh || ! $?CLEANENV_TERMINAL) unset __cleanenv_error
foreach __cleanenv_name (INIT PYTHON PROMPT BASE_PATH HISTFILE TERMINAL COLOR)
  unsetenv CLEANENV_$__cleanenv_name
end
unset __cleanenv_name
# What the system's file set, and neither the shell nor this file.
unset ^{_,__cleanenv_*,_OLD_VIRTUAL_*,addsuffix,anyerror,argv,cdtohome,csubstnonl,cwd,dirstack,echo_style,edit,euid,euser,gid,group,histfile,history,home,killring,owd,path,prompt,prompt2,prompt3,savehist,shell,shlvl,status,tcsh,term,tty,uid,user,version}
# Towards the end, as an error in the user's own file ends this one too.
if ($?CLEANENV_RC) then
  source $__cleanenv_set_back:h:q/rc.csh
else
  unset __cleanenv_set_back
endif
if ($?__cleanenv_error) then
  unset __cleanenv_error
  shift __cleanenv_error >& /dev/null
endif
