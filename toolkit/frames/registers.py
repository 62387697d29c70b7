"""Who is who, on which day: the registers an allocation relies on."""

from __future__ import annotations

import polars as pl
from polars.datatypes import DataType, DataTypeClass

from toolkit.frames.promise import Promise

Columns = dict[str, DataType | DataTypeClass]
_TEXT, _DAY, _WHOLE = pl.String, pl.Date, pl.Int64
_PLACE: Columns = {"file": _TEXT, "row": _WHOLE}
"""Every register row knows where it was read: its file and the row in it."""
_SPAN: Columns = {"valid_from": _DAY, "valid_to": _DAY}
_OPEN = frozenset({"valid_to"})

SEMESTERS = Promise(
    "semesters",
    _PLACE
    | {"semester": _TEXT, "first_day": _DAY, "last_day": _DAY, "status": _TEXT, "source": _TEXT},
    key=("semester",),
    rules={"ends after it begins": pl.col("first_day") <= pl.col("last_day")},
)
PARTNERS = Promise(
    "partners",
    _PLACE | {"partner": _TEXT, "name": _TEXT, "kind": _TEXT, "registration_number": _TEXT} | _SPAN,
    key=("partner",),
    nullable=_OPEN,
)
INSTITUTIONS = Promise(
    "institutions",
    _PLACE | {"institution": _TEXT, "name": _TEXT, "kind": _TEXT} | _SPAN,
    key=("institution",),
    nullable=_OPEN,
)
MEMBERSHIPS = Promise(
    "memberships", _PLACE | {"institution": _TEXT, "partner": _TEXT} | _SPAN, nullable=_OPEN
)
SUCCESSIONS = Promise(
    "successions",
    _PLACE
    | {"kind": _TEXT, "predecessor": _TEXT, "successor": _TEXT}
    | {"effective_on": _DAY, "document": _TEXT},
)
AGREEMENTS = Promise(
    "agreements",
    _PLACE
    | {"agreement": _TEXT, "partner": _TEXT, "signed_on": _DAY}
    | _SPAN
    # codes joined by commas, empty: all of the catalogue
    | {"measures": _TEXT, "amount_cents": _WHOLE},
    key=("agreement",),
    nullable=_OPEN | {"amount_cents"},
)
AMENDMENTS = Promise(
    "amendments",
    _PLACE
    | {"agreement": _TEXT, "amendment": _TEXT, "signed_on": _DAY, "effective_on": _DAY}
    # ends_on is `value` read as a day, for the kinds `term` and `termination`
    | {"kind": _TEXT, "value": _TEXT, "note": _TEXT, "ends_on": _DAY},
    nullable=frozenset({"ends_on"}),
)
COVERAGE = Promise(
    "coverage",
    _PLACE
    | {"agreement": _TEXT, "institution": _TEXT, "from_semester": _TEXT, "to_semester": _TEXT}
    # null grades cover all of the target group
    | {"grades": pl.List(_WHOLE)}
    # the first day of support at the institution, and the amendment that brought the row
    | {"starts_on": _DAY, "amendment": _TEXT},
    nullable=frozenset({"grades", "starts_on"}),
)
STRATEGIC_PARTNERS = Promise(
    "strategic_partners",
    _PLACE | {"agreement": _TEXT, "name": _TEXT, "kind": _TEXT} | _SPAN,
    key=("agreement", "name", "valid_from"),
    nullable=_OPEN,
)
COUNTS = Promise(
    "counts",
    _PLACE
    | {"semester": _TEXT, "institution": _TEXT, "programme": _TEXT, "grade": _WHOLE}
    | {"grade_text": _TEXT, "plan_kind": _TEXT, "plans": _WHOLE, "plans_text": _TEXT},
    # null where the text is no whole number: the rules refuse such a row, never read it as 0
    nullable=frozenset({"grade", "plans"}),
)

PLANS = Promise(
    "plans",
    _PLACE
    | {"plan": _TEXT, "semester": _TEXT, "institution": _TEXT, "programme": _TEXT}
    # `learner` is a keyed pseudonym; `risks` are codes joined by commas
    | {"grade": _WHOLE, "plan_kind": _TEXT, "learner": _TEXT, "risks": _TEXT}
    # a plan's own period may outlive its semester
    | {"starts_on": _DAY, "ends_on": _DAY},
    key=("plan",),
    rules={"ends after it begins": pl.col("starts_on") <= pl.col("ends_on")},
)
MEASURES = Promise(
    "measures",
    _PLACE | {"plan": _TEXT, "measure": _TEXT, "quantity": _WHOLE, "price_cents": _WHOLE},
    key=("plan", "measure"),
)
UNSPENT = Promise(
    "unspent",
    _PLACE | {"partner": _TEXT, "semester": _TEXT, "unspent_cents": _WHOLE},
    key=("partner", "semester"),
)
QUOTAS = Promise(
    "quotas",
    # projects of a call that a partner may grant
    _PLACE | {"partner": _TEXT, "call": _TEXT, "projects": _WHOLE},
    key=("partner", "call"),
)

REGISTERS = {
    promise.name: promise
    for promise in (
        SEMESTERS, PARTNERS, INSTITUTIONS, MEMBERSHIPS, SUCCESSIONS, AGREEMENTS, AMENDMENTS,
        COVERAGE, COUNTS, PLANS, MEASURES, STRATEGIC_PARTNERS, UNSPENT, QUOTAS,
    )
}  # fmt: skip
