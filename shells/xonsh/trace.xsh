# Loaded by `xonsh --rc`, which `cleanenv trace` starts, in place of every other startup
# file; loads those itself. Static: fed by CLEANENV_TRACE_* variables, which it takes away.
#
# Writes one JSON object a line: the variables before, each change with the Python stack,
# what was skipped, where it stood when the time was up, the variables at the end.


def __cleanenv_trace(env):
    import builtins
    import fnmatch
    import functools
    import json
    import os
    import subprocess
    import sys
    import sysconfig
    import threading
    import time

    import xonsh
    from xonsh import environ, main

    fed = {name[15:]: os.environ.pop(name) for name in list(os.environ) if name.startswith("CLEANENV_TRACE_")}
    for name in fed:
        env.pop("CLEANENV_TRACE_" + name, None)
    # A module that is imported from the user's folder would be compiled into it.
    sys.dont_write_bytecode = True

    # Held, as a startup file may replace what it likes; opened anew each time, as it may close descriptors.
    dumps, opened, write, close = json.dumps, os.open, os.write, os.close
    own = sys._getframe().f_code.co_filename
    silent = tuple(os.path.join(folder, "") for folder in (os.path.dirname(xonsh.__file__), os.path.dirname(os.__file__)))
    packages = tuple(os.path.join(sysconfig.get_path(name), "") for name in ("purelib", "platlib"))
    is_writing = threading.RLock()

    def tell(kind, **facts):
        with is_writing:
            descriptor = opened(fed["OUT"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            write(descriptor, (dumps({"kind": kind, **facts}) + "\n").encode("ascii"))
            close(descriptor)

    def is_shells(path):
        if path == own:
            return True
        return path.startswith(silent) and (path.startswith(silent[0]) or not path.startswith(packages))

    def foreign(frame):
        """Return the files or the code that `source-bash` and its like were given."""
        if frame.f_code.co_name not in ("source_foreign_fn", "source_foreign"):
            return []
        given = frame.f_locals.get("files_or_code") or frame.f_locals.get("files") or ()
        return [[os.path.abspath(os.path.expanduser(name)), None, "", ""] for name in given if os.path.isfile(name)]

    def chain(frame):
        places = []
        while frame is not None:
            path = frame.f_code.co_filename
            if frame.f_code.co_name == "__cleanenv_trace":
                break
            if path.startswith("<frozen"):
                pass
            elif path.startswith("<"):
                places.append("eval")
            elif is_shells(path):
                places += foreign(frame)
            else:
                name = frame.f_code.co_name
                places.append([os.path.abspath(path), frame.f_lineno, "" if name.startswith("<") else name, ""])
            frame = frame.f_back
        found = []
        for place in reversed(places):
            if place != "eval":
                found.append(place)
            elif found:
                found[-1][3] = "eval"
        return found

    def place():
        """Return the chain of the caller, or of the main thread where that waits for it."""
        return chain(sys._getframe(2)) or chain(sys._current_frames().get(threading.main_thread().ident))

    def is_temporary(frame):
        """Tell whether a value is set for one command, or put back after it."""
        while frame is not None:
            if frame.f_code.co_name == "swap" and frame.f_code.co_filename.startswith(silent[0]):
                return True
            frame = frame.f_back
        return False

    values = {}
    is_busy = threading.local()

    def look():
        """Tell what is otherwise than before."""
        if getattr(is_busy, "yes", False) or is_temporary(sys._getframe(1)):
            return
        is_busy.yes = True
        try:
            now = dict(env.detype())
        finally:
            is_busy.yes = False
        where = None
        for name in {*values, *now}:
            if values.get(name) != now.get(name):
                where = where or place()
                tell("change", name=name, new=now.get(name), chain=where)
        values.clear()
        values.update(now)

    def watch(owner, name):
        original = getattr(owner, name, None)
        if original is None:
            return

        @functools.wraps(original)
        def watched(self, *words, **named):
            try:
                return original(self, *words, **named)
            finally:
                look()

        setattr(owner, name, watched)

    rows = {name: parts for name, *parts in (word.split(":") for word in fed["SKIPPED"].split())}

    def judge(words, is_fed=False):
        """Return the key of the row by which a command is skipped, None where it may run (skipped_commands.py)."""
        while len(words) > 1 and words[0] in ("nohup", "setsid", "env"):
            words = words[1:]
        key, only, but, _ = rows.get(os.path.basename(words[0]), ("", "", "", ""))
        arguments = words[1 : words.index("--") + 1 if "--" in words else None]

        def matches(patterns):
            return any(fnmatch.fnmatchcase(word, glob) for word in arguments for glob in patterns.split("|") if glob)

        if not key or (only and not matches(only)) or matches(but) or (is_fed and "<" in but.split("|")):
            return None
        return key

    def is_skipped(words, is_fed=False):
        """Tell whether a command must not run, and write it down."""
        key = judge(words, is_fed) if words else None
        if key:
            tell("skipped", text=" ".join(words), chain=place(), name=key)
        return bool(key)

    def is_input(file):
        """Tell whether a standard input, as subprocess.Popen is given it, is another than none."""
        if file is None or file == subprocess.DEVNULL:
            return False
        try:
            return not os.path.samestat(os.fstat(file if isinstance(file, int) else file.fileno()), os.stat(os.devnull))
        except (OSError, ValueError, AttributeError):
            return True

    def typed(words):
        """Return a command without the interpreter that xonsh has put in front of a script (`#!`)."""
        words = [os.fsdecode(word) for word in words]
        for number, word in enumerate(words[1:4], 1):
            if os.path.basename(word) not in rows or not os.path.isfile(word):
                continue
            with open(word, "rb") as file:
                line = os.fsdecode(file.readline(256))
            if line.startswith("#!") and os.path.basename(words[0]) in line:
                return [os.path.basename(word), *words[number + 1 :]]
        return words

    def skip(name):
        def skipped(args=(), *rest, **named):
            is_skipped([name, *map(str, args)] if isinstance(args, (list, tuple)) else [name, str(args)])

        return skipped

    def without_skipped(original):
        @functools.wraps(original)
        def started(self, args, *rest, **named):
            words = args if isinstance(args, (list, tuple)) else [args]
            if named.get("shell"):
                words = str(words[0]).split()
            if is_skipped(typed(words), is_input(named.get("stdin"))):
                args = ["true"]
                named |= {"shell": False, "executable": None}
            original(self, args, *rest, **named)

        return started

    def watch_time():
        # The time by which xonsh is to say where it is: its own start may take a second of the limit.
        if not is_over.wait(max(0.0, float(fed["LIMIT"]) - time.monotonic())):
            tell("last", chain=chain(sys._current_frames().get(threading.main_thread().ident)))

    is_over = threading.Event()
    threading.Thread(target=watch_time, daemon=True).start()
    for name in ("exec", "xexec"):
        aliases[name] = skip(name)
    subprocess.Popen.__init__ = without_skipped(subprocess.Popen.__init__)
    os_system = os.system
    os.system = lambda command: 0 if is_skipped(typed(command.split())) else os_system(command)
    os.execv = os.execve = os._execvpe = lambda path, args, *rest: skip("exec")(args)
    builtins.input = lambda *prompt: ""  # what Enter gives: at a terminal somebody would press it

    rc, folders = main._get_rc_files({"login": True}, None, env)
    for name in ("XONSH_DATA_DIR", "XONSH_CACHE_DIR", "XONSH_CONFIG_DIR"):
        os.environ.pop(name, None)
    tell("files", files=[str(path) for path in rc], folders=[str(path) for path in folders])
    values.update(env.detype())
    tell("start", environ=values)
    for name in ("__setitem__", "__delitem__"):
        watch(type(env), name)
    for name in ("__setitem__", "__delitem__", "insert", "append", "prepend", "remove", "add", "extend", "clear"):
        watch(environ.EnvPath, name)
    try:
        loaded = environ.xonshrc_context(
            rcfiles=rc, rcdirs=folders, execer=__xonsh__.execer, ctx=__xonsh__.ctx, env=env, login=True
        )
        events.on_post_rc.fire()
        getattr(main, "_autoload_xontribs", lambda env: None)(env)
        events.on_pre_prompt.fire()
    except BaseException as error:  # `exit` in a startup file ends the shell
        trace = error.__traceback__
        while trace.tb_next is not None:
            trace = trace.tb_next
        tell("last", chain=chain(trace.tb_frame))
    else:
        tell("end", environ=dict(env.detype()), loaded=[str(path) for path in loaded])
    is_over.set()
    os._exit(0)


__cleanenv_trace(__xonsh__.env)
