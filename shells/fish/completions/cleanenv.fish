# Completes cleanenv's command lines in fish: printed by `cleanenv completion fish`, and found by fish itself in a
# clean shell (init.fish). cleanenv itself answers what may stand at the cursor, a line each:
#   word VALUE HELP, part VALUE (it goes on, as 'dir/' does), files, directories, command NUMBER (of the words before it)
function __cleanenv_complete
    set --local words (commandline --current-process --tokenize --cut-at-cursor)
    set --local current (commandline --current-token --cut-at-cursor)
    # fish completes '--keep=RO' as one word.
    set --local prefix (string match --regex -- '^--[a-z-]+=' $current)
    for line in (_CLEANENV_COMPLETE=fish $words[1] $words[2..] $current 2>/dev/null)
        set --local fields (string split \t -- $line)
        switch $fields[1]
            case word
                printf '%s\t%s\n' "$prefix$fields[2]" $fields[3]
            case part
                printf '%s\n' "$prefix$fields[2]"
            case files
                __fish_complete_path $current
            case directories
                __fish_complete_directories $current ''
            case command
                set --local before (math $fields[2] + 1)
                set --local rest (string escape -- $words[(math $before + 1)..]) $current
                complete --do-complete="$rest"
        end
    end
end

complete --command cleanenv --no-files --keep-order --arguments '(__cleanenv_complete)'
