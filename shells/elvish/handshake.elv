# Read by `elvish -rc` in place of rc.elv when cleanenv asks, before it starts the shell, whether that
# option is obeyed (src/cleanenv/shell/preflight.py): rc.elv itself needs the editor, and that a terminal.
echo $E:CLEANENV_HANDSHAKE
exit
