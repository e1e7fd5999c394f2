"""A run as a fact: what it counts, that it is found again, that nothing half-written stays."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from gisapp.columns import COLLECTIONS, columns_of
from gisapp.errors import NotFoundError
from gisapp.targeting import runs as runs_room
from gisapp.targeting import seal as seal_room
from gisapp.targeting.run import run
from gisapp.targeting.runs import list_runs, load_run
from gisapp.workspace.folder import open_workspace
from tests.copies import copy_workspace


@pytest.fixture
def sealed(small_demo):
    return load_run(open_workspace(small_demo))


@pytest.fixture
def copy(small_demo, tmp_path) -> Path:
    return copy_workspace(small_demo, tmp_path / "copy")


def test_the_same_input_is_the_same_run_and_is_not_computed_again(small_demo):
    workspace = open_workspace(small_demo)
    summary = run(workspace)
    assert summary.cached
    assert summary.run_id == load_run(workspace).run_id
    assert len(list_runs(workspace)) == 1


def test_computed_again_from_nothing_it_has_the_same_bytes(copy, small_demo):
    workspace = open_workspace(copy)
    first = list_runs(workspace)[0]["run"]
    shutil.rmtree(workspace.runs_folder / first)
    again = run(workspace)
    assert (again.run_id, again.cached) == (first, False)
    theirs, ours = small_demo / "runs" / first, workspace.runs_folder / first
    for path in sorted(theirs.rglob("*.*")):
        if path.is_file():
            assert path.read_bytes() == (ours / path.relative_to(theirs)).read_bytes(), path.name


def test_another_threshold_is_another_run(copy):
    settings = copy / "gisapp.toml"
    text = settings.read_text()
    settings.write_text(text.replace("value = [1]", "value = [1, 2]"))
    summary = run(open_workspace(copy))
    assert not summary.cached
    assert len(list_runs(open_workspace(copy))) == 2


def test_the_run_that_was_asked_for_last_is_what_leaves(copy):
    first = run(open_workspace(copy)).run_id
    settings = copy / "gisapp.toml"
    before = settings.read_text()
    settings.write_text(before.replace("value = [1]", "value = [1, 2]"))
    other = run(open_workspace(copy)).run_id
    assert load_run(open_workspace(copy)).run_id == other != first
    settings.write_text(before)
    assert run(open_workspace(copy)).cached
    assert load_run(open_workspace(copy)).run_id == first


def test_of_runs_asked_for_in_one_moment_the_last_is_the_baseline(copy, monkeypatch):
    class Still(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2030, 1, 1, tzinfo=tz)

    monkeypatch.setattr(runs_room, "datetime", Still)
    settings = copy / "gisapp.toml"
    before = settings.read_text()
    for text in (before.replace("value = [1]", "value = [1, 2]"), before):
        settings.write_text(text)
        asked = run(open_workspace(copy)).run_id
        assert load_run(open_workspace(copy)).run_id == asked


def test_the_core_of_a_pocket_is_part_of_it(sealed):
    pockets = sealed.collection("pockets")
    assert len(pockets) > 0
    for row in pockets.itertuples():
        core = row.core_codes.split("; ")
        assert core
        assert set(core) <= set(row.member_codes.split("; "))


def test_every_family_is_counted_once_at_every_level(sealed):
    areas = sealed.collection("areas")
    sums = areas.groupby("level")[["families", "persons", "poor_families", "poor_persons"]].sum()
    assert (sums.nunique() == 1).all()
    assert sums.loc["desa", "families"] == sealed.manifest["registry"]["families"]


def test_inside_and_outside_the_pockets_is_everybody(sealed):
    pockets, areas = sealed.collection("pockets"), sealed.collection("areas")
    outside = sealed.manifest["outside_pockets"]
    total = areas.loc[areas["level"].eq("desa"), "poor_families"].sum()
    assert pockets["poor_families"].sum() + outside["poor_families"] == total
    assert outside["poor_families_share"] == pytest.approx(outside["poor_families"] / total)


def test_the_planted_cause_is_suggested_for_and_every_pocket_has_a_suggestion(sealed):
    pockets, interventions = sealed.collection("pockets"), sealed.collection("interventions")
    assert len(pockets) > 0
    assert set(interventions["pocket_id"]) == set(pockets["pocket_id"])
    assert interventions["strategy"].between(1, 7).all()
    assert (interventions["works_idr"] - interventions["volume"] * interventions["unit_cost_idr"]).abs().max() < 1
    parts = interventions[["works_idr", "design_idr", "supervision_idr", "tax_idr"]].fillna(0).sum(axis=1)
    assert (interventions["cost_idr"] - parts).abs().max() < 1
    assert interventions["cost_source"].str.contains("20").all()
    assert interventions["not_checked"].eq("").all()  # the demo brings every layer that a site is checked against


def test_a_suggestion_says_its_numbers(sealed):
    for row in sealed.collection("interventions").itertuples():
        assert json.loads(row.evidence)
        assert row.why_id
        assert row.why_en
        assert "terentas" not in row.why_id


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_collection_has_its_columns_and_is_in_wgs84(sealed, name):
    frame = sealed.collection(name)
    assert list(frame.columns) == [*columns_of(name), "geometry"]
    assert frame.crs.to_epsg() == 4326
    west, south, east, north = frame.total_bounds
    assert 94 < west <= east < 142
    assert -12 < south <= north < 12


def test_no_identity_reaches_a_run(sealed):
    header = ("nik", "no_kk", "nama_kepala_keluarga", "alamat", "family_id", "longitude", "latitude")
    for name in COLLECTIONS:
        assert not set(header) & set(sealed.collection(name).columns)


def test_the_manifest_tells_what_went_in_and_holds_no_clock(sealed):
    manifest = sealed.manifest
    assert manifest["run_id"] == sealed.run_id
    assert {entry["role"] for entry in manifest["inputs"]} == {
        "boundary", "facility", "road", "raster", "table", "registry",
    }  # fmt: skip
    assert all(len(entry["sha256"]) >= 64 for entry in manifest["inputs"])
    assert manifest["tests"]["permutations"] >= 2 * 54 / 0.05
    assert manifest["district"]["synthetic"] is True
    assert not any("time" in key or "created" in key for key in manifest)


def test_what_fails_while_sealing_leaves_nothing(copy, monkeypatch):
    workspace = open_workspace(copy)
    run_id = list_runs(workspace)[0]["run"]
    shutil.rmtree(workspace.runs_folder / run_id)

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(seal_room, "_write_parquet", broken)
    with pytest.raises(OSError, match="No space"):
        run(workspace)
    assert list(workspace.runs_folder.iterdir()) == []


def test_a_period_that_is_not_there_is_told(small_demo):
    with pytest.raises(NotFoundError, match="period 1999"):
        run(open_workspace(small_demo), period="1999")


def test_a_run_that_is_not_there_is_told(small_demo):
    with pytest.raises(NotFoundError, match="gisapp runs"):
        load_run(open_workspace(small_demo), "nonsense")
