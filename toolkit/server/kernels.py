"""Kernels that know nobody but the person whose page they are, and end with it."""

from __future__ import annotations

import secrets
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from toolkit.services import visits

ALONE_SECONDS = 30
FIRST_SECONDS = 45
MOST_PAGES = 24
"""How many pages one person may hold open: each is a process with some 80 MiB."""


@dataclass(slots=True)
class Served:
    """A kernel: the folder in which it is told things, and whose page it serves."""

    folder: Path
    person: str = ""
    page: str = ""
    session: str = ""
    sockets: int = 0
    held: bool = False
    """Whether a browser has ever connected: a slow machine draws a page for a while first."""
    alone_since: float = field(default=0.0)


class Owners:
    """Whose kernel is whose. A preheated one is nobody's until its page is opened."""

    def __init__(self, spool: Path, each: int = MOST_PAGES) -> None:
        self.spool = spool
        self._each = each
        self._served: dict[str, Served] = {}
        self._opening: Counter[str] = Counter()

    def folder(self) -> Path:
        """A new folder for a kernel that is about to start."""
        folder = self.spool / secrets.token_hex(32)
        folder.mkdir(mode=0o700)
        return folder

    def started(self, kernel_id: str, folder: Path) -> None:
        """A kernel runs, told things in the folder."""
        self._served[kernel_id] = Served(folder)

    def opened(self, kernel_id: str, visit: visits.Visit, session: str, now: float) -> None:
        """A person has opened the page of a kernel: theirs from now on."""
        served = self._served[kernel_id]
        served.person, served.page = visit.person, visit.page
        served.session, served.alone_since = session, now
        visits.announce(served.folder, visit)

    @contextmanager
    def opening(self, person: str) -> Iterator[bool]:
        """While a person opens one more page: whether they may."""
        held = sum(served.person == person for served in self._served.values())
        self._opening[person] += 1
        try:
            # those that are being drawn count, though none of their kernels is known yet
            yield held + self._opening[person] <= self._each
        finally:
            self._opening[person] -= 1

    def served(self, kernel_id: str) -> Served:
        """What is known of a kernel."""
        return self._served[kernel_id]

    def owns(self, kernel_id: str, person: str, session: str) -> bool:
        """Whether the kernel serves a page of this person, opened in this session."""
        served = self._served.get(kernel_id)
        return (
            served is not None
            and bool(person)
            and (served.person, served.session) == (person, session)
        )

    def connected(self, kernel_id: str) -> None:
        """A browser holds a channel to the kernel."""
        if kernel_id in self._served:
            self._served[kernel_id].sockets += 1
            self._served[kernel_id].held = True

    def disconnected(self, kernel_id: str, now: float) -> None:
        """A channel was closed."""
        if kernel_id in self._served:
            self._served[kernel_id].sockets = max(self._served[kernel_id].sockets - 1, 0)
            self._served[kernel_id].alone_since = now

    def left_alone(self, now: float) -> list[str]:
        """Kernels whose page nobody holds open any more, or has never come to."""
        return [
            kernel_id
            for kernel_id, served in self._served.items()
            if served.person
            and served.sockets <= 0
            and now - served.alone_since > (ALONE_SECONDS if served.held else FIRST_SECONDS)
        ]

    def of_session(self, session: str) -> list[str]:
        """Kernels of pages opened in a session."""
        return [key for key, served in self._served.items() if served.session == session]

    def ended(self, kernel_id: str) -> None:
        """A kernel is gone, and what it was told."""
        served = self._served.pop(kernel_id, None)
        if served is not None:
            shutil.rmtree(served.folder, ignore_errors=True)


class Kernels(AsyncMappingKernelManager):
    """Jupyter's manager, which gives each kernel its folder and forgets it when it ends."""

    @property
    def owners(self) -> Owners:
        return cast("Owners", self.parent.owners)  # type: ignore[union-attr]

    async def start_kernel(self, **kwargs: Any) -> str:
        """Start a kernel that is told in a folder of its own who opened its page."""
        folder = self.owners.folder()
        kwargs["env"] = {**kwargs.get("env", {}), "GRANTS_VISIT": str(folder)}
        kernel_id: str = await super().start_kernel(**kwargs)
        self.owners.started(kernel_id, folder)
        return kernel_id

    async def shutdown_kernel(self, kernel_id: str, *args: Any, **kwargs: Any) -> None:
        """End a kernel and what it was told."""
        try:
            await super().shutdown_kernel(kernel_id, *args, **kwargs)  # type: ignore[no-untyped-call]
        finally:
            self.owners.ended(kernel_id)
