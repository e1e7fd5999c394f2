"""What strangers may see: decided, recorded, never below the floor, never a scenario, and taken back."""

from __future__ import annotations

import dataclasses
import itertools
import json
import shutil
from pathlib import Path

import pytest
from sealed_rows import seal_row
from sqlalchemy import delete, select

from gisapp.access.actors import LOCAL, Actor
from gisapp.errors import InvalidParameterError, NotFoundError, PermissionRefusedError
from gisapp.release.collections import disclosed
from gisapp.release.published import Publication
from gisapp.release.publishing import floor_of, publish, published, unpublish
from gisapp.store.audit import first_broken_event
from gisapp.store.database import session
from gisapp.store.tables import AuditEvent
from gisapp.targeting.tables import RunRow
from gisapp.workspace.folder import Workspace, init_workspace

NEW, OLD, TRIED = "aaaa", "bbbb", "cccc"
DEFAULT = Publication(run_id=None, collections=("areas",), k=10)


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    """A workspace with a run of each of two periods, and a scenario."""
    made = init_workspace(tmp_path / "kabupaten", name="Kabupaten Contoh")
    seal_row(made, OLD, period="2024-1")
    seal_row(made, NEW)
    seal_row(made, TRIED, scenario="desil-2")
    return made


def with_settings(workspace: Workspace, **values: int) -> Workspace:
    return dataclasses.replace(workspace, settings=dataclasses.replace(workspace.settings, **values))


def test_before_anybody_decides_areas_of_the_newest_run_are_seen(office):
    assert published(office) == DEFAULT
    assert DEFAULT.is_default


def test_what_is_published_holds_until_something_else_is(office):
    found = publish(office, collections=["pockets"], k=12, actor=LOCAL)
    assert found == Publication(run_id=NEW, collections=("areas", "pockets"), k=12)
    assert published(office) == found
    seal_row(office, "dddd", period="2026-1")
    assert published(office).run_id == NEW, "a newer run is not published by itself"
    later = publish(office, run_id=OLD, collections=["cells", "areas"], actor=LOCAL)
    assert published(office) == later == Publication(run_id=OLD, collections=("areas", "cells"), k=10)
    assert unpublish(office, actor=LOCAL) == published(office) == DEFAULT


def test_every_decision_is_in_the_trail(office):
    publish(office, run_id=OLD, collections=["pockets"], k=15, actor=Actor(name="Bu Ketua", role="tkpk_chair"))
    unpublish(office, actor=LOCAL)
    unpublish(office, actor=LOCAL)
    with session(office.database, write=False) as database:
        rows = database.scalars(select(AuditEvent).where(AuditEvent.action.startswith("release."))).all()
        assert [(row.actor, row.action, row.subject) for row in rows] == [
            ("Bu Ketua", "release.published", OLD), ("local", "release.unpublished", OLD),
        ]  # fmt: skip
        assert json.loads(rows[0].detail) == {"collections": "areas,pockets", "k": 15}
        assert first_broken_event(database) is None


@pytest.mark.parametrize(("settings", "floor"), [({}, 10), ({"k_staff": 12}, 12), ({"k_public": 20}, 20)])
def test_no_k_below_the_floor(office, settings, floor):
    asked = with_settings(office, **settings)
    assert floor_of(asked) == floor
    with pytest.raises(InvalidParameterError, match=f"below {floor} families"):
        publish(asked, k=floor - 1, actor=LOCAL)
    assert publish(asked, k=floor, actor=LOCAL).k == floor


def test_a_floor_that_was_raised_since_holds_for_what_was_published_before(office):
    publish(office, k=11, actor=LOCAL)
    assert published(with_settings(office, k_public=25)).k == 25
    assert published(with_settings(office, k_staff=30)).k == 30


@pytest.mark.parametrize("name", [TRIED, "desil-2"])
def test_a_scenario_is_never_published(office, name):
    with pytest.raises(InvalidParameterError, match="scenario"):
        publish(office, run_id=name, actor=LOCAL)
    assert published(office) == DEFAULT


@pytest.mark.parametrize("name", ["suggestions", "interventions", "gaps", "patterns", ""])
def test_only_what_can_be_published(office, name):
    with pytest.raises(InvalidParameterError, match="areas, pockets, cells"):
        publish(office, collections=["areas", name], actor=LOCAL)


def test_a_run_that_is_not_there_cannot_be_published(office):
    with pytest.raises(NotFoundError, match="gisapp runs"):
        publish(office, run_id="eeee", actor=LOCAL)
    shutil.rmtree(office.runs_folder / OLD)
    with pytest.raises(NotFoundError, match="gisapp doctor"):
        publish(office, run_id=OLD, actor=LOCAL)


def test_where_the_published_run_went_the_default_holds_and_says_so(office):
    publish(office, run_id=OLD, collections=["pockets"], actor=LOCAL)
    with session(office.database) as database:
        database.execute(delete(RunRow).where(RunRow.run_id == OLD))
    assert published(office) == dataclasses.replace(DEFAULT, lost=OLD)
    assert unpublish(office, actor=LOCAL) == published(office) == DEFAULT


def test_a_run_that_became_a_scenario_is_seen_no_more(office):
    publish(office, run_id=OLD, actor=LOCAL)
    with session(office.database) as database:
        database.get(RunRow, OLD).scenario = "coba"
    assert published(office).lost == OLD


@pytest.mark.parametrize("role", ["planner", "viewer", "public"])
def test_who_may_not(office, role):
    with pytest.raises(PermissionRefusedError):
        publish(office, actor=Actor(name="x", role=role))
    with pytest.raises(PermissionRefusedError):
        unpublish(office, actor=Actor(name="x", role=role))


@pytest.mark.parametrize("collection", ["areas", "pockets", "cells"])
@pytest.mark.parametrize("k", [11, 17, 30, 60, 400])
def test_a_larger_k_only_takes_away(workspace, run, collection, k):
    """What is withheld at one k is withheld at every larger one, so that two of them together tell no more than one."""
    asked = Publication(run_id="x", collections=("areas", "pockets", "cells"), k=k)
    tables = [
        disclosed(workspace, run, collection),
        disclosed(workspace, run, collection, audience="public"),
        disclosed(workspace, run, collection, audience="public", publication=asked),
    ]
    assert [table.k for table in tables] == [5, 10, k]
    for less, more in itertools.pairwise(tables):
        for name in set(less.frame.columns) & set(more.frame.columns) - {"geometry", "class", "rank", "status"}:
            assert not (less.frame[name].isna() & more.frame[name].notna()).any(), name
        assert (less.frame["status"].eq("suppressed") <= more.frame["status"].eq("suppressed")).all()


def test_traces_of_pockets_come_with_the_pockets(workspace, run):
    def seen(*names):
        asked = Publication(run_id="x", collections=names, k=10)
        return disclosed(workspace, run, "areas", audience="public", publication=asked).frame.columns

    assert "pocket_id" in seen("areas", "pockets")
    assert "pocket_id" not in seen("areas", "cells")
