"""What was typed into the forms of the agreements' page, as the services take it."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.services.agreements_entering import NewAgreement
from toolkit.services.amending_typed import Typed

COVER = ("institution", "from_semester", "to_semester", "grades", "starts_on")
"""The fields of a row of coverage; row 2 is typed into `cover 2 institution` and so on."""
HEAD = ("agreement", "partner", "signed_on", "valid_from", "valid_to", "amount")
MOST_ROWS = 100
_MEASURE = "measure "
_VALUES = {"term": "day", "termination": "day", "money": "amount", "party": "partner"}
"""The field in which the value of an amendment is typed, by its kind."""
_FIELDS = {"ends_on": "day", "amount_cents": "amount"}
"""Fields that the form calls otherwise than the register does."""

Values = Mapping[str, str]


def rows(values: Values) -> int:
    """How many rows of coverage the form has."""
    written = values.get("rows", "")
    return min(max(int(written), 1), MOST_ROWS) if written.isdecimal() else 1


def coverage(values: Values) -> list[dict[str, str]]:
    """The rows of coverage in which anything is typed."""
    typed = [
        {name: values.get(f"cover {number} {name}", "").strip() for name in COVER}
        for number in range(1, rows(values) + 1)
    ]
    return [row for row in typed if any(row.values())]


def field(values: Values, at: str) -> str:
    """What a field that a service names is called in the form."""
    table, _, place = at.partition(" ")
    if table != "coverage":
        return _FIELDS.get(at, at)
    number, _, column = place.partition(" ")
    filled = [
        row for row in range(1, rows(values) + 1)
        if any(values.get(f"cover {row} {name}", "").strip() for name in COVER)
    ] or [1]  # fmt: skip
    return f"cover {filled[min(int(number), len(filled) - 1)]} {column}"


def with_row(values: Values, row: Values) -> dict[str, str]:
    """The form with one more row of coverage: a blank one, or one to be changed."""
    number = rows(values)
    if any(values.get(f"cover {number} {name}") for name in COVER) or not row:
        number = min(number + 1, MOST_ROWS)
    filled = {f"cover {number} {name}": text for name, text in row.items()}
    return {**values, **filled, "rows": str(number)}


def measures(values: Values) -> str:
    """The codes of the measures that are ticked."""
    return ",".join(name.removeprefix(_MEASURE) for name in values if name.startswith(_MEASURE))


def amendment(agreement: str, values: Values) -> Typed:
    """An amendment: of the fields those that its kind has."""
    kind = values.get("kind", "")
    value = measures(values) if kind == "measures" else values.get(_VALUES.get(kind, ""), "")
    return Typed(
        agreement, values.get("number", ""), kind, values.get("signed_on", ""),
        values.get("effective_on", ""), value, values.get("note", ""),
        coverage(values) if kind == "institutions" else (),
    )  # fmt: skip


def new_agreement(values: Values) -> NewAgreement:
    """A new agreement with its coverage."""
    head = {name: values.get(name, "").strip() for name in HEAD}
    return NewAgreement({**head, "measures": measures(values)}, coverage(values))
