"""What freeze asks of the kernel: every file and directory of ENV's site-packages once."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

from tests.support.fake_environment import FakeEnvironment
from tests.support.freezing import freeze
from tests.support.surroundings import skip_or_fail

NAMED = re.compile(r'"(/[^"]*)"')
MANY = 50


def asked(fake: FakeEnvironment, tmp_path: Path) -> Counter[str]:
    """Return how often each path in and below site-packages is in a system call."""
    if shutil.which("strace") is None:
        skip_or_fail("strace is not installed")
    log = tmp_path / "strace.log"
    outcome = freeze(fake.path, within=("strace", "-f", "-qq", "-e", "trace=%file", "-o", str(log)))
    assert outcome.status == 0, outcome.err
    paths = Counter(NAMED.findall(log.read_text(encoding="utf-8", errors="replace")))
    top = str(fake.site_packages)
    return Counter({path[len(top) :]: times for path, times in paths.items() if path.startswith(top)})


def test_nothing_is_looked_at_twice(fake: FakeEnvironment, tmp_path: Path) -> None:
    expected = {""}
    for number in range(MANY):
        info = fake.add(f"some-name-{number}", f"1.{number}").name
        expected |= {f"/{info}/METADATA", f"/{info}/direct_url.json"}
    (fake.site_packages / "code.pth").write_text("import sys\n")
    assert asked(fake, tmp_path) == dict.fromkeys({*expected, "/code.pth"}, 1)


def test_a_long_head_is_read_whole_once_more(fake: FakeEnvironment, tmp_path: Path) -> None:
    info = fake.add("late")
    text = "Metadata-Version: 2.1\nSummary: " + "s" * 4000 + "\nName: Late\nVersion: 1.0\n"
    (info / "METADATA").write_text(text)
    assert asked(fake, tmp_path)[f"/{info.name}/METADATA"] == 2
