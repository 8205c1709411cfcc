# tcsh, csh: source the setup file CLEANENV_SOURCE and write the environment that
# it leaves into CLEANENV_OUTPUT. cleanenv runs `csh -f source.csh` for --source.

source $0:h:q/restore.csh # for what tcsh exports by itself
set __cleanenv_source = $CLEANENV_SOURCE:q __cleanenv_output = $CLEANENV_OUTPUT:q
unsetenv CLEANENV_SOURCE CLEANENV_OUTPUT
source $__cleanenv_source:q
if ($status) exit $status
unalias *
exec /usr/bin/env -0 >! $__cleanenv_output:q
