# zsh: source the setup file CLEANENV_SOURCE and write the environment that it
# leaves into CLEANENV_OUTPUT. cleanenv runs `zsh -f source.zsh` for --source.

# Assignments and not commands: no alias or function of the system's stands in their way.
options[aliases]=off dis_functions[builtin]=:
builtin source "${${(%):-%x}:h}/restore.zsh"
builtin typeset -g "__cleanenv_source=$CLEANENV_SOURCE" "__cleanenv_output=$CLEANENV_OUTPUT"
builtin unset CLEANENV_SOURCE CLEANENV_OUTPUT

# Read as a whole before the file can define an alias.
{
  builtin source "$__cleanenv_source" || builtin exit
  exec /usr/bin/env -0 >|"$__cleanenv_output"
}
