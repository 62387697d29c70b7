"""The entry of the journal that is open on the page."""

from __future__ import annotations

from toolkit.services import journal_told
from toolkit.services.journal_changes import EntryChanges
from toolkit.texts.formats import journal_subject, moment, word


class One:
    """An entry: who wrote it, when and why, and what it changed."""

    def __init__(self, found: EntryChanges, lang: str) -> None:
        entry, person = found.entry, found.names["person"]
        self.number = entry.number
        self.person = person.get(entry.person, entry.person)
        self.at = moment(entry.at, lang)
        self.action = word("action", entry.action, lang)
        self.subject = journal_subject(entry.subject, lang)
        self.reason, self.hash = entry.reason, entry.hash
        self.tables = tuple(journal_told.tables(found, lang))
