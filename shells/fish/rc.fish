# Run the user's own file for clean shells, CLEANENV_RC: read by init.fish, before that puts the marker in front of
# the prompt. Of CLEANENV_GUARDED, names of the environment, and of what it exports beside them, nothing stays changed.
builtin set --global __cleanenv_rc $CLEANENV_RC
builtin set --global __cleanenv_guarded (builtin string split ' ' -- $CLEANENV_GUARDED)
builtin set --global --path __cleanenv_was_base $_OLD_VIRTUAL_PATH
builtin set --erase CLEANENV_RC
builtin set --erase CLEANENV_GUARDED
begin
    set --local name
    for name in $__cleanenv_guarded
        builtin set --global __cleanenv_was_$name $$name
    end
end

function __cleanenv_set_back
    set --local changed
    set --local name
    set --local was
    for name in $__cleanenv_guarded
        set was __cleanenv_was_$name
        if not set --query --global --export $name; or test "$$name" != "$$was"
            set --append changed $name
            set --global --export $name $$was
        end
        set --erase $was
    end
    for name in (set --names --export | string match --regex '^(?:(?:PYTHON|LD_|DYLD_).*|VIRTUAL_ENV|VIRTUAL_ENV_PROMPT|CONDA_PREFIX|CONDA_DEFAULT_ENV)$')
        if not contains -- $name $__cleanenv_guarded
            set --append changed $name
            set --erase --global $name
        end
    end
    set --global --path _OLD_VIRTUAL_PATH $__cleanenv_was_base
    if set --query changed[1]
        echo "'$__cleanenv_rc' changed $(string join ', ' -- $changed): set back" >&2
    end
    for name in __cleanenv_rc __cleanenv_guarded __cleanenv_was_base
        set --erase $name
    end
    functions --erase __cleanenv_set_back
end

builtin source $__cleanenv_rc
__cleanenv_set_back
