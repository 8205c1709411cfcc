# Sourced by the program that `cleanenv trace` gives to `nu --no-config-file --commands`, before
# the user's startup files. The program also defines a command of the name of each that may have to be skipped.

# Run the program that the words are, unless it is to be skipped, which the program that stands in for it tells.
def --wrapped __cleanenv_stand_in [...words] {
    ^/bin/sh $env.CLEANENV_TRACE_STAND_IN $env.CLEANENV_TRACE_SKIPPED $env.CLEANENV_TRACE_TOLD ...$words
}

# A command that stands in for a program does not tell whether that is there.
alias __cleanenv_which = which
def which [...words: string, --all (-a)] {
    let names = $env.CLEANENV_TRACE_SKIPPED | split row " " | each { split row ":" | first }
    $words | each {|word|
        if $word in $names {
            __cleanenv_which --all $word | where type == "external"
        } else if $all {
            __cleanenv_which --all $word
        } else {
            __cleanenv_which $word
        }
    } | flatten
}

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
