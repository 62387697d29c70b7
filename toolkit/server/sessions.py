"""Who is signed in, until when, and who must wait before trying again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace

IDLE_SECONDS = 60 * 60
LONGEST_SECONDS = 12 * 60 * 60
TRIES = 5
WAIT_SECONDS = 60
REMEMBERED = 10_000
"""So many names and addresses are remembered at most: a flood of them takes no more."""


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in of one person in one browser."""

    key: str
    person: str
    began: float
    seen: float


@dataclass(slots=True)
class Sessions:
    """The sessions of this launcher; a restart ends them all."""

    idle: float = IDLE_SECONDS
    longest: float = LONGEST_SECONDS
    _open: dict[str, Session] = field(default_factory=dict)

    def begin(self, person: str, now: float) -> Session:
        """A new session of the person."""
        session = Session(secrets.token_urlsafe(32), person, now, now)
        self._open[session.key] = session
        return session

    def find(self, key: str, now: float) -> Session | None:
        """The session of a key, kept alive by being asked for; None when it is over."""
        session = self._open.get(key)
        if session is None:
            return None
        if now - session.seen > self.idle or now - session.began > self.longest:
            self.end(key)
            return None
        self._open[key] = replace(session, seen=now)
        return session

    def end(self, key: str) -> None:
        """End a session: the key opens nothing any more."""
        self._open.pop(key, None)

    def over(self, now: float) -> list[str]:
        """End every session whose time is up; their keys."""
        keys = [
            key
            for key, session in self._open.items()
            if now - session.seen > self.idle or now - session.began > self.longest
        ]
        for key in keys:
            self.end(key)
        return keys


@dataclass(slots=True)
class Tries:
    """Failed sign-ins: after five the name and the address wait, longer each time."""

    _failed: dict[str, tuple[int, float]] = field(default_factory=dict)

    def wait(self, keys: tuple[str, ...], now: float) -> float:
        """Seconds until any of the keys may try again; 0 when they may now."""
        return max(self._wait(key, now) for key in keys)

    def failed(self, keys: tuple[str, ...], now: float) -> None:
        """Remember a failure."""
        for key in keys:
            count, _ = self._failed.pop(key, (0, 0.0))
            self._failed[key] = (count + 1, now)
        while len(self._failed) > REMEMBERED:
            self._failed.pop(next(iter(self._failed)))

    def succeeded(self, keys: tuple[str, ...]) -> None:
        """Forget the failures of a name; those of an address stay."""
        for key in keys:
            self._failed.pop(key, None)

    def _wait(self, key: str, now: float) -> float:
        count, last = self._failed.get(key, (0, 0.0))
        if count < TRIES:
            return 0
        rounds = min(count // TRIES, 6)
        return max(0.0, last + WAIT_SECONDS * float(2 ** (rounds - 1)) - now)
