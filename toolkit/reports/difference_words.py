"""A difference note in sentences: the direction is a word, never a sign."""

from __future__ import annotations

from toolkit.errors import UsageError
from toolkit.frames.difference import CAUSES, DifferenceNote, direction, permitted
from toolkit.texts import text
from toolkit.texts.formats import money


def sentences(note: DifferenceNote, lang: str) -> list[str]:
    """For each partner of the note what changes, by how much and why."""
    return [
        _sentence(row, note.names.get(row["partner"], row["partner"]), lang)
        for row in note.partners.iter_rows(named=True)
    ]


def preview(option: str, difference_cents: int, lang: str) -> str:
    """What choosing the option will do.

    Raises UsageError for an option that this difference does not permit.
    """
    known = permitted(difference_cents)
    if option not in known:
        raise UsageError("error.difference.option", option=option, options=", ".join(known) or "—")
    key = f"difference.{option}.{direction(difference_cents)}"
    return text(key, lang, amount=money(abs(difference_cents), lang))


def option_words(difference_cents: int, lang: str) -> str:
    """The options for a difference, as a person reads them."""
    return "; ".join(text(f"option.{option}", lang) for option in permitted(difference_cents))


def _sentence(row: dict[str, int], name: str, lang: str) -> str:
    difference, shifted = row["difference_cents"], row["esf_difference_cents"]
    key = f"difference.{direction(difference)}"
    amount = abs(difference or shifted)
    if not difference and shifted:
        key += f".{direction(shifted)}"
    said = text(
        key, lang, partner=name, amount=money(amount, lang), causes=_causes(row, lang),
        old=money(row["old_cents"] + row["noted_cents"], lang), new=money(row["new_cents"], lang),
    )  # fmt: skip
    if row["refused"]:
        said += " " + text("difference.refused", lang, count=row["refused"])
    return said


def _causes(row: dict[str, int], lang: str) -> str:
    """Each cause with what it does: `a, b and c`."""
    named = [
        text(
            f"difference.by.{direction(cents)}", lang,
            cause=text(f"cause.{cause}", lang), amount=money(abs(cents), lang),
        )
        for cause in CAUSES
        if (cents := row[f"{cause}_cents"])
    ]  # fmt: skip
    if len(named) < 2:
        return "".join(named)
    return text("difference.and", lang, first=", ".join(named[:-1]), last=named[-1])
