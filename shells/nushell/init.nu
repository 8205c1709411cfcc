# Sourced by `nu --no-config-file --execute` (a script: `--commands`), which `cleanenv shell`
# becomes, as data-dir's init.nu. Static: fed by CLEANENV_* variables, which it takes away.
#
# --no-config-file keeps env.nu, config.nu and the autoload folders outside. nu took its
# folders from XDG_*_HOME before this file runs.

# cleanenv asks so, before it starts a shell, whether this file is read (src/cleanenv/shell/preflight.py).
if "CLEANENV_HANDSHAKE" in $env {
    run-external $env.CLEANENV_PYTHON "-I" "-S" "-c" 'import json, os; token = os.environ.pop("CLEANENV_HANDSHAKE"); print(json.dumps(dict(os.environ)), token)'
    exit
}

# A record, which nu does not export.
$env.__cleanenv = {
    python: $env.CLEANENV_PYTHON
    prompt: $env.CLEANENV_PROMPT
    active: ($env | select ...(
        [PATH VIRTUAL_ENV VIRTUAL_ENV_PROMPT CONDA_PREFIX CONDA_DEFAULT_ENV] | where $it in $env
    ))
    kept: (
        [XDG_CONFIG_HOME XDG_DATA_HOME]
        | reduce --fold {} {|name, kept| $kept | insert $name ($env | get --optional $"CLEANENV_KEEP_($name)") }
    )
}
$env.PATH = ($env.CLEANENV_BASE_PATH | split row (char esep))
# Null, which is not exported either: what hide-env hides, `overlay hide` brings back (nushell #15904).
load-env (
    $env
    | columns
    | where $it in [VIRTUAL_ENV VIRTUAL_ENV_PROMPT CONDA_PREFIX CONDA_DEFAULT_ENV] or (
        $it =~ "^CLEANENV_" and $it not-in [CLEANENV_WANTED CLEANENV_PLACES]
    )
    | reduce --fold $env.__cleanenv.kept {|name, nothing| $nothing | insert $name null }
)
$env.config.show_banner = false

def --wrapped cleanenv [...arguments: string] {
    run-external $env.__cleanenv.python "-X" "utf8" "-I" "-m" "cleanenv" ...$arguments
}

# The name that `overlay use other/bin/activate.nu` takes too, and so replaces: below both
# is the same clean environment, which `deactivate` brings back.
module activate {
    export-env {
        let active = $env.__cleanenv.active
        let marker = $"(char lparen)($env.__cleanenv.prompt)(char rparen) "
        load-env $active
        # Without PROMPT_COMMAND nu shows the folder, with this one the marker and the folder.
        $env.PROMPT_COMMAND = {||
            let home = $env.HOME? | default "/"
            let folder = if $home != "/" and ($"($env.PWD)/" | str starts-with $"($home)/") {
                $"~($env.PWD | str substring ($home | str length)..)"
            } else { $env.PWD }
            if $env.VIRTUAL_ENV? == $active.VIRTUAL_ENV? { $"($marker)($folder)" } else { $folder }
        }
        # The other's variables begin as ours.
        $env.config.hooks.env_change.VIRTUAL_ENV = [
            {|before after|
                if $after != $active.VIRTUAL_ENV? {
                    $env.PATH = ($env.PATH | where $it != ($active.PATH | first))
                    load-env {CONDA_PREFIX: null, CONDA_DEFAULT_ENV: null}
                }
            }
        ]
    }
    export alias deactivate = overlay hide --keep-env [PWD] activate
}
overlay use activate
# What `source` set: `overlay use` took a copy.
hide-env --ignore-errors FILE_PWD CURRENT_FILE
