"""Requirements files: what pip takes is read, what it refuses is refused with file and line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from cleanenv.environments import direct_url
from cleanenv.errors import UsageError
from cleanenv.freeze import requirements_file
from cleanenv.freeze.request import FileRequirement

if TYPE_CHECKING:
    from pathlib import Path

HASH = "sha256:" + "0" * 64
ENVIRON = {"VERSION": "1.0", "SECRET": "s3cret", "OPTIONS": "--pre --no-index"}


def read(folder: Path, text: str) -> list[FileRequirement]:
    (folder / "r.txt").write_text(text)
    return requirements_file.read("r.txt", str(folder), ENVIRON)


def names(requirements: list[FileRequirement]) -> list[str | None]:
    return [requirement.requested.name for requirement in requirements]


@pytest.mark.parametrize(
    ("line", "name", "specifier", "url"),
    [
        ("Foo.Bar==1.0  # comment", "Foo.Bar", "==1.0", None),
        ("foo >= 1", "foo", ">=1", None),
        ("foo[a,b] >=1,<2 ; python_version > '3'", "foo", "<2,>=1", None),
        (f"foo==1.0 \\\n    --hash={HASH} \\\n    --hash {HASH}", "foo", "==1.0", None),
        ("foo===1.0-odd", "foo", "===1.0-odd", None),
        ("foo==${VERSION}", "foo", "==1.0", None),
        ("foo @ https://example.org/a.zip#sha256=00", "foo", None, "https://example.org/a.zip#sha256=00"),
        ("foo@https://example.org/a.zip", "foo", None, "https://example.org/a.zip"),
        ("foo @ git+https://e.org/a@f00#subdirectory=x", "foo", None, "git+https://e.org/a@f00#subdirectory=x"),
        ("foo @ file:///a/b%20c", "foo", None, "file:///a/b%20c"),
        ("https://e.org/a.zip?b;c", None, None, "https://e.org/a.zip?b;c"),
        ("git+ssh://git@e.org/a.git@f00#egg=foo[x]&subdirectory=b", "foo", None,
         "git+ssh://git@e.org/a.git@f00#egg=foo[x]&subdirectory=b"),
        ("https://e.org/foo_bar-1.0-py3-none-any.whl#sha256=00", "foo-bar", None,
         "https://e.org/foo_bar-1.0-py3-none-any.whl#sha256=00"),
        ("./foo_bar-1.0-py3-none-any.whl", "foo-bar", None, "file://{}/foo_bar-1.0-py3-none-any.whl"),
        ("foo-1.0.tar.gz", None, None, "file://{}/foo-1.0.tar.gz"),
        ("./below", None, None, "file://{}/below"),
        ("./below[x, y]", None, None, "file://{}/below"),
        ("sub/below ; python_version > '3'", None, None, "file://{}/sub/below"),
        ("file:sub/below", None, None, "file://{}/sub/below"),
        ("-e git+https://e.org/a@f00#egg=foo", "foo", "", "git+https://e.org/a@f00#egg=foo"),
        ("-e git://e.org/a#egg=foo", "foo", "", "git+git://e.org/a#egg=foo"),
        ("-e hg+https://e.org/a#egg=foo", "foo", "", "hg+https://e.org/a#egg=foo"),
        ("--editable /some/path", None, None, "file:///some/path"),
        ("--editable=/some/path", None, None, "file:///some/path"),
        ("-e/some/path", None, None, "file:///some/path"),
        ("-e .", None, None, "file://{}"),
        ("-e .[x,y]", None, None, "file://{}"),
        ("-e ../{1}/a/../b", None, None, "file://{}/b"),
        ("-e file:sub/../p#egg=foo", "foo", None, "file://{}/p#egg=foo"),
        ("-e file:./my%20proj", None, None, "file://{}/my%20proj"),
        ("-e file:///x/p[extra]", None, None, "file:///x/p"),
        ('-e "/my proj"', None, None, "file:///my%20proj"),
        ("-e /my\\ proj", None, None, "file:///my%20proj"),
        ("-e /100%41", None, None, "file:///100%2541"),
        ('-e "foo[a] @ git+https://e.org/a ; python_version > \'3\'"', "foo", None, "git+https://e.org/a"),
        ("-e /p --config-settings a=b", None, None, "file:///p"),
        ('foo -C a=b --config-settings="c=d"', "foo", "", None),
        ("foo --index-url https://example.org/simple", "foo", "", None),
        ("foo --global-option=x --install-option y", "foo", "", None),
        ("foo --pre nonsense", "foo", "", None),
        ("-i https://example.org/simple\nfoo", "foo", "", None),
        ("${OPTIONS}\nfoo", "foo", "", None),
    ],
)  # fmt: skip
def test_lines(line: str, name: str | None, specifier: str | None, url: str | None, tmp_path: Path) -> None:
    (requirement,) = read(tmp_path, f"# start\n\n{line.replace('{1}', tmp_path.name)}\n")
    requested = requirement.requested
    assert requested.name == name
    assert requested.url == (url and url.format(tmp_path))
    assert (requested.url is None) == (requested.specifier is not None)
    if specifier is not None and requested.url is None:
        assert str(requested.specifier) == specifier
    assert requirement.where == f"r.txt:{4 if line.endswith('foo') and chr(10) in line else 3}"


@pytest.mark.parametrize(
    "line",
    [
        "-i https://example.org/simple",
        "--index-url=https://example.org/simple --extra-index-url https://example.org/more",
        "--pypi-url https://example.org/simple",
        "--no-index",
        "-f ./wheels",
        "-f./wheels",
        "--find-links=https://example.org/a",
        "--no-binary :all:",
        "--only-binary=:none:",
        "--prefer-binary",
        "--require-hashes",
        "--no-require-hashes",
        "--pre",
        "--all-releases foo",
        "--only-final=foo",
        "--trusted-host=example.org --trusted-host example.net:8080",
        "--use-feature=fast-deps",
        f"--hash={HASH}",
        "--extra-index https://example.org/more",
        "--always-unzip",
        "-Z",
        "--use-wheel --no-use-wheel --process-dependency-links",
        "--allow-external foo --allow-unverified=foo --allow-all-external",
        "-- foo",
    ],
)
def test_options_that_ask_for_nothing(line: str, tmp_path: Path) -> None:
    assert read(tmp_path, f"{line}\n") == []


def test_a_marker_belongs_to_any_kind_of_line(tmp_path: Path) -> None:
    condition = "python_version < '3'"
    for line in ("foo", "foo @ https://e.org/a", "https://e.org/a.zip", "./a", "./a.zip", "-e ./a", "-e file:///a"):
        (requirement,) = read(tmp_path, f"{line} ; {condition}\n")
        assert str(requirement.requested.marker) == 'python_version < "3"', line


def test_the_text_is_what_is_written(tmp_path: Path) -> None:
    requirements = read(tmp_path, f"foo==${{VERSION}} --hash={HASH} # why\n-e /p --config-settings a=b\n")
    assert [requirement.text for requirement in requirements] == ["foo==${VERSION}", "-e /p --config-settings a=b"]


def test_included_files_are_seen_from_the_including_one(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "more.txt").write_text("-c limits.txt\nb\n")
    (tmp_path / "sub" / "limits.txt").write_text("c<2\n--requirement=deep.txt\n")
    (tmp_path / "sub" / "deep.txt").write_text("e\n")
    requirements = read(tmp_path, "a\n-r sub/more.txt\nd\n")
    assert [(line.requested.name, line.where, line.is_constraint) for line in requirements] == [
        ("a", "r.txt:1", False),
        ("c", "sub/limits.txt:1", True),
        ("e", "sub/deep.txt:1", False),
        ("b", "sub/more.txt:2", False),
        ("d", "r.txt:3", False),
    ]


def test_a_path_in_an_included_file_begins_at_the_working_directory(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "more.txt").write_text("-e ./p\n")
    (requirement,) = read(tmp_path, "-r sub/more.txt\n")
    assert requirement.requested.url == f"file://{tmp_path}/p"


def test_other_ways_to_include(tmp_path: Path) -> None:
    (tmp_path / "more here.txt").write_text("b\n")
    for line in (f"-r file://{tmp_path}/more%20here.txt", '-r "more here.txt"', "-r more\\ here.txt -r ignored.txt"):
        assert names(read(tmp_path, f"{line}\n")) == ["b"]


def test_an_include_beside_a_requirement_is_ignored_as_by_pip(tmp_path: Path) -> None:
    assert names(read(tmp_path, "a -r missing.txt\n")) == ["a"]


def test_a_file_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("b\n")
    requirements = read(tmp_path, "-r more.txt\n-r ./more.txt\n-c more.txt\n")
    assert [requirement.is_constraint for requirement in requirements] == [False, True]


def test_files_that_include_the_next_one_twice_do_not_explode(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"{number}.txt").write_text(f"-r {number + 1}.txt\n-r {number + 1}.txt\n")
    (tmp_path / "40.txt").write_text("a\n")
    assert names(read(tmp_path, "-r 0.txt\n")) == ["a"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a\n!!! nonsense\n", "r.txt:2"),
        ("a ==\n", "r.txt:1"),
        ("a=1.0\n", "r.txt:1"),
        ("a b\n", "r.txt:1"),
        ("a ; nonsense\n", "r.txt:1"),
        ("a\n\n-r r.txt\n", "r.txt:3"),
        ("-r ./../{name}/r.txt\n", "r.txt:1"),
        ("-r loop.txt\n", "loop.txt:1"),
        ("-r missing.txt\n", "r.txt:1"),
        ("-r ${{UNSET}}/a.txt\n", "'-r ${{UNSET}}/a.txt' (r.txt:1)"),
        ("-r https://example.org/r.txt\n", "r.txt:1"),
        ("-c FILE://elsewhere/r.txt\n", "r.txt:1"),
        ("a\n--nonsense\n", "r.txt:2) is not a requirement (pip has no option --nonsense here)"),
        ("a\n--nonsense=x\n", "pip has no option --nonsense here"),
        ("a -x\n", "pip has no option -x here"),
        ("--pre=x\n", "--pre takes no value"),
        ("a --hash\n", "--hash has no value"),
        ("--re x\n", "--re may be --require-hashes or --requirement"),
        ("a --hash='x\n", "a quotation mark is not closed"),
        ("a --hash=md5:00\n", "--hash is not one of sha256, sha384, sha512"),
        ("a --hash=sha256\n", "--hash is not of the form ALGORITHM:DIGEST"),
        ("a -C x\n", "--config-settings is not of the form KEY=VALUE"),
        ("--no-binary=-x\n", "--no-binary has no value"),
        ("-e ./my proj\n", "a blank ends the path: put it in quotation marks"),
        ("-e ./it's\n", "a quotation mark is not closed"),
        ('-e "./a\n', "a quotation mark is not closed"),
        ("-e git+https://example.org/a\n", "write 'NAME @ URL'"),
        ("a @ https://example.org/a.zip -e x\n", "neither a directory nor the URL of a repository"),
        ("-e a @ https://example.org/a.zip\n", "a blank ends the path"),
        ("git+https://example.org/a#egg=a==1\n", "what follows '#egg=' is not a name"),
        ("./a[x\n-e ./b[!]\n", "r.txt:2"),
        ("-c extras.txt\n", "a constraint cannot have extras"),
        ("-c editable.txt\n", "a constraint cannot be editable"),
        ("-c nameless.txt\n", "a constraint needs a name"),
        ("-e foo://example.org/a\n", "neither a directory nor the URL of a repository"),
        ("-e git+git@example.org:a.git#egg=a\n", "neither a directory nor the URL of a repository"),
        ("foo://example.org/a\n", "r.txt:1"),
        ("./not-a-wheel.whl\n", "r.txt:1"),
        ("https://example.org/a#egg=-\n", "r.txt:1"),
        ("a ; " + "(" * 5000 + "\n", "nested"),
        ("a\0b\n", "r.txt"),
    ],
)
def test_what_cannot_be_read_names_file_and_line(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "loop.txt").write_text("-r r.txt\n")
    (tmp_path / "extras.txt").write_text("a[x]\n")
    (tmp_path / "editable.txt").write_text("-e ./a\n")
    (tmp_path / "nameless.txt").write_text("./a\n")
    with pytest.raises(UsageError) as caught:
        read(tmp_path, text.format(name=tmp_path.name))
    assert says.format() in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500
    assert caught.value.remedy


def test_depth_and_size_are_limited(tmp_path: Path) -> None:
    for number in range(200):
        (tmp_path / f"{number}.txt").write_text(f"-r {number + 1}.txt\n")
    with pytest.raises(UsageError, match="levels deep"):
        read(tmp_path, "-r 0.txt\n")
    with (tmp_path / "r.txt").open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(UsageError, match="more than 16 MiB"):
        requirements_file.read("r.txt", str(tmp_path), {})


@pytest.mark.parametrize(
    "text",
    [
        "-r https://user:s3cret@host.example/r.txt\n",
        "-r https://user:${SECRET}@host.example/r.txt\n",
        "foo --frob https://user:s3cret@host.example/\n",
        "foo --frob=https://user:s3cret@host.example/\n",
        "--extra-index-url https://user:s3cret@host.example/ --frob\n",
        "-i https://user:s3cret@a.example/ --find-links https://user:s3cret@b.example/ --frob\n",
        "foo bar @ https://user:s3cret@host.example/x\n",
        "-e foo://user:s3cret@host.example/x\n",
        "https://user:s3cret@host.example/not-a-wheel.whl\n",
        "https://user:s3cret@host.example/#egg=-\n",
        "-r ${SECRET}.txt\n",
        "./${SECRET}.whl\n",
        "https://example.org/${SECRET}.whl\n",
        "foo==${SECRET} bar\n",
        "foo --frob=https://s3cret:@host.example/\n",
        "foo --frob=https://s3cret:x-oauth-basic@host.example/\n",
        "foo --frob https://user:s3cret and more@host.example/\n",
        "-i https://user:a#s3cret@host.example/ --frob\n",
        "-e foo://git@h:s3cret@host.example/x\n",
        "foo bar @ https://host.example/x#egg=x&token=s3cret\n",
    ],
)
def test_credentials_are_masked_in_refusals(text: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, text)
    assert "s3cret" not in str(caught.value)
    assert "r.txt:1" in str(caught.value)


@pytest.mark.parametrize(
    ("data", "fact", "remedy"),
    [
        (
            b"# coding: nonsense\na\n",
            "declares the encoding 'nonsense', which Python does not know",
            "correct that line",
        ),
        (b"# coding: ascii\n# \xe9\n", "is not in the encoding that it declares, 'ascii'", "declare the right one"),
        (b"# caf\xe9\na\n", "is not in UTF-8 and does not declare its encoding", "# -*- coding: latin-1 -*-"),
        (b"\xff\xfea", "begins with the mark of utf-16-le but is not in it", "save the file as UTF-8"),
        ("a\n".encode("utf-16-le"), "is not text (it has a NUL character)", "save it as UTF-8"),
    ],
)
def test_the_remedy_for_an_encoding_is_to_declare_it(
    data: bytes, fact: str, remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("locale.getpreferredencoding", lambda _: "utf-8")
    (tmp_path / "r.txt").write_bytes(data)
    with pytest.raises(UsageError) as caught:
        requirements_file.read("r.txt", str(tmp_path), {})
    assert caught.value.fact.startswith("'r.txt' ")
    assert fact in caught.value.fact
    assert remedy in caught.value.remedy


def test_the_path_of_an_installed_editable_may_stand_as_pip_freeze_prints_it(tmp_path: Path) -> None:
    for path in ("/my proj", "/it's mine", '/say "it"', "/a ; b", "/back\\slash"):
        (tmp_path / "r.txt").write_text(f"-e {path}\n")
        (requirement,) = requirements_file.read("r.txt", str(tmp_path), {}, {path})
        assert requirement.requested.url == direct_url.file_url(path)
        assert requirement.requested.marker is None


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    os.mkfifo(tmp_path / "pipe")
    for name, says in (
        ("missing", "no such file"),
        ("binary", "is not text"),
        (".", "is a directory"),
        ("pipe", "is a pipe"),
    ):
        with pytest.raises(UsageError, match=says):
            requirements_file.read(name, str(tmp_path), {})


def test_other_encodings(tmp_path: Path) -> None:
    (tmp_path / "utf16").write_text("foo==1.0\n", encoding="utf-16")
    (tmp_path / "bom").write_text("foo==1.0\n", encoding="utf-8-sig")
    for name in ("utf16", "bom"):
        assert names(requirements_file.read(name, str(tmp_path), {})) == ["foo"]
