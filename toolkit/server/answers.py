"""What every answer of the launcher has: strict headers, a signed-in person, our error page."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast

from jupyter_server.base.handlers import JupyterHandler
from tornado import web

from toolkit.server.frame import LANGUAGE_COOKIE, Frame
from toolkit.services import faults
from toolkit.texts import LANGUAGES, text

if TYPE_CHECKING:
    from toolkit.server.launcher import Launcher
    from toolkit.server.sessions import Session

HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self' blob:",  # anywidget loads a widget's code as a blob
            "style-src 'self' 'unsafe-inline'",  # Jupyter's own styles are put into the page
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


_TOLD = (403, 429)
"""Refusals with a sentence of their own; all others are "no such page"."""


class NoRightsError(web.HTTPError):
    """The person's roles do not open the page."""

    def __init__(self) -> None:
        super().__init__(403)


class Answer(JupyterHandler):
    """A request that only a signed-in person may make."""

    @property
    def launcher(self) -> Launcher:
        return cast("Launcher", self.settings["launcher"])

    @property
    def session(self) -> Session | None:
        """The session of the browser, None when nobody is signed in."""
        return self.launcher.session_of(self)

    @property
    def lang(self) -> str:
        """The language chosen in the header; Latvian until one was."""
        chosen = self.get_cookie(LANGUAGE_COOKIE, LANGUAGES[0])
        return chosen if chosen in LANGUAGES else LANGUAGES[0]

    @property
    def frame(self) -> Frame:
        return Frame(self.lang, self.base_url)

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def write_error(self, status_code: int, **facts: Any) -> None:
        """A sentence in the person's language; a fault of ours is in the log under its number."""
        known = 500 if status_code >= 500 else status_code if status_code in _TOLD else 404
        error = facts.get("exc_info", (None, None))[1]
        number = ""
        if known == 500 and error is not None:
            number = faults.record(error, f"address {self.request.path}")
        said = "rights" if isinstance(error, NoRightsError) else known
        sentence = text(f"page.error.{said}", self.lang, number=number)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.frame.error(sentence, signed_in=self.session is not None))


class Nothing(Answer):
    """Every address that is not ours: the login page first, then "no such page"."""

    @web.authenticated
    async def get(self, *_: str) -> None:
        raise web.HTTPError(404)

    post = put = delete = patch = head = options = get


def now() -> float:
    """Seconds on the clock that sessions are measured with."""
    return time.monotonic()
