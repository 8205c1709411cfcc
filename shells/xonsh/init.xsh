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


__cleanenv_init(__xonsh__.env)
del __cleanenv_init
