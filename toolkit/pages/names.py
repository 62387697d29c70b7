"""The pages and who may open them: what the launcher knows of pages without loading them."""

from __future__ import annotations

INSIDE = frozenset({"officer", "manager", "approver", "auditor"})
PAGES = {
    "overview": INSIDE | {"partner"},
    "semester": INSIDE | {"partner"},
    "agreements": INSIDE | {"partner"},
    "registers": INSIDE,
    "journal": frozenset({"auditor", "manager"}),
    "people": frozenset({"manager"}),
}
FIRST = "overview"


def open_to(roles: frozenset[str]) -> list[str]:
    """The pages a person with these roles may open, in the order of the header."""
    return [name for name, allowed in PAGES.items() if roles & allowed]
