"""A scenario is a run of its own: named by what it changes, never the baseline, never the parent, never served."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from gisapp.errors import ConfigurationError, InvalidParameterError, NotFoundError
from gisapp.registry.snapshots import latest_snapshot
from gisapp.release.export import export_collection
from gisapp.release.facts import file_metadata, outside_shares
from gisapp.store.database import session
from gisapp.targeting.request import request_for
from gisapp.targeting.run import run
from gisapp.targeting.runs import REACHED, baseline_before, list_runs, load_run
from gisapp.targeting.scenarios import scenario_states
from gisapp.targeting.tables import RunRow
from gisapp.web.source import Source
from gisapp.workspace.folder import open_workspace
from gisapp.workspace.scenarios import read_scenario, with_scenario
from tests.copies import copy_workspace
from tests.scenario_runs import BUDGET_IDR, OTHER, SMALL, write_scenario


@pytest.fixture
def copy(small_scenarios: Path, tmp_path: Path) -> Path:
    return copy_workspace(small_scenarios, tmp_path / "copy")


def id_of(root: Path, name: str) -> str:
    workspace = open_workspace(root)
    found = read_scenario(workspace, name)
    request = request_for(with_scenario(workspace, found), period=None, budget_idr=found.budget_idr, scenario=found)
    return request.run_id


def test_the_baseline_stays_the_baseline_whatever_was_asked_for_since(small_scenarios: Path, small_demo: Path):
    workspace = open_workspace(small_scenarios)
    baseline = load_run(open_workspace(small_demo)).run_id
    assert [row["scenario"] for row in list_runs(workspace)] == ["lain", "kecil", None]
    assert load_run(workspace).run_id == baseline
    assert Source(small_scenarios).newest().run_id == baseline
    assert baseline_before(workspace, "9999") == baseline


def test_asking_again_for_a_scenario_changes_nothing_of_the_baseline(copy: Path, tmp_path: Path):
    workspace = open_workspace(copy)
    baseline = load_run(workspace).run_id
    again = run(workspace, scenario="kecil")
    assert (again.cached, again.scenario) == (True, "kecil")
    assert load_run(workspace).run_id == baseline
    assert run(workspace).run_id == baseline
    assert [row["scenario"] for row in list_runs(workspace)] == [None, "kecil", "lain"]
    export_collection(workspace, load_run(workspace), "areas", tmp_path / "a.csv")
    export_collection(workspace, load_run(workspace, baseline), "areas", tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_where_only_scenarios_were_run_nothing_is_served(copy: Path):
    workspace = open_workspace(copy)
    with session(workspace.database) as database:
        for row in database.scalars(select(RunRow).where(RunRow.scenario.is_(None))):
            database.delete(row)
        database.commit()
    with pytest.raises(NotFoundError, match="gisapp run"):
        load_run(workspace)
    assert baseline_before(workspace, "9999") is None
    assert load_run(workspace, "kecil").manifest["parameters"]["budget_idr"] == BUDGET_IDR


def test_a_scenario_is_found_by_its_name_and_has_the_parent_of_the_baseline(small_scenarios: Path):
    workspace = open_workspace(small_scenarios)
    found = load_run(workspace, "lain")
    assert found.run_id == id_of(small_scenarios, "lain")
    assert found.manifest["parent"] == load_run(workspace).manifest["parent"]
    assert found.manifest["parameters"]["poor_deciles"] == [1, 2]
    assert found.manifest["parameters"]["sources"]["poor_deciles"] == ["uji", "2026-11-23"]
    with pytest.raises(NotFoundError, match="gisapp runs"):
        load_run(workspace, "entah")


def test_the_name_follows_from_what_is_changed_and_not_from_the_file(copy: Path):
    before = id_of(copy, "kecil")
    write_scenario(copy, "salinan", SMALL.replace("Anggaran kecil", "Judul lain"))
    assert id_of(copy, "salinan") == before
    summary = run(open_workspace(copy), scenario="salinan")
    assert (summary.run_id, summary.cached) == (before, True)
    assert load_run(open_workspace(copy), "salinan").run_id == before
    more = (
        'exclude_areas = ["12.05"]\n',
        'exclude_kinds = ["rtlh"]\n',
        "[standards]\nprimary_school = 2999\n",
        "[thresholds]\ndetour_factor = 1.1\n",
    )
    other = (("2000000000", "2000000001"), ("23", "24"), ('"uji"', '"x"'))
    for text in [*(SMALL + one for one in more), *(SMALL.replace(*pair) for pair in other)]:
        write_scenario(copy, "ubah", text)
        assert id_of(copy, "ubah") != before


def test_even_one_that_changes_nothing_is_not_the_baseline(copy: Path):
    write_scenario(copy, "sama", 'title = "Sama"\nsource = "uji"\ndate = "2026-11-23"\n')
    workspace = open_workspace(copy)
    assert id_of(copy, "sama") != load_run(workspace).run_id


def test_a_file_of_a_scenario_says_so_and_one_of_the_baseline_does_not(small_scenarios: Path):
    workspace = open_workspace(small_scenarios)
    told = [
        file_metadata(run, k=5, rule="staff", outside=outside_shares(run)).get("scenario")
        for run in (load_run(workspace), load_run(workspace, "kecil"))
    ]
    assert told == [None, "uji (2026-11-23)"]


def test_what_is_left_out_is_not_suggested(small_scenarios: Path):
    workspace = open_workspace(small_scenarios)
    assert "kompor_bersih" not in set(load_run(workspace, "lain").collection("interventions")["kind"])
    schools = load_run(workspace, "lain").collection("gaps").query("service == 'primary_school'")
    assert set(schools["standard"].dropna()) == {1500.0} or schools["standard"].astype(str).str.contains("1500").all()


def test_who_is_reached_is_kept_by_row_and_agrees_with_the_suggestions(small_scenarios: Path):
    workspace = open_workspace(small_scenarios)
    for name in (None, "kecil", "lain"):
        sealed = load_run(workspace, name)
        reached, frame = sealed.reached(), sealed.collection("interventions").set_index("intervention_id")
        assert reached["family"].between(0, sealed.manifest["registry"]["families"] - 1).all()
        assert not reached.duplicated(["intervention_id", "family"]).any()
        count = reached.groupby("intervention_id").size()
        assert set(count.index) <= set(frame.index)
        known = frame.loc[frame["strategy"].between(2, 5), "families"]
        assert count.reindex(known.index).fillna(0).astype(int).tolist() == known.astype(int).tolist()


def test_the_states_say_what_was_computed_and_what_changed_since(copy: Path):
    write_scenario(copy, "kecil", SMALL.replace("Anggaran kecil", "Judul baru"))
    write_scenario(copy, "lain", OTHER.replace("1500", "1600"))
    write_scenario(copy, "rusak", "title = 1\n")
    write_scenario(copy, "baru", SMALL)
    states = {one.name: one for one in scenario_states(open_workspace(copy))}
    assert (states["kecil"].changed, states["lain"].changed) == (False, True)
    assert isinstance(states["rusak"].problem, ConfigurationError)
    assert states["baru"].sealed is None
    (copy / "scenarios" / "lain.toml").unlink()
    gone = next(one for one in scenario_states(open_workspace(copy)) if one.name == "lain")
    assert gone.scenario is None
    assert gone.sealed is not None
    assert json.dumps([one.as_dict() for one in states.values()])


def test_an_area_that_the_district_does_not_have_and_a_second_budget_are_refused(copy: Path):
    workspace = open_workspace(copy)
    write_scenario(copy, "asing", SMALL + 'exclude_areas = ["11.01.01"]\n')
    before = list_runs(workspace)
    with pytest.raises(NotFoundError, match="110101"):
        run(workspace, scenario="asing")
    with pytest.raises(InvalidParameterError, match="--budget"):
        run(workspace, scenario="kecil", budget_idr=5.0)
    with pytest.raises(NotFoundError, match="entah"):
        run(workspace, scenario="entah")
    assert list_runs(workspace) == before


def test_a_run_of_before_is_made_again_where_it_keeps_nobody(copy: Path):
    workspace = open_workspace(copy)
    sealed = load_run(workspace)
    (sealed.folder / REACHED).unlink()
    with pytest.raises(NotFoundError, match="earlier gisapp"):
        sealed.reached()
    assert latest_snapshot(workspace) is not None
    assert not run(workspace).cached
    assert len(load_run(workspace).reached()) > 0
