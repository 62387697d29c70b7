"""Rows of the tables of the agreements' page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from toolkit.pages.grid import GridCell, GridColumn, GridRow
from toolkit.services.agreements import AgreementOn
from toolkit.services.agreements_shown import UNDECIDED, Register
from toolkit.services.conserving import shown
from toolkit.services.obligations import Due
from toolkit.texts import text
from toolkit.texts.formats import day, due_subject, semester, word

TONES = {"terminated": "stop", "ended": "", "in_force": "", "signed": "hit", "not_signed": "hit"}
_NUMBERS = ("amount", "before", "after", "difference")


def register_columns(lang: str) -> list[GridColumn]:
    """The columns of the register."""
    return [
        GridColumn("agreement", _title("agreement", lang), opens=True),
        GridColumn("partner", _title("partner", lang)),
        GridColumn("signed_on", _title("signed_on", lang), "day"),
        GridColumn("valid_from", _title("valid_from", lang), "day"),
        GridColumn("ends_on", _title("ends_on", lang), "day"),
        GridColumn("status", _title("status", lang), "tag"),
        GridColumn("institutions", _title("institutions", lang), "whole"),
        GridColumn("amended", _title("amended", lang)),
    ]


def register_rows(register: Register, found: Iterable[AgreementOn], lang: str) -> Iterator[GridRow]:
    """Each agreement as it stands on the day."""
    for own in found:
        version = own.version
        cells = {
            "agreement": GridCell(version.agreement, value=version.agreement),
            "partner": _partner(register, own, lang),
            "signed_on": _day(version.signed_on, lang),
            "valid_from": _day(version.valid_from, lang),
            "ends_on": _day(version.ends_on, lang),
            "status": _status(own, lang),
            "institutions": GridCell(str(own.institutions), value=own.institutions),
            "amended": _amended(own, lang),
        }
        yield GridRow(version.agreement, cells, opens=True)


def due_columns(lang: str) -> list[GridColumn]:
    """The columns of what is due."""
    return [
        GridColumn("due_on", _title("due_on", lang), "day"),
        GridColumn("state", _title("state", lang), "tag"),
        GridColumn("kind", _title("kind", lang)),
        GridColumn("agreement", _title("agreement", lang), opens=True),
        GridColumn("partner", _title("partner", lang)),
        GridColumn("subject", _title("subject", lang)),
    ]


def due_rows(found: Iterable[Due], register: Register, lang: str) -> Iterator[GridRow]:
    """Each obligation of the list; of counts, how many institutions they are missing from."""
    for obligation, state in found:
        kind = word("due_kind", obligation.kind, lang)
        subject = due_subject(obligation.kind, obligation.subject, lang)
        asked, missing = len(obligation.institutions), len(obligation.missing(register.day))
        small = text("due.missing", lang, missing=missing, asked=asked) if missing else ""
        cells = {
            "due_on": _day(obligation.due_on, lang),
            "state": GridCell(
                word("due_state", state, lang), value=state,
                tone="stop" if state == "overdue" else "hit",
            ),
            "kind": GridCell(kind, value=kind),
            "agreement": GridCell(obligation.agreement, value=obligation.agreement),
            "partner": _named(obligation.partner, register.partners),
            "subject": GridCell(subject, value=obligation.subject, small=small),
        }  # fmt: skip
        key = "\t".join((obligation.kind, obligation.agreement, obligation.subject))
        yield GridRow(key, cells, opens=True)


def succession_columns(names: tuple[str, ...], lang: str) -> list[GridColumn]:
    """The columns of what passes, or of the sums before and after."""

    def title(name: str) -> str:
        return _title(name, lang) if name == "item" else text(f"cli.successions.{name}", lang)

    return [
        GridColumn(name, title(name), "whole" if name in _NUMBERS else "text") for name in names
    ]


def succession_rows(
    rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...], names: Mapping[str, str], lang: str
) -> Iterator[GridRow]:
    """What passes, or a sum; codes with the names they have."""
    for number, row in enumerate(rows):
        yield GridRow(str(number), {name: _passed(row, name, names, lang) for name in columns})


def _passed(row: Mapping[str, Any], name: str, names: Mapping[str, str], lang: str) -> GridCell:
    value = row[name]
    if name in _NUMBERS:
        tone = "down" if name == "difference" and value else ""
        return GridCell(shown(row["thing"], value, lang), value=value, tone=tone)
    if name == "thing":
        return GridCell(word("thing", value, lang), value=value)
    if name == "semester" and value:
        return GridCell(semester(value, lang), value=value)
    return _named(value, names) if value else GridCell("–")


def _title(name: str, lang: str) -> str:
    return text(f"agreements.column.{name}", lang)


def _named(codes: str, names: Mapping[str, str]) -> GridCell:
    """One code or several, by their names."""
    said = ", ".join(names.get(code, code) for code in codes.split(", "))
    return GridCell(said, value=said)


def _day(on: date | None, lang: str) -> GridCell:
    """A day; without an end the last of all, so that it sorts after every other."""
    return GridCell(day(on, lang), value=on) if on else GridCell("–", value=date.max)


def _partner(register: Register, own: AgreementOn, lang: str) -> GridCell:
    party = own.version.partner
    if own.partner == party:
        return _named(party, register.partners)
    said = register.partner_names(own)
    if UNDECIDED in own.partner.split(", "):
        said = said.replace(UNDECIDED, text("agreements.undecided", lang))
    former = text("agreements.party_was", lang, party=register.partners.get(party, party))
    return GridCell(said, value=said, small=former)


def _status(own: AgreementOn, lang: str) -> GridCell:
    told = word("agreement_status", own.status, lang)
    return GridCell(told, value=told, tone=TONES[own.status])


def _amended(own: AgreementOn, lang: str) -> GridCell:
    made = own.version.amendment
    if made is None:
        return GridCell("–", value=date.min)
    kind = word("amendment_kind", made.kind, lang)
    small = text("agreements.amended", lang, number=made.number, kind=kind)
    return GridCell(day(made.effective_on, lang), value=made.effective_on, small=small)
