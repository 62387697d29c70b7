"""The allocation's report, sheet by sheet."""

from __future__ import annotations

from toolkit.frames.allocation import Allocation
from toolkit.reports.allocation.findings import findings_sheet
from toolkit.reports.allocation.institutions import institutions_sheet
from toolkit.reports.allocation.law import law_sheet
from toolkit.reports.allocation.layout import Layout
from toolkit.reports.allocation.rows import rows_sheet
from toolkit.reports.allocation.summary import summary_sheet
from toolkit.reports.allocation.trace import trace_sheet
from toolkit.reports.report import MONEY_FORMAT, Report


def allocation_report(allocation: Allocation, lang: str) -> Report:
    """The workbook's content in one language: summary, institutions, rows, law, findings, trace."""
    layout = Layout(allocation, lang)
    return Report(
        title=f"{layout.say('title')} · {layout.subtitle}",
        author=allocation.programme_title[lang],
        on=allocation.calendar.first_day,
        sheets=(
            summary_sheet(layout),
            institutions_sheet(layout),
            rows_sheet(layout),
            law_sheet(layout),
            findings_sheet(layout),
            trace_sheet(layout),
        ),
        money_format=MONEY_FORMAT[lang],
        ok=layout.say("check.ok"),
        wrong=layout.say("check.wrong"),
    )
