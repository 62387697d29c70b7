"""What was found while reading and checking: where, what, what was expected, what to do."""

from __future__ import annotations

from toolkit.reports.allocation.layout import Layout
from toolkit.reports.report import Column, Sheet

_WEIGHT = {"blocks": 0, "explain": 1, "note": 2}


def findings_sheet(layout: Layout) -> Sheet:
    """All findings, the blocking ones first."""
    lang, say = layout.lang, layout.say
    findings = sorted(layout.allocation.findings, key=lambda f: _WEIGHT[f.severity])
    texts = {
        "severity": ([layout.word("severity", f.severity) for f in findings], 12),
        "file": ([f.file for f in findings], 18),
        "sheet": ([f.sheet for f in findings], 12),
        "cell": ([f.cell for f in findings], 9),
        "found": ([f.value for f in findings], 18),
        "problem": ([f.problem(lang) for f in findings], 48),
        "expected": ([f.expected(lang) for f in findings], 36),
        "remedy": ([f.remedy(lang) for f in findings], 44),
        "rule": ([f.rule for f in findings], 26),
    }
    return Sheet(
        name=say("sheet.findings"),
        title=say("title.findings"),
        subtitle=layout.subtitle,
        note=layout.note,
        columns=[
            Column(say(key), "wide", values, width=width) for key, (values, width) in texts.items()
        ],
    )
