"""Who is who, on which day: the registers an allocation relies on."""

from __future__ import annotations

import dataframely as dy
import polars as pl


class _Placed(dy.Schema):
    """Every register row knows where it was read: its file and the row in it."""

    file = dy.String()
    row = dy.Int64()


class Semesters(_Placed):
    semester = dy.String(primary_key=True)
    first_day = dy.Date()
    last_day = dy.Date()
    status = dy.String()
    source = dy.String()

    @dy.rule()
    def ends_after_it_begins(cls) -> pl.Expr:
        return pl.col("first_day") <= pl.col("last_day")


class Partners(_Placed):
    partner = dy.String(primary_key=True)
    name = dy.String()
    kind = dy.String()
    registration_number = dy.String()
    valid_from = dy.Date()
    valid_to = dy.Date(nullable=True)


class Institutions(_Placed):
    institution = dy.String(primary_key=True)
    name = dy.String()
    kind = dy.String()
    valid_from = dy.Date()
    valid_to = dy.Date(nullable=True)


class Memberships(_Placed):
    institution = dy.String()
    partner = dy.String()
    valid_from = dy.Date()
    valid_to = dy.Date(nullable=True)


class Successions(_Placed):
    kind = dy.String()
    predecessor = dy.String()
    successor = dy.String()
    effective_on = dy.Date()
    document = dy.String()


class Agreements(_Placed):
    agreement = dy.String(primary_key=True)
    partner = dy.String()
    signed_on = dy.Date()
    valid_from = dy.Date()
    valid_to = dy.Date(nullable=True)


class Amendments(_Placed):
    agreement = dy.String()
    amendment = dy.String()
    signed_on = dy.Date()
    effective_on = dy.Date()
    kind = dy.String()
    value = dy.String()
    note = dy.String()
    ends_on = dy.Date(nullable=True)
    """`value` read as a day, for the kinds `term` and `termination`."""


class Coverage(_Placed):
    agreement = dy.String()
    institution = dy.String()
    from_semester = dy.String()
    to_semester = dy.String()
    grades = dy.List(dy.Int64(), nullable=True)
    """Null covers all of the target group."""


class Counts(_Placed):
    """Plans per semester, institution, programme, grade and plan kind, as a person wrote them.

    `grade` and `plans` are null where the text is not a whole number: the rules
    refuse such a row, they never read it as 0.
    """

    semester = dy.String()
    institution = dy.String()
    programme = dy.String()
    grade = dy.Int64(nullable=True)
    grade_text = dy.String()
    plan_kind = dy.String()
    plans = dy.Int64(nullable=True)
    plans_text = dy.String()


REGISTERS: dict[str, type[_Placed]] = {
    "semesters": Semesters,
    "partners": Partners,
    "institutions": Institutions,
    "memberships": Memberships,
    "successions": Successions,
    "agreements": Agreements,
    "amendments": Amendments,
    "coverage": Coverage,
    "counts": Counts,
}
