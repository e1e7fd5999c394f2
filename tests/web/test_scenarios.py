"""Scenarios side by side: the page, the answers to its sliders, what may not be asked and by whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gisapp.errors import InvalidParameterError
from gisapp.targeting.runs import load_run
from gisapp.web.app import create_app
from gisapp.web.planner.scenario_asked import Asked, asked_for, stops, usual
from gisapp.web.planner.scenario_map import ENDS, share_class
from gisapp.workspace.folder import Workspace, open_workspace
from gisapp.workspace.scenarios import read_scenario
from tests.copies import copy_workspace
from tests.scenario_runs import BUDGET_IDR, OTHER, write_scenario

STATIC = Path(__file__).parents[2] / "gisapp" / "static" / "js"


@pytest.fixture(scope="module")
def root(small_scenarios: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_workspace(small_scenarios, tmp_path_factory.mktemp("scenario-pages") / "copy")


@pytest.fixture(scope="module")
def served_app(root: Path) -> Flask:
    return create_app(root, testing=True)


@pytest.fixture
def planner(served_app: Flask, log_in_to: Callable[..., FlaskClient]) -> FlaskClient:
    return log_in_to(served_app, "planner")


@pytest.fixture
def workspace(root: Path) -> Workspace:
    return open_workspace(root)


@pytest.mark.parametrize(("lang", "title"), [("id", "Skenario berdampingan"), ("en", "Scenarios side by side")])
def test_two_maps_of_one_extent_bars_and_the_tables_that_hold_the_same(planner: FlaskClient, lang: str, title: str):
    page = planner.get(f"/scenarios?lang={lang}").get_data(as_text=True)
    assert f">{title}</h1>" in page
    costs = {"id": "Sumber dan tahun biaya: Asumsi", "en": "Sources and years of the costs: "}[lang]
    assert costs in page
    assert "2025" in page[page.index(costs) :][:200]
    boxes = re.findall(r'<svg class="small-map"[^>]*viewBox="([^"]+)"', page)
    assert len(boxes) == 3
    assert len(set(boxes)) == 1
    for table in ("totals", "fairness", "kecamatan-rows", "site-rows", "try-rows"):
        body = page.partition(f'id="{table}"')[2].partition("</table>")[0]
        assert "<td" in body, table
    bars = page.partition('class="pair-bars"')[2].partition("</ul>")[0]
    rows = page.partition('id="kecamatan-rows"')[2].partition("</table>")[0]
    assert bars.count("<li>") == rows.count('<th scope="row">') > 0


def test_every_run_can_be_chosen_and_no_other(planner: FlaskClient, workspace: Workspace):
    page = planner.get("/scenarios").get_data(as_text=True)
    for name in (None, "kecil", "lain"):
        assert page.count(f'<option value="{load_run(workspace, name).run_id}"') == 2
    one, other = (load_run(workspace, name).run_id for name in ("kecil", "lain"))
    page = planner.get(f"/scenarios?a={one}&b={other}").get_data(as_text=True)
    assert page.count(f'<option value="{one}" selected') == page.count(f'<option value="{other}" selected') == 1
    same = planner.get(f"/scenarios?a={one}&b={one}&lang=en").get_data(as_text=True)
    assert "choose two that differ" in same
    assert planner.get("/scenarios?a=nonsense").status_code == 404
    assert planner.get("/scenarios?x=1").status_code == 400


def test_the_page_has_what_its_script_looks_for(planner: FlaskClient):
    page = planner.get("/scenarios").get_data(as_text=True)
    wanted = set(re.findall(r'byId\("([a-z-]+)"\)', (STATIC / "scenario.js").read_text(encoding="utf-8")))
    assert len(wanted) > 10
    assert wanted <= set(re.findall(r'\sid="([^"]+)"', page))
    words = set(re.findall(r"words\.(\w+)", (STATIC / "scenario.js").read_text(encoding="utf-8")))
    assert all(f"&#34;{word}&#34;" in page for word in words)


def test_a_larger_budget_reaches_no_fewer(planner: FlaskClient, workspace: Workspace):
    run = load_run(workspace).run_id
    sizes = []
    for millions in (0, 100, 1000, 5000, 50000):
        found = planner.get(f"/data/scenarios.json?run={run}&budget={millions}").get_json()
        sizes.append(sum(row["bought"] for row in found["rows"]))
        assert found["asked"]["millions"] == millions
        assert {row["id"] for row in found["rows"] if row["bought"]} == set(found["bought"])
    assert sizes[0] == 0 < sizes[-1]


def test_the_budget_of_a_scenario_buys_what_its_run_bought(planner: FlaskClient, workspace: Workspace):
    sealed, baseline = load_run(workspace, "kecil"), load_run(workspace).run_id
    bought = sealed.collection("interventions").query("in_budget == True")["intervention_id"]
    found = planner.get(f"/data/scenarios.json?run={baseline}&budget={BUDGET_IDR // 10**6}").get_json()
    own = planner.get(f"/data/scenarios.json?run={sealed.run_id}").get_json()
    assert set(found["bought"]) == set(own["bought"]) == set(bought)
    assert own["toml"] == ""


def test_importance_changes_the_order_and_not_what_is_bought(planner: FlaskClient, workspace: Workspace):
    run = load_run(workspace).run_id
    usual_answer = planner.get(f"/data/scenarios.json?run={run}").get_json()
    changed = planner.get(
        f"/data/scenarios.json?run={run}&w_families=10&w_families_per_idr=1&w_decile_1_share=1&w_excess=1"
    ).get_json()
    assert changed["bought"] == usual_answer["bought"]
    assert changed["address"]["w_families"] == "10"
    assert [row["standing"] for row in changed["rows"]] != [row["standing"] for row in usual_answer["rows"]]


def test_what_was_tried_is_a_scenario_that_can_be_computed(planner: FlaskClient, workspace: Workspace):
    run = load_run(workspace).run_id
    found = planner.get(f"/data/scenarios.json?run={run}&budget=1500&w_families=9").get_json()
    write_scenario(workspace.root, "dicoba", found["toml"])
    kept = read_scenario(workspace, "dicoba")
    assert kept.budget_idr == 1.5e9
    assert sum(kept.thresholds["suggestion_weights"].values()) == pytest.approx(1)
    (workspace.root / "scenarios" / "dicoba.toml").unlink()


def test_nothing_is_stored(planner: FlaskClient, workspace: Workspace):
    def files() -> dict[str, int]:
        found = (path for path in workspace.root.rglob("*") if path.is_file() and "sqlite" not in path.name)
        return {str(path): path.stat().st_mtime_ns for path in found}

    before = files()
    planner.get("/scenarios")
    planner.get(f"/data/scenarios.json?run={load_run(workspace).run_id}&budget=700")
    assert files() == before


def test_a_file_that_was_changed_since_is_named(planner: FlaskClient, workspace: Workspace):
    write_scenario(workspace.root, "lain", OTHER.replace("1500", "1700"))
    assert "gisapp run --scenario lain" in planner.get("/scenarios").get_data(as_text=True)
    write_scenario(workspace.root, "lain", OTHER)
    assert "gisapp run --scenario lain" not in planner.get("/scenarios").get_data(as_text=True)


@pytest.mark.parametrize(
    "query", ["budget=-1", "budget=x", "budget=1.5", "budget=99999999999", "w_families=0", "w_families=11", "unknown=1",
              "budget=%D9%A1"],
)  # fmt: skip
def test_what_cannot_be_tried(planner: FlaskClient, query: str):
    response = planner.get(f"/data/scenarios.json?{query}")
    assert response.status_code == 400
    assert response.get_json()["message_id"] != response.get_json()["message_en"]


def test_without_a_scenario_the_page_says_how_to_make_one(
    small_demo: Path, tmp_path: Path, log_in_to: Callable[..., FlaskClient]
):
    client = log_in_to(create_app(copy_workspace(small_demo, tmp_path / "copy"), testing=True), "planner")
    page = client.get("/scenarios?lang=en").get_data(as_text=True)
    assert "gisapp scenario new" in page
    assert 'id="try-rows"' in page


def test_a_run_that_keeps_nobody_says_what_to_do(client: FlaskClient):
    page = client.get("/scenarios?lang=id").get_data(as_text=True)
    assert "Skenario belum dapat dibandingkan" in page
    assert "Jalankan lagi." in page
    assert client.get("/data/scenarios.json").status_code == 404


def test_strangers_and_operators_compare_nothing(
    served_app: Flask, planner: FlaskClient, log_in_to: Callable[..., FlaskClient], root: Path
):
    stranger = served_app.test_client()
    assert stranger.get("/data/scenarios.json").status_code == 401
    assert stranger.get("/scenarios").status_code in (302, 401)
    assert log_in_to(served_app, "viewer").get("/scenarios").status_code == 403
    assert log_in_to(served_app, "viewer").get("/data/scenarios.json").status_code == 403
    assert log_in_to(served_app, "tkpk_chair").get("/scenarios").status_code == 200


def test_stops_of_the_slider_rise_and_hold_both_ends_and_the_own_budget():
    found = stops(7_654_321_000.0, 777)
    assert found == sorted(set(found))
    assert (found[0], found[-1]) == (0, 7655)
    assert 777 in found
    assert stops(0.0, 0) == [0, 1]
    assert stops(1e6, 50)[-1] == 50


def test_what_the_page_begins_with():
    begin = usual({"families": 0.4, "families_per_idr": 0.2, "decile_1_share": 0.2, "excess": 0.2}, 9.5e6, None)
    assert begin.millions == 10
    assert [value for _, value in begin.importance] == [5, 2, 2, 2]
    assert sum(begin.weights.values()) == pytest.approx(1)
    assert asked_for({}, begin) == begin
    assert asked_for({"budget": "3"}, begin) == Asked(millions=3, importance=begin.importance)
    with pytest.raises(InvalidParameterError):
        asked_for({"w_excess": "0"}, begin)


def test_classes_of_the_map():
    import pandas as pd

    table = pd.DataFrame(
        {"status": ["present"] * 6 + ["suppressed"], "share": [0, 0.01, ENDS[0], 0.26, 1.0, 0.5, None]},
        index=list("abcdefg"),
    )
    assert [share_class(table, code) for code in "abcdefgz"] == [
        "none", "1", "1", "2", "4", "2", "withheld", "no_data",
    ]  # fmt: skip
