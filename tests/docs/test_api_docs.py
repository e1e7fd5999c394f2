"""docs/api.md cannot fall behind: every example in it is asked for, every collection, format and class stands in it."""

from __future__ import annotations

import dataclasses
import re
import time
from pathlib import Path

import pytest
from small_district import SmallRun

from gisapp.access.actors import LOCAL
from gisapp.access.sessions import begin_for
from gisapp.access.users import add_user
from gisapp.columns import ID_COLUMNS
from gisapp.release.cql2 import evaluate
from gisapp.web.app import create_app
from gisapp.web.ogc.asked import DEFAULT_LIMIT, ITEMS, LARGEST_LIMIT
from gisapp.web.ogc.documents import CONFORMANCE
from gisapp.web.ogc.offers import COLLECTIONS
from gisapp.web.source import EXTENSION
from gisapp.workspace.folder import init_workspace
from tests.web.conftest import RunInMemory

API = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = [line for line in API.splitlines() if line.startswith("/api/")]


@pytest.fixture(scope="module")
def planner(tmp_path_factory):
    root = tmp_path_factory.mktemp("api") / "workspace"
    init_workspace(root, name="Kabupaten Contoh")
    app = create_app(root, testing=True)
    workspace = app.extensions[EXTENSION].workspace
    settings = dataclasses.replace(workspace.settings, synthetic=True)
    app.extensions[EXTENSION] = RunInMemory(dataclasses.replace(workspace, settings=settings), SmallRun())
    add_user(workspace, name="perencana", role="planner", password="empat kata yang mudah", actor=LOCAL)
    client = app.test_client()
    with client.session_transaction() as session:
        session["token"], session["seen"] = begin_for(workspace, "perencana"), int(time.time())
    return client


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_answers(planner, example: str) -> None:
    answer = planner.get(example)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    if answer.mimetype == "application/geo+json" and "download" not in example:
        document = answer.get_json()
        assert document["type"] == "Feature" or document["features"]


def test_the_document_names_everything() -> None:
    for name in (*COLLECTIONS, *ID_COLUMNS.values()):
        assert f"`{name}`" in API
    for name in ITEMS:
        assert re.search(rf"\b{name}\b", API), name
    for operator in (*evaluate._COMPARISONS, *(name.upper() for name in evaluate._OTHERS if name != "isNull")):
        assert operator in API
    for uri in CONFORMANCE:
        assert uri.rpartition("/")[2].removesuffix("-plus") in API
    assert f"{DEFAULT_LIMIT} unless" in API
    assert f"{LARGEST_LIMIT:,} at most" in API
    assert f"{evaluate.LONGEST_FILTER:,} characters, {evaluate.DEEPEST_FILTER} levels" in API
    assert f"{evaluate.LARGEST_WORK:,} conditions times rows" in API
