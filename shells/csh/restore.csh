# tcsh, csh: make the exported environment that of CLEANENV_NAMES again, with the
# values CLEANENV_KEEP_1 and so on, whatever the system's csh.cshrc did.
# Read by .cshrc and source.csh. Both kinds of variables are erased.

unset echo verbose
onintr
set __cleanenv_names = ($CLEANENV_NAMES)
unsetenv ^CLEANENV_{NAMES,KEEP_*,INIT,PYTHON,PROMPT,BASE_PATH,HISTFILE,HANDSHAKE,TERMINAL,SOURCE,OUTPUT,COLOR,RC,GUARDED}
# The language first: tcsh reads and writes all other values in it.
@ __cleanenv_number = 0
foreach __cleanenv_name ($__cleanenv_names)
  @ __cleanenv_number = $__cleanenv_number + 1
  if ($__cleanenv_name =~ LC_* || $__cleanenv_name == LANG) then
    eval 'setenv $__cleanenv_name $CLEANENV_KEEP_'$__cleanenv_number':q'
  endif
end
@ __cleanenv_number = 0
foreach __cleanenv_name ($__cleanenv_names)
  @ __cleanenv_number = $__cleanenv_number + 1
  if ($__cleanenv_name == HOME) then
    eval 'set home = $CLEANENV_KEEP_'$__cleanenv_number':q' # exports it too
  else if ($__cleanenv_name == SHLVL && $?tcsh) then
    eval '@ __cleanenv_level = $CLEANENV_KEEP_'$__cleanenv_number' + 1'
    setenv SHLVL $__cleanenv_level
    unset __cleanenv_level
  else
    eval 'setenv $__cleanenv_name $CLEANENV_KEEP_'$__cleanenv_number':q'
  endif
end
# What is to run later, then where the shell is started and with which mask.
if ($?tcsh) then
  set __cleanenv_due = ("`sched`")
  while ("$__cleanenv_due" != "")
    sched -1
    set __cleanenv_due = ("`sched`")
  end
  unset __cleanenv_due
endif
umask $CLEANENV_KEEP_UMASK
if ($?CLEANENV_KEEP_DIRECTORY) then
  if (-d $CLEANENV_KEEP_DIRECTORY:q && -x $CLEANENV_KEEP_DIRECTORY:q) cd $CLEANENV_KEEP_DIRECTORY:q
endif
setenv PWD $cwd:q # as both shells do by themselves
unsetenv CLEANENV_KEEP_*
unsetenv CLEANENV_NAMES
unset __cleanenv_name __cleanenv_names __cleanenv_number
