"""A page in a browser: its HTML goes there, what is clicked and typed comes back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import anywidget
import traitlets
from ipywidgets import widget_serialization

from toolkit import config
from toolkit.errors import ToolkitError
from toolkit.pages.html import render, warm
from toolkit.pages.page import MAXIMUM_UPLOAD_BYTES, Desk, Page
from toolkit.services import faults, people, stored, visits
from toolkit.texts import LANGUAGES, text

_HERE = Path(__file__).parent
_WORDS = ("no_answer", "reload", "required", "too_large", "working")


class Live(anywidget.AnyWidget):
    """The widget of a page. Nothing it is told by the browser says who acts."""

    # anywidget takes one module, and loads it where it cannot import another
    _esm = "\n".join(
        (_HERE / part).read_text(encoding="utf-8")
        for part in ("live_merge.js", "live_focus.js", "live.js")
    )
    html = traitlets.Unicode().tag(sync=True)
    slots = traitlets.Dict().tag(sync=True, **widget_serialization)
    words = traitlets.Dict().tag(sync=True)
    address = traitlets.Unicode().tag(sync=True)
    """What follows the page's path, so that it opens again as it stands now."""
    most_bytes = traitlets.Int(MAXIMUM_UPLOAD_BYTES).tag(sync=True)

    def __init__(self, make: Callable[[Desk], Page]) -> None:
        super().__init__(words=_words(LANGUAGES[0]))
        self._make = make
        self._page: Page | None = None
        self._upload: Upload | None = None
        self.on_msg(self._received)

    def _received(self, _widget: object, content: object, buffers: Sequence[Any]) -> None:
        if not isinstance(content, Mapping):  # no page of ours has sent it
            return
        number = content.get("number")
        try:
            self._answer(content, buffers)
        except Exception as error:
            fault = faults.record(error, "page")
            lang = self._page.lang if self._page else LANGUAGES[0]
            self.send({"type": "fault", "sentence": text("page.fault", lang, number=fault)})
        finally:
            self.send({"type": "done", "number": number})

    def _answer(self, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        kind = content.get("type")
        if kind == "open":
            self._open(content)
        elif self._page is None:
            return
        elif kind == "draft":
            self._page.keep_draft(str(content.get("form", "")), _texts(content.get("values")))
        elif kind == "event":
            self._fire(str(content.get("name", "")), _texts(content.get("values")))
        elif kind == "piece":
            self._piece(self._page, content, buffers)

    def _open(self, content: Mapping[str, Any]) -> None:
        if self._page is None:
            self._page = self._begin()
            if self._page is None:
                return
        for form, values in dict(content.get("drafts") or {}).items():
            self._page.keep_draft(str(form), _texts(values))
        self._show(self._page.begin())
        if (html := self._page.follow()) is not None:
            self._show(html)

    def _begin(self) -> Page | None:
        folder = config.visit_folder()
        visit = visits.visit(folder) if folder else None
        if folder is None or visit is None:
            self.html = render("broken.html", LANGUAGES[0], messages=[])
            return None
        self.words = _words(visit.lang)
        desk = Desk(
            visit, folder.parent, stored.store(),
            show_progress=self._progress, fetch=self._fetch, redraw=self._redraw,
        )  # fmt: skip
        self._upload = Upload(folder)
        return self._make(desk)

    def _fire(self, name: str, values: Mapping[str, Any]) -> None:
        assert self._page is not None
        self._show(self._page.fire(name, values))
        for form in self._page.handed_in:
            self.send({"type": "handed_in", "form": form})

    def _piece(self, page: Page, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        assert self._upload is not None
        piece = bytes(buffers[0]) if buffers else b""
        path = self._upload.take(content, piece)
        if path is not None:
            values = {**_texts(content.get("values")), "file": str(content.get("file", ""))}
            try:
                self._fire(str(content.get("name", "")), {**values, "path": path})
            finally:
                self._upload.drop()
        elif self._upload.refused:
            page.messages = []
            faults.note(f"upload of {page.desk.visit.person} refused: too large")
            page.say("page.too_large", tone="stop", most=MAXIMUM_UPLOAD_BYTES // 2**20)
            self._show(page.html())

    def _show(self, html: str) -> None:
        assert self._page is not None
        self.slots = dict(self._page.desk.grids)
        self.html = html
        self.address = f"?{urlencode(query)}" if (query := self._page.address()) else ""

    def _redraw(self) -> None:
        if self._page is not None:
            self._show(self._page.html())

    def _progress(self, done: int, of: int, sentence: str) -> None:
        self.send({"type": "progress", "done": done, "of": of, "sentence": sentence})

    def _fetch(self, token: str) -> None:
        self.send({"type": "fetch", "token": token})


class Upload:
    """A file that comes in pieces, laid down on disk; never more of it than is allowed."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "upload"
        self._size = 0
        self.refused = False

    def take(self, content: Mapping[str, Any], piece: bytes) -> Path | None:
        """Add a piece; the file when it was the last one, None while it is not whole."""
        if content.get("at") == 0:
            self.drop()
            self._size, self.refused = 0, False
        if self.refused or content.get("at") != self._size:
            return None
        self._size += len(piece)
        if self._size > MAXIMUM_UPLOAD_BYTES:
            self.drop()
            self.refused = True
            return None
        with self._path.open("ab") as file:
            file.write(piece)
        return self._path if content.get("last") else None

    def drop(self) -> None:
        """Remove what has come."""
        self._path.unlink(missing_ok=True)


def _words(lang: str) -> dict[str, str]:
    most = MAXIMUM_UPLOAD_BYTES // 2**20
    return {word: text(f"page.{word}", lang, most=most) for word in _WORDS}


def _texts(values: object) -> dict[str, str]:
    """What a browser sent as fields: names and texts, nothing else."""
    if not isinstance(values, Mapping):
        return {}
    return {str(name): value for name, value in values.items() if isinstance(value, str)}


def show(name: str) -> Live:
    """The page of a notebook: the last line of its only cell."""
    from toolkit.pages.registry import page_class

    logging.getLogger("traitlets").setLevel(logging.ERROR)
    _warm(name)
    return Live(page_class(name))


def _warm(name: str) -> None:
    """What a first visit would wait for, in a kernel that waits for its person: no data is kept."""
    warm(f"{name}.html")
    with suppress(ToolkitError):  # a store that cannot be read is told to the person
        people.people(stored.store())
