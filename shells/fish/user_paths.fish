# Sourced by init.fish and source.fish: what `fish_add_path` needs of fish's own config.fish, which --no-config skips.
# fish_user_paths goes in front of PATH, each directory once; what it had added to PATH before is taken away.
function __cleanenv_user_paths --on-variable fish_user_paths
    set --local path
    set --local first
    for path in (string split : -- $fish_user_paths)
        contains -- $path $first
        or set --append first $path
    end
    set --local rest
    for path in $PATH
        contains -- $path $first $__cleanenv_added_paths
        or set --append rest $path
    end
    for path in $first
        contains -- $path $PATH
        or set --global --append __cleanenv_added_paths $path
    end
    set --global --export PATH $first $rest
end
