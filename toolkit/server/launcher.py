"""The launcher of the pages: Voilà with every door closed that we do not open ourselves.

Voilà alone leaves kernels behind, hands files out without a login, and takes the next
port in silence; its list of addresses is therefore not extended but replaced.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import shutil
import socket
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from jupyter_core.utils import run_sync
from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.services.kernels.handlers import _kernel_id_regex
from tornado.ioloop import PeriodicCallback
from tornado.web import HTTPError, RequestHandler
from traitlets.config import Config
from voila.app import Voila
from voila.utils import get_voila_labextensions_path

from toolkit import config
from toolkit.errors import ToolkitError, UsageError
from toolkit.pages.html import FOLDER
from toolkit.pages.names import FIRST, PAGES
from toolkit.server import doors, handlers, spool
from toolkit.server.answers import Nothing, now
from toolkit.server.kernels import MOST_PAGES, Kernels, Owners
from toolkit.server.sessions import Session, Sessions, Tries
from toolkit.services import uploads, visits

_MESSAGE_BYTES = 8 * 2**20
"""A page sends a file in pieces below this; a larger message ends its channel."""
_FORM_BYTES = 256 * 2**10
IDLE_SECONDS = 2 * 60 * 60
_SWEEP_SECONDS = 10
_ROUNDS = 100
EXTENSIONS = [
    "@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Options:
    """How the pages are served."""

    address: str = "127.0.0.1"
    port: int = 8866
    hosts: tuple[str, ...] = ()
    """Names beside localhost under which browsers may ask, as behind a proxy."""
    pool: int = 1
    each: int = MOST_PAGES
    """How many pages one person may hold open."""


class Identity(IdentityProvider):
    """Who a request comes from: the session in its signed cookie, nothing else."""

    def get_user(self, handler: RequestHandler) -> User | None:
        session: Session | None = cast("Launcher", self.parent).session_of(handler)
        return User(session.person) if session else None

    @property
    def auth_enabled(self) -> bool:
        return True

    def get_handlers(self) -> list[tuple[str, object]]:
        return []


class Launcher(Voila):
    """Voilà with our login, our frame, and kernels that end with their page."""

    name = "voila"
    each = MOST_PAGES

    def initialize(self, argv: list[str] | None = None) -> None:
        self.spool = spool.fresh()
        self.owners = Owners(self.spool, self.each)
        self.sessions, self.tries = Sessions(), Tries()
        super().initialize(argv)

    def setup_template_dirs(self) -> None:
        super().setup_template_dirs()
        paths: list[str] = self.template_paths  # type: ignore[has-type]
        self.template_paths = [str(config.shipped(FOLDER)), *paths]

    def init_settings(self) -> dict[str, Any]:
        return {**super().init_settings(), "launcher": self}

    def init_handlers(self) -> list[Any]:
        """Every address there is; all others are the login page, or nothing."""
        base, names = self.base_url, "|".join(PAGES)
        page = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        return [
            (rf"{base}", _First),
            (rf"{base}({names})", handlers.Page, page),
            (rf"{base}login", doors.Login),
            (rf"{base}logout", doors.Logout),
            (rf"{base}password", doors.Password),
            (rf"{base}download/([0-9a-f]{{64}})", handlers.Download),
            (rf"{base}look/([a-z]+\.(?:css|js|svg))", handlers.Look,
             {"path": str(config.shipped(FOLDER) / "static")}),
            (rf"{base}api/kernels/{_kernel_id_regex}", handlers.Kernel),
            (rf"{base}api/kernels/{_kernel_id_regex}/channels", handlers.Channels),
            (rf"{base}voila/api/shutdown/{_kernel_id_regex}", handlers.Shutdown),
            (rf"{base}leave/{_kernel_id_regex}", handlers.Leave),
            (rf"{base}voila/static/(.*)", handlers.Static, {"paths": self.static_paths}),
            (rf"{base}voila/labextensions/(.*)", handlers.Extension,
             {"path": get_voila_labextensions_path()}),
            (r".*", Nothing),
        ]  # fmt: skip

    def listen(self) -> None:
        # a form or a leaving page is small; without a limit anybody may fill the memory
        self.app.listen = partial(self.app.listen, max_body_size=_FORM_BYTES)
        self._sweeper = PeriodicCallback(self._sweep, _SWEEP_SECONDS * 1000)
        self._sweeper.start()
        super().listen()

    def stop(self) -> None:
        try:
            run_sync(self._end_all)()
        finally:
            for folder in (self.connection_dir, self.spool):
                shutil.rmtree(folder, ignore_errors=True)

    async def _end_all(self) -> None:
        """End every kernel, those that are still starting too.

        The manager gives up when one has ended by itself meanwhile; the others are not
        left to that.
        """
        for _ in range(_ROUNDS):
            try:
                await self.kernel_manager.shutdown_all(now=True)
            except (HTTPError, KeyError, RuntimeError):
                await asyncio.sleep(0.1)
                continue
            if not self.kernel_manager.list_kernel_ids():
                return

    def session_of(self, handler: RequestHandler) -> Session | None:
        """The session a request belongs to."""
        key = handler.get_signed_cookie(doors.COOKIE, max_age_days=1)
        return self.sessions.find(key.decode(), now()) if key else None

    async def end_session(self, key: str) -> None:
        """End a session and the kernels of its pages."""
        self.sessions.end(key)
        await self.end_kernels(self.owners.of_session(key))

    async def _sweep(self) -> None:
        visits.sweep(self.spool)
        uploads.sweep(self.spool)
        moment = now()
        for key in self.sessions.over(moment):
            await self.end_kernels(self.owners.of_session(key))
        await self.end_kernels(self.owners.left_alone(moment))
        if self.sessions:
            await self.end_outdated()

    async def end_outdated(self) -> None:
        """End the sessions of people who lost every role, or whose password is another now."""
        try:
            versions = await asyncio.get_running_loop().run_in_executor(None, doors.standing)
        except ToolkitError:
            # a database that does not answer tells nothing about anybody
            return
        for key in self.sessions.outdated(versions):
            await self.end_kernels(self.owners.of_session(key))

    async def end_kernels(self, kernel_ids: list[str]) -> None:
        """End kernels that still run."""
        for kernel_id in kernel_ids:
            if kernel_id in self.kernel_manager:
                await self.kernel_manager.shutdown_kernel(kernel_id, now=True)


class _First(Nothing):
    """The address without a page leads to the first one."""

    async def prepare(self) -> None:
        self.redirect(f"{self.base_url}{FIRST}")


def settings(options: Options) -> Config:
    """Voilà's settings, each with what it closes."""
    c = Config()
    c.Voila.ip, c.Voila.port, c.Voila.port_retries = options.address, options.port, 0
    c.Voila.open_browser = False
    c.Voila.root_dir = str(config.shipped("notebooks/pages"))
    c.Voila.config_file_paths = []
    c.Voila.cookie_secret = secrets.token_bytes(32)
    c.Voila.identity_provider_class = Identity
    c.Voila.log_level = logging.WARNING
    c.Voila.tornado_settings = {
        "allow_remote_access": False,
        "local_hostnames": ["localhost", *options.hosts],
        "xsrf_cookies": True,
        "xsrf_cookie_kwargs": {"samesite": "Lax"},
        "websocket_max_message_size": _MESSAGE_BYTES,
        "default_handler_class": Nothing,
    }
    c.VoilaConfiguration.allow_template_override = "NO"
    c.VoilaConfiguration.allow_theme_override = "NO"
    c.VoilaConfiguration.extension_allowlist = EXTENSIONS
    c.VoilaConfiguration.file_allowlist = []
    c.VoilaConfiguration.show_tracebacks = False
    c.VoilaConfiguration.multi_kernel_manager_class = Kernels
    c.VoilaConfiguration.preheat_kernel = options.pool > 0
    c.VoilaConfiguration.default_pool_size = options.pool
    c.Kernels.cull_idle_timeout = IDLE_SECONDS
    c.Kernels.cull_interval = 60
    c.Kernels.cull_connected = False
    return c


def serve(options: Options) -> None:
    """Serve the pages until SIGTERM or Ctrl+C; no kernel is left then.

    Raises UsageError when the port is taken: another one would be found by nobody.
    """
    if _taken(options.address, options.port):
        raise UsageError("error.serve.port", port=options.port)
    launcher = Launcher(config=settings(options))
    launcher.each = options.each
    launcher.initialize([])
    launcher.start()


def _taken(address: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return True
    return False
