"""Individual support plans, one per learner and semester, without any name or personal code."""

from __future__ import annotations

import dataframely as dy


class Plans(dy.Schema):
    plan = dy.Int64()
    learner = dy.Int64()
    """A number of this file only; never a personal code."""
    semester = dy.String()
    institution = dy.String()
    programme = dy.String()
    grade = dy.Int64()
    plan_kind = dy.String()
    starts_on = dy.Date()
    ends_on = dy.Date()


COUNT_KEY = ("semester", "institution", "programme", "grade", "plan_kind")
