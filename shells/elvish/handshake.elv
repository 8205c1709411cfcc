# Read by `elvish -rc` in place of rc.elv when cleanenv asks, before it starts the shell, whether that
# option is obeyed (src/cleanenv/shell/preflight.py): rc.elv itself needs the editor, and that a terminal.
(external $E:CLEANENV_PYTHON) -I -S -c 'import json, os; token = os.environ.pop("CLEANENV_HANDSHAKE"); print(json.dumps(dict(os.environ)), token)'
exit
