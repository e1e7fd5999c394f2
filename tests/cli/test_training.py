"""gisapp demo --training: cases in every state for six people, and LATIHAN wherever anything is shown."""

from __future__ import annotations

import csv
import time
import zipfile

import pypdf
import pytest

from gisapp.access.actors import LOCAL
from gisapp.access.demo_users import demo_users
from gisapp.access.sessions import begin_for
from gisapp.cli.demo import make_demo
from gisapp.cli.training import training_plan
from gisapp.errors import GisappError
from gisapp.progress import silent
from gisapp.registry.privacy import write_papers
from gisapp.registry.snapshots import latest_snapshot
from gisapp.registry.updates.queue import cases
from gisapp.registry.updates.states import STATES
from gisapp.release.export import export_collection
from gisapp.release.portable import write_portable_map
from gisapp.release.sheet import write_sheet
from gisapp.targeting.runs import load_run
from gisapp.web.app import create_app
from gisapp.workspace.folder import open_workspace
from gisapp.writers.collection import FORMATS

HOW = {"households": 2500, "seed": 11, "profile": "labuhanbatu_selatan", "boundaries": None, "progress": silent}


@pytest.fixture(scope="module")
def training(tmp_path_factory):
    root = tmp_path_factory.mktemp("training") / "workspace"
    document = make_demo(root, training=True, **HOW)
    return open_workspace(root), document


def test_there_is_a_case_in_every_state_and_a_stale_one(training):
    workspace, document = training
    found = cases(workspace, LOCAL, limit=500)
    assert {one.state for one in found} == set(STATES)
    assert (
        len(found)
        == len(training_plan()["cases"])
        == sum(document["training"].values()) - document["training"]["stale"]
    )
    assert document["training"]["stale"] >= 1
    assert any(one.approved_by for one in found if one.state == "submitted")


def test_an_acceptance_has_made_a_snapshot_already(training):
    workspace, document = training
    ref = latest_snapshot(workspace)
    assert ref is not None
    assert ref.import_id != ref.root_import_id
    assert document["training"]["accepted"] == 1


def test_made_again_it_stays_as_it_is(training):
    workspace, document = training
    assert make_demo(workspace.root, training=True, **HOW)["training"] == document["training"]


def test_every_page_says_latihan(training):
    workspace, _ = training
    app = create_app(workspace.root, testing=True)
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    seen = 0
    for user in (None, *(one.name for one in demo_users(workspace))):
        client = app.test_client()
        if user is not None:
            with client.session_transaction() as kept:
                kept["token"], kept["seen"] = begin_for(workspace, user), int(time.time())
        for rule in rules:
            answer = client.get(rule.rule)
            if answer.mimetype == "text/html" and answer.status_code != 302:
                assert "LATIHAN" in answer.get_data(as_text=True), (user, rule.rule, answer.status_code)
                seen += 1
    assert seen > 40


def test_every_document_says_latihan(training, tmp_path):
    workspace, _ = training
    run = load_run(workspace)
    write_portable_map(workspace, run, tmp_path / "peta.html")
    assert "LATIHAN" in (tmp_path / "peta.html").read_text(encoding="utf-8")
    for path in write_papers(workspace, tmp_path / "naskah"):
        assert "LATIHAN" in path.read_text(encoding="utf-8")
    pockets = run.collection("pockets")
    if len(pockets):
        write_sheet(workspace, run, str(pockets["pocket_id"].iloc[0]), tmp_path / "lembar.pdf")
        assert "LATIHAN" in pypdf.PdfReader(tmp_path / "lembar.pdf").pages[0].extract_text()


@pytest.mark.parametrize("format", [name for name in FORMATS if name not in ("fgb", "parquet", "kml")])
def test_every_export_says_so(training, tmp_path, format):
    workspace, _ = training
    path = tmp_path / f"desa.{'zip' if format == 'shp' else format}"
    export_collection(workspace, load_run(workspace), "areas", path, format=format)
    data = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            data = b"".join(archive.read(name) for name in archive.namelist())
    assert b"LATIHAN" in data or b"training" in data


def test_a_csv_says_so_in_every_row(training, tmp_path):
    workspace, _ = training
    export_collection(workspace, load_run(workspace), "areas", tmp_path / "desa.csv")
    with (tmp_path / "desa.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert {row["training"] for row in csv.DictReader(stream)} == {"true"}


def test_too_small_a_district_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(GisappError, match="--households"):
        make_demo(tmp_path / "w", training=True, **{**HOW, "households": 100})
