"""Log-ins: begun with name and password, kept on the server, ended at once when a user is disabled or changed."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from gisapp.access.limits import limits
from gisapp.access.lockout import Attempt, count, forgive, locked
from gisapp.access.passwords import hash_password, outdated, verify
from gisapp.access.tables import SessionRow, UserRow
from gisapp.access.users import User, as_user, existing, find_user
from gisapp.errors import PermissionRefusedError
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.hashing import sha256_bytes
from gisapp.store.tables import utc_now

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from gisapp.workspace.folder import Workspace

_TOKEN_BYTES = 32


class LoginRefusedError(PermissionRefusedError):
    """Name and password do not belong together, or too many have been tried; which of it, nobody is told."""

    code = "login"


def log_in(workspace: Workspace, tried: Attempt, *, name: str, password: str, address: str) -> tuple[str, User]:
    """Begin a session: (token for the browser, user). LoginRefusedError (code ``login`` or ``login_locked``)."""
    with session(workspace.database) as db:
        lock, row = locked(db, tried), find_user(db, name)
        if lock is not None:
            _note(db, "login.locked", row, {"by": lock, "address": address})
        counted = count(db, tried) if lock is None else None
    if counted is None:
        raise _locked()
    usable = row is not None and row.disabled_at is None
    if not verify(row.password_hash if row is not None else None, password) or row is None or not usable:
        with session(workspace.database) as db:
            _note(db, "login.failed", row, {"address": address})
        raise _wrong()
    with session(workspace.database) as db:
        fresh = existing(db, name)
        if fresh.disabled_at is not None or fresh.password_hash != row.password_hash:
            raise _wrong()
        forgive(db, tried, counted)
        if outdated(fresh.password_hash):
            fresh.password_hash = hash_password(password)
        token = begin(db, fresh.id)
        append_event(db, action="login", subject=fresh.name, detail={"address": address}, actor=fresh.name)
        return token, as_user(fresh)


def _note(db: Session, action: str, row: UserRow | None, detail: dict[str, str]) -> None:
    """Put a refused log-in into the trail: by name where there is such a user, never what was typed."""
    append_event(db, action=action, subject=row.name if row else "?", detail=detail, actor="stranger")


def begin(db: Session, user_id: int) -> str:
    """Begin a session in the caller's transaction; only the hash of its token is kept."""
    now, token = utc_now(), secrets.token_urlsafe(_TOKEN_BYTES)
    db.execute(delete(SessionRow).where(SessionRow.expires_at < now))
    db.add(
        SessionRow(
            token_hash=_hash(token),
            user_id=user_id,
            created_at=now,
            expires_at=now + timedelta(hours=limits().session_hours),
            revoked_at=None,
        )
    )
    db.flush()
    return token


def begin_for(workspace: Workspace, name: str) -> str:
    """Begin a session for a user who has just shown who he is in another way: after changing his own password."""
    with session(workspace.database) as db:
        return begin(db, existing(db, name).id)


def user_of(workspace: Workspace, token: str) -> User | None:
    """User of a live session; None for a token that is unknown, expired or revoked, or whose user is disabled."""
    asked = (
        select(UserRow)
        .join(SessionRow, SessionRow.user_id == UserRow.id)
        .where(
            SessionRow.token_hash == _hash(token),
            SessionRow.revoked_at.is_(None),
            SessionRow.expires_at > utc_now(),
            UserRow.disabled_at.is_(None),
        )
    )
    with session(workspace.database, write=False) as db:
        row = db.scalars(asked).first()
    return as_user(row) if row is not None else None


def log_out(workspace: Workspace, token: str, *, name: str) -> None:
    """End one session."""
    with session(workspace.database) as db:
        db.execute(update(SessionRow).where(SessionRow.token_hash == _hash(token)).values(revoked_at=utc_now()))
        append_event(db, action="logout", subject=name, actor=name)


def _hash(token: str) -> str:
    return sha256_bytes(token.encode())


def _wrong() -> LoginRefusedError:
    return LoginRefusedError("Name or password is not right.", "Nama atau kata sandi tidak cocok.")


def _locked() -> LoginRefusedError:
    minutes = limits().lockout_window_minutes
    return LoginRefusedError(
        f"Too many tries. Wait {minutes} minutes, or ask the administrator for a new password.",
        f"Terlalu banyak percobaan. Tunggu {minutes} menit, atau minta kata sandi baru kepada admin.",
        code="login_locked",
    )
