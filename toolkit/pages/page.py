"""What every page is: a class that tells what it shows and answers what was clicked.

It knows no widget: tests click it, `live.Live` shows it in a browser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from toolkit.errors import RefusedError, StoreError, ToolkitError, TypedError
from toolkit.pages.html import render
from toolkit.services import drafts, faults, people, stored, visits
from toolkit.texts import text

if TYPE_CHECKING:
    from toolkit.services.people import Person

Handler = TypeVar("Handler", bound=Callable[..., object])
Values = Mapping[str, str]
MAXIMUM_UPLOAD_BYTES = 100 * 2**20


def event(handler: Handler) -> Handler:
    """Something a browser may ask of a page; every other method is out of its reach."""
    handler.is_event = True  # type: ignore[attr-defined]
    return handler


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, and the field of the form it is about."""

    words: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence above the page: what went well, or why it did not."""

    tone: str
    said: tuple[Said, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The words alone."""
        return tuple(one.words for one in self.said)


@dataclass(slots=True)
class Desk:
    """Where a page works: whose it is, on which store, and how it reaches the browser."""

    visit: visits.Visit
    spool: Path
    database: stored.Store
    clock: Callable[[], datetime] = stored.now
    show_progress: Callable[[int, int, str], None] = lambda *_: None
    fetch: Callable[[str], None] = lambda _: None
    redraw: Callable[[], None] = lambda: None
    grids: dict[str, object] = field(default_factory=dict)
    """The widgets that stand in the template's slots."""


class Page:
    """One page opened by one person. Subclasses name their template and their events."""

    name: ClassVar[str]

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.lang = desk.visit.lang
        self.messages: list[Message] = []
        self.handed_in: list[str] = []
        """The forms that the last event took: nothing typed is to stay in them."""

    @property
    def person(self) -> Person:
        """Who acts, as the store knows them at this moment."""
        return people.acting(self.desk.database, self.desk.visit.person)

    def open(self) -> None:
        """Load what the page shows first."""

    def settle(self) -> bool:
        """Load what may come after the first look; whether there was anything."""
        return False

    def facts(self) -> Mapping[str, Any]:
        """What the template shows."""
        return {}

    def address(self) -> Mapping[str, str]:
        """With which query the page opens again as it stands: by reload, back, or language."""
        return {}

    def html(self) -> str:
        """The page as it stands."""
        return render(
            f"{self.name}.html", self.lang, messages=self.messages, draft=self.draft,
            **self.facts(),
        )  # fmt: skip

    def begin(self) -> str:
        """Open the page; a sentence in its place when that is not possible."""
        return self._guarded(self.open)

    def follow(self) -> str | None:
        """The page with what came after the first look; None when nothing does."""
        came: list[bool] = []
        html = self._guarded(lambda: came.append(self.settle()))
        return None if came == [False] else html

    def fire(self, name: str, values: Mapping[str, Any]) -> str:
        """Answer an event of the browser; the page as it stands after it."""
        handler = getattr(type(self), name, None)
        if not getattr(handler, "is_event", False):
            return self.html()
        self.messages, self.handed_in = [], []
        return self._guarded(lambda: handler(self, values))  # type: ignore[misc]

    def refresh(self) -> None:
        """Show the page anew, when something else than an event of it has changed it."""
        self.desk.redraw()

    def say(self, key: str, *, tone: str = "good", **facts: object) -> None:
        """A sentence above the page."""
        self.messages.append(Message(tone, (Said(text(key, self.lang, **facts)),)))

    def tell(self, error: ToolkitError) -> None:
        """Why something was not done, beside what was."""
        self.messages.append(self._told(error))

    def hand_out(self, name: str, kind: str, content: bytes) -> None:
        """A file for the person, fetched by their browser at once."""
        token = visits.hand_out(self.desk.spool, self.desk.visit.person, name, kind, content)
        self.desk.fetch(token)

    def draft(self, form: str, name: str, otherwise: object = "") -> str:
        """What the person had typed into a field, else what stands there."""
        found = drafts.kept(self.desk.visit.person, self._form(form))
        return found.get(name, "" if otherwise is None else str(otherwise))

    def keep_draft(self, form: str, values: Values) -> None:
        """Keep what is being typed."""
        drafts.keep(self.desk.visit.person, self._form(form), values)

    def drop_draft(self, form: str) -> None:
        """What was typed has been handed in."""
        drafts.drop(self.desk.visit.person, self._form(form))
        self.handed_in.append(form)

    @contextmanager
    def anew(self, load: Callable[[], object]) -> Iterator[None]:
        """Whoever is refused sees what stands now, not what they were refused for."""
        try:
            yield
        except ToolkitError:
            load()
            raise

    def field(self, at: str) -> str:
        """What a field that a service names is called in the page's form."""
        return at

    def _form(self, form: str) -> str:
        return f"{self.name} {form}"

    def _guarded(self, work: Callable[[], object]) -> str:
        """Whatever goes wrong becomes a sentence: ours as it is, others with a number."""
        try:
            work()
            return self.html()
        except Exception as error:
            self.messages.append(self._told(error))
        try:
            return self.html()
        except Exception as error:
            messages = [*self.messages, self._told(error)]
            return render("broken.html", self.lang, messages=messages)

    def _told(self, error: Exception) -> Message:
        said = told(error, self.lang, f"page {self.name}")
        return Message("stop", tuple(Said(one.words, self.field(one.field)) for one in said))


def told(error: Exception, lang: str, where: str) -> tuple[Said, ...]:
    """What a person is told of an error: ours as it is, others by their number in the log."""
    if isinstance(error, ToolkitError) and not isinstance(error, StoreError):
        return tuple(_said(error, lang))
    # what a database complains of names files and statements: that is for the log
    key = "page.no_store" if isinstance(error, StoreError) else "page.fault"
    return (Said(text(key, lang, number=faults.record(error, where))),)


def _said(error: ToolkitError, lang: str) -> Iterable[Said]:
    if isinstance(error, RefusedError):
        return [Said(reason.sentence(lang), reason.at) for reason in error.reasons]
    if isinstance(error, TypedError):
        # one sentence may be about two fields: it is said once, of the first
        said = {finding.typed(lang): field for field, finding in reversed(error.fields)}
        return [Said(words, field) for words, field in reversed(said.items())]
    return [Said(error.sentence(lang), error.at)]
