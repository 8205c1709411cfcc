"""What leaks do to packages, in few lines: by distribution, other versions first, long lists cut."""

from __future__ import annotations

import pytest

from cleanenv.doctor.finding import Finding, Hidden
from cleanenv.doctor.report import effects


def finding(*hides: Hidden, entries: tuple[str, ...] = ()) -> Finding:
    return Finding("a-b", "error", "fact", "remedy", "NAME", hides=hides, entries=entries)


def test_what_is_hidden_has_a_line_each_and_what_is_added_one_for_a_directory() -> None:
    hides = (
        Hidden("numpy", "/leak", "1.26", "2.0"),
        Hidden("six", "/leak", "", ""),
        Hidden("scipy", "/leak", "1.0"),
        Hidden("zope", "/leak", ""),
        Hidden("_c", "/leak", ""),
        Hidden("rospy", "/opt/site-packages", "1.15"),
        Hidden("rosbag", "/opt/site-packages", "1.15"),
        Hidden("roslib", "/opt/site-packages", "1.15"),
    )
    assert list(effects.sentences(finding(*hides), 2)) == [
        "numpy 2.0 of the environment is hidden by numpy 1.26 in /leak",
        "six of the environment is hidden by six in /leak",
        "importable only because of /leak: scipy 1.0, zope and 1 more",
        "importable only because of /opt/site-packages: rospy 1.15, rosbag 1.15 and 1 more",
    ]


@pytest.mark.parametrize(
    ("hidden", "expected"),
    [
        (
            Hidden("OpenSSL", "/leak", "23.0.0", "24.1.0", "pyOpenSSL", "pyOpenSSL"),
            "pyOpenSSL 24.1.0 of the environment is hidden by pyOpenSSL 23.0.0 in /leak (import OpenSSL)",
        ),
        (
            Hidden("yaml", "/leak", "6.0", "6.0.2", "PyYAML", "PyYAML"),
            "PyYAML 6.0.2 of the environment is hidden by PyYAML 6.0 in /leak (import yaml)",
        ),
        (
            Hidden("Crypto", "/leak", "2.6.1", "3.19", "pycrypto", "pycryptodome"),
            "pycryptodome 3.19 of the environment is hidden by pycrypto 2.6.1 in /leak (import Crypto)",
        ),
        (
            Hidden("typing_extensions", "/leak", "4.4", "4.12", "typing-extensions", "typing-extensions"),
            "typing-extensions 4.12 of the environment is hidden by typing-extensions 4.4 in /leak",
        ),
        (
            Hidden("attr", "/leak", "22", "", "attrs", ""),
            "attr of the environment is hidden by attrs 22 in /leak (import attr)",
        ),
    ],
)
def test_a_version_is_that_of_a_distribution(hidden: Hidden, expected: str) -> None:
    assert list(effects.sentences(finding(hidden), 4)) == [expected]


def test_import_names_of_one_distribution_stand_together() -> None:
    names = ("_distutils_hack", "pkg_resources", "setuptools")
    hides = [Hidden(name, "/leak", "59.6", "66.1.1", "setuptools", "setuptools") for name in names]
    (line,) = effects.sentences(finding(*hides), 4)
    assert line == (
        "setuptools 66.1.1 of the environment is hidden by setuptools 59.6 in /leak "
        "(import _distutils_hack, pkg_resources, setuptools)"
    )


def test_equal_versions_come_after_different_ones_in_one_line() -> None:
    """Equal by name too: another distribution of the same version is another package."""
    hides = (
        Hidden("pip", "/leak", "23.0.1", "23.0.1", "pip", "pip"),
        Hidden("wheel", "/leak", "0.38", "0.38", "wheel", "wheel"),
        Hidden("Crypto", "/leak", "1", "1", "pycrypto", "pycryptodome"),
        Hidden("six", "/leak", "1.15.0", "1.16.0", "six", "six"),
        Hidden("bad", "/leak", "", "", "bad", "bad"),
    )
    assert list(effects.sentences(finding(*hides), 4)) == [
        "pycryptodome 1 of the environment is hidden by pycrypto 1 in /leak (import Crypto)",
        "six 1.16.0 of the environment is hidden by six 1.15.0 in /leak",
        "bad of the environment is hidden by bad in /leak",
        "hidden by the same version: pip 23.0.1, wheel 0.38",
    ]


def test_a_directory_that_the_fact_names_is_not_named_again() -> None:
    hidden = Hidden("six", "/leak", "1", "2")
    assert list(effects.sentences(finding(hidden, entries=("/leak",)), 4)) == [
        "six 2 of the environment is hidden by six 1"
    ]
    assert list(effects.sentences(finding(Hidden("six", "/leak", "1"), entries=("/leak",)), 4)) == []
    two = [Hidden("six", "/leak", "1"), Hidden("yaml", "/other", "6")]
    assert list(effects.sentences(finding(*two, entries=("/leak", "/other")), 4)) == [
        "/leak: six 1",
        "/other: yaml 6",
    ]


@pytest.mark.parametrize(("count", "most"), [(5, 4), (150, 2), (3, 2)])
def test_long_lists_are_cut_and_say_so(count: int, most: int) -> None:
    hidden = [Hidden(f"h{number}", "/leak", "1", "2") for number in range(count)]
    lines = list(effects.sentences(finding(*hidden), most))
    assert len(lines) == most + 1
    assert lines[-1] == f"and {count - most} more, see --json"
    added = [Hidden(f"a{number}", f"/leak{number}", "1") for number in range(count)]
    lines = list(effects.sentences(finding(*added), most))
    assert len(lines) == most
    more = "directory" if count - most == 1 else "directories"
    assert lines[-1].endswith(f", and from {count - most} more {more}")
