"""What is published is what a stranger sees, at every door; staff go on seeing what they saw."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sealed_rows import seal_row
from small_district import FAMILIES, SmallRun
from sqlalchemy import select

from gisapp.access.actors import LOCAL
from gisapp.release.publishing import publish, published, unpublish
from gisapp.store.database import session
from gisapp.store.tables import AuditEvent
from gisapp.web.app import create_app
from gisapp.web.source import EXTENSION
from gisapp.workspace.folder import Workspace, init_workspace
from tests.web.conftest import RunInMemory, csrf_of, with_run

RUN, OTHER, SCENARIO = "run0run0run0", "run1run1run1", "run2run2run2"
POCKET_DOORS = (
    "/pockets/p-a", "/pockets/p-a/map.html", "/pockets/p-a/sheet.pdf", "/map.html", "/data/pockets.json",
    "/api/collections/pockets/items", "/api/collections/pockets/download?format=csv",
    "/api/collections/pockets/download?format=kml", "/api/collections/pockets/download?format=xlsx",
)  # fmt: skip
CELL_DOORS = ("/api/collections/cells/items", "/api/collections/cells/download?format=csv")
NEVER = (
    "/interventions", "/interventions/i1", "/interventions/rab.xlsx", "/statistics", "/explore", "/scenarios",
    "/data/interventions.json", "/api/collections/interventions/items", "/api/collections/gaps/items",
    "/api/collections/gaps/download?format=csv", "/admin", "/admin/publication", "/jobs",
)  # fmt: skip
SUGGESTED = ("Sekolah dasar baru", "Sambungan air", "Rp 250 juta")


class ManyRuns(RunInMemory):
    """Serves the same frames under the ids of two runs."""

    def sealed(self, run_id: str) -> SmallRun:
        found = SmallRun()
        found.run_id = run_id
        return found


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    made = init_workspace(tmp_path / "kabupaten", name="Kabupaten Contoh")
    seal_row(made, OTHER, period="2024-1")
    seal_row(made, RUN)
    seal_row(made, SCENARIO, scenario="coba")
    return made


@pytest.fixture
def public_app(office: Workspace) -> Flask:
    app = with_run(create_app(office.root, testing=True), SmallRun())
    app.extensions[EXTENSION] = ManyRuns(app.extensions[EXTENSION].workspace, SmallRun())
    return app


@pytest.fixture
def anybody(public_app: Flask) -> FlaskClient:
    return public_app.test_client()


def is_open(client: FlaskClient, path: str) -> bool:
    with client.get(path) as answer:
        if answer.status_code == 200:
            return True
        assert answer.status_code == 401 or "/login" in answer.headers["Location"], (path, answer.status_code)
        return False


def text_of(client: FlaskClient, path: str) -> str:
    body = client.get(path).get_data()
    if body[:4] == b"%PDF":
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).replace("\u00a0", " ")
    return body.decode("utf-8", errors="replace").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("collections", "pockets", "cells"),
    [(None, False, False), ([], False, False), (["pockets"], True, False), (["cells"], False, True),
     (["pockets", "cells"], True, True)],
)  # fmt: skip
def test_every_door_follows(office, anybody, collections, pockets, cells):
    if collections is not None:
        publish(office, collections=collections, actor=LOCAL)
    assert [is_open(anybody, path) for path in POCKET_DOORS] == [pockets] * len(POCKET_DOORS)
    assert [is_open(anybody, path) for path in CELL_DOORS] == [cells] * len(CELL_DOORS)
    assert not any(is_open(anybody, path) for path in NEVER)
    layers = {layer["id"] for layer in anybody.get("/data/manifest.json").get_json()["layers"]}
    assert ("pockets" in layers) == pockets
    assert "interventions" not in layers
    page = text_of(anybody, "/")
    assert ('class="card"' in page) == pockets
    assert ("Peta yang diumumkan" in page) != pockets
    row = anybody.get("/api/collections/areas/items").get_json()["features"][0]["properties"]
    assert ("pocket_id" in row) == pockets


def test_going_back_closes_every_door_at_once(office, anybody):
    publish(office, collections=["pockets", "cells"], actor=LOCAL)
    assert is_open(anybody, "/pockets/p-a")
    unpublish(office, actor=LOCAL)
    assert not any(is_open(anybody, path) for path in (*POCKET_DOORS, *CELL_DOORS))


@pytest.mark.parametrize("path", ["/", "/data/manifest.json", *POCKET_DOORS])
def test_no_suggestion_goes_with_a_published_pocket(office, anybody, path):
    publish(office, collections=["pockets"], actor=LOCAL)
    text = text_of(anybody, path)
    if path == "/data/manifest.json":
        text = json.dumps({name: part for name, part in json.loads(text).items() if name != "texts"})
    for word in SUGGESTED:
        assert word not in text, word


def test_published_cells_are_classes(office, anybody):
    publish(office, collections=["cells"], actor=LOCAL)
    rows = anybody.get("/api/collections/cells/items").get_json()["features"]
    assert rows
    assert not {"families", "persons", "poor_families", "poor_persons"} & set(rows[0]["properties"])


@pytest.mark.parametrize("k", [10, 40, 400])
def test_the_published_k_holds_at_every_door(office, anybody, k):
    publish(office, collections=["pockets"], k=k, actor=LOCAL)
    shown = anybody.get("/data/values/desa.json").get_json()["poor_families"]
    rows = anybody.get("/api/collections/areas/items").get_json()["features"]
    assert shown == [row["properties"]["poor_families"] for row in rows if row["properties"]["level"] == "desa"]
    for count, families in zip(shown, FAMILIES, strict=True):
        assert count is None or (count >= k and families - count >= k) or count == 0
    csv = text_of(anybody, "/api/collections/areas/download?format=csv")
    assert sum(value is not None for value in shown) == sum(
        bool(re.search(rf"(^|[,;]){value}([,;]|$)", csv, re.MULTILINE)) for value in shown if value is not None
    )
    pockets = anybody.get("/api/collections/pockets/items").get_json()["features"]
    counts = [row["properties"]["poor_families"] for row in pockets]
    assert all(count is None or count >= k for count in counts)
    if k == 400:
        assert counts == [None, None]
        for path in ("/pockets/p-a", "/pockets/p-a/sheet.pdf", "/pockets/p-a/map.html", "/map.html"):
            assert not re.search(r"\b370\b", text_of(anybody, path)), path


def test_the_published_run_is_the_one_that_is_seen(office, public_app, anybody, log_in_to):
    publish(office, run_id=OTHER, collections=["pockets"], actor=LOCAL)
    staff = log_in_to(public_app, "planner")
    for path in ("/healthz", "/data/manifest.json"):
        assert anybody.get(path).get_json()["run"] == OTHER
        assert staff.get(path).get_json()["run"] == RUN
    assert OTHER in text_of(anybody, "/pockets/p-a")
    assert OTHER in text_of(anybody, "/pockets/p-a/sheet.pdf")
    assert RUN in text_of(staff, "/pockets/p-a")


def test_staff_see_what_they_saw(office, public_app, log_in_to):
    staff = log_in_to(public_app, "viewer")
    doors = ("/data/manifest.json", "/data/values/desa.json", "/api/collections/pockets/download?format=csv",
             "/interventions", "/pockets/p-a")  # fmt: skip

    def bare(text: str) -> str:
        return re.sub(r'value="[^"]+"', "", text)  # tokens of forms

    before = [bare(text_of(staff, path)) for path in doors]
    publish(office, run_id=OTHER, collections=["pockets", "cells"], k=500, actor=LOCAL)
    assert [bare(text_of(staff, path)) for path in doors] == before


@pytest.mark.parametrize("role", ["admin", "tkpk_chair"])
def test_who_may_decides_on_the_page(office, public_app, anybody, log_in_to, role):
    client = log_in_to(public_app, role)
    page = text_of(client, "/admin/publication")
    assert "Yang dilihat umum" in page
    assert SCENARIO not in page
    data = {"run": OTHER, "collections": ["pockets"], "k": "12", "csrf_token": csrf_of(client)}
    answer = client.post("/admin/publication", data=data)
    assert answer.status_code == 303
    assert published(office).collections == ("areas", "pockets")
    page = text_of(client, answer.headers["Location"])
    assert "Tersimpan" in page
    assert f"Hasil {OTHER}, periode 2025-1" in page
    assert is_open(anybody, "/pockets/p-a")
    back = client.post("/admin/publication", data={"default": "1", "csrf_token": csrf_of(client)})
    assert back.status_code == 303
    assert not is_open(anybody, "/pockets/p-a")
    with session(office.database, write=False) as database:
        rows = database.scalars(select(AuditEvent).where(AuditEvent.action.startswith("release."))).all()
        assert [(row.actor, row.action) for row in rows] == [(role, "release.published"), (role, "release.unpublished")]


@pytest.mark.parametrize(
    ("sent", "status", "word"),
    [({"k": "9"}, 400, "paling sedikit|di luar 10 sampai"), ({"k": "sepuluh"}, 400, "bilangan bulat"),
     ({"run": SCENARIO}, 400, "skenario"), ({"run": "nix"}, 404, "gisapp runs"),
     ({"collections": ["gaps"]}, 400, "tidak dapat diumumkan")],
)  # fmt: skip
def test_the_page_says_why_not(office, public_app, log_in_to, sent, status, word):
    client = log_in_to(public_app, "admin")
    data = {"run": RUN, "collections": ["pockets"], "k": "10", **sent, "csrf_token": csrf_of(client)}
    answer = client.post("/admin/publication", data=data)
    assert answer.status_code == status
    assert re.search(word, answer.get_data(as_text=True))
    assert published(office).is_default


def test_the_page_where_nothing_was_run(bare_app, log_in_to):
    assert "gisapp run" in text_of(log_in_to(bare_app, "admin"), "/admin/publication")


def test_the_page_says_that_the_published_run_is_gone(office, public_app, log_in_to):
    from gisapp.targeting.tables import RunRow

    publish(office, run_id=OTHER, actor=LOCAL)
    with session(office.database) as database:
        database.delete(database.get(RunRow, OTHER))
    assert f"Hasil {OTHER} yang diumumkan sudah tidak ada" in text_of(
        log_in_to(public_app, "admin"), "/admin/publication"
    )
