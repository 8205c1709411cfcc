"""The budget of the plain way: what may be imported on it, and no more."""

from __future__ import annotations

import subprocess
import sys

from tests.support.fake_environment import FakeEnvironment

BUDGET = {
    "cleanenv",
    "cleanenv.errors",
    "cleanenv.freeze",
    "cleanenv.system",
    "cleanenv.system.credentials",
    "cleanenv.environments",
    "cleanenv.environments.distribution",
    "cleanenv.environments.interpreter",
    "cleanenv.environments.inventory",
    "cleanenv.freeze.requirements_text",
    "cleanenv.environments.metadata",
    "cleanenv.environments.names",
    "cleanenv.freeze.plain",
    "cleanenv.environments.problem",
    "cleanenv.environments.search_path",
    "cleanenv.environments.versions",
    "cleanenv.environments.environment",
}
PROBE = """
import sys
before = set(sys.modules)
from cleanenv.environments.environment import read_environment
from cleanenv.freeze import plain
plain.freeze(read_environment(sys.argv[1]))
print("\\n".join(set(sys.modules) - before))
"""


def test_the_plain_way_imports_what_the_budget_names(fake: FakeEnvironment) -> None:
    fake.add("a-b", "1.0rc1")
    fake.add("c", "2024.1.post1")
    probe = [sys.executable, "-I", "-c", PROBE, str(fake.path)]
    done = subprocess.run(probe, capture_output=True, check=True, timeout=30)
    imported = set(done.stdout.decode().split())
    assert imported - BUDGET <= {"stat", "os"}, f"new on the plain way: {sorted(imported - BUDGET)}"
    assert imported >= BUDGET, f"no longer needed: {sorted(BUDGET - imported)}"
