"""Where the programme stands."""

from __future__ import annotations

from toolkit.pages.page import Page


class Overview(Page):
    """Money by semester, targets, what is due, what was done last."""

    name = "overview"
