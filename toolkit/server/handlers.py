"""The addresses of the launcher: pages, channels to kernels, files to fetch, what browsers load."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, quote

from jupyter_server.auth.decorator import allow_unauthenticated, ws_authenticated
from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado import web
from tornado.httputil import url_concat
from voila.request_info_handler import RequestInfoSocketHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import MultiStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import (
    VoilaKernelWebsocketHandler,
    read_header_from_binary_message,
)

from toolkit.pages.names import PAGES
from toolkit.server.answers import Answer, NoRightsError, now
from toolkit.server.frame import LANGUAGE_COOKIE
from toolkit.services import drafts, faults, people, stored, visits
from toolkit.services.people import Person
from toolkit.texts import LANGUAGES

START_SECONDS = 60
"""How long a page may take to be drawn."""
PROTOCOL = "v1.kernel.websocket.jupyter.org"
UNTOLD = ("error", "stream")
"""What a kernel says of its own accord: no page shows it."""


class Page(Answer, TornadoVoilaHandler):
    """A page for the person who is signed in, when their roles open it."""

    @property
    def kernel_manager(self) -> Any:
        return _Watched(super().kernel_manager, self._opened)

    @web.authenticated
    async def get(self, name: str = "") -> None:
        chosen = self.get_query_argument("lang", "")
        if chosen in LANGUAGES:
            self.set_cookie(LANGUAGE_COOKIE, chosen, samesite="Lax", path=self.base_url)
            rest = [(key, value) for key, value in parse_qsl(self.request.query) if key != "lang"]
            self.redirect(url_concat(self.request.path, rest))
            return
        person = self._person()
        if not person.roles & PAGES[name]:
            raise NoRightsError
        asked = {key: self.get_query_argument(key) for key in self.request.query_arguments}
        self._visit = visits.Visit(person.code, name, self.lang, asked)
        xsrf, frame = self.xsrf_token.decode(), self.frame
        with self.launcher.owners.opening(person.code) as may:
            if not may:
                raise web.HTTPError(429)
            try:
                # a kernel that dies while it starts would be waited for without end
                async with asyncio.timeout(START_SECONDS):
                    async for html in self.get_generator(path=f"{name}.ipynb"):
                        self.write(frame.filled(html, name, person, xsrf))
                        await self.flush()
            except TimeoutError as error:
                # the head of the page is with the browser by now: its end says why
                number = faults.record(error, f"address {self.request.path}")
                self.write(frame.given_up(number))

    def _person(self) -> Person:
        session = self.session
        if session is None:
            raise web.HTTPError(403)
        return people.acting(stored.store(), session.person)

    def _opened(self, kernel_id: str) -> None:
        session = self.session
        if session is None:
            raise web.HTTPError(403)
        self.launcher.owners.opened(kernel_id, self._visit, session.key, now())
        # Voilà would keep the request of everybody who ever came
        RequestInfoSocketHandler._cache.pop(kernel_id, None)


class _Watched:
    """The kernel manager as one request uses it: whoever gets the kernel becomes its owner."""

    def __init__(self, manager: Any, opened: Callable[[str], None]) -> None:
        self._manager, self._opened = manager, opened

    def __getattr__(self, name: str) -> Any:
        return getattr(self._manager, name)

    async def start_kernel(self, **kwargs: Any) -> str:
        kernel_id: str = await self._manager.start_kernel(**kwargs)
        self._opened(kernel_id)
        return kernel_id

    async def get_rendered_notebook(self, notebook_name: str, **_: Any) -> Any:
        # the address of this request is not passed on to the next kernel in the pool
        rendered = await self._manager.get_rendered_notebook(notebook_name=notebook_name)
        self._opened(rendered[2])
        return rendered


class _Owned(Answer):
    """Something about a kernel, for its owner alone; to everybody else there is no such kernel."""

    def must_own(self, kernel_id: str) -> None:
        session = self.session
        if session is None or not self.launcher.owners.owns(kernel_id, session.person, session.key):
            self.log.warning("kernel of somebody else asked for from %s", self.request.remote_ip)
            raise web.HTTPError(404)


class Kernel(_Owned, KernelHandler):
    """What the front end asks of its kernel before it connects."""

    @web.authenticated
    async def get(self, kernel_id: str) -> None:
        self.must_own(kernel_id)
        await super().get(kernel_id)

    @web.authenticated
    async def delete(self, _: str) -> None:
        raise web.HTTPError(404)


class Channels(_Owned, VoilaKernelWebsocketHandler):
    """The channel between a page and its kernel."""

    def set_default_headers(self) -> None:
        """A channel has no headers of a page."""

    @ws_authenticated
    async def get(self, kernel_id: str) -> None:
        self.must_own(kernel_id)
        await super().get(kernel_id)

    async def pre_get(self) -> None:
        # browsers speak it; of the older one nobody could tell a message's kind in time
        if PROTOCOL not in self.request.headers.get("Sec-WebSocket-Protocol", ""):
            raise web.HTTPError(404)
        await super().pre_get()
        # a browser that left meanwhile has closed what was about to open: no fault of ours
        if self.connection is None:
            raise web.Finish

    async def open(self, kernel_id: str) -> None:
        self.launcher.owners.connected(kernel_id)
        await super().open(kernel_id)

    def on_message(self, ws_message: Any) -> None:
        # a page in use keeps its session alive; one whose session is over is told nothing
        if self.session is None:
            self.close(4401)
            return
        super().on_message(ws_message)

    def write_message(self, message: Any, binary: bool = False) -> Any:
        # what a kernel complains of names files and lines: that is for the log
        header = read_header_from_binary_message(message) if isinstance(message, bytes) else None
        if header and header.get("msg_type") in UNTOLD:
            return None
        return super().write_message(message, binary)

    def on_close(self) -> None:
        self.launcher.owners.disconnected(self.kernel_id, now())
        if self.connection is not None:
            super().on_close()


class Shutdown(_Owned, VoilaShutdownKernelHandler):
    """A closed tab ends its kernel."""

    def check_xsrf_cookie(self) -> None:
        """A closing page cannot send the mark; only its own kernel can be ended here."""

    @web.authenticated
    async def post(self, kernel_id: str) -> None:
        self.must_own(kernel_id)
        await super().post(kernel_id)


class Leave(_Owned):
    """A page that is being left: what was typed last is kept, and its kernel ends.

    A browser gives a closing page time for one message, which carries no mark against
    forged forms; other sites' messages carry no session (SameSite).
    """

    def check_xsrf_cookie(self) -> None:
        """See above."""

    @web.authenticated
    async def post(self, kernel_id: str) -> None:
        self.must_own(kernel_id)
        served = self.launcher.owners.served(kernel_id)
        for form, values in _typed(self.request.body).items():
            drafts.keep(served.person, f"{served.page} {form}", values)
        await self.launcher.end_kernels([kernel_id])
        self.set_status(204)


def _typed(body: bytes) -> dict[str, dict[str, str]]:
    """Fields by form, as a page sends them; nothing for anything else."""
    try:
        told = json.loads(body or b"{}")
        return {
            str(form): {str(name): str(value) for name, value in values.items()}
            for form, values in told.items()
        }
    except (ValueError, AttributeError):
        return {}


class Download(Answer):
    """A file made for this person, once."""

    @web.authenticated
    async def get(self, token: str) -> None:
        session = self.session
        found = session and visits.fetch(self.launcher.spool, session.person, token)
        if not found:
            raise web.HTTPError(404)
        self.set_header("Content-Type", found.kind)
        self.set_header("Cache-Control", "no-store")
        name = quote(found.name)
        self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{name}")
        self.finish(found.content)


class Static(Answer, MultiStaticFileHandler):
    """What a page loads: Voilà's own files."""

    @web.authenticated
    async def get(self, path: str, include_body: bool = True) -> None:
        await super().get(path, include_body)


class Extension(Answer, FileFindHandler):
    """What a page loads: the code of widgets."""

    @web.authenticated
    async def get(self, path: str, include_body: bool = True) -> None:
        await super().get(path, include_body)


class Look(Answer, web.StaticFileHandler):
    """Our own style and pictures, which the login page wears too."""

    @allow_unauthenticated
    async def get(self, path: str, include_body: bool = True) -> None:
        await super().get(path, include_body)
