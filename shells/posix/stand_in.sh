# shellcheck shell=sh
# Stands in, in a replay, for a command that may have to be skipped: `/bin/sh stand_in.sh TABLE EVENTS NAME [ARGUMENT...]`.
# TABLE is what trace/engine/skipped_commands.py makes of its rows. If NAME is to be skipped, the key of its row goes to
# the file EVENTS and the status is 0; else the program is run in place of this one.
#
# With '-' as EVENTS it only judges, for a shell that runs the command itself: the key goes to standard output, and the
# status is 1 if there is none.
set -fu
table=$1 events=$2
shift 2
name=$1
shift

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

key=
for row in $table; do
    case $row in
    "${name##*/}":*)
        row=${row#*:}
        key=${row%%:*} row=${row#*:}
        only=${row%%:*} row=${row#*:}
        but=${row%%:*}
        break
        ;;
    esac
done
if [ "$key" ]; then
    [ -z "$only" ] || matches "$only" "$@" || key=
    ! matches "$but" "$@" || key=
    # Its input may be a script.
    # shellcheck disable=SC3013 # -ef: in POSIX since 2024, in every sh for decades
    case "|$but|" in *'|<|'*) [ /dev/stdin -ef /dev/null ] || key= ;; esac
fi
case $events in
-)
    [ "$key" ] || exit 1
    printf '%s\n' "$key"
    ;;
*)
    [ "$key" ] || exec "$name" "$@"
    printf '\002skipped %s\n' "$key" >>"$events"
    ;;
esac
