"""Who asks: one place that knows the user of a request, and refuses what the matrix does not allow.

Our own few lines instead of Flask-Login: the session lives on the server and must end the moment a user is disabled,
and the matrix decides per endpoint, which a ``login_required`` on each view would only repeat.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request, session, url_for
from werkzeug.exceptions import BadRequest, NotFound, Unauthorized

from gisapp.access.actors import STRANGER, Actor
from gisapp.access.limits import limits
from gisapp.access.permissions import allowed, matrix
from gisapp.access.sessions import user_of
from gisapp.access.users import User
from gisapp.errors import PermissionRefusedError
from gisapp.release.published import may_be_seen
from gisapp.web.answers import go_to
from gisapp.web.paths import wants_json
from gisapp.web.source import source
from gisapp.workspace.folder import Workspace

EXTENSION: Final = "gisapp.gate"

#: The cookie's seal on when it was last used is renewed after so many seconds, not on every picture of a page.
_RENEW_S = 60
#: Room for the fields beside an uploaded file; well above the 64 KiB that are read at a time, which count as well.
_FORM_FIELDS_BYTES = 500_000
#: The largest number of a row that every database takes.
_LARGEST_ID = 2**31 - 1
#: What somebody may do before changing a password that another person has set.
_BEFORE_CHANGE = ("static", "account.account", "account.change_password", "account.logout", "planner.healthz")


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What stands between a request and the workspace; ``demo`` offers the users of a synthetic district."""

    workspace: Workspace
    secret: bytes
    demo: bool


def gate() -> Gate:
    """The gate of this application."""
    found: Gate = current_app.extensions[EXTENSION]
    return found


def current_user() -> User | None:
    """User of this request, looked up once; None for a stranger."""
    if "user" not in g:
        g.user = _user()
    found: User | None = g.user
    return found


def current_actor() -> Actor:
    """Who acts in this request: the user's name, role and area, or the stranger."""
    user = current_user()
    return STRANGER if user is None else user.actor


def may(permission: str) -> bool:
    """Whether the one who asks has a permission, by role or because it was published: for what a page offers."""
    return allowed(current_actor(), permission) or _published(permission)


def _published(permission: str) -> bool:
    collection = matrix().permissions[permission].published
    if collection is None:
        return False
    if "publication" not in g:
        g.publication = source().publication()
    return may_be_seen(collection, g.publication)


def audience() -> Literal["staff", "public"]:
    """For whom the figures of this request are: a stranger sees what is published, at the public's k."""
    return "staff" if may("map.staff") else "public"


def remember(token: str) -> None:
    """Begin the browser's part of a session, with nothing left of the one before (session fixation)."""
    session.clear()
    session["token"], session["seen"] = token, int(time.time())
    g.pop("user", None)


def forget() -> str | None:
    """End the browser's part of a session; returns its token."""
    token = session.get("token")
    session.clear()
    g.pop("user", None)
    return token


def _user() -> User | None:
    token, seen = session.get("token"), session.get("seen")
    if not isinstance(token, str) or not isinstance(seen, int):
        return None
    now = int(time.time())
    if now - seen > 60 * limits().session_idle_minutes:
        return None
    user = user_of(gate().workspace, token)
    if user is not None and now - seen > _RENEW_S:
        session["seen"] = now
    return user


def guard() -> Response | None:
    """Before every request: the matrix allows, or nothing happens. What is not in the matrix is not there."""
    if request.endpoint is None:
        return None
    permission = matrix().routes.get(request.endpoint)
    if permission is None:
        raise NotFound
    _require_storable()
    user = current_user()
    if not may(permission):
        if user is None:
            return _to_login()
        raise _refused(permission)
    if user is not None and user.must_change and request.endpoint not in _BEFORE_CHANGE:
        return _to_change()
    _limit_body()
    return None


def _require_storable() -> None:
    """What no database has as an id is not there, and a text with a NUL in it is no address."""
    if any(isinstance(value, int) and value > _LARGEST_ID for value in (request.view_args or {}).values()):
        raise NotFound
    if "\0" in request.path or any("\0" in text for pair in request.args.items(multi=True) for text in pair):
        raise BadRequest


def refuse_nul() -> None:
    """A form field with a NUL in it comes from no form, and a server's database takes none."""
    sent = request.form.items(multi=True) if request.endpoint is not None and request.method == "POST" else ()
    if any("\0" in text for pair in sent for text in pair):
        raise BadRequest


def _limit_body() -> None:
    """Give an upload its own room; every other request keeps the app's small one."""
    limit = current_app.config["UPLOAD_LIMITS"].get(request.endpoint)
    if limit is not None:
        request.max_content_length = limit
        request.max_form_memory_size = _FORM_FIELDS_BYTES


def _to_login() -> Response:
    if wants_json(request):
        raise Unauthorized
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    return go_to("account.login", code=302, next=here)


def _to_change() -> Response:
    if wants_json(request):
        raise PermissionRefusedError(
            "Change your password first: /account.", "Ganti kata sandi Anda dahulu: /account.", code="must_change"
        )
    return go_to("account.account", code=302)


def _refused(permission: str) -> PermissionRefusedError:
    wanted, role = matrix().permissions[permission], current_actor().role
    return PermissionRefusedError(
        f"Your role ({role}) may not do this: {wanted.en}. Ask the administrator of the district.",
        f"Peran Anda ({role}) tidak boleh: {wanted.id}. Hubungi admin kabupaten.",
        code="role",
    )


def safe_next(path: str | None) -> str:
    """A page of ours to go on to after the log-in; anything else is the map."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")) or "\\" in path:
        return url_for("planner.index")
    parts = urlsplit(path)
    return path if not parts.scheme and not parts.netloc else url_for("planner.index")


def register(app: Flask, found: Gate) -> None:
    """Put the gate in front of an app, and tell the templates who asks."""
    app.extensions[EXTENSION] = found
    app.before_request(guard)
    app.context_processor(lambda: {"user": current_user(), "may": may, "gate": found})
