"""Log in, stay in, go out: by name and password, with a cookie that nobody can forge, keep or reuse."""

from __future__ import annotations

import dataclasses
import re
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gisapp.access import users
from gisapp.access.actors import LOCAL
from gisapp.access.limits import limits as bounds
from gisapp.access.sessions import begin_for
from gisapp.access.tables import FailureRow
from gisapp.access.trail import Wanted, read_trail
from gisapp.store.database import session
from gisapp.web.app import create_app
from gisapp.web.limits import LOGIN_RATE
from gisapp.web.source import EXTENSION
from gisapp.workspace.folder import init_workspace

PASSWORD = "empat kata yang mudah"
#: A page of staff as programs read it: 401 for a stranger.
STAFF = "/data/pockets.json"


@pytest.fixture
def workspace(app: Flask):
    return app.extensions[EXTENSION].workspace


@pytest.fixture
def visitor(app: Flask, workspace) -> FlaskClient:
    """A client that has not logged in; the user ``budi`` exists, and no failure is remembered."""
    if "budi" not in {one.name for one in users.list_users(workspace)}:
        users.add_user(workspace, name="budi", role="planner", password=PASSWORD, actor=LOCAL)
    with session(workspace.database) as db:
        db.query(FailureRow).delete()
    return app.test_client()


def token_of(client: FlaskClient, path: str = "/login") -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).get_data(as_text=True))[1]


def enter(client: FlaskClient, name: str = "budi", password: str = PASSWORD, **more: str):
    data = {"username": name, "password": password, "csrf_token": token_of(client), **more}
    return client.post("/login", data=data)


def test_in_and_out(visitor: FlaskClient) -> None:
    assert visitor.get(STAFF).status_code == 401
    answer = enter(visitor, next="/interventions?strategy=2")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/interventions?strategy=2")
    assert visitor.get(STAFF).status_code == 200
    page = visitor.get("/").get_data(as_text=True)
    assert "budi" in page
    assert "Perencana (Bappeda)" in page
    with visitor.session_transaction() as kept:
        token = dict(kept)
    assert visitor.post("/logout", data={"csrf_token": token_of(visitor, "/account")}).status_code == 302
    assert visitor.get(STAFF).status_code == 401
    with visitor.session_transaction() as again:
        again.update(token)
    assert visitor.get(STAFF).status_code == 401, "a cookie that was kept opens nothing after the log-out"


def test_the_cookie(visitor: FlaskClient) -> None:
    cookie = enter(visitor).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert PASSWORD not in cookie


def test_over_https_the_cookie_is_for_https_only(empty_workspace, visitor: FlaskClient) -> None:
    app = create_app(empty_workspace, testing=True, hosts=["gis.kabupaten.example"], secure_cookies=True)
    client = app.test_client()
    page = client.get("https://gis.kabupaten.example/login")
    assert "Secure" in page.headers["Set-Cookie"]
    assert page.status_code == 200


@pytest.mark.parametrize("path", ["/pockets/p-a", "/interventions", "/account", "/admin", "/admin/audit", "/map.html"])
def test_a_stranger_is_led_to_the_form_and_back(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login?next=")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_the_form_leads_nowhere_else(visitor: FlaskClient, path: str) -> None:
    assert enter(visitor, next=path).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("name", "password"), [("budi", "salah sama sekali"), ("siti", PASSWORD), ("", ""), ("budi", ""), ("x" * 500, "y")]
)
def test_wrong_is_wrong_in_one_way(visitor: FlaskClient, name: str, password: str) -> None:
    answer = enter(visitor, name, password)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 401
    assert "Nama atau kata sandi tidak cocok." in page
    assert visitor.get(STAFF).status_code == 401


def test_a_disabled_user_is_out_at_once(visitor: FlaskClient, workspace) -> None:
    enter(visitor)
    users.disable_user(workspace, "budi", actor=LOCAL)
    try:
        assert visitor.get(STAFF).status_code == 401
        visitor.delete_cookie("gisapp")
        assert enter(visitor).status_code == 401
    finally:
        users.enable_user(workspace, "budi", actor=LOCAL)


@pytest.mark.parametrize("change", ["role", "password"])
def test_another_role_or_password_ends_the_session(visitor: FlaskClient, workspace, change: str) -> None:
    enter(visitor)
    if change == "role":
        users.set_role(workspace, "budi", "viewer", actor=LOCAL)
        users.set_role(workspace, "budi", "planner", actor=LOCAL)
    else:
        users.set_password(workspace, "budi", PASSWORD, actor=LOCAL)
    assert visitor.get(STAFF).status_code == 401


def test_forged_and_foreign_cookies_open_nothing(visitor: FlaskClient, app: Flask, tmp_path) -> None:
    enter(visitor)
    mine = visitor.get_cookie("gisapp").value
    foreign = create_app(init_workspace(tmp_path / "other").root, testing=True)
    with foreign.test_client() as elsewhere:
        with elsewhere.session_transaction() as kept:
            kept["token"], kept["seen"] = "x" * 43, int(time.time())
        theirs = elsewhere.get_cookie("gisapp").value
    for forged in (theirs, mine[:-3] + "abc", mine.replace(".", "", 1), "x", ""):
        client = app.test_client()
        client.set_cookie("gisapp", forged)
        assert client.get(STAFF).status_code == 401
        assert client.get("/account").status_code == 302


def test_a_session_ends_by_itself(visitor: FlaskClient, workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    token = begin_for(workspace, "budi")

    def asked_after(minutes: float) -> int:
        with visitor.session_transaction() as kept:
            kept["token"], kept["seen"] = token, int(time.time() - 60 * minutes)
        return visitor.get(STAFF).status_code

    assert asked_after(bounds().session_idle_minutes - 1) == 200
    assert asked_after(bounds().session_idle_minutes + 1) == 401
    over = dataclasses.replace(bounds(), session_hours=-1)
    monkeypatch.setattr("gisapp.access.sessions.limits", lambda: over)
    token = begin_for(workspace, "budi")
    assert asked_after(0) == 401


def test_too_many_tries_lock_the_name_and_are_told(visitor: FlaskClient, app: Flask, workspace) -> None:
    for _ in range(bounds().lockout_name_tries):
        assert enter(visitor, password="salah sama sekali").status_code == 401
    locked = enter(visitor)
    assert locked.status_code == 429, "the right password does not open a locked name"
    assert "Tunggu 15 menit" in locked.get_data(as_text=True)
    unknown = [enter(visitor, "tidak ada").status_code for _ in range(bounds().lockout_name_tries + 1)]
    assert unknown == [401] * bounds().lockout_name_tries + [429], "as for a name that nobody has"
    trail = read_trail(workspace, Wanted(action="login.locked"), page=1, actor=LOCAL)
    assert "budi" in {event.subject for event in trail.events}
    whole = read_trail(workspace, Wanted(), page=1, actor=LOCAL)
    assert all("tidak ada" not in str(event) and "salah sama" not in str(event) for event in whole.events)


def test_many_names_from_one_address_lock_the_address(visitor: FlaskClient) -> None:
    for number in range(bounds().lockout_address_tries):
        enter(visitor, f"orang {number}", "salah")
    assert enter(visitor).status_code == 429


def test_the_form_has_a_rate(empty_workspace) -> None:
    app = create_app(empty_workspace, testing=True)
    assert app.config["RATELIMIT_ENABLED"] is False
    counted = create_app(empty_workspace, testing=False)
    client = counted.test_client()
    allowed = int(LOGIN_RATE.split()[0])
    codes = [client.post("/login").status_code for _ in range(allowed + 2)]
    assert codes == [400] * allowed + [429] * 2
    assert client.get("/login").status_code == 200


def test_a_password_made_by_another_is_changed_first(app: Flask, workspace, visitor: FlaskClient, as_role) -> None:
    admin = as_role("admin")
    name = "pengguna sementara"
    added = admin.post(
        "/admin/users", data={"name": name, "role": "viewer", "csrf_token": token_of(admin, "/admin")}
    ).get_data(as_text=True)
    temporary = re.search(r'class="once">([^<]+)<', added)[1]
    assert enter(visitor, name, temporary).status_code == 302
    assert visitor.get("/interventions").headers["Location"] == "/account"
    assert visitor.get(STAFF).status_code == 403
    data = {"current": temporary, "new": PASSWORD, "again": PASSWORD, "csrf_token": token_of(visitor, "/account")}
    assert visitor.post("/account/password", data=data).status_code == 200
    assert visitor.get("/interventions").status_code == 200


@pytest.mark.parametrize(
    ("current", "new", "again", "said"),
    [
        ("salah sama sekali", "lima kata yang lebih mudah", None, "sekarang tidak cocok"),
        (PASSWORD, "pendek", None, "kurang dari"),
        (PASSWORD, "lima kata yang lebih mudah", "lain", "tidak sama"),
        (PASSWORD, PASSWORD, None, "sama dengan yang lama"),
    ],
)
def test_a_password_change_that_is_refused(visitor: FlaskClient, current, new, again, said) -> None:
    enter(visitor)
    data = {"current": current, "new": new, "again": again or new, "csrf_token": token_of(visitor, "/account")}
    answer = visitor.post("/account/password", data=data)
    assert answer.status_code == 400
    assert said in answer.get_data(as_text=True)
    assert visitor.get(STAFF).status_code == 200


def test_a_large_body_is_refused_before_it_is_read(visitor: FlaskClient) -> None:
    assert visitor.post("/login", data={"username": "x" * 200_000}).status_code == 413


def test_demo_users_are_offered_in_a_synthetic_district_on_this_machine_only(tmp_path) -> None:
    from gisapp.access.demo_users import DEMO_PASSWORD, create_demo_users

    demo = init_workspace(tmp_path / "demo", synthetic=True, seed=3)
    create_demo_users(demo)
    page = create_app(demo.root, testing=True).test_client().get("/login").get_data(as_text=True)
    assert DEMO_PASSWORD in page
    assert page.count("data-role=") == 8, "without a boundary there is no area for the roles of the villages"
    beyond = create_app(demo.root, testing=True, hosts=["gis.kabupaten.example"]).test_client()
    assert DEMO_PASSWORD not in beyond.get("/login").get_data(as_text=True)
    real = init_workspace(tmp_path / "real")
    users.add_user(real, name="planner", role="planner", password=PASSWORD, actor=LOCAL)
    assert "data-role" not in create_app(real.root, testing=True).test_client().get("/login").get_data(as_text=True)
