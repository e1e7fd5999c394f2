"""Failed log-ins: counted by name and by address within a window, under keyed hashes.

A try is counted before its password is looked at and forgiven when it was right, so that many tries at the same moment
are no more than one after the other.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from gisapp.access.actors import name_key
from gisapp.access.limits import limits
from gisapp.access.tables import FailureRow
from gisapp.store.tables import utc_now

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try to log in, known by hashes only: the name is counted whether there is such a user or not."""

    name_key: str
    address_key: str


def attempt(secret: bytes, *, name: str, address: str) -> Attempt:
    """Hash a typed name and an address with the service's secret."""

    def keyed(kind: str, text: str) -> str:
        return hmac.digest(secret, f"{kind} {text}".encode(), "sha256").hex()

    return Attempt(name_key=keyed("name", name_key(name)), address_key=keyed("address", address))


def locked(db: Session, tried: Attempt) -> str | None:
    """``name`` or ``address`` where either failed too often within the window, else None."""
    bounds = limits()
    if _recent(db, tried.name_key) >= bounds.lockout_name_tries:
        return "name"
    return "address" if _recent(db, tried.address_key) >= bounds.lockout_address_tries else None


def count(db: Session, tried: Attempt) -> tuple[int, int]:
    """Count a try for both as if it had failed, and forget what lies before the window; returns what ``forgive`` takes.

    In one writing transaction with ``locked``.
    """
    now = utc_now()
    db.execute(delete(FailureRow).where(FailureRow.at < now - _window()))
    name, address = FailureRow(key=tried.name_key, at=now), FailureRow(key=tried.address_key, at=now)
    db.add_all([name, address])
    db.flush()
    return name.id, address.id


def forgive(db: Session, tried: Attempt, counted: tuple[int, int]) -> None:
    """Take back a try that was right, and forget all failures of the name."""
    db.execute(delete(FailureRow).where((FailureRow.key == tried.name_key) | FailureRow.id.in_(counted)))


def _recent(db: Session, key: str) -> int:
    asked = select(func.count()).select_from(FailureRow).where(FailureRow.key == key)
    return db.scalar(asked.where(FailureRow.at >= utc_now() - _window())) or 0


def _window() -> timedelta:
    return timedelta(minutes=limits().lockout_window_minutes)
