"""Dated parameters with their source: load, the value on a day, a scenario, a difference."""

from toolkit.law.load import read_law
from toolkit.law.model import Dated, InForce, Law, LawOn, Parameter, Source

__all__ = ["Dated", "InForce", "Law", "LawOn", "Parameter", "Source", "read_law"]
