# Sourced by the program that `cleanenv trace` gives to `nu --no-config-file --commands`, before
# the user's startup files. What must not be started is stood in for; the profile shows the call.
def --wrapped exec [...words] { }
def --wrapped tmux [...words] { }
def --wrapped screen [...words] { }
def --wrapped startx [...words] { }

# What Enter gives: at a terminal somebody would press it, and here its error would end the file.
def --wrapped input [...words] { "" }

# Write what the profiler saw, an object a line, without what has no form in JSON.
def __cleanenv_write [out: path] {
    # What neither calls, nor sets, nor gives a value that is set, would only take time.
    where instruction !~ '^(push|jump|branch|redirect|return|drop |span|on-error|check|iterate|not|match)'
    | each {|row|
        # An output that is an error fails whatever touches it.
        let kind = try { $row.output? | describe } catch { "error" }
        let is_small = $kind in [string int float bool] or $kind =~ '^(record|list<string>)'
        {
            id: $row.id
            parent: $row.parent_id
            file: $row.file?
            line: $row.line?
            text: ($row.instruction | str substring 0..400)
            value: (if $is_small { try { $row.output | to json --raw --serialize | from json } catch { null } })
        } | to json --raw --serialize
    } | str join "\n" | save --raw --force $out
}
