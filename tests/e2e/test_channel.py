"""A partner's person who speaks to the kernel by hand: no code runs, nothing of others is told."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from uuid import uuid4

import pytest
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests.e2e.conftest import Served
from tests.e2e.test_doors import kernel_of, signed_in
from toolkit.server.handlers import PROTOCOL

pytestmark = pytest.mark.slow
OTHERS = ("Rīgas", "Rugāj", "Aizpute", "RIGA", "RUGAJI")
INSIDE = ("Traceback", ".py", "SELECT", "sqlite", f"{Path.home()}/", f"{gettempdir()}/")
EVENTS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "agreements": [
        ("turn", {"view": "successions"}), ("succeeded_on", {"on": "2021-07-01"}),
        ("open_one", {"agreement": "EX-" + "RIGA"}), ("choose", {"day": "2021-01-01", "query": ""}),
        ("amend", {"kind": "term", "number": "9"}), ("enter", {"agreement": "N", "partner": "X"}),
        ("due_within", {"within": "3000", "day": "2022-09-01"}), ("draw", {"wanted": "yes"}),
        ("_load", {}), ("__init__", {}), ("fire", {"name": "x"}),
    ],
    "semester": [
        ("choose", {"semester": "2020/2021-1"}), ("workbook", {}), ("pack", {}),
        ("note_workbook", {}), ("note_draft", {}), ("draft_run", {}),
        ("take", {"action": "release"}),
        ("uploaded", {"path": "/etc/passwd", "file": "x.csv", "table": "counts"}), ("store", {}),
        ("marked", {}), ("note_propose", {"option X": "offset"}), ("note_confirm", {}),
    ],
}  # fmt: skip
BROKEN: list[Any] = [
    "x", 1, ["x"], {"type": "event", "name": ["x"], "values": [1]}, {"type": "open", "drafts": [1]},
    {"type": "piece", "at": "x", "name": "uploaded"}, {"type": "draft", "values": {"a": "\ud800"}},
]  # fmt: skip


class Channel:
    """The channel of a page to its kernel, and what comes back."""

    def __init__(self, socket: Any, model: str) -> None:
        self._socket, self._model = socket, model

    async def say(self, kind: str, content: Any, channel: str = "shell") -> str:
        head = {"msg_id": uuid4().hex, "msg_type": kind, "session": "s", "username": "u",
                "version": "5.3", "date": "2026-01-01T00:00:00Z"}  # fmt: skip
        told = {"header": head, "parent_header": {}, "metadata": {}, "content": content}
        sent = serialize_msg_to_ws_v1(told, channel, lambda one: json.dumps(one).encode())
        await self._socket.write_message(sent, binary=True)
        return await self.heard()

    async def event(self, content: Any) -> str:
        data = {"method": "custom", "content": content}
        told = await self.say("comm_msg", {"comm_id": self._model, "data": data})
        if isinstance(content, dict) and '"type": "done"' not in told:
            told += await self.heard(60)
        return told

    async def heard(self, seconds: float = 2) -> str:
        """What has come until it is quiet, or the page has answered, as one text."""
        told = []
        try:
            while (
                message := await asyncio.wait_for(self._socket.read_message(), seconds)
            ) is not None:
                _, parts = deserialize_msg_from_ws_v1(message)
                told.append(" ".join(json.dumps(json.loads(part), ensure_ascii=False)
                                     for part in parts[:4]))  # fmt: skip
                if seconds > 2 and '"type": "done"' in told[-1]:
                    break
        except TimeoutError:
            pass
        return "\n".join(told)


def spoken(served: Served, page: str, talk: Callable[[Channel], Awaitable[None]]) -> None:
    """Speak to the kernel of a page as Ludza's person."""
    client = signed_in(served, "ludza")
    html = client.ask(f"/{page}")[2]
    model = re.search(r'"model_id":\s*"([0-9a-f]{32})"', html)
    assert model
    path = f"/api/kernels/{kernel_of(html)}/channels"
    address = f"{served.url.replace('http', 'ws', 1)}{path}"
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    asked = HTTPRequest(
        f"{address}?session_id=s", headers={"Cookie": cookies, "Origin": served.url}
    )

    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
               "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}  # fmt: skip
    assert client.ask(path, **upgrade)[0] == 404  # the older protocol

    async def go() -> None:
        socket = await websocket_connect(asked, subprotocols=[PROTOCOL])
        try:
            await talk(Channel(socket, model[1]))
        finally:
            socket.close()
            while await socket.read_message() is not None:
                pass

    asyncio.run(go())


def test_no_code_runs_in_a_kernel(served: Served, tmp_path: Any) -> None:
    made = tmp_path / "made"
    code = f"open({str(made)!r}, 'w').write('x')"

    async def talk(channel: Channel) -> None:
        for place in ("shell", "control", "stdin", "iopub"):
            told = await channel.say("execute_request", {"code": code, "silent": False}, place)
            assert "execute" not in told
        for kind in ("complete_request", "inspect_request", "history_request", "debug_request"):
            told = await channel.say(kind, {"code": "open", "cursor_pos": 4, "command": "evaluate"})
            assert "_reply" not in told

    spoken(served, "overview", talk)
    assert not made.exists()


@pytest.mark.parametrize("page", EVENTS)
def test_no_event_tells_a_partner_of_others(page: str, served: Served) -> None:
    before = served.grants("journal", "--person", "anna", "--format", "json")

    async def talk(channel: Channel) -> None:
        assert '"type": "done"' in await channel.event({"type": "open"})
        for name, values in EVENTS[page]:
            told = await channel.event({"type": "event", "name": name, "values": values})
            sent = told.replace("EX-RIGA", "")  # a refusal quotes what was asked for
            assert [word for word in (*OTHERS, *INSIDE) if word in sent] == [], (name, told)

    spoken(served, page, talk)
    assert served.grants("journal", "--person", "anna", "--format", "json") == before


def test_a_message_that_is_none_tells_nothing_of_the_inside(served: Served) -> None:
    async def talk(channel: Channel) -> None:
        await channel.event({"type": "open"})
        told = [await channel.event(content) for content in BROKEN]
        told.append(await channel.say("comm_msg", {"comm_id": "none", "data": {}}))
        model = {"method": "update", "state": {"html": 1}, "buffer_paths": []}
        told.append(await channel.say("comm_msg", {"comm_id": channel._model, "data": model}))
        target = {"comm_id": "a" * 32, "target_name": "jupyter.widget", "data": {"state": {}}}
        told.append(await channel.say("comm_open", target))
        assert [word for word in INSIDE if word in "\n".join(told)] == [], told
        numbers = re.findall(r"\(kods ([0-9a-f]{8})\)", "\n".join(told))
        assert all(number in (served.home / "errors.log").read_text() for number in numbers)
        told = [await channel.event({"type": "event", "name": "turn", "values": {"view": "due"}})]
        assert "Ludza" in told[0]

    spoken(served, "agreements", talk)
