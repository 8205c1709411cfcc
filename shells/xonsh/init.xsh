# Loaded by `xonsh --rc`, which `cleanenv shell` becomes, in place of every other
# startup file. Static: fed by CLEANENV_* variables, which it takes away.


def __cleanenv_init(env):
    import os

    # From os.environ, for there xonsh has not made lists of paths; also out of it,
    # for Python code typed at the prompt passes it to its children.
    fed = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("CLEANENV_")}
    for name in ("CLEANENV_WANTED", "CLEANENV_PLACES"):
        if name in fed:
            os.environ[name] = fed.pop(name)
    for name in fed:
        env.pop(name, None)

    # What registry.py set or emptied for xonsh's own Python.
    for name in ("NOUSERSITE", "HOME", "PATH", "PLATLIBDIR", "OPTIMIZE", "INSPECT", "WARNINGS"):
        name = "PYTHON" + name
        if "CLEANENV_KEEP_" + name in fed:
            env[name] = os.environ[name] = fed["CLEANENV_KEEP_" + name]
        elif os.environ.get(name) == ("1" if name == "PYTHONNOUSERSITE" else ""):  # else a wrapper set it, which is refused
            env.pop(name, None)
            os.environ.pop(name, None)

    def unexported(name, value):
        env.register(name, default=value, detype=None, is_configurable=False)
        env.pop(name, None)
        os.environ.pop(name, None)

    # The third folder, XONSH_DATA_DIR, xonsh exports by itself.
    unexported("XONSH_CACHE_DIR", env["XONSH_DATA_DIR"])
    unexported("XONSH_CONFIG_DIR", env["XONSH_DATA_DIR"])
    unexported("XONTRIBS_AUTOLOAD_DISABLED", True)
    # Where there is none, xonsh greets a new user; it exports a default that it reads.
    unexported("XONSHRC", (fed["CLEANENV_INIT"],))
    unexported("XONSHRC_DIR", ())
    if "CLEANENV_HISTFILE" not in fed:
        unexported("XONSH_HISTORY_BACKEND", "dummy")

    # The name under which activate.xsh keeps PATH, so that it puts back the clean one.
    env.register("_OLD_VIRTUAL_PATH", detype=None, is_configurable=False)
    env["_OLD_VIRTUAL_PATH"] = fed["CLEANENV_BASE_PATH"].split(":")

    own = env.get("VIRTUAL_ENV"), env.get("CONDA_PREFIX")
    # A prompt is formatted once: doubled braces come out as they are.
    marker = "({}) ".format(fed["CLEANENV_PROMPT"]).replace("{", "{{").replace("}", "}}")
    xonshs = env["PROMPT_FIELDS"]["env_name"]

    def env_name():
        return marker if own == (env.get("VIRTUAL_ENV"), env.get("CONDA_PREFIX")) else xonshs()

    env["PROMPT_FIELDS"]["env_name"] = env_name

    def deactivate(args=()):
        if "_OLD_VIRTUAL_PATH" in env:
            env["PATH"] = env.pop("_OLD_VIRTUAL_PATH")
        for name in ("VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "CONDA_PREFIX", "CONDA_DEFAULT_ENV"):
            env.pop(name, None)
        if "nondestructive" not in (args or ()):
            del aliases["deactivate"]

    aliases["deactivate"] = deactivate
    aliases["cleanenv"] = [fed["CLEANENV_PYTHON"], "-X", "utf8", "-I", "-m", "cleanenv"]

    if "CONDA_PREFIX" in env:
        # activate.xsh knows nothing of conda, so its VIRTUAL_ENV is the sign to leave that.
        @events.on_envvar_new
        def __cleanenv_leave_conda(name, **_):
            if name == "VIRTUAL_ENV":
                env.pop("CONDA_PREFIX", None)
                env.pop("CONDA_DEFAULT_ENV", None)

    # cleanenv asks so, before it starts a shell, whether this file is read (src/cleanenv/shell/preflight.py).
    if "CLEANENV_HANDSHAKE" in fed:
        import json

        print(json.dumps(dict(os.environ)), fed["CLEANENV_HANDSHAKE"], flush=True)
        os._exit(0)

    return fed.get("CLEANENV_RC"), fed.get("CLEANENV_GUARDED", "").split()



def __cleanenv_run_rc(env, path, guarded):
    """Run the user's own file for clean shells, and set back what it changed of what decides what is imported or run."""
    import re
    import sys
    import traceback

    def is_guarded(name):
        return name in guarded or re.fullmatch(
            "PATH|(?:PYTHON|LD_|DYLD_).*|VIRTUAL_ENV|VIRTUAL_ENV_PROMPT|CONDA_PREFIX|CONDA_DEFAULT_ENV", name
        )

    def state():
        return {name: str(value) for name, value in env.detype().items() if is_guarded(name)}

    before = state()
    base_path = list(env["_OLD_VIRTUAL_PATH"])
    try:
        with open(path, encoding="utf-8") as file:
            __xonsh__.execer.exec(file.read() + "\n", glbs=__xonsh__.ctx, filename=path)
    except Exception:
        traceback.print_exc()
    after = state()
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    for name in changed:
        if name in before:
            env[name] = before[name]
        else:
            env.pop(name, None)
    env["_OLD_VIRTUAL_PATH"] = base_path
    if changed:
        print("'{}' changed {}: set back".format(path, ", ".join(changed)), file=sys.stderr)


__cleanenv_rc = __cleanenv_init(__xonsh__.env)
if __cleanenv_rc[0] is not None:
    __cleanenv_run_rc(__xonsh__.env, *__cleanenv_rc)
del __cleanenv_init, __cleanenv_run_rc, __cleanenv_rc
