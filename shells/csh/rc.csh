# tcsh, csh: run the user's own file for clean shells, $CLEANENV_RC, last; read at the end of .cshrc.
# Of CLEANENV_GUARDED, names of the environment, and of what it exports beside them, nothing stays changed.

set __cleanenv_rc = $CLEANENV_RC:q
set __cleanenv_guarded = ($CLEANENV_GUARDED)
unsetenv CLEANENV_RC CLEANENV_GUARDED
# By numbers: csh has no names of more than 30 characters.
@ __cleanenv_number = 0
foreach __cleanenv_name ($__cleanenv_guarded)
  @ __cleanenv_number = $__cleanenv_number + 1
  eval 'set __cleanenv_was_'$__cleanenv_number' = $'$__cleanenv_name':q'
end
unset __cleanenv_name __cleanenv_number
set __cleanenv_was_base = $_OLD_VIRTUAL_PATH:q
set __cleanenv_was_prompt = $prompt:q
# An error in the file ends this one: then tcsh does the rest before its first prompt.
if ($?tcsh) alias precmd 'source $__cleanenv_set_back:q'
source $__cleanenv_rc:q
source $__cleanenv_set_back:q
