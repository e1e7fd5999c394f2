"""Users: added, listed, disabled, given another role or password; every change audited and felt at once."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from gisapp.access.actors import LOCAL, STRANGER, Actor, name_key
from gisapp.access.areas import working_area
from gisapp.access.limits import limits
from gisapp.access.lockout import Attempt, count, forgive, locked
from gisapp.access.passwords import hash_password, require_good, verify
from gisapp.access.permissions import ROLES, require
from gisapp.access.tables import SessionRow, UserRow
from gisapp.errors import InvalidParameterError, NotFoundError, PermissionRefusedError
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.tables import utc_now

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from gisapp.workspace.folder import Workspace

_NAME = re.compile(r"\w[\w .@'-]{1,59}")
_MANY_DIGITS = re.compile(r"\d{8,}")
#: Names under which others act in the audit trail: the person at this machine, and whoever has not logged in.
_RESERVED = frozenset({LOCAL.name, STRANGER.name})


@dataclass(frozen=True, kw_only=True)
class User:
    """Somebody who may log in, without any password."""

    id: int
    name: str
    role: str
    area: str | None
    created_at: datetime
    disabled_at: datetime | None
    must_change: bool
    demo: bool

    @property
    def actor(self) -> Actor:
        """The user as the one who acts."""
        return Actor(name=self.name, role=self.role, area=self.area)

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {
            "user": self.name,
            "role": self.role,
            "area": self.area,
            "disabled": self.disabled_at is not None,
            "created": self.created_at.isoformat(),
        }


def add_user(
    workspace: Workspace,
    *,
    name: str,
    role: str,
    password: str,
    area: str | None = None,
    actor: Actor,
    must_change: bool = False,
    demo: bool = False,
) -> User:
    """Add a user; InvalidParameterError for a name that is taken or unfit, a role, an area or a password."""
    require(actor, "users.manage")
    shown = _fit_name(name)
    known = require_role(role)
    place = working_area(workspace, known, area)
    if not demo:
        require_good(password, name=shown)
    hashed, now = hash_password(password), utc_now()
    with session(workspace.database) as db:
        if _find(db, shown) is not None:
            raise InvalidParameterError(
                f"There is a user {shown!r} already: choose another name.",
                f"Pengguna {shown!r} sudah ada: pilih nama lain.",
                code="user_exists",
            )
        row = UserRow(
            name=shown, name_key=name_key(shown), role=known, area=place, password_hash=hashed, created_at=now,
            disabled_at=None, password_changed_at=now, must_change=must_change, demo=demo,
        )  # fmt: skip
        db.add(row)
        db.flush()
        detail = {"role": known, "area": place, "demo": demo}
        append_event(db, action="user.added", subject=shown, detail=detail, actor=actor.name)
        return as_user(row)


def list_users(workspace: Workspace) -> list[User]:
    """Every user by name, those who are disabled too."""
    with session(workspace.database, write=False) as db:
        return [as_user(row) for row in db.scalars(select(UserRow).order_by(UserRow.name_key))]


def get_user(workspace: Workspace, name: str) -> User:
    """One user by name; NotFoundError where there is none."""
    with session(workspace.database, write=False) as db:
        return as_user(existing(db, name))


def disable_user(workspace: Workspace, name: str, *, actor: Actor) -> User:
    """Let a user in no more, and end every session at once; the last active admin stays."""
    require(actor, "users.manage")
    with session(workspace.database) as db:
        row = existing(db, name)
        if row.disabled_at is None:
            _keep_an_admin(db, row)
            row.disabled_at = utc_now()
            end_sessions(db, row.id)
            append_event(db, action="user.disabled", subject=row.name, actor=actor.name)
        return as_user(row)


def enable_user(workspace: Workspace, name: str, *, actor: Actor) -> User:
    """Let a disabled user in again."""
    require(actor, "users.manage")
    with session(workspace.database) as db:
        row = existing(db, name)
        if row.disabled_at is not None:
            row.disabled_at = None
            append_event(db, action="user.enabled", subject=row.name, actor=actor.name)
        return as_user(row)


def set_role(workspace: Workspace, name: str, role: str, *, area: str | None = None, actor: Actor) -> User:
    """Give a user another role and area, and end every session at once."""
    require(actor, "users.manage")
    known = require_role(role)
    place = working_area(workspace, known, area)
    with session(workspace.database) as db:
        row = existing(db, name)
        if (row.role, row.area) != (known, place):
            if known != "admin":
                _keep_an_admin(db, row)
            detail = {"role": known, "area": place, "role_before": row.role, "area_before": row.area}
            row.role, row.area = known, place
            end_sessions(db, row.id)
            append_event(db, action="user.role", subject=row.name, detail=detail, actor=actor.name)
        return as_user(row)


def set_password(
    workspace: Workspace, name: str, password: str, *, actor: Actor, must_change: bool = False
) -> User:  # fmt: skip
    """Give a user a password, and end every session at once."""
    if name_key(actor.name) != name_key(name) or actor.role == "public":
        require(actor, "users.manage")
    require_good(password, name=name)
    hashed = hash_password(password)
    with session(workspace.database) as db:
        row = existing(db, name)
        row.password_hash, row.password_changed_at, row.must_change = hashed, utc_now(), must_change
        row.demo = False
        end_sessions(db, row.id)
        append_event(db, action="user.password", subject=row.name, actor=actor.name)
        return as_user(row)


def change_own_password(
    workspace: Workspace, actor: Actor, *, current: str, new: str, tried: Attempt | None = None
) -> User:  # fmt: skip
    """Change one's own password, knowing the one before; the caller starts a new session.

    With ``tried`` wrong ones are counted like failed log-ins: whoever found a screen unlocked cannot guess on.
    """
    require(actor, "account.own")
    with session(workspace.database) as db:
        stored = existing(db, actor.name).password_hash
        lock = locked(db, tried) if tried is not None else None
        counted = count(db, tried) if tried is not None and lock is None else None
    if lock is not None:
        minutes = limits().lockout_window_minutes
        raise InvalidParameterError(
            f"Too many tries. Wait {minutes} minutes.", f"Terlalu banyak percobaan. Tunggu {minutes} menit.",
            code="password_locked",
        )  # fmt: skip
    if not verify(stored, current):
        raise InvalidParameterError(
            "The current password is not right.", "Kata sandi sekarang tidak cocok.", code="wrong_password"
        )
    if tried is not None and counted is not None:
        with session(workspace.database) as db:
            forgive(db, tried, counted)
    if current == new:
        raise InvalidParameterError(
            "The new password is the one before.", "Kata sandi baru sama dengan yang lama.", code="same_password"
        )
    return set_password(workspace, actor.name, new, actor=actor)


def require_role(role: str) -> str:
    """The role where a user may have it, else InvalidParameterError."""
    roles = [one for one in ROLES if one != "public"]
    if role not in roles:
        names = ", ".join(roles)
        raise InvalidParameterError(
            f"Unknown role {role!r}: choose one of {names}.",
            f"Peran {role!r} tidak dikenal: pilih salah satu dari {names}.",
            code="role_unknown",
        )
    return role


def existing(db: Session, name: str) -> UserRow:
    """Row of a user; NotFoundError where there is none."""
    row = _find(db, name)
    if row is None:
        raise NotFoundError(
            f"There is no user {name!r}: see `gisapp user list`.",
            f"Tidak ada pengguna {name!r}: lihat `gisapp user list`.",
            code="user_unknown",
        )
    return row


def find_user(db: Session, name: str) -> UserRow | None:
    """Row of a user, or None."""
    return _find(db, name)


def end_sessions(db: Session, user_id: int) -> None:
    """Revoke every session of a user in the caller's transaction."""
    live = (SessionRow.user_id == user_id) & SessionRow.revoked_at.is_(None)
    db.execute(update(SessionRow).where(live).values(revoked_at=utc_now()))


def as_user(row: UserRow) -> User:
    """A user's row without the password."""
    names = ("id", "name", "role", "area", "created_at", "disabled_at", "must_change", "demo")
    return User(**{name: getattr(row, name) for name in names})


def _keep_an_admin(db: Session, row: UserRow) -> None:
    active = select(UserRow.id).where(UserRow.role == "admin", UserRow.disabled_at.is_(None), UserRow.id != row.id)
    if row.role == "admin" and row.disabled_at is None and db.scalars(active.limit(1)).first() is None:
        raise PermissionRefusedError(
            f"{row.name} is the last active admin: add another one first.",
            f"{row.name} adalah admin aktif terakhir: tambahkan admin lain dahulu.",
            code="last_admin",
        )


def _find(db: Session, name: str) -> UserRow | None:
    return db.scalars(select(UserRow).where(UserRow.name_key == name_key(name))).first()


def _fit_name(name: str) -> str:
    shown = " ".join(unicodedata.normalize("NFKC", name).split())
    if not _NAME.fullmatch(shown) or _MANY_DIGITS.search(shown):
        raise InvalidParameterError(
            "A user's name has 2 to 60 letters, digits, spaces or . _ - @ ', and no long number: a NIK is no name.",
            "Nama pengguna terdiri atas 2 sampai 60 huruf, angka, spasi atau . _ - @ ', tanpa angka panjang: "
            "NIK bukan nama pengguna.",
            code="user_name",
        )
    if name_key(shown) in _RESERVED:
        raise InvalidParameterError(
            f"{shown} means somebody else in the audit trail: choose another name.",
            f"{shown} berarti orang lain di jejak audit: pilih nama lain.",
            code="user_name",
        )
    return shown
