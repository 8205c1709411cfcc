# Run by `tcsh -f`, which `cleanenv trace` starts. Static: fed by CLEANENV_TRACE_* variables,
# which it takes away. -f keeps the startup files out, so that none is read before the
# alias stands, and the history and directory stack unwritten.
set __cleanenv_out = $CLEANENV_TRACE_OUT:q
set __cleanenv_env = $CLEANENV_TRACE_ENV:q
set __cleanenv_readlink = $CLEANENV_TRACE_READLINK:q
set __cleanenv_end = $CLEANENV_TRACE_END:q
# The descriptors in which tcsh holds the files that it sources, one in the other.
set __cleanenv_files = (/proc/$$/fd/{6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32})
set __cleanenv_stand_in = (/bin/sh $CLEANENV_TRACE_STAND_IN:q $CLEANENV_TRACE_SKIPPED:q $CLEANENV_TRACE_OUT:q)
if ($?CLEANENV_TRACE_LOGIN) set loginsh
set __cleanenv_1 = $CLEANENV_TRACE_1:q
set __cleanenv_2 = $CLEANENV_TRACE_2:q
set __cleanenv_3 = $CLEANENV_TRACE_3:q
set __cleanenv_4 = $CLEANENV_TRACE_4:q
# What may have to be skipped: the alias runs it by way of a program that judges, and tells.
foreach __cleanenv_name ($CLEANENV_TRACE_NAMES)
    alias $__cleanenv_name '$__cleanenv_stand_in:q '$__cleanenv_name
end
unset __cleanenv_name
unsetenv CLEANENV_TRACE_*
set prompt = '%# '
alias postcmd '\echo __cleanenv_command \!#:q >>! $__cleanenv_out:q; $__cleanenv_readlink:q -z $__cleanenv_files:q >>! $__cleanenv_out:q; \echo __cleanenv_environ >>! $__cleanenv_out:q; $__cleanenv_env:q -0 >>! $__cleanenv_out:q'
# One by one and not in a loop: an error in one ends the loop around it as well.
if (-e $__cleanenv_1:q) source $__cleanenv_1:q
if (-e $__cleanenv_2:q) source $__cleanenv_2:q
if (-e $__cleanenv_3:q) source $__cleanenv_3:q
if (-e $__cleanenv_4:q) source $__cleanenv_4:q
unalias postcmd
$__cleanenv_env:q -0 >! $__cleanenv_end:q
