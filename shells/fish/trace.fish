# Loaded by the fish that `cleanenv trace` starts, as the first file of a conf.d made of
# links, under a name that sorts before all others. Static: fed by CLEANENV_TRACE_* variables,
# which it erases. fish took its folders from XDG_* before this file runs.
#
# fish_trace writes each command to the same pipe; what stands between \x02event and
# \x02end is the tracer's. fish does not trace what runs in event handlers.
builtin set --global --unexport fish_trace 1
begin
    set --local name
    set --local kept
    for name in XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR
        builtin set --erase --global $name
        set kept CLEANENV_KEEP_$name
        if builtin set --query $kept
            builtin set --global --export $name $$kept
            builtin set --erase --global $kept
        end
    end
end
builtin set --global __cleanenv_pipe $CLEANENV_TRACE_PIPE
builtin set --global __cleanenv_end $CLEANENV_TRACE_END
builtin set --global __cleanenv_env $CLEANENV_TRACE_ENV
builtin set --global __cleanenv_start $CLEANENV_TRACE_START
builtin set --global __cleanenv_names (builtin string split , -- $CLEANENV_TRACE_NAMES)
builtin set --global __cleanenv_table $CLEANENV_TRACE_SKIPPED
builtin set --global __cleanenv_judge $CLEANENV_TRACE_STAND_IN
for name in PIPE END ENV START NAMES SKIPPED STAND_IN
    builtin set --erase --global CLEANENV_TRACE_$name
end
builtin set --erase name

function __cleanenv_changed --on-variable={$__cleanenv_names}
    begin
        builtin printf '\x02event %s\n' $argv[3]
        builtin status stack-trace
        builtin set --show $argv[3]
        builtin printf '\x02end\n'
    end >>$__cleanenv_pipe
end

# Run the program that the arguments are, unless it is to be skipped, which is told.
function __cleanenv_stand_in
    command /bin/sh $__cleanenv_judge "$__cleanenv_table" $__cleanenv_pipe $argv
end

# In the place of the builtins, in files that were changed: no function can have their names.
function __cleanenv_exec
    __cleanenv_stand_in exec $argv
end
function __cleanenv_command
    __cleanenv_stand_in $argv
end
function __cleanenv_path
    __cleanenv_stand_in $argv
end

function __cleanenv_define
    for name in $argv
        function $name --inherit-variable name
            __cleanenv_stand_in $name $argv
        end
    end
end
builtin set --global __cleanenv_programs nohup setsid env
for name in (builtin string split ' ' -- $__cleanenv_table)
    builtin set --append __cleanenv_programs (builtin string replace --regex ':.*' '' -- $name)
end
builtin set --erase name
builtin set __cleanenv_programs (builtin string match --invert -- exec $__cleanenv_programs)
__cleanenv_define $__cleanenv_programs

# A function that stands in for a program does not tell whether that is there.
if builtin contains -- type (builtin --names)
    function type
        builtin set --local hidden
        for word in $argv
            if builtin contains -- $word $__cleanenv_programs
                and builtin functions $word | builtin string match --quiet '*__cleanenv_stand_in*'
                builtin set --append hidden $word
                builtin functions --erase $word
            end
        end
        builtin type $argv
        builtin set --local result $status
        __cleanenv_define $hidden
        return $result
    end
end

# The function that an alias is calls the program by `command`.
builtin functions --copy alias __cleanenv_alias
function alias
    if not builtin contains -- (builtin string replace --regex '=.*' '' -- "$argv[1]") $__cleanenv_programs
        __cleanenv_alias $argv
    end
end

function __cleanenv_finish
    builtin functions --erase __fish_on_interactive
    builtin printf '\x02prompt\n' >>$__cleanenv_pipe
    builtin emit fish_prompt
    command $__cleanenv_env -0 >$__cleanenv_end
end

command $__cleanenv_env -0 >$__cleanenv_start
builtin printf '\x02start\n' >>$__cleanenv_pipe
