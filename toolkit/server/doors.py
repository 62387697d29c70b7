"""Sign in and sign out."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado import web
from tornado.ioloop import IOLoop

from toolkit.errors import RefusedError, ToolkitError
from toolkit.pages.names import FIRST
from toolkit.server.answers import Answer, now
from toolkit.server.frame import LANGUAGE_COOKIE
from toolkit.services import faults, passwords, stored
from toolkit.services.people import Person, acting
from toolkit.texts import LANGUAGES, text

COOKIE = "grants-session"
LONGEST_FIELD = 200
_LOG = logging.getLogger("grants.login")


class Login(Answer):
    """The only page for somebody who is not signed in."""

    @allow_unauthenticated
    async def get(self) -> None:
        if self.session:
            self.redirect(self._after())
            return
        chosen = self.get_query_argument("lang", "")
        if chosen in LANGUAGES:
            self.set_cookie(LANGUAGE_COOKIE, chosen, samesite="Lax", path=self.base_url)
            self.redirect(f"{self.base_url}login")
            return
        self._show("", "")

    @allow_unauthenticated
    async def post(self) -> None:
        # JupyterHandler checks the mark against forged forms before it comes here
        code = self.get_body_argument("person", "")[:LONGEST_FIELD].strip()
        password = self.get_body_argument("password", "", strip=False)[:LONGEST_FIELD]
        address, tries = str(self.request.remote_ip), self.launcher.tries
        if wait := tries.wait(code, address, now()):
            self.set_status(429)
            self._show(text("page.login.wait", self.lang, seconds=int(wait) + 1), code)
            return
        # counted before the slow check: a hundred tries at once are not one try
        tries.failed(code, address, now())
        try:
            person, version = await IOLoop.current().run_in_executor(None, _checked, code, password)
        except ToolkitError as error:
            # what a database complains of names files: that is for the log
            number = faults.record(error, "sign-in")
            self.set_status(503)
            self._show(text("page.no_store", self.lang, number=number), code)
            return
        if person is None:
            _LOG.warning("sign-in refused from %s", address)
            self.set_status(401)
            self._show(text("page.login.refused", self.lang), code)
            return
        tries.succeeded(code, address, now())
        session = self.launcher.sessions.begin(person.code, now(), version)
        self.set_signed_cookie(
            COOKIE, session.key, expires_days=None, httponly=True, samesite="Lax",
            secure=self._is_encrypted(), path=self.base_url,
        )  # fmt: skip
        self.redirect(self._after())

    def _is_encrypted(self) -> bool:
        """Whether the browser came by TLS, as the proxy before us says; a lie harms its teller."""
        told = self.request.headers.get("X-Forwarded-Proto", self.request.protocol)
        return told == "https"

    def _show(self, sentence: str, code: str) -> None:
        after = self.get_argument("next", "")
        self.finish(self.frame.login(self.xsrf_token.decode(), after, sentence, code))

    def _after(self) -> str:
        """Where the person wanted to go: a page of ours, never another address."""
        wanted = urlsplit(self.get_argument("next", ""))
        inside = not wanted.scheme and not wanted.netloc and "\\" not in wanted.path
        if inside and wanted.path.startswith(self.base_url) and "//" not in wanted.path:
            return wanted.geturl()
        return f"{self.base_url}{FIRST}"


class Logout(Answer):
    """The end of a session: its pages' kernels end with it."""

    @web.authenticated
    async def post(self) -> None:
        session = self.session
        if session:
            await self.launcher.end_session(session.key)
        self.clear_cookie(COOKIE, path=self.base_url)
        self.redirect(f"{self.base_url}login")


class Password(Answer):
    """Somebody changes their own password; their other sessions end with the old one."""

    @web.authenticated
    async def get(self) -> None:
        self._show("")

    @web.authenticated
    async def post(self) -> None:
        session = self.session
        if session is None:
            raise web.HTTPError(403)
        address, tries = str(self.request.remote_ip), self.launcher.tries
        if wait := tries.wait(session.person, address, now()):
            self.set_status(429)
            self._show(text("page.login.wait", self.lang, seconds=int(wait) + 1))
            return
        typed = passwords.Change(*(self._typed(name) for name in ("old", "new", "again")))
        # whoever finds a screen left open guesses no faster here than at the door
        tries.failed(session.person, address, now())
        try:
            version = await IOLoop.current().run_in_executor(None, _changed, session.person, typed)
        except RefusedError as refused:
            # what is wrong with the new one is no guess at the old one
            if not any(reason.at == "old" for reason in refused.reasons):
                tries.succeeded(session.person, address, now())
            self.set_status(422)
            at = refused.reasons[0].at
            self._show(refused.sentence(self.lang), at="new" if at == "password" else at)
            return
        except ToolkitError as error:
            number = faults.record(error, "password")
            self.set_status(503)
            self._show(text("page.no_store", self.lang, number=number))
            return
        tries.succeeded(session.person, address, now())
        self.launcher.sessions.renew(session.key, version)
        await self.launcher.end_outdated()
        self._show(text("page.password.changed", self.lang), done=True)

    def _typed(self, name: str) -> str:
        return self.get_body_argument(name, "", strip=False)[:LONGEST_FIELD]

    def _show(self, sentence: str, *, at: str = "", done: bool = False) -> None:
        self.finish(self.frame.password(self.xsrf_token.decode(), sentence, at, done=done))


def standing() -> dict[str, int]:
    """The version of the password of everybody who can sign in."""
    return passwords.versions(stored.store())


def _changed(code: str, typed: passwords.Change) -> int:
    """The version of the password that holds now."""
    database = stored.store()
    passwords.change(database, acting(database, code), typed, stored.now())
    return standing()[code]


def _checked(code: str, password: str) -> tuple[Person | None, int]:
    """Whose password it is, and its version: read first, so that one changed meanwhile ends it."""
    version = standing().get(code, 0)
    return passwords.verify(stored.store(), code, password), version
