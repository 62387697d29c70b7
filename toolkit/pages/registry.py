"""Which class shows which page; loaded by a kernel, which needs one of them."""

from __future__ import annotations

from importlib import import_module

from toolkit.pages.names import PAGES
from toolkit.pages.page import Page


def page_class(name: str) -> type[Page]:
    """The class of a page. Raises LookupError for a name that is none."""
    if name not in PAGES:
        raise LookupError(name)
    found: type[Page] = getattr(import_module(f"toolkit.pages.{name}"), name.capitalize())
    return found
