"""Failed log-ins: counted by name and by address within a window, under keyed hashes."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

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

    return Attempt(
        name_key=keyed("name", " ".join(name.casefold().split())[:200]), address_key=keyed("address", address)
    )


def locked(db: Session, tried: Attempt) -> str | None:
    """``name`` or ``address`` where either failed too often within the window, else None."""
    bounds = limits()
    if _recent(db, tried.name_key) >= bounds.lockout_name_tries:
        return "name"
    return "address" if _recent(db, tried.address_key) >= bounds.lockout_address_tries else None


def note_failure(db: Session, tried: Attempt) -> None:
    """Count a failure for both, and forget what lies before the window."""
    now = utc_now()
    db.execute(delete(FailureRow).where(FailureRow.at < now - _window()))
    db.add_all([FailureRow(key=tried.name_key, at=now), FailureRow(key=tried.address_key, at=now)])
    db.flush()


def forget_name(db: Session, tried: Attempt) -> None:
    """Forget the failures of a name whose user has come in."""
    db.execute(delete(FailureRow).where(FailureRow.key == tried.name_key))


def _recent(db: Session, key: str) -> int:
    asked = select(func.count()).select_from(FailureRow).where(FailureRow.key == key)
    return db.scalar(asked.where(FailureRow.at >= utc_now() - _window())) or 0


def _window() -> timedelta:
    return timedelta(minutes=limits().lockout_window_minutes)
