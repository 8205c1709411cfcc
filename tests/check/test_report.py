"""What is printed: for people, as JSON by its schema, and with which exit status."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import shutil
import subprocess
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from cleanenv.check import codes, wording
from cleanenv.check.command import Options
from tests.check.test_fixes import CASES
from tests.doctor.report.test_json_document import SCHEMA as DOCTORS
from tests.doctor.report.test_json_document import strict
from tests.support.check_scene import CheckScene, install, notebook, package_xml, ros_package
from tests.support.surroundings import CHECKOUT, skip_or_fail

SCHEMA = json.loads(resources.files("cleanenv.check").joinpath("schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(strict(SCHEMA))  # type: ignore[arg-type]


class Scene:
    """A project and an environment of files, and the command in it."""

    def __init__(self, top: Path, tool: list[str], caller: dict[str, str]) -> None:
        self.inner = CheckScene(top)
        self.tool = tool
        self.environ = {**caller, "PYTHONPATH": str(self.inner.leak)}

    def run(self, *options: str, env: str = "../my_env") -> subprocess.CompletedProcess[str]:
        words = [*self.tool, "check", *([env] if env else []), *options]
        return subprocess.run(
            words, env=self.environ, cwd=self.inner.project, capture_output=True, text=True, check=False
        )


@pytest.fixture
def shown(tmp_path: Path, tool: list[str], caller: dict[str, str]) -> Scene:
    (tmp_path / "scene").mkdir()
    return Scene(tmp_path / "scene", tool, caller)


def everything(scene: CheckScene) -> dict[str, str]:
    """Make a project in which nearly every code is found; return the variables."""
    ros = ros_package(scene.top / "ros", "std_msgs")
    ros_package(scene.top / "ros", "nav_msgs")
    for name in ("leaky", "wanted", "guarded", "mine", "typed"):
        install(scene.leak, name)
    install(scene.leak, "old", "1.0")
    install(scene.env.site_packages, "old", "2.0")
    install(scene.env.site_packages, "Needs", requires="hidden-need")
    install(scene.env.site_packages, "hidden-need")
    install(scene.env.site_packages, "PyYAML", "6.0", module="yaml")
    scene.write("requirements.txt", "wanted>=3\nneeds\nold\n")
    scene.write("node/package.xml", package_xml("node", "<depend>std_msgs</depend>"))
    scene.write("node/run.py", "import std_msgs.msg\nimport nav_msgs.msg\n")
    scene.write("src/mine/__init__.py")
    scene.write("a.py", "import leaky, wanted, old, mine, yaml, hidden_need, nothing_has_it\n")
    scene.write("b.py", "import leaky\nif TYPE_CHECKING:\n    import typed\n")
    scene.write("c.py", "def f():\n    try:\n        import guarded\n    except ImportError:\n        pass\n")
    scene.write("d.ipynb", notebook("import leaky\n"))
    scene.write("e.py", "import leaky\nprint 'x'\n")
    return {"PYTHONPATH": f"{scene.leak}:{ros}"}


REPORT = """project and 'TOP/my_env' (venv, Python 3.11.5): 3 imports work only because of a leak, \
1 requirement is not installed in the environment, 1 import finds a leak instead of the environment, \
1 module of the project is hidden by a leak, 1 import is not declared

'TOP/leak' on PYTHONPATH
  leaked: leaky 1.0 [import-leaked]
      a.py:1
      b.py:1
      d.ipynb, cell 2:1
      and 1 more
      fix: add it to requirements.txt, and install it:
          echo leaky==1.0 >> requirements.txt && uv pip install --python TOP/my_env/bin/python -r requirements.txt
  stands in: wanted 1.0 for wanted>=3 of requirements.txt:1, which its version does not satisfy; \
the environment has none [import-stands-in]
      a.py:1
      fix: install what requirements.txt names:
          uv pip install --python TOP/my_env/bin/python -r requirements.txt
  hides yours: mine 1.0 is imported instead of the project's own mine [import-hides-yours]
      a.py:1
  hides: old 1.0 is imported instead of the environment's old 2.0 [import-shadowed]
      a.py:1
      fix: remove 'TOP/leak' from PYTHONPATH, or unset it:
          unset PYTHONPATH
  optional: guarded 1.0; its absence is handled, but changes what runs [import-leaked-optional]
      c.py:3 (in a function)
      fix: if the program is to have it, add it to requirements.txt, and install it:
          echo guarded==1.0 >> requirements.txt && uv pip install --python TOP/my_env/bin/python -r requirements.txt

'TOP/ros/lib/python3/dist-packages' on PYTHONPATH
  leaked: nav_msgs (ROS package 1.2.3) [import-leaked]
      node/run.py:2
      fix: add <exec_depend>nav_msgs</exec_depend> to node/package.xml
  on purpose: std_msgs in node/package.xml [import-ros]
      fix: let it in on purpose, in a clean shell:
          cleanenv shell TOP/my_env --set PYTHONPATH=TOP/ros/lib/python3/dist-packages

Installed in the environment, but not declared
  undeclared: yaml (PyYAML 6.0) [import-undeclared]
      a.py:1
      fix: add it to requirements.txt:
          echo PyYAML==6.0 >> requirements.txt
  only because needs needs it: hidden_need [import-transitive]

Not read in full
  'e.py' was not read in full: Missing parentheses in call to 'print'. Did you mean print(...)? in line 2 \
[file-unparsed]
      fix: check its imports by eye, or leave it out with --exclude
"""


def test_the_report(scene: CheckScene) -> None:
    """Leak by leak; what is fixed at one stroke says so once."""
    result = scene.check(everything(scene))
    lines = wording.lines(result, "")
    text = "".join(f"{' ' * line.indent}{''.join(word for _, word in line.words)}\n" for line in lines)
    assert text.replace(str(scene.top), "TOP") == REPORT


def test_the_example_in_readme(shown: Scene) -> None:
    scene = shown.inner
    scene.project = scene.project.rename(scene.top / "proj")
    scene.env.path = scene.env.path.rename(scene.project / "my_env")
    (scene.env.path / "bin/pip").touch()
    leak = scene.top / "opt/ros/noetic/lib/python3/dist-packages"
    install(leak, "rospkg", "1.4.0")
    install(leak, "PyYAML", "5.3.1", module="yaml")
    scene.write("requirements.txt", "PyYAML>=6\n")
    scene.write("src/node.py", "import yaml\nimport rospkg\n")
    shown.environ["PYTHONPATH"] = str(leak)
    printed = shown.run(env="my_env").stdout
    printed = printed.replace(str(scene.project), "/home/you/proj").replace(str(scene.top), "")
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    _, _, example = readme.partition(
        "<!-- held by tests/check/test_report.py -->\n```console\n$ cleanenv check my_env\n"
    )
    assert example.partition("```\n")[0] == printed


def test_every_code_is_found_somewhere(scene: CheckScene) -> None:
    environ = everything(scene)
    found = {found.code for found in scene.check(environ, Options(is_strict=True, shows_all=True)).findings}
    assert found == {code for code, _, _ in codes.CODES}
    assert {code for code, _, _ in CASES} <= found


@pytest.mark.parametrize("options", [(), ("--strict", "--all")])
def test_json_keeps_to_its_schema(shown: Scene, options: tuple[str, ...]) -> None:
    shown.environ |= everything(shown.inner)
    done = shown.run("--json", *options)
    assert (done.returncode, done.stderr) == (1, "")
    document = json.loads(done.stdout)
    VALIDATOR.validate(document)
    by_module = {finding["module"]: finding for finding in document["findings"] if finding["code"] != "file-unparsed"}
    assert by_module["leaky"]["uses"][2] == {"file": "d.ipynb", "line": 1, "cell": 2, "guard": None, "lazy": False}
    assert by_module["guarded"]["uses"] == [
        {"file": "c.py", "line": 3, "cell": None, "guard": "optional", "lazy": True}
    ]
    assert by_module["yaml"]["distribution"] == "PyYAML"
    assert by_module["nav_msgs"]["manifest"] == "node/package.xml"
    assert document["manifests"] == ["node/package.xml", "requirements.txt"]


def test_a_finding_is_doctors_and_more() -> None:
    """Whoever reads doctor's document reads this one."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    ours, theirs = SCHEMA["$defs"]["finding"], DOCTORS["$defs"]["finding"]
    assert ours["required"][: len(theirs["required"])] == theirs["required"]
    for key in theirs["properties"].keys() - {"code", "hides"}:
        assert ours["properties"][key] == theirs["properties"][key]
    for name in DOCTORS["$defs"].keys() - {"finding"}:
        assert SCHEMA["$defs"][name] == DOCTORS["$defs"][name]


def test_the_status(shown: Scene) -> None:
    """1 for errors and warnings, 0 for notes and for nothing."""
    assert shown.run().returncode == 0
    packages = ros_package(shown.inner.top / "ros", "std_msgs")
    shown.environ["PYTHONPATH"] = str(packages)
    shown.inner.write("package.xml", package_xml("p", "<depend>std_msgs</depend>"))
    shown.inner.write("a.py", "import std_msgs\n")
    done = shown.run()
    assert done.returncode == 0
    assert "no error or warning in 1 file" in done.stdout
    shown.inner.write("package.xml", package_xml("p"))
    assert shown.run().returncode == 1
    assert (shown.run("-q").returncode, shown.run("-q").stdout) == (1, "")


def test_a_project_without_a_manifest_says_so(shown: Scene) -> None:
    shown.inner.write("a.py", "import os\n")
    assert "No manifest was found" in shown.run().stdout
    shown.inner.write("requirements.txt", "")
    assert "No manifest was found" not in shown.run().stdout


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("gone",), 2, "'gone' does not exist"),
        (("-r", "gone.txt"), 2, "cannot read 'gone.txt'"),
        (("--nonsense",), 2, "--nonsense"),
    ],
)
def test_refusals(shown: Scene, words: tuple[str, ...], status: int, says: str) -> None:
    done = shown.run(*words)
    assert (done.returncode, done.stdout) == (status, "")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_directory_in_the_place_of_env(shown: Scene) -> None:
    shown.inner.write("src/a.py")
    done = shown.run(env="src")
    assert done.returncode == 3
    assert done.stderr == "Error: 'src' is not an environment: name ENV first: cleanenv check ENV src\n"
    assert shown.run(env="nothing").returncode == 3


def test_env_is_the_active_one_by_default(shown: Scene) -> None:
    install(shown.inner.leak, "leaky")
    shown.inner.write("a.py", "import leaky\n")
    shown.environ["VIRTUAL_ENV"] = str(shown.inner.env.path)
    assert "leaked: leaky" in shown.run(env="").stdout


def test_paths_choose_what_is_checked(shown: Scene) -> None:
    """What is the project's own still depends on all of it."""
    install(shown.inner.leak, "leaky")
    shown.inner.write("requirements.txt", "")
    shown.inner.write("src/helper.py")
    for path in ("one/a.py", "two/b.py", "c.py"):
        shown.inner.write(path, "import leaky, helper\n")
    done = json.loads(shown.run("--json", "one", "c.py").stdout)
    assert [use["file"] for use in done["findings"][0]["uses"]] == ["c.py", "one/a.py"]
    assert done["project"]["files"] == 2


@pytest.mark.parametrize(
    ("current", "path", "top"),
    [
        (".", "src", "."),
        (".", "packages/one/a.py", "."),
        ("src", "a.py", "."),
        ("src", "../packages/one", "packages/one"),
        ("packages", "one", "packages/one"),
        ("packages/one", "a.py", "packages/one"),
        ("..", "project/src", "."),
        ("/", "packages/one/a.py", "packages/one"),
    ],
)
def test_the_project_of_a_path(shown: Scene, current: str, path: str, top: str) -> None:
    """The current directory if it is one, else the nearest with a manifest: never the whole disk."""
    inner = shown.inner
    inner.write("requirements.txt", "")
    inner.write("packages/one/pyproject.toml", '[project]\nname = "one"\n')
    for file in ("src/a.py", "packages/one/a.py"):
        inner.write(file, "import os\n")
    given = str(inner.project / path) if current == "/" else path
    words = [*shown.tool, "check", str(inner.env.path), given, "--json"]
    done = subprocess.run(
        words, env=shown.environ, cwd=inner.project / current, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["project"]["path"] == str((inner.project / top).resolve())


def test_without_a_path_it_is_the_current_directory(shown: Scene) -> None:
    shown.inner.write("requirements.txt", "")
    shown.inner.write("src/a.py", "import os\n")
    words = [*shown.tool, "check", str(shown.inner.env.path), "--json"]
    done = subprocess.run(
        words, env=shown.environ, cwd=shown.inner.project / "src", capture_output=True, text=True, check=False
    )
    assert json.loads(done.stdout)["project"]["path"] == str(shown.inner.project / "src")


def test_the_line_that_let_the_leak_in(shown: Scene) -> None:
    """By a replay of the shell's startup, as doctor has it."""
    inner = shown.inner
    install(inner.leak, "leaky")
    inner.write("a.py", "import leaky\n")
    home = Path(shown.environ["HOME"])
    (home / "setup.sh").write_text(f"# set up\nexport PYTHONPATH={inner.leak}\n")
    (home / ".bashrc").write_text("\n. ~/setup.sh\n")
    shown.environ["SHELL"] = shutil.which("bash") or ""
    words = ["bash", "-c", '"$@"; exit $?', "bash", *shown.tool, "check", str(inner.env.path), "--trace"]
    done = subprocess.run(words, env=shown.environ, cwd=inner.project, capture_output=True, text=True, check=False)
    assert f"'{inner.leak}' on PYTHONPATH, set at ~/.bashrc:2 › ~/setup.sh:2\n" in done.stdout, done.stderr
    document = json.loads(
        subprocess.run(
            [*words, "--json"], env=shown.environ, cwd=inner.project, capture_output=True, check=False
        ).stdout
    )
    VALIDATOR.validate(document)
    assert [place["line"] for place in document["findings"][0]["trace"][0]["chain"]] == [2, 2]


def test_what_a_new_terminal_would_have(shown: Scene) -> None:
    """Also from a clean shell, from cron or over ssh."""
    inner = shown.inner
    install(inner.leak, "leaky")
    inner.write("a.py", "import leaky\n")
    del shown.environ["PYTHONPATH"]
    home = Path(shown.environ["HOME"])
    (home / ".bashrc").write_text(f"export PYTHONPATH={inner.leak}\n")
    shown.environ["SHELL"] = shutil.which("bash") or ""
    words = ["bash", "-c", '"$@"; exit $?', "bash", *shown.tool, "check", str(inner.env.path)]
    outputs = []
    for options, status in (([], 0), (["--startup"], 1), (["--startup", "--trace"], 1)):
        done = subprocess.run(
            [*words, *options], env=shown.environ, cwd=inner.project, capture_output=True, text=True, check=False
        )
        assert done.returncode == status, done.stderr
        outputs.append(done.stdout)
    assert "set at ~/.bashrc:1" in outputs[-1]


def test_colours_and_progress_are_for_terminals(shown: Scene) -> None:
    install(shown.inner.leak, "leaky")
    shown.inner.write("a.py", "import leaky\n")
    assert "\x1b" not in shown.run().stdout
    words = [*shown.tool, "check", str(shown.inner.env.path)]
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(shown.inner.project)
        os.execve(words[0], words, shown.environ)
    printed = b""
    with contextlib.suppress(OSError):  # the end, on Linux
        while chunk := os.read(terminal, 65536):
            printed += chunk
    os.close(terminal)
    os.waitpid(pid, 0)
    assert b"\x1b[1;31m" in printed


def test_control_characters_are_shown(scene: CheckScene) -> None:
    install(scene.leak, "leaky")
    scene.write("a\x1b[2J.py", "import leaky\n")
    result = scene.check()
    texts = ["".join(word for _, word in line.words) for line in wording.lines(result, "")]
    assert "a\\x1b[2J.py:1" in texts
    assert all("\x1b" not in text for text in texts)


# What it asks of the kernel, and what of Python.


def test_nothing_is_started_and_nothing_written(shown: Scene, tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        skip_or_fail("strace is not installed")
    shown.environ |= everything(shown.inner)
    log = tmp_path / "log"
    shown.run("--all", "--strict")  # Python may compile its modules at the first start
    shown.tool = ["strace", "-f", "-qq", "-e", "trace=%process,%file,%network", "-o", str(log), *shown.tool]
    assert shown.run("--all", "--strict").returncode == 1
    lines = log.read_text(errors="replace").splitlines()
    started = [line for line in lines if re.search(r"\b(execve|v?fork|clone3?)\(", line)]
    assert len(started) == 1, started  # the tool itself
    writing = [line for line in lines if "O_WRONLY" in line or "O_RDWR" in line or "O_CREAT" in line or "mkdir" in line]
    assert [line for line in writing if "/dev/" not in line] == []
    assert [line for line in lines if "socket(" in line or "unlink" in line or "rename" in line] == []


HOSTILE = ("ast", "re", "json", "os", "click", "parso", "packaging", "configparser", "tokenize", "cleanenv", "typing")


def test_a_pythonpath_full_of_lies_changes_nothing(shown: Scene) -> None:
    """Nothing of it is run, and the answer is the same but for what these files hide."""
    environ = everything(shown.inner)
    shown.environ |= environ
    first = json.loads(shown.run("--json").stdout)["findings"]
    hostile = shown.inner.top / "hostile"
    hostile.mkdir()
    proof = shown.inner.top / "proof"
    for name in (*HOSTILE, "sitecustomize", "usercustomize"):
        (hostile / f"{name}.py").write_text(f"open({str(proof)!r}, 'w')\nraise SystemExit(7)\n")
    for name in ("a", "leaky"):
        (shown.inner.env.site_packages / f"{name}.pth").write_text(f"import os; open({str(proof)!r}, 'w')\n")
    shown.environ["PYTHONPATH"] = f"{environ['PYTHONPATH']}:{hostile}"
    done = shown.run("--json")
    assert done.returncode == 1, done.stderr
    second = json.loads(done.stdout)["findings"]
    assert [(found["code"], found["module"]) for found in second] == [
        (found["code"], found["module"]) for found in first
    ]
    assert not proof.exists()


def test_the_short_way_and_the_long_one_say_the_same(shown: Scene) -> None:
    """Without options it goes without click."""
    install(shown.inner.leak, "leaky")
    shown.inner.write("a.py", "import leaky\n")
    assert shown.run().stdout == shown.run("--exclude", "nothing").stdout
