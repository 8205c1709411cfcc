# tcsh, csh: set back what the user's own file changed; read by rc.csh, or by tcsh before its first prompt.

unset __cleanenv_changed
@ __cleanenv_number = 0
foreach __cleanenv_name ($__cleanenv_guarded)
  @ __cleanenv_number = $__cleanenv_number + 1
  set __cleanenv_now
  # Not in one 'if', which expands the variable in any case.
  eval 'set __cleanenv_is_set = $?'$__cleanenv_name
  if ($__cleanenv_is_set) eval 'set __cleanenv_now = $'$__cleanenv_name':q'
  eval 'set __cleanenv_was = $__cleanenv_was_'$__cleanenv_number':q'
  if ("$__cleanenv_now:q" != "$__cleanenv_was:q") then
    if ($?__cleanenv_changed) then
      set __cleanenv_changed = "$__cleanenv_changed, $__cleanenv_name"
    else
      set __cleanenv_changed = "$__cleanenv_name"
    endif
    setenv $__cleanenv_name $__cleanenv_was:q
  endif
  unset __cleanenv_was_$__cleanenv_number
end
# PATH is right again: these programs are the system's.
set __cleanenv_names = (`env | sed -n 's/^\(PYTHON[A-Za-z0-9_]*\)=.*/\1/p;s/^\(D*Y*LD_[A-Za-z0-9_]*\)=.*/\1/p;s/^\(VIRTUAL_ENV\)=.*/\1/p;s/^\(VIRTUAL_ENV_PROMPT\)=.*/\1/p;s/^\(CONDA_PREFIX\)=.*/\1/p;s/^\(CONDA_DEFAULT_ENV\)=.*/\1/p'`)
foreach __cleanenv_name ($__cleanenv_names)
  set __cleanenv_was
  foreach __cleanenv_now ($__cleanenv_guarded)
    if ($__cleanenv_now == $__cleanenv_name) unset __cleanenv_was
  end
  if ($?__cleanenv_was) then
    if ($?__cleanenv_changed) then
      set __cleanenv_changed = "$__cleanenv_changed, $__cleanenv_name"
    else
      set __cleanenv_changed = "$__cleanenv_name"
    endif
    unsetenv $__cleanenv_name
  endif
end
set _OLD_VIRTUAL_PATH = $__cleanenv_was_base:q
if ("$prompt:q" != "$__cleanenv_was_prompt:q") then
  set _OLD_VIRTUAL_PROMPT = $prompt:q
  if ($?tcsh) then
    set prompt = "(%"'$'"__cleanenv_marker) $prompt:q"
  endif
endif
rehash
if ($?__cleanenv_changed) then
  sh -c 'echo "$1 changed $2: set back" >&2' sh "'$__cleanenv_rc'" "$__cleanenv_changed"
endif
if ($?tcsh) then
  if ("`alias precmd`" =~ '*__cleanenv_set_back*') unalias precmd
endif
unset __cleanenv_rc __cleanenv_guarded __cleanenv_name __cleanenv_names __cleanenv_now __cleanenv_was __cleanenv_changed
unset __cleanenv_number __cleanenv_is_set __cleanenv_was_base __cleanenv_was_prompt __cleanenv_set_back
