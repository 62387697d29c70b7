"""Who is signed in, until when, and who must wait before trying again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import inf

IDLE_SECONDS = 60 * 60
LONGEST_SECONDS = 12 * 60 * 60
TRIES = 5
TRIES_AT_ONE = 50
FADES_SECONDS = 2 * 60 * 60
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
    password: int = 0
    """The version of the password it was begun with."""


@dataclass(slots=True)
class Sessions:
    """The sessions of this launcher; a restart ends them all."""

    idle: float = IDLE_SECONDS
    longest: float = LONGEST_SECONDS
    _open: dict[str, Session] = field(default_factory=dict)

    def begin(self, person: str, now: float, password: int = 0) -> Session:
        """A new session of the person."""
        session = Session(secrets.token_urlsafe(32), person, now, now, password)
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

    def renew(self, key: str, password: int) -> None:
        """A session goes on with the password its person has changed in it."""
        if session := self._open.get(key):
            self._open[key] = replace(session, password=password)

    def outdated(self, passwords: Mapping[str, int]) -> list[str]:
        """End every session whose person cannot sign in any more, or with another password only.

        `passwords` has the version of the password of everybody who can sign in. The keys
        of the sessions ended are returned. Versions only rise: what was read before a
        change ends no session that was renewed by it.
        """
        keys = [
            key
            for key, session in self._open.items()
            if passwords.get(session.person, inf) > session.password
        ]
        for key in keys:
            self.end(key)
        return keys

    def __bool__(self) -> bool:
        return bool(self._open)

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
    """Failed sign-ins: a name waits after five, an address after fifty, longer each time.

    An office, or a proxy before the launcher, is one address for many people.
    """

    _failed: dict[str, tuple[int, float]] = field(default_factory=dict)

    def wait(self, person: str, address: str, now: float) -> float:
        """Seconds until the name may try again from the address; 0 when it may now."""
        return max(
            self._wait(_name(person), TRIES, now), self._wait(_place(address), TRIES_AT_ONE, now)
        )

    def failed(self, person: str, address: str, now: float) -> None:
        """Remember a failure; those of long ago are forgotten."""
        for key in (_name(person), _place(address)):
            count = self._count(key, now)
            self._failed.pop(key, None)
            self._failed[key] = (count + 1, now)
        while len(self._failed) > REMEMBERED:
            self._failed.pop(next(iter(self._failed)))

    def succeeded(self, person: str, address: str, now: float) -> None:
        """Forget the failures of the name, and of the address this one try."""
        self._failed.pop(_name(person), None)
        count = self._count(_place(address), now)
        self._failed[_place(address)] = (max(count - 1, 0), now)

    def _count(self, key: str, now: float) -> int:
        count, last = self._failed.get(key, (0, 0.0))
        return count if now - last <= FADES_SECONDS else 0

    def _wait(self, key: str, most: int, now: float) -> float:
        count = self._count(key, now)
        if count < most:
            return 0
        rounds = min(count // most, 6)
        waits = WAIT_SECONDS * float(2 ** (rounds - 1))
        return max(0.0, self._failed[key][1] + waits - now)


def _name(person: str) -> str:
    return f"person {person}"


def _place(address: str) -> str:
    return f"address {address}"
