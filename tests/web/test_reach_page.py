"""Standards in minutes and capacity within reach on the pages of a real run, and in words of facts made by hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient

from gisapp.targeting.runs import load_run
from gisapp.web.app import create_app
from gisapp.web.planner.reach_words import beyond_rows, capacity_notes, capacity_rows, capacity_words, standard_words
from gisapp.web.texts import Texts
from gisapp.workspace.folder import open_workspace
from tests.copies import copy_workspace
from tests.web.conftest import log_in

STANDARDS = {"minutes": {"health_centre": 30, "market": 40}, "source": "Aturan X", "date": "2021"}
SCHOOL = {
    "of": "children_7_12", "basis": "population", "columns": ["daya_tampung"], "facilities": 12, "with_capacity": 10,
    "unplaced": 1,
}  # fmt: skip
CAPACITY = {"zones": {"10": 1.0, "30": 0.22, "20": 0.68}, "source": "Luo", "services": {"primary_school": SCHOOL}}


def district(capacity=CAPACITY, **whole):
    checks = {"travel": {"standards": STANDARDS}, "capacity": capacity}
    return SimpleNamespace(
        run=SimpleNamespace(manifest={"site_checks": checks}), whole=whole, released=lambda name: SimpleNamespace(k=5)
    )


def test_a_share_beyond_is_shown_withheld_or_not_known():
    row = {
        "beyond_minutes_share_health_centre": None, "minutes_unknown_share_health_centre": 0.04,
        "beyond_minutes_share_market": None, "minutes_unknown_share_market": 1.0,
    }  # fmt: skip
    whole = {"beyond_minutes_share_health_centre": 0.126, "minutes_unknown_share_health_centre": 0.03}
    health, market = beyond_rows(district(**whole), row, Texts("id"))
    assert (health["limit"], health["district"], health["unknown"]) == ("30\u00a0menit", "13\u00a0%", "4\u00a0%")
    assert health["here"] == Texts("id")("withheld_short")
    assert market["here"] == "tidak diketahui"
    assert beyond_rows(SimpleNamespace(run=SimpleNamespace(manifest={}), whole={}), row, Texts("id")) == []


def test_a_standard_says_its_minutes_and_a_service_without_one_says_nothing():
    assert standard_words("market", district(), Texts("en")).startswith("standard: at most 40\u00a0min")
    assert standard_words("posyandu", district(), Texts("en")) == ""


@pytest.mark.parametrize(("lang", "least"), [("id", "paling sedikit"), ("en", "the least")])
def test_capacity_says_what_was_counted_and_that_more_may_be_there(lang, least):
    told = capacity_words("primary_school", district(), Texts(lang))
    assert "9" in told
    assert "12" in told
    assert "daya_tampung" in told
    assert least in told
    row = {"places_per_1000_primary_school": 412.4}
    [one] = capacity_rows(district(places_per_1000_primary_school=388.6), row, Texts(lang))
    assert (one["here"], one["district"], one["at_least"]) == ("412", "389", True)
    whole = CAPACITY | {"services": {"primary_school": SCHOOL | {"with_capacity": 12, "unplaced": 0}}}
    assert least not in capacity_words("primary_school", district(whole), Texts(lang))


def test_without_any_capacity_the_page_says_that_nothing_was_computed():
    [line] = capacity_notes(district(CAPACITY | {"services": {}}), Texts("id"))
    assert "tidak dihitung" in line
    assert capacity_notes(district({}), Texts("id")) == []
    zones = capacity_notes(district(), Texts("id"))[0]
    assert zones.index("10 menit") < zones.index("20 menit") < zones.index("30 menit")


@pytest.fixture(scope="module")
def planner(small_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    root = copy_workspace(small_demo, tmp_path_factory.mktemp("reach") / "copy")
    return log_in(create_app(root, testing=True), "planner")


@pytest.mark.parametrize(
    ("lang", "titles"),
    [
        ("id", ("Di luar standar waktu tempuh", "Daya tampung terjangkau per 1.000", "Indeks Desa Membangun")),
        ("en", ("Beyond the standard of travel time", "Places within reach per 1,000", "Luo dan Qi (2009)")),
    ],
)
def test_the_page_of_a_pocket_shows_both_with_their_source(planner, small_demo, lang, titles):
    pockets = load_run(open_workspace(small_demo)).collection("pockets")
    page = planner.get(f"/pockets/{pockets['pocket_id'].iloc[0]}?lang={lang}").get_data(as_text=True)
    for title in titles:
        assert title in page


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_map_offers_both_with_what_they_count(planner, lang):
    offered = planner.get(f"/data/manifest.json?lang={lang}").get_json()["indicators"]
    found = {one["name"]: one for one in offered}
    beyond, places = found["beyond_minutes_share_health_centre"], found["places_per_1000_primary_school"]
    assert beyond["group"] == places["group"] == found["travel_time_min_market"]["group"]
    assert "30" in beyond["note"]
    assert "daya_tampung" in places["note"]
    assert "SINTETIS" in places["source"]
    assert "beyond_minutes_share_primary_school" not in found
    assert "places_per_1000_health_centre" not in found
