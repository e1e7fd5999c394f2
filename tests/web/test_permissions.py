"""Every route for every role, against the matrix; a token for every form; no change by looking; a trail of all."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData, delete, func, select, text
from werkzeug.routing import Rule

from gisapp.access.permissions import ROLES, matrix
from gisapp.access.tables import FailureRow
from gisapp.store.database import session
from gisapp.store.tables import AuditEvent
from gisapp.web.planner import documents
from gisapp.web.source import EXTENSION
from gisapp.workspace.folder import open_workspace
from tests.web.changing_routes import CHANGES, ELSEWHERE, Stage

#: What stands in the address of a route that has a place for it; anything else is "x", a number that nothing has.
ARGUMENTS: dict[str, Any] = {
    "pocket_id": "p-a", "level": "desa", "collection": "areas", "feature_id": "12.05", "filename": "css/base.css",
    "name": "headcount_ratio",
}  # fmt: skip
NOTHING = 999_999
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
WITHOUT_TRAIL = ("audit_event", "alembic_version")


def rules(app: Flask, *, changing: bool) -> list[tuple[str, Rule]]:
    found = [
        (method, rule)
        for rule in app.url_map.iter_rules()
        for method in METHODS
        if method in rule.methods and (method != "GET") == changing
    ]
    return sorted(found, key=lambda pair: (pair[1].endpoint, pair[0]))


def path_of(app: Flask, rule: Rule) -> str:
    values = {name: ARGUMENTS.get(name, "x") for name in rule.arguments}
    values |= {name: NOTHING for name in rule.arguments if "Integer" in type(rule._converters[name]).__name__}
    return app.url_map.bind("localhost").build(rule.endpoint, values, method=next(iter(rule.methods)))


def verdict(answer: Any) -> str:
    """allowed, login (who are you?) or refused (not you)."""
    if answer.status_code == 401 or (answer.status_code == 302 and "/login" in answer.headers["Location"]):
        return "login"
    return "refused" if answer.status_code == 403 else "allowed"


def expected(endpoint: str, role: str) -> str:
    if role in matrix().permissions[matrix().routes[endpoint]].roles:
        return "allowed"
    return "login" if role == "public" else "refused"


@pytest.fixture(autouse=True)
def nobody_is_locked_out(empty_workspace: Path) -> None:
    """The wrong passwords that other tests have tried are from the same address."""
    with session(open_workspace(empty_workspace).database) as database:
        database.execute(delete(FailureRow))


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents that take seconds to make are stood in for: the sweep asks who may, not what is in them."""
    for name in ("portable_map", "sheet"):
        monkeypatch.setattr(documents, name, lambda *words, **more: b"made")


def client_of(app: Flask, as_role, role: str) -> FlaskClient:
    return app.test_client() if role == "public" else as_role(role)


def test_every_endpoint_stands_in_the_matrix(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints - set(matrix().routes) == set()
    assert set(matrix().routes) - endpoints == set()


def test_what_is_not_in_the_matrix_is_not_there(fresh_app: Flask) -> None:
    fresh_app.add_url_rule("/forgotten", view_func=lambda: "secret", endpoint="forgotten")
    answer = fresh_app.test_client().get("/forgotten")
    assert answer.status_code == 404
    assert b"secret" not in answer.data


@pytest.mark.usefixtures("light")
@pytest.mark.parametrize("role", ROLES)
def test_every_page_for_every_role(app: Flask, as_role, role: str) -> None:
    client = client_of(app, as_role, role)
    wrong = {}
    for method, rule in rules(app, changing=False):
        with client.open(path_of(app, rule), method=method) as answer:
            assert answer.status_code != 500, rule.endpoint
            if rule.endpoint != "account.login" and verdict(answer) != expected(rule.endpoint, role):
                wrong[rule.endpoint] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("role", ROLES)
def test_every_change_for_every_role_asks_for_the_token(app: Flask, as_role, role: str) -> None:
    """Who may not is refused as anywhere; who may is told 400, since the form's token is missing."""
    client = client_of(app, as_role, role)
    before = contents(app)
    for method, rule in rules(app, changing=True):
        answer = client.open(path_of(app, rule), method=method)
        assert verdict(answer) == expected(rule.endpoint, role), rule.endpoint
        if verdict(answer) == "allowed":
            assert answer.status_code == 400, rule.endpoint
        forged = client.open(path_of(app, rule), method=method, data={"csrf_token": "forged"})
        assert forged.status_code == answer.status_code, rule.endpoint
    assert contents(app) == before


def contents(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the trail."""
    found = {}
    with session(app.extensions[EXTENSION].workspace.database, write=False) as db:
        metadata = MetaData()
        metadata.reflect(db.connection())
        for table in metadata.sorted_tables:
            if table.name not in WITHOUT_TRAIL:
                found[table.name] = sorted(map(repr, db.execute(select(table)).all()))
    return found


def files_of(root: Path) -> dict[str, int]:
    return {
        str(path): path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file() and "sqlite" not in path.name
    }


@pytest.mark.usefixtures("light")
@pytest.mark.parametrize("role", ["admin", "social_office", "statistician", "village_operator"])
def test_looking_changes_nothing(app: Flask, as_role, role: str) -> None:
    client = as_role(role)
    root = app.extensions[EXTENSION].workspace.root
    before, files = contents(app), files_of(root)
    for method, rule in rules(app, changing=False):
        with client.open(path_of(app, rule), method=method):
            pass
    assert contents(app) == before
    assert files_of(root) == files


def events(app: Flask) -> int:
    with session(app.extensions[EXTENSION].workspace.database, write=False) as db:
        return db.scalar(select(func.count()).select_from(AuditEvent)) or 0


def token_of(client: FlaskClient) -> str:
    """A token for a form of this client; whoever has no account takes it from the log-in page."""
    for path in ("/account", "/login"):
        found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).get_data(as_text=True))
        if found:
            return found[1]
    raise AssertionError("no form carries a token")


def test_every_changing_route_has_a_body(app: Flask) -> None:
    changing = {rule.endpoint for _, rule in rules(app, changing=True)}
    assert set(CHANGES) | set(ELSEWHERE) == changing
    assert not set(CHANGES) & set(ELSEWHERE)
    folder = Path(__file__).parent
    for endpoint, named in ELSEWHERE.items():
        file, _, test = named.partition("::")
        assert f"def {test}" in (folder / file).read_text(encoding="utf-8"), endpoint


@pytest.mark.parametrize("endpoint", CHANGES)
def test_every_change_leaves_a_line_in_the_trail(app: Flask, log_in_to, endpoint: str) -> None:
    workspace = app.extensions[EXTENSION].workspace
    sent = CHANGES[endpoint](Stage(app, workspace, lambda *words, **more: log_in_to(app, *words, **more)))
    token, before = token_of(sent.client), events(app)
    answer = sent.client.post(sent.path, data={**sent.data, "csrf_token": token})
    assert answer.status_code in (200, 302, 303), answer.get_data(as_text=True)
    assert events(app) > before


def test_a_missing_user_and_anothers_look_the_same(app: Flask, as_role) -> None:
    client = as_role("admin")
    token = token_of(client)
    answers = [client.post(f"/admin/users/{id}/disable", data={"csrf_token": token}) for id in (NOTHING, NOTHING + 1)]
    bodies = {
        re.sub(r"<code>[0-9A-F]{8}</code>|value=\"[^\"]+\"", "", answer.get_data(as_text=True)) for answer in answers
    }
    assert [answer.status_code for answer in answers] == [404, 404]
    assert len(bodies) == 1


def test_the_trail_holds_no_password(app: Flask, as_role) -> None:
    with session(app.extensions[EXTENSION].workspace.database, write=False) as db:
        whole = " ".join(map(str, db.execute(text("SELECT actor, subject, detail FROM audit_event")).all()))
    assert "empat kata" not in whole
    assert "lima kata" not in whole
