"""The page of --html: escaped, complete in itself, and readable in a browser, wide and narrow, light and dark."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cleanenv.doctor.diagnosis import Diagnosis
from cleanenv.doctor.finding import SEVERITIES, Finding, Hidden
from cleanenv.doctor.report import html, terminal
from cleanenv.doctor.report.surroundings import Surroundings
from cleanenv.environments.environment import Environment
from tests.support.surroundings import skip_or_fail

LONG = "/opt/" + "averylongnamewithoutabreak" * 20
ATTACK = "<script>alert(1)</script>\"'&amp;\x1b[31m\u202e\udcff"
WIDTHS = (375, 1280)
# The parent looks into the page by its frame: the page itself holds no script.
FRAME = """<!DOCTYPE html><meta charset="utf-8"><body style="margin:0">
<iframe id="frame" src="page.html" style="border:0;width:{width}px;height:4000px"></iframe>
<pre id="told"></pre>
<script>
frame.onload = () => {{
  const root = frame.contentDocument.documentElement;
  const isWide = (one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1;
  const wide = [...root.querySelectorAll("*")].filter(isWide);
  const style = (name, key) => frame.contentWindow.getComputedStyle(root.querySelector(name))[key];
  told.textContent = ["told", root.scrollWidth, root.clientWidth, wide.map((one) => one.tagName).join(","),
    style("body", "color"), style("body", "backgroundColor"), style("h2", "fontSize"), "end"].join("|");
}};
</script>
"""


class Elements(HTMLParser):
    """What a page is made of, and whether every element is closed."""

    VOID = ("meta",)

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def diagnosis(text: str = LONG, many: int = 30) -> Diagnosis:
    """Return a diagnosis in which ``text`` stands in every place, and some lists are long."""
    hides = (Hidden(text, text, text, text), *(Hidden(f"package{number}", text, "1.0") for number in range(many)))
    findings = tuple(
        Finding("env-moved", severity, text, text, f"NAME{text}", text, (text,) * many, hides, text)
        for severity in SEVERITIES
    )
    environment = Environment(text, "venv", {})
    return Diagnosis(environment, "3.11.7", findings, (text, "ROS_DISTRO"), {f"NAME{text}": text})


def test_everything_is_escaped_and_control_characters_are_visible() -> None:
    text = html.render(diagnosis(ATTACK), "/home/me")
    elements = Elements(text)
    assert elements.open == []
    assert {tag for tag, _ in elements.tags}.isdisjoint({"script", "img", "link", "iframe", "a", "form", "object"})
    assert [name for _, attributes in elements.tags for name in attributes if name.startswith("on")] == []
    assert "<script>alert(1)</script>\"'&amp;\\x1b[31m\\u202e\\udcff" in elements.text
    assert all(sign.isprintable() or sign == "\n" for sign in text)


def test_it_needs_nothing_but_itself() -> None:
    text = html.render(diagnosis(many=1), "/home/me")
    assert re.search(r"https?:|url\(|@import|src=|href=", text) is None
    assert """<meta http-equiv="Content-Security-Policy" content="default-src 'none';""" in text


def test_a_long_list_is_folded_and_whole() -> None:
    elements = Elements(html.render(diagnosis("x", 30), "/home/me"))
    assert [tag for tag, _ in elements.tags].count("details") == 6  # the evidence and the packages of each
    assert all(f"package{number} 1.0" in elements.text for number in range(30))


def test_the_value_stands_once() -> None:
    """Where the evidence says the same."""
    finding = Finding("a-b", "error", "fact", "remedy", "NAME", "value", ("NAME=value", "more"))
    diagnosis = Diagnosis(None, "", (finding,))
    assert html.render(diagnosis, "").count("NAME=value") == 1
    assert terminal.plain(diagnosis, {}).splitlines()[2:] == [
        "error: fact [a-b]",
        "    NAME=value",
        "    more",
        "    fix: remedy",
    ]


def test_ids_are_unique_and_the_first_is_the_code() -> None:
    findings = tuple(Finding(code, "note", "fact", "remedy") for code in ("a-b", "c", "a-b", "a-b"))
    elements = Elements(html.render(Diagnosis(None, "", findings), ""))
    assert [attributes["id"] for tag, attributes in elements.tags if tag == "article"] == ["a-b", "c", "a-b-2", "a-b-3"]


def test_hidden_packages_are_a_table() -> None:
    """Different versions first, the rest folded; a row is one distribution."""
    hides = [Hidden(f"same{number}", "/leak", "1", "1") for number in range(9)]
    hides.append(Hidden("yaml", "/home/me/leak", "5.1", "6.0", "PyYAML", "PyYAML"))
    hides += [Hidden(name, "/leak", "59", "66", "setuptools", "setuptools") for name in ("pkg_resources", "setuptools")]
    hides.append(Hidden("Crypto", "/leak", "2", "3", "pycrypto", "pycryptodome"))
    finding = Finding("a-b", "error", "fact", "remedy", hides=tuple(hides))
    text = html.render(Diagnosis(None, "", (finding,)), "/home/me")
    head = '<th scope="col">package</th><th scope="col">yours</th><th scope="col">leaked</th><th scope="col">path</th>'
    assert text.count(head) == 2
    rows = [re.sub("</?t[dr][^>]*>", "|", row) for row in re.findall("<tr><td.*?</tr>", text)]
    assert rows[:4] == [
        "||PyYAML (import yaml)||6.0||5.1||~/leak||",
        "||setuptools (import pkg_resources, setuptools)||66||59||/leak||",
        "||pycryptodome (import Crypto)||3||pycrypto 2||/leak||",
        "||same0||1||1||/leak||",
    ]
    assert len(rows) == 12
    assert "<details><summary>4 more packages</summary>" in text


def test_what_is_about_one_variable_is_one_section() -> None:
    """Its place comes first, in monospace, and its fix once; ids stay unique."""
    findings = (
        Finding("a-b", "error", "'/a' on NAME is bad", "remove '/a' from NAME", "NAME", "/a:/c", entries=("/a",)),
        Finding("c-d", "note", "other", "remedy"),
        Finding("a-b", "note", "'/c' on NAME is bad", "remove '/c' from NAME", "NAME", "/a:/c", entries=("/c",)),
    )
    text = html.render(Diagnosis(None, "", findings, (), {"NAME": "bash had it"}), "")
    elements = Elements(text)
    assert elements.open == []
    identifiers = [attributes["id"] for _, attributes in elements.tags if "id" in attributes]
    assert identifiers == ["NAME", "a-b", "a-b-2", "c-d"]
    assert text.count("bash had it") == text.count("NAME=/a:/c") == text.count("Fix: remove them from NAME.") == 1
    section = text[text.index("<section") : text.index("</section>")]
    assert section.index('<div class="places">') < section.index("<pre>") < section.index("<article")
    style = text[text.index("<style>") : text.index("</style>")]
    assert re.search(r"\.places li \{[^}]*monospace", style) is not None


def test_ids_that_look_like_the_next_one_are_unique_too() -> None:
    findings = tuple(Finding(code, "note", "fact", "remedy") for code in ("a", "a-2", "a", "a-2", "a"))
    elements = Elements(html.render(Diagnosis(None, "", findings), ""))
    identifiers = [attributes["id"] for tag, attributes in elements.tags if tag == "article"]
    assert len(set(identifiers)) == 5


def test_the_page_says_when_and_where_it_was_made() -> None:
    environment = Environment("/home/me/proj/my_env", "venv", {})
    made = Surroundings("2026-11-25 10:00 +0100", "lab7", "fish", "0.2.0")
    text = html.render(Diagnosis(environment, "3.11.7", (), home="/home/me"), "/home/me", made)
    assert '<p class="placed">2026-11-25 10:00 +0100 · lab7 · fish · cleanenv 0.2.0</p>' in text
    assert "<title>my_env: nothing found (cleanenv doctor)</title>" in text
    assert "'~/proj/my_env' (venv, Python 3.11.7)" in Elements(text).text


def test_the_fix_is_a_sentence_or_announces_a_command() -> None:
    findings = (
        Finding("a", "note", "fact", "leave it"),
        Finding("b", "note", "fact", "leave it", line="exit"),
    )
    text = html.render(Diagnosis(None, "", findings), "")
    assert '<p class="remedy">Fix: leave it.</p>' in text
    assert '<p class="remedy">Fix: leave it:</p>\n<pre><code>exit</code></pre>' in text


def test_a_sound_environment_has_a_page_too() -> None:
    elements = Elements(html.render(Diagnosis(Environment("/my_env", "venv", {}), "3.11.7", ()), ""))
    assert "Nothing found" in elements.text
    assert "'/my_env' (venv, Python 3.11.7)" in elements.text
    assert "article" not in {tag for tag, _ in elements.tags}


def chromium(folder: Path, *words: str) -> str:
    """Run Chromium without a window, and return what it prints."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        skip_or_fail("chromium is not installed")
    done = subprocess.run(
        [
            *(str(program), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            *("--allow-file-access-from-files", f"--user-data-dir={folder / 'profile'}", *words),
        ],
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def told(folder: Path, width: int, *words: str) -> list[str]:
    """Return what the browser tells of the page at ``width``: its width, what overflows, its colours, a size."""
    (folder / "frame.html").write_text(FRAME.format(width=width))
    dumped = chromium(folder, "--window-size=1400,4200", *words, "--dump-dom", f"file://{folder}/frame.html")
    match = re.search(r">told\|(.*)\|end<", dumped)
    assert match is not None, dumped[-2000:]
    return match[1].split("|")


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window(width: int, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(html.render(diagnosis(), "/home/me"))
    whole, window, wide, *_ = told(tmp_path, width)
    assert (whole, window, wide) == (str(width), str(width), "")


def test_what_is_wider_would_be_seen(tmp_path: Path) -> None:
    """The measure can fail: a page whose words may not be broken."""
    spoiled = html.render(diagnosis(), "/home/me").replace("overflow-wrap: anywhere", "overflow-wrap: normal")
    (tmp_path / "page.html").write_text(spoiled)
    assert int(told(tmp_path, 375)[0]) > 375


def luminance(colour: str) -> float:
    """Return the relative luminance of ``rgb(r, g, b)`` (WCAG 2.2)."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_readable_in_the_colours_of_the_reader(scheme: str, tmp_path: Path) -> None:
    """With a contrast of 7 to 1 (WCAG's level AAA) and letters of 16 pixels at least."""
    (tmp_path / "page.html").write_text(html.render(diagnosis(), "/home/me"))
    words = ("--blink-settings=preferredColorScheme=0",) if scheme == "dark" else ()
    *_, ink, ground, size = told(tmp_path, 375, *words)
    brighter, darker = sorted((luminance(ink), luminance(ground)), reverse=True)
    assert (luminance(ground) < 0.1) == (scheme == "dark")
    assert (brighter + 0.05) / (darker + 0.05) >= 7
    assert float(size.removesuffix("px")) >= 16
