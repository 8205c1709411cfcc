# Loaded by `fish --no-config --init-command 'source $CLEANENV_INIT'`, which
# `cleanenv shell` becomes. Static: fed by CLEANENV_* variables, which it erases.
#
# --no-config keeps configuration and universal variables outside, and starts in
# private mode. fish took its folders from XDG_*_HOME before this file runs.
begin
    set --local name
    set --local kept
    for name in XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME
        builtin set --erase $name
        set kept CLEANENV_KEEP_$name
        if builtin set --query $kept
            builtin set --global --export $name $$kept
            builtin set --erase $kept
        end
    end
end

# A history called 'fish' would begin as a copy of bash's.
if builtin set --query CLEANENV_HISTFILE
    builtin set --erase fish_private_mode
    builtin set --global fish_history cleanenv
end

# Without configuration fish finds its own functions, but not its own completions. Ours, for cleanenv, come first.
builtin set --query fish_complete_path[1]
or builtin set --global fish_complete_path $__fish_data_dir/completions
builtin set --global --prepend fish_complete_path (builtin string replace --regex '/[^/]*$' '' -- $CLEANENV_INIT)/completions

builtin source (builtin string replace --regex '/[^/]*$' '' -- $CLEANENV_INIT)/user_paths.fish

builtin set --global __cleanenv_python $CLEANENV_PYTHON
function cleanenv --description 'Run cleanenv, which is not on PATH'
    command $__cleanenv_python -X utf8 -I -m cleanenv $argv
end

# The names of the standard activate.fish, unexported: it defines a `deactivate`
# of its own and calls that, which puts back what it finds under them.
builtin set --global --path _OLD_VIRTUAL_PATH $CLEANENV_BASE_PATH
# activate.fish knows nothing of conda, so its VIRTUAL_ENV is the sign to leave that.
function __cleanenv_leave_conda --on-variable VIRTUAL_ENV
    builtin set --erase CONDA_PREFIX
    builtin set --erase CONDA_DEFAULT_ENV
    builtin functions --erase __cleanenv_leave_conda
end

function deactivate --description 'Leave the environment, stay clean'
    if builtin set --query _OLD_VIRTUAL_PATH
        builtin set --global --export PATH $_OLD_VIRTUAL_PATH
        builtin set --erase _OLD_VIRTUAL_PATH
    end
    builtin functions --query __cleanenv_leave_conda
    and __cleanenv_leave_conda
    builtin set --erase VIRTUAL_ENV
    builtin set --erase VIRTUAL_ENV_PROMPT
    if builtin functions --query _old_fish_prompt
        builtin functions --erase fish_prompt
        builtin functions --copy _old_fish_prompt fish_prompt
        builtin functions --erase _old_fish_prompt
        builtin set --erase _OLD_FISH_PROMPT_OVERRIDE
        builtin set --erase __cleanenv_prompt
    end
    builtin test "$argv[1]" = nondestructive
    or builtin functions --erase deactivate
end

builtin set --global __cleanenv_prompt $CLEANENV_PROMPT
builtin set --erase CLEANENV_INIT
builtin set --erase CLEANENV_PYTHON
builtin set --erase CLEANENV_PROMPT
builtin set --erase CLEANENV_BASE_PATH
builtin set --erase CLEANENV_HISTFILE
builtin set --erase CLEANENV_COLOR
builtin set --erase CLEANENV_PS1

if builtin set --query CLEANENV_RC
    builtin source (builtin string replace --regex '/[^/]*$' '' -- (builtin status filename))/rc.fish
end

# After the user's own file, which may have a prompt.
if builtin status is-interactive
    builtin set --global _OLD_FISH_PROMPT_OVERRIDE cleanenv
    builtin functions --copy fish_prompt _old_fish_prompt
    function fish_prompt --description 'Write the marker of the environment and the prompt'
        # First, as it shows the status of the last command.
        set --local prompt (_old_fish_prompt)
        builtin printf '(%s) ' $__cleanenv_prompt
        builtin string join -- \n $prompt
    end
end

# cleanenv asks so, before it starts a shell, whether this file is read (src/cleanenv/shell/preflight.py).
if builtin set --query CLEANENV_HANDSHAKE
    command $__cleanenv_python -I -S -c \
        'import json, os; token = os.environ.pop("CLEANENV_HANDSHAKE"); print(json.dumps(dict(os.environ)), token)'
    exit
end

# What is not there cannot be erased, and the first prompt would show that status.
builtin true
