# shellcheck shell=sh
# Stands in, in a replay, for a command that may have to be skipped: `/bin/sh stand_in.sh TABLE EVENTS NAME [ARGUMENT...]`.
# TABLE is what trace/engine/skipped_commands.py makes of its rows. If NAME is to be skipped, the key of its row and the
# words go to the file EVENTS and the status is 0; else the program is run in place of this one, which is told too.
#
# With '-' as EVENTS it only judges, for a shell that runs the command itself: the key goes to standard output, and the
# status is 1 if there is none.
set -fu
table=$1 events=$2
shift 2

# Whether one of the arguments after $1 matches one of the patterns of $1, between '|'; none after '--' does.
matches() {
    patterns=$1
    shift
    IFS='|'
    for word; do
        for pattern in $patterns; do
            # shellcheck disable=SC2254 # a pattern
            case $word in $pattern) return 0 ;; esac
        done
        [ "$word" != -- ] || break
    done
    return 1
}

# Prints the key of the row by which the command that the arguments are is skipped, if there is one.
judge() {
    while :; do
        case $1 in
        nohup | setsid | env | [A-Za-z_]*=*) [ $# -gt 1 ] || return ;;
        *) break ;;
        esac
        shift
    done
    name=${1##*/}
    shift
    for row in $table; do
        case $row in "$name":*) break ;; esac
        row=
    done
    [ "$row" ] || return
    row=${row#*:}
    key=${row%%:*} row=${row#*:}
    only=${row%%:*} row=${row#*:}
    but=${row%%:*}
    [ -z "$only" ] || matches "$only" "$@" || return
    ! matches "$but" "$@" || return
    # Its input may be a script.
    # shellcheck disable=SC3013 # -ef: in POSIX since 2024, in every sh for decades
    case "|$but|" in *'|<|'*) [ /dev/stdin -ef /dev/null ] || return ;; esac
    printf '%s\n' "$key"
}

key=$(judge "$@")
case $events in
-)
    [ "$key" ] || exit 1
    printf '%s\n' "$key"
    ;;
*)
    printf '\002%s %s\n' "${key:+skipped }${key:-runs}" "$*" >>"$events"
    [ "$key" ] || exec "$@"
    ;;
esac
