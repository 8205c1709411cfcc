# shellcheck shell=bash
# The first thing that bash runs in a clean shell: read by way of ENV in posix mode, which alone
# skips /etc/bash.bashrc (nixpkgs #16907), and by way of BASH_ENV where it reads a script.
set +o posix
shopt -u inherit_errexit
unset BASH_ENV
if [[ ${CLEANENV_KEEP_BASH_ENV+set} ]]; then
    export BASH_ENV=$CLEANENV_KEEP_BASH_ENV
    unset CLEANENV_KEEP_BASH_ENV
fi
if [[ $- == *i* ]]; then
    PS1='\u@\h:\w\$ '
    HISTSIZE=10000
fi
# shellcheck source=../posix/init.sh
source "${CLEANENV_INIT%/*/*}/posix/init.sh"
if [[ $HISTFILE == /dev/null ]]; then
    unset HISTFILE
fi
