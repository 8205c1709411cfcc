# tcsh, csh: leave the environment. The alias deactivate of .cshrc sources this
# file with its arguments in __cleanenv_mode.

if ($?_OLD_VIRTUAL_PATH) then
  setenv PATH $_OLD_VIRTUAL_PATH:q
  unset _OLD_VIRTUAL_PATH
endif
if ($?_OLD_VIRTUAL_PROMPT) then
  set prompt = $_OLD_VIRTUAL_PROMPT:q
  unset _OLD_VIRTUAL_PROMPT
endif
unsetenv VIRTUAL_ENV VIRTUAL_ENV_PROMPT CONDA_PREFIX CONDA_DEFAULT_ENV
rehash
unset __cleanenv_marker
if ("$__cleanenv_mode:q" != nondestructive) unalias deactivate
unset __cleanenv_mode
