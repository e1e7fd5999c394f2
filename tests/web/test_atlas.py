"""The printed atlas from the planner's page: a job of its owner, a file that only the owner takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from gisapp.store.database import session
from gisapp.store.tables import AuditEvent
from gisapp.web.app import create_app
from gisapp.web.registry.jobs import queue_of
from gisapp.web.source import EXTENSION
from tests.copies import copy_workspace
from tests.web.conftest import csrf_of

LONG_S = 120


@pytest.fixture(scope="module")
def atlas_app(small_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(copy_workspace(small_demo, tmp_path_factory.mktemp("atlas") / "copy"), testing=True)


def test_an_atlas_is_made_in_the_background_and_taken_along(atlas_app, log_in_to):
    planner = log_in_to(atlas_app, "planner")
    assert "Buat atlas cetak" in planner.get("/").get_data(as_text=True)
    answer = planner.post("/atlas", data={"csrf_token": csrf_of(planner)})
    assert answer.status_code == 303
    where = answer.headers["Location"]
    job = where.rsplit("/", 1)[1]
    again = planner.post("/atlas", data={"csrf_token": csrf_of(planner)}).headers["Location"]
    done = queue_of(atlas_app).wait(job, LONG_S)
    assert done.state == "done", done.error
    assert again == where or queue_of(atlas_app).wait(again.rsplit("/", 1)[1], LONG_S).state == "done"
    page = planner.get(where).get_data(as_text=True)
    assert f"/atlas/{job}.pdf" in page
    assert f"{done.result['pages']} halaman" in page
    taken = planner.get(f"/atlas/{job}.pdf")
    assert taken.data.startswith(b"%PDF")
    assert taken.headers["Cache-Control"] == "no-store"
    assert "attachment" in taken.headers["Content-Disposition"]
    file = atlas_app.extensions[EXTENSION].workspace.release_folder / done.result["file"]
    assert file.stat().st_mode & 0o777 == 0o600
    with session(atlas_app.extensions[EXTENSION].workspace.database, write=False) as database:
        actions = database.scalars(select(AuditEvent.action).where(AuditEvent.subject == job)).all()
    assert {"job.queued", "job.done"} <= set(actions)

    assert log_in_to(atlas_app, "statistician").get(f"/atlas/{job}.pdf").status_code == 404, "another's job"
    assert log_in_to(atlas_app, "admin").get(f"/atlas/{job}.pdf").status_code == 200
    assert atlas_app.test_client().get(f"/atlas/{job}.pdf").status_code == 302
    file.unlink()
    assert planner.get(f"/atlas/{job}.pdf").status_code == 404


def test_no_atlas_of_a_job_that_made_none(atlas_app, log_in_to):
    assert log_in_to(atlas_app, "planner").get("/atlas/x.pdf").status_code == 404


def test_who_may_not_make_one_is_not_offered_it(atlas_app, log_in_to):
    viewer = log_in_to(atlas_app, "viewer")
    assert "Buat atlas cetak" not in viewer.get("/").get_data(as_text=True)
    assert viewer.post("/atlas", data={"csrf_token": csrf_of(viewer)}).status_code == 403
