# shellcheck shell=sh
# What `--source FILE` runs, in the POSIX shell that FILE is written for: FILE at top level,
# then what is exported goes to CLEANENV_OUTPUT, NUL-separated.
__cleanenv_output=$CLEANENV_OUTPUT
__cleanenv_source=$CLEANENV_SOURCE
unset CLEANENV_OUTPUT CLEANENV_SOURCE CLEANENV_SCRIPT
# shellcheck disable=SC1090  # named by the user
. "$__cleanenv_source" || exit
/usr/bin/env -0 >"$__cleanenv_output"
