# Run by `fish --no-config`, which `cleanenv --source FILE` starts, to tell what FILE exports.
# Static: fed by CLEANENV_* variables, which it erases before FILE runs.
builtin set --local source $CLEANENV_SOURCE
builtin set --local output $CLEANENV_OUTPUT
builtin set --erase CLEANENV_SOURCE
builtin set --erase CLEANENV_OUTPUT

builtin source $source
or builtin exit
command /usr/bin/env -0 >$output
