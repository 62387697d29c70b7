"""The workbook of a semester maximum: every figure live, linked and explained."""

from toolkit.reports.allocation.report import allocation_report

__all__ = ["allocation_report"]
