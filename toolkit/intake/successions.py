"""Successions that cannot be followed: of whom, to whom, in which order."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from toolkit.errors import Finding
from toolkit.intake.table import Table, cell_finding, limited
from toolkit.texts.formats import day

SPLIT = "split"


def succession_findings(
    table: Table, partners: Collection[str], institutions: Collection[str]
) -> Iterator[Finding]:
    """What is wrong with each row of the table of successions, the first reason only.

    Both sides are partners or both are institutions. Without a register of partners
    there is nothing to know a partner by, and a code that is no institution is one.
    """
    columns = ("row", "kind", "predecessor", "successor", "effective_on")
    rows = [row for row in table.frame.select(columns).iter_rows() if all(row[2:])]
    circles = _circles([(before, after, on) for _, _, before, after, on in rows])
    found: dict[str, list[Finding]] = {}
    for row, kind, before, after, on in rows:
        known = [_sorts(code, partners, institutions) for code in (before, after)]
        at, rule = "successor", ""
        if before == after and kind != SPLIT:
            rule = "successions.itself"
        elif not all(known):
            at, rule = ("predecessor", "successor")[bool(known[0])], "successions.unknown_party"
        elif not known[0] & known[1]:
            rule = "successions.mixed"
        elif (before, after, on) in circles:
            rule = "successions.circle"
        if rule:
            value = before if at == "predecessor" else after
            found.setdefault(rule, []).append(
                cell_finding(
                    table, rule, at, row, value,
                    predecessor=before, successor=after, day=day(on, "lv"), day_en=day(on, "en"),
                )
            )  # fmt: skip
    for findings in found.values():
        yield from limited(findings, len(findings))


def _sorts(code: str, partners: Collection[str], institutions: Collection[str]) -> set[str]:
    found = {"institution"} if code in institutions else set()
    if code in partners or not (partners or found):
        found.add("partner")
    return found


def _circles(rows: list[tuple[str, str, object]]) -> set[tuple[str, str, object]]:
    """Successions of one day that lead back to where they began; a split may keep a part."""
    after: dict[tuple[str, object], set[str]] = {}
    for before, heir, on in rows:
        if before != heir:
            after.setdefault((before, on), set()).add(heir)

    def reached(code: str, on: object) -> set[str]:
        seen: set[str] = set()
        ahead = [code]
        while ahead:
            for heir in after.get((ahead.pop(), on), set()) - seen:
                seen.add(heir)
                ahead.append(heir)
        return seen

    return {
        (before, heir, on)
        for before, heir, on in rows
        if before != heir and before in reached(heir, on)
    }
