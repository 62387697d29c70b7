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
from toolkit.reports.report import Report

# Latvian groups thousands from five digits on
_MONEY = {"lv": "[<10000]0.00;#,##0.00", "en": "#,##0.00"}


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
        money_format=_MONEY[lang],
        ok=layout.say("check.ok"),
        wrong=layout.say("check.wrong"),
    )
