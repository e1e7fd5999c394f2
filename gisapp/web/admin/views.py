"""Users, the audit trail and the matrix of permissions, for the district's administrator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from gisapp.access import users
from gisapp.access.passwords import temporary_password
from gisapp.access.permissions import BOUND, ROLES, matrix
from gisapp.access.trail import Wanted, read_trail
from gisapp.access.users import User
from gisapp.errors import GisappError, InvalidParameterError, NotFoundError, PermissionRefusedError
from gisapp.web import shell
from gisapp.web.auth import current_actor, gate
from gisapp.web.errors import status_of

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

_STAFF = tuple(role for role in ROLES if role != "public")


@blueprint.get("")
def people() -> str:
    """Everybody who may log in."""
    return _people()


def _people(**more: Any) -> str:
    listed = users.list_users(gate().workspace)
    page = {"people": listed, "roles": _STAFF, "bound": BOUND, "asked": request.form, **more}
    return render_template("admin/users.html", **page, **shell.around())


def _changed(change: Callable[[], User], **more: Any) -> ResponseReturnValue:
    """The list again: with what was done, or with why it was not."""
    try:
        return _people(changed=change(), **more)
    except (InvalidParameterError, PermissionRefusedError) as error:
        return _people(error=error), status_of(error)


def _user(user_id: int) -> User:
    found = next((one for one in users.list_users(gate().workspace) if one.id == user_id), None)
    if found is None:
        raise NotFoundError("There is no such user.", "Tidak ada pengguna ini.")
    return found


@blueprint.post("/users")
def add() -> ResponseReturnValue:
    """Add a user with a password that is shown once and must be changed."""
    password, form = temporary_password(), request.form
    return _changed(
        lambda: users.add_user(
            gate().workspace, name=form.get("name", ""), role=form.get("role", ""), area=form.get("area"),
            password=password, actor=current_actor(), must_change=True,
        ),
        password=password,
        done="user_added",
    )  # fmt: skip


@blueprint.post("/users/<int:user_id>/password")
def reset(user_id: int) -> ResponseReturnValue:
    """Give a password that is shown once and must be changed; every session of the user ends."""
    found, password = _user(user_id), temporary_password()
    return _changed(
        lambda: users.set_password(gate().workspace, found.name, password, actor=current_actor(), must_change=True),
        password=password,
        done="user_reset_done",
    )


@blueprint.post("/users/<int:user_id>/role")
def role(user_id: int) -> ResponseReturnValue:
    """Give another role and area; every session of the user ends."""
    found, form = _user(user_id), request.form
    wanted, area = form.get("role", ""), form.get("area")
    return _changed(
        lambda: users.set_role(gate().workspace, found.name, wanted, area=area, actor=current_actor()),
        done="user_role_done",
    )


@blueprint.post("/users/<int:user_id>/disable")
def disable(user_id: int) -> ResponseReturnValue:
    """Let a user in no more."""
    found = _user(user_id)
    return _changed(
        lambda: users.disable_user(gate().workspace, found.name, actor=current_actor()), done="user_disabled_done"
    )


@blueprint.post("/users/<int:user_id>/enable")
def enable(user_id: int) -> ResponseReturnValue:
    """Let a disabled user in again."""
    found = _user(user_id)
    return _changed(
        lambda: users.enable_user(gate().workspace, found.name, actor=current_actor()), done="user_enabled_done"
    )


@blueprint.get("/permissions")
def permissions() -> str:
    """The matrix, for reading."""
    return render_template("admin/permissions.html", matrix=matrix(), roles=ROLES, **shell.around())


@blueprint.get("/audit")
def audit() -> str:
    """The audit trail, newest first."""
    asked, actor = request.args, current_actor()
    wanted = Wanted(
        actor=asked.get("actor") or None, action=asked.get("action") or None,
        since=_day(asked.get("since")), until=_day(asked.get("until")),
    )  # fmt: skip
    trail = read_trail(gate().workspace, wanted, page=_page(asked.get("page")), actor=actor)
    return render_template("admin/audit.html", trail=trail, wanted=wanted, **shell.around())


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise _unreadable() from error


def _page(text: str | None) -> int:
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0):
        raise _unreadable()
    return int(text)


def _unreadable() -> GisappError:
    return InvalidParameterError(
        "Days are written 2025-12-31; pages are counted from 1.",
        "Hari ditulis 2025-12-31; halaman dihitung dari 1.",
    )
