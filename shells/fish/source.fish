# Run by `fish --no-config`, which `cleanenv --source FILE` starts, to tell what FILE exports.
# Static: fed by CLEANENV_* variables, which it erases before FILE runs.
#
# fish took its folders from XDG_*_HOME before this file runs.
begin
    set --local name
    set --local kept
    for name in XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME
        builtin set --erase --global $name
        set kept CLEANENV_KEEP_$name
        if builtin set --query $kept
            builtin set --global --export $name $$kept
            builtin set --erase --global $kept
        end
    end
end

# Not in a function: there `set -x` of FILE would be local.
builtin set --global __cleanenv_source $CLEANENV_SOURCE
builtin set --global __cleanenv_output $CLEANENV_OUTPUT
builtin set --erase --global CLEANENV_SOURCE
builtin set --erase --global CLEANENV_OUTPUT
builtin source (builtin string replace --regex '/[^/]*$' '' -- (builtin status filename))/user_paths.fish
builtin source $__cleanenv_source
or builtin exit
command /usr/bin/env -0 >$__cleanenv_output
