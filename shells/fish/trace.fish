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
for name in PIPE END ENV START NAMES
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

# Stand in for what must not be started; the trace shows the call itself.
function __cleanenv_exec
end
function tmux
end
function screen
end
function startx
end

function __cleanenv_finish
    builtin functions --erase __fish_on_interactive
    builtin printf '\x02prompt\n' >>$__cleanenv_pipe
    # Called and not emitted: of what runs in an event handler fish traces no command, and fish 4 tells no line.
    for handler in (builtin functions --handlers-type generic | builtin string replace --filter 'fish_prompt ' '')
        $handler
    end
    command $__cleanenv_env -0 >$__cleanenv_end
end

command $__cleanenv_env -0 >$__cleanenv_start
builtin printf '\x02start\n' >>$__cleanenv_pipe
