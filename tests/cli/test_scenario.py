"""scenario, run --scenario and what runs diff tells of plans, as people and programs read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from gisapp.targeting.runs import REACHED, load_run
from gisapp.workspace.folder import init_workspace, open_workspace
from tests.copies import copy_workspace


def test_a_new_scenario_is_listed_and_not_computed(call, tmp_path: Path):
    root = tmp_path / "kabupaten"
    init_workspace(root)
    assert "gisapp scenario new" in call("-w", root, "scenario").stdout
    made = call("-w", root, "scenario", "new", "hemat", "--json")
    assert (made.exit_code, Path(made.json["path"]).name) == (0, "hemat.toml")
    listed = call("-w", root, "scenario", "--json").json["scenarios"]
    assert [(one["name"], one["run"], one["changed"]) for one in listed] == [("hemat", None, False)]
    assert "not computed" in call("-w", root, "scenario").stdout
    assert call("-w", root, "scenario", "new", "hemat").exit_code == 1
    assert "bukan nama skenario" in call("-w", root, "scenario", "new", "../x").stderr


def test_a_file_that_is_wrong_stops_no_list(call, tmp_path: Path):
    root = tmp_path / "kabupaten"
    init_workspace(root)
    (root / "scenarios").mkdir()
    (root / "scenarios" / "rusak.toml").write_text("title = 1\n")
    told = call("-w", root, "scenario")
    assert (told.exit_code, "rusak.toml:1" in told.stdout) == (0, True)


def test_a_file_of_another_kind_of_name_stops_no_list_either(call, tmp_path: Path):
    root = tmp_path / "kabupaten"
    init_workspace(root)
    assert call("-w", root, "scenario", "new", "hemat").exit_code == 0
    (root / "scenarios" / "Rencana Kota.toml").write_text("")
    (root / "scenarios" / "baseline.toml").write_text("")
    told = call("-w", root, "scenario")
    assert told.exit_code == 0
    assert "hemat  belum dihitung" in told.stdout
    assert "'Rencana Kota' bukan nama skenario" in told.stdout
    assert "'baseline' is no name for a scenario" in told.stdout


@pytest.mark.parametrize("budget", ["nan", "inf", "-1"])
def test_a_budget_that_is_no_amount_is_wrong_usage(call, tmp_path: Path, budget: str):
    init_workspace(tmp_path / "kabupaten")
    told = call("-w", tmp_path / "kabupaten", "run", "--budget", budget)
    assert told.exit_code == 2
    assert "--budget" in told.stderr


def test_a_budget_is_written_out_where_the_run_is_told(call, small_scenarios: Path, tmp_path: Path):
    root = copy_workspace(small_scenarios, tmp_path / "copy")
    assert "Rp 1.500.000.000, " in call("-w", root, "run", "--budget", "1500000000").stdout
    assert "Rp" not in call("-w", root, "run").stdout


def test_run_by_its_name(call, small_scenarios: Path, tmp_path: Path):
    root = copy_workspace(small_scenarios, tmp_path / "copy")
    told = call("-w", root, "run", "--scenario", "kecil", "--json")
    assert (told.exit_code, told.json["cached"], told.json["scenario"]) == (0, True, "kecil")
    assert "skenario kecil" in call("-w", root, "run", "--scenario", "kecil").stdout
    assert "anggaran skenario" in call("-w", root, "run", "--scenario", "kecil", "--budget", "5").stderr.lower()
    assert call("-w", root, "run", "--scenario", "entah").exit_code == 1
    runs = call("-w", root, "runs", "--json").json["runs"]
    assert sorted(str(one["scenario"]) for one in runs) == ["None", "kecil", "lain"]
    assert "scenario lain" in call("-w", root, "runs").stdout


def test_the_difference_of_two_plans(call, small_scenarios: Path):
    found = call("-w", small_scenarios, "runs", "diff", "kecil", "lain", "--json").json
    assert found["why"]["parameters"]["poor_deciles"] == [[1], [1, 2]]
    plans = found["plans"]
    assert plans["same_snapshot"]
    assert {"both", "gained", "lost"} == set(plans["families"])
    assert len(plans["plans"]) == len(plans["fairness"]) == 2
    told = call("-w", small_scenarios, "runs", "diff", "kecil", "lain").stdout
    assert "families reached" in told
    assert "Gini" in told
    assert "harga / prices: Asumsi perencanaan contoh 2025" in told
    assert "{" not in told
    assert f"in steps of {plans['k']}" in told


def test_a_run_of_before_says_to_run_again(call, small_demo: Path, tmp_path: Path):
    root = copy_workspace(small_demo, tmp_path / "copy")
    sealed = load_run(open_workspace(root))
    (sealed.folder / REACHED).unlink()
    found = call("-w", root, "runs", "diff", sealed.run_id, sealed.run_id, "--json")
    assert found.exit_code == 0
    assert "earlier gisapp" in found.json["plans"]["why"]
