"""Every code that a finding of check may have; docs/codes.md's table is made from this."""

from __future__ import annotations

from cleanenv.doctor.finding import ERROR, NOTE, WARNING

LEAKED, STANDS_IN, SHADOWED = "import-leaked", "import-stands-in", "import-shadowed"
OPTIONAL, UNDECLARED, TRANSITIVE = "import-leaked-optional", "import-undeclared", "import-transitive"
ROS, HIDES_YOURS, TYPING = "import-ros", "import-hides-yours", "import-typing"
NOWHERE, UNPARSED = "import-nowhere", "file-unparsed"

# (code; severity; what it means), in the order of the report. A code never changes its meaning.
CODES: tuple[tuple[str, str, str], ...] = (
    (LEAKED, ERROR, "an import is found only because of a leak, and no manifest names it"),
    (STANDS_IN, ERROR, "a manifest names a package that only a leak has: ENV does not"),
    (HIDES_YOURS, ERROR, "a leak hides a module of the project itself"),
    (UNDECLARED, ERROR, "ENV has what is imported, but no manifest names it and nothing declared needs it"),
    (SHADOWED, WARNING, "an import finds a leak's module instead of ENV's or of the standard library's"),
    (OPTIONAL, WARNING, "an import whose failure is caught succeeds only because of a leak"),
    (NOWHERE, WARNING, "an import finds nothing, even with the leaks (reported with --all)"),
    (ROS, NOTE, "an import is found only because of a leak, and a package.xml names it"),
    (TRANSITIVE, NOTE, "no manifest names what is imported, but something declared needs it (an error with --strict)"),
    (TYPING, NOTE, "an import for type checkers is found only because of a leak (reported with --strict)"),
    (UNPARSED, NOTE, "a file could not be parsed, or is too large, so its imports are known in part or not at all"),
)

SEVERITY = {code: severity for code, severity, _ in CODES}
ORDER = {code: number for number, (code, _, _) in enumerate(CODES)}
