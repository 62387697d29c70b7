"""Between browser and page: pieces of a file, fields, and what a message may not do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from toolkit.pages import live
from toolkit.pages.html import render
from toolkit.pages.page import Page, event
from toolkit.services import drafts, visits
from toolkit.services.visits import Visit


class Echo(Page):
    """Remembers what it was told."""

    name = "echo"

    def open(self) -> None:
        self.heard: list[dict[str, Any]] = []

    @event
    def hear(self, values: Mapping[str, Any]) -> None:
        path = values.get("path")
        content = path.read_bytes() if isinstance(path, Path) else None
        self.heard.append({**values, "content": content})

    @event
    def hand_in(self, _: Mapping[str, Any]) -> None:
        self.drop_draft("f")

    @event
    def break_(self, _: Mapping[str, Any]) -> None:
        raise ZeroDivisionError("/srv/secret")

    def html(self) -> str:
        return render("messages.html", self.lang, messages=self.messages)


@pytest.fixture
def opened(
    home: Path, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[live.Live, list[dict[str, Any]]]:
    """A page whose kernel was told by the launcher that Anna has opened it."""
    folder = spool / "kernel"
    visits.announce(folder, Visit("anna", "echo", "lv", {}))
    monkeypatch.setenv("GRANTS_VISIT", str(folder))
    widget, sent = live.Live(Echo), []
    monkeypatch.setattr(widget, "send", sent.append)
    tell(widget, type="open", drafts={"f": {"a": "šķūņi"}})
    return widget, sent


def tell(widget: live.Live, *buffers: bytes, **message: Any) -> None:
    widget._received(None, message, [memoryview(one) for one in buffers])


def pieces(widget: live.Live, *sizes: int, name: str = "hear", **values: str) -> None:
    at = 0
    for index, size in enumerate(sizes):
        tell(
            widget, b"x" * size, type="piece", name=name, file="Ēģ.xlsx", at=at,
            last=index == len(sizes) - 1, values=values, number=index,
        )  # fmt: skip
        at += size


def test_a_file_comes_whole_in_its_pieces(opened: Any, spool: Path) -> None:
    widget, sent = opened
    pieces(widget, 5, 5, 3, table="counts")
    (heard,) = widget._page.heard
    assert (heard["content"], heard["file"], heard["table"]) == (b"x" * 13, "Ēģ.xlsx", "counts")
    assert [one["number"] for one in sent if one["type"] == "done"][-3:] == [0, 1, 2]
    assert not (spool / "kernel" / "upload").exists()


@pytest.mark.parametrize(("sizes", "refused"), [((6, 4), False), ((6, 5), True)])
def test_the_last_byte_that_is_allowed_and_the_first_that_is_not(
    sizes: tuple[int, ...],
    refused: bool,
    opened: Any,
    monkeypatch: pytest.MonkeyPatch,
    spool: Path,
) -> None:
    monkeypatch.setattr(live, "MAXIMUM_UPLOAD_BYTES", 10)
    widget, _ = opened
    pieces(widget, *sizes)
    assert bool(widget._page.heard) is not refused
    assert bool(widget._page.messages) is refused
    assert not (spool / "kernel" / "upload").exists()


def test_a_piece_out_of_its_place_is_not_taken(opened: Any) -> None:
    widget, _ = opened
    tell(widget, b"abc", type="piece", name="hear", file="a", at=0, last=False, values={})
    tell(widget, b"zzz", type="piece", name="hear", file="a", at=7, last=True, values={})
    tell(widget, b"de", type="piece", name="hear", file="a", at=3, last=True, values={})
    assert [heard["content"] for heard in widget._page.heard] == [b"abcde"]


def test_an_event_carries_texts_and_never_a_path(opened: Any) -> None:
    widget, _ = opened
    tell(widget, type="event", name="hear", values={"path": "/etc/passwd", "n": 3, "l": ["x"]})
    assert widget._page.heard == [{"path": "/etc/passwd", "content": None}]


@pytest.mark.parametrize(
    "message",
    [
        {}, {"type": "nothing"}, {"type": "event"}, {"type": "event", "name": "__init__"},
        {"type": "event", "name": "hear", "values": "text"}, {"type": "draft"},
        {"type": "draft", "form": None, "values": 3}, {"type": "piece"},
        {"type": "piece", "at": "0", "last": True}, {"type": "open", "drafts": 3},
    ],
)  # fmt: skip
def test_a_message_of_another_shape_breaks_nothing(message: dict[str, Any], opened: Any) -> None:
    widget, sent = opened
    tell(widget, **message, number=77)
    assert sent[-1] == {"type": "done", "number": 77}
    tell(widget, type="event", name="hear", values={"a": "b"})
    assert widget._page.heard[-1]["a"] == "b"


def test_what_was_typed_before_the_kernel_was_there_is_kept(opened: Any) -> None:
    assert drafts.kept("anna", "echo f") == {"a": "šķūņi"}


def test_the_browser_hears_which_form_was_handed_in(opened: Any) -> None:
    widget, sent = opened
    tell(widget, type="event", name="hand_in", values={}, number=7)
    assert sent[-2:] == [{"type": "handed_in", "form": "f"}, {"type": "done", "number": 7}]
    assert drafts.kept("anna", "echo f") == {}
    tell(widget, type="event", name="hear", values={}, number=8)
    assert sent[-1:] == [{"type": "done", "number": 8}]
    assert sum(one["type"] == "handed_in" for one in sent) == 1


def test_nobody_has_opened_a_kernel_that_was_not_told_so(
    home: Path, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRANTS_VISIT", str(spool))
    widget = live.Live(Echo)
    monkeypatch.setattr(widget, "send", lambda _: None)
    tell(widget, type="open")
    tell(widget, type="event", name="hear", values={})
    assert widget._page is None
    assert "Piesakieties" in widget.html


def test_a_fault_shows_a_number_and_no_path(opened: Any) -> None:
    widget, _ = opened
    tell(widget, type="event", name="break_", values={})
    assert "kods" in widget.html
    assert "secret" not in widget.html


def test_what_comes_after_the_first_look_comes_and_a_page_without_it_is_drawn_once(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    widget, _ = opened
    assert widget._page.follow() is None
    monkeypatch.setattr(Echo, "settle", lambda _: True)
    assert widget._page.follow() is not None
    monkeypatch.setattr(Echo, "settle", lambda _: 1 // 0)
    assert "kods" in (widget._page.follow() or "")
