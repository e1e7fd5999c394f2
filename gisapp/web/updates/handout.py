"""Bytes kept for one person for some minutes, in memory only: refused rows name people and are never written down."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass

#: So long a result can be taken along; after that the file has to be brought again.
KEPT_S = 15 * 60
_MOST = 20


@dataclass(frozen=True)
class Handout:
    """One file for one person."""

    owner: str
    body: bytes
    name: str
    until: float


class Handouts:
    """Files waiting to be taken by whom they were made for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, Handout] = {}

    def keep(self, owner: str, body: bytes, name: str) -> str:
        """Keep a file; the oldest gives way where there are too many. Returns the word that opens it."""
        word = secrets.token_urlsafe(18)
        with self._lock:
            self._sweep()
            while len(self._kept) >= _MOST:
                self._kept.pop(next(iter(self._kept)))
            self._kept[word] = Handout(owner, body, name, time.monotonic() + KEPT_S)
        return word

    def take(self, owner: str, word: str) -> Handout | None:
        """The file, where it is this person's and still there."""
        with self._lock:
            self._sweep()
            found = self._kept.get(word)
        return found if found is not None and secrets.compare_digest(found.owner, owner) else None

    def _sweep(self) -> None:
        now = time.monotonic()
        self._kept = {word: one for word, one in self._kept.items() if one.until > now}
