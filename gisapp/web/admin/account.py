"""Log in, log out, one's own account."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from gisapp.access.demo_users import DEMO_PASSWORD, demo_users
from gisapp.access.limits import limits
from gisapp.access.lockout import attempt
from gisapp.access.permissions import allowed, matrix
from gisapp.access.sessions import LoginRefusedError, begin_for, log_in, log_out
from gisapp.access.users import change_own_password
from gisapp.errors import InvalidParameterError
from gisapp.web import shell
from gisapp.web.answers import go_to
from gisapp.web.auth import current_actor, current_user, forget, gate, remember, safe_next
from gisapp.web.limits import limit_login

blueprint = Blueprint("account", __name__)


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    """The form; somebody who is logged in goes on."""
    if current_user() is not None:
        return redirect(safe_next(request.args.get("next")))
    return _form()


@blueprint.post("/login")
@limit_login
def enter() -> ResponseReturnValue:
    """Take name and password; wrong ones bring the form back and say no more than that."""
    name, password, address = request.form.get("username", ""), request.form.get("password", ""), _address()
    tried = attempt(gate().secret, name=name, address=address)
    try:
        token, _ = log_in(gate().workspace, tried, name=name, password=password, address=address)
    except LoginRefusedError as error:
        return _form(error, name=name), 429 if error.code == "login_locked" else 401
    remember(token)
    return redirect(safe_next(request.form.get("next")))


def _form(error: LoginRefusedError | None = None, *, name: str = "") -> str:
    going = request.values.get("next", "")
    offered = demo_users(gate().workspace) if gate().demo else []
    page = {"demo": offered, "demo_password": DEMO_PASSWORD if offered else "", "going": going}
    return render_template("account/login.html", error=error, name=name, **page, **shell.around())


def _address() -> str:
    return request.remote_addr or "?"


@blueprint.post("/logout")
def logout() -> Response:
    """End the session, here and on the server."""
    name, token = current_actor().name, forget()
    if token is not None:
        log_out(gate().workspace, token, name=name)
    return go_to("planner.index", code=302)


@blueprint.get("/account")
def account() -> str:
    """Who one is, and the form for another password."""
    return _account()


def _account(error: InvalidParameterError | None = None, *, done: bool = False) -> str:
    shortest = limits().password_min_length
    mine = [one for name, one in matrix().permissions.items() if name != "open" and allowed(current_actor(), name)]
    page = {"error": error, "done": done, "shortest": shortest, "mine": mine}
    return render_template("account/account.html", **page, **shell.around())


@blueprint.post("/account/password")
@limit_login
def change_password() -> ResponseReturnValue:
    """Take another password; every other session of the user ends."""
    actor, form = current_actor(), request.form
    try:
        if form.get("new", "") != form.get("again", ""):
            raise InvalidParameterError("The two new passwords differ.", "Kedua kata sandi baru tidak sama.")
        tried = attempt(gate().secret, name=actor.name, address=_address())
        current, new = form.get("current", ""), form.get("new", "")
        change_own_password(gate().workspace, actor, current=current, new=new, tried=tried)
    except InvalidParameterError as error:
        return _account(error), 400
    remember(begin_for(gate().workspace, actor.name))
    return _account(done=True)
