"""Missing roads and bridges of a district drawn by hand, and of a real run."""

from __future__ import annotations

import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from shapely import LineString, Point, box

from gisapp.analysis.roads import links_candidates
from gisapp.catalog.interventions import load_interventions
from gisapp.catalog.spec import Standard
from gisapp.targeting.links import find_links, link_notes
from gisapp.targeting.load import District
from gisapp.targeting.run import run
from gisapp.targeting.runs import load_run
from gisapp.workspace.folder import init_workspace, open_workspace
from tests.copies import copy_workspace

CRS = "EPSG:32647"
SOUTH, NORTH = "12.05.01.2001", "12.05.01.2002"
RIVER = LineString([(-1000, 3000), (11_000, 3000)])
#: Two roads along a river, joined by a bridge at its far end.
ROADS = [[(0, 2800), (10_000, 2800)], [(0, 3200), (10_000, 3200)], [(10_000, 2800), (10_000, 3200)]]
STANDARD = {"primary_school": Standard(service="primary_school", distance_m=3000, source="uji", date="2007")}
#: Families at x, 100 m north of the northern road: the school is at (1000, 2800), beside the southern one.
HOMES = {1000: 40, 3000: 30, 4000: 20}


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return open_workspace(init_workspace(tmp_path_factory.mktemp("links") / "w").root).settings


def families_of(homes=HOMES, pocket="P1"):
    x = np.repeat(list(homes), list(homes.values())).astype(float)
    frame = pd.DataFrame({"x": x, "y": 3300.0, "code": NORTH, "persons": 4, "pocket_id": pocket})
    return frame.assign(
        decile=pd.array([1 if row % 4 == 0 else 5 for row in range(len(x))], dtype="Int8"),
        distance_m_primary_school=np.hypot(x - 1000, 500.0),
    )


def drawn(lines=ROADS, classes="desa", bridge=None):
    count = len(lines)
    return gpd.GeoDataFrame(
        {
            "layer": "jalan", "name": "", "class": [classes] * count if isinstance(classes, str) else classes,
            "bridge": pd.array([pd.NA] * count if bridge is None else bridge, dtype="boolean"),
        },
        geometry=[LineString(line) for line in lines], crs=CRS,
    )  # fmt: skip


def district_of(roads, rivers=(RIVER,)):
    desa = gpd.GeoDataFrame(
        {"code": [SOUTH, NORTH]}, geometry=[box(0, 0, 12_000, 3000), box(0, 3000, 12_000, 6000)], crs=CRS
    )
    school = gpd.GeoDataFrame(
        {"kind": ["sd"], "service": ["primary_school"], "name": ["SD 1"], "position": ["known"]},
        geometry=[Point(1000, 2800)], crs=CRS,
    )  # fmt: skip
    land = {"kind": ["kawasan_hutan", "hgu"], "class": ["hutan lindung", ""], "rule": ["excludes", "allows"]}
    return District(
        crs=CRS, desa=desa, kecamatan=desa.iloc[:0], kabupaten=desa.iloc[:0], families=pd.DataFrame(),
        facilities=school, roads=roads, rivers=gpd.GeoDataFrame(geometry=list(rivers), crs=CRS),
        polygons=gpd.GeoDataFrame(land, geometry=[box(0, 2900, 2000, 2950)] * 2, crs=CRS),
        population=None, published=None, bps_codes={},
    )  # fmt: skip


def found_in(district, settings, families=None, *, unknown=(), kinds=None):
    gaps = pd.DataFrame({"code": list(unknown), "service": "primary_school", "absence": "unknown"})
    return find_links(
        district, settings, families_of() if families is None else families, gaps,
        standards=STANDARD, kinds=load_interventions() if kinds is None else kinds,
    )  # fmt: skip


def best_of(links):
    each = links["cost_idr"] / links["families"]
    return links.sort_values(["code", "x"]).loc[lambda frame: [each[frame.index].idxmin()]].iloc[0]


def test_the_bridge_that_is_missing_counted_by_hand(settings):
    district = district_of(drawn())
    links = found_in(district, settings)
    best = best_of(links)
    # Today 100 + 9,000 + 400 + 9,000 m. With a bridge at x = 1,000: 500, 2,500 and 3,500 m; the standard is 3,000.
    assert (best["x"], best["y"], best["length_m"], best["crosses_river"]) == (1000.0, 3000.0, 400.0, True)
    assert (best["families"], best["persons"], best["poor_families"]) == (70, 280, 18)
    assert best["members"] == tuple(range(70))
    assert (best["pocket_id"], best["code"]) == ("P1", SOUTH)
    assert best["cost_idr"] == 60 * 60_000_000 + 340 * 2_500_000
    told = best["link"]
    assert (told["length_m"], told["road_m"], told["river_crossings"], told["bridge_span_m"]) == (400, 18_400, 1, 60)
    (service,) = told["services"]
    assert (service["families"], service["standard_m"], service["standard_source"]) == (70, 3000, "uji (2007)")
    assert (service["way_before_m"], service["way_m"]) == (18_500, 500)  # 40 of the 70 live at x = 1,000
    json.dumps(told, allow_nan=False)
    facts = district.facts["links"]
    assert (facts["searched"], facts["parts"], facts["services"]) == (True, 1, ["primary_school"])
    assert facts["offered"] == len(links) <= facts["with_gain"] <= facts["crossing"] == facts["candidates"]
    assert district.warnings == {}


def test_a_bridge_that_is_there_leaves_nothing_to_gain(settings):
    district = district_of(drawn([*ROADS, [(1000, 2800), (1000, 3200)]]))
    assert found_in(district, settings).empty
    assert district.facts["links"]["with_gain"] == 0


def test_without_roads_nothing_is_looked_for_and_that_is_told(settings):
    district = district_of(drawn([]))
    assert found_in(district, settings) is None
    assert district.facts["links"] == {"searched": False, "reason": "no_roads"}


@pytest.mark.parametrize("reason", ["no_kind", "no_pocket", "no_service", "refused"])
def test_why_nothing_could_be_looked_for(settings, reason):
    district = district_of(drawn(ROADS if reason != "refused" else [[(0, 0), (0, 0)]]))
    if reason == "no_service":
        district.facilities = district.facilities.iloc[:0]
    families = families_of(pocket=None if reason == "no_pocket" else "P1")
    assert found_in(district, settings, families, kinds=() if reason == "no_kind" else None) is None
    assert district.facts["links"]["reason"] == reason
    assert district.warnings == ({"links_not_searched": 1} if reason == "refused" else {})


def test_a_path_that_ends_at_the_river_gets_its_bridge_there(settings):
    path = [*ROADS, [(1000, 2800), (1000, 3200)]]
    classes = ["desa", "desa", "desa", "setapak"]
    district = district_of(drawn(path, classes))
    best = best_of(found_in(district, settings))
    # Half of the shortest link and the tolerance on both sides: 2 x (25 + 5) m.
    assert (best["length_m"], best["x"], best["families"]) == (pytest.approx(60), 1000.0, 70)
    assert district.facts["links"]["ended_at_rivers"] == 1
    said = district_of(drawn(path, classes, bridge=[None, None, None, True]))
    assert found_in(said, settings).empty
    strict = replace(settings, rivers_crossed_by="bridge")
    assert not found_in(district_of(drawn(path)), strict).empty


def test_who_can_walk_there_is_there_already(settings):
    # Without the river 40 families walk 500 m straight; the 30 at x = 3,000 live 2,062 m away, farther than one walks.
    alone = found_in(district_of(drawn(), rivers=()), settings)
    assert set(alone["families"]) == {30}
    assert not alone["crosses_river"].any()
    assert alone["cost_idr"].isna().all()
    near = replace(settings, link_access_m=400)  # 500 m are then too far to walk
    assert best_of(found_in(district_of(drawn(), rivers=()), near).assign(cost_idr=1.0))["families"] == 70


def test_where_absence_is_unknown_nobody_gains(settings):
    assert found_in(district_of(drawn()), settings, unknown=[NORTH]).empty
    assert len(found_in(district_of(drawn()), settings, unknown=[SOUTH]))


def test_families_of_no_pocket_and_without_a_position_do_not_count_and_few_show_no_line(settings):
    families = families_of()
    families.loc[:9, "pocket_id"] = None
    families.loc[10:19, ["x", "y"]] = np.nan
    assert best_of(found_in(district_of(drawn()), settings, families))["families"] == 50
    assert found_in(district_of(drawn()), settings, families_of({1000: 4})).empty


def test_a_service_is_asked_of_families_with_children_of_its_age(settings):
    families = families_of().assign(children_7_12=0)
    families.loc[:24, "children_7_12"] = 1
    assert best_of(found_in(district_of(drawn()), settings, families))["families"] == 25


def test_a_link_stands_with_the_pocket_that_gains_most(settings):
    families = families_of()
    families.loc[40:69, "pocket_id"] = "P2"
    best = best_of(found_in(district_of(drawn()), settings, families))
    assert (best["pocket_id"], best["families"], best["members"]) == ("P1", 40, tuple(range(40)))


def test_ends_that_stop_short_are_joined_and_told(settings):
    short = [ROADS[0], ROADS[1], [(10_000, 2803), (10_000, 3200)]]
    district = district_of(drawn(short))
    assert best_of(found_in(district, settings))["families"] == 70
    assert district.warnings == {"roads_mended": 1}
    assert [one["code"] for one in district.facts["links"]["findings"]] == ["road_end_joined"]
    apart = district_of(drawn(ROADS[:2]))
    links = found_in(apart, settings)
    assert apart.warnings == {"roads_unconnected": 1}
    assert best_of(links)["link"]["road_m"] is None


def test_where_roads_are_too_dense_shorter_links_are_looked_for_and_that_is_told(settings, monkeypatch):
    monkeypatch.setattr(links_candidates, "_MOST_PAIRS", 101)
    district = district_of(drawn())
    best = best_of(found_in(district, settings))
    assert best["families"] == 70
    # 21 places on each road: within 750 m 40 pairs of neighbours, 21 across the river and 40 slantwise (640 m).
    assert district.facts["links"]["longest_m"] == 750
    assert district.warnings == {"links_shortened": 1}


def test_the_order_of_roads_does_not_matter(settings):
    one, other = (found_in(district_of(drawn(lines)), settings) for lines in (ROADS, ROADS[::-1]))
    assert_frame_equal(pd.DataFrame(one.drop(columns="geometry")), pd.DataFrame(other.drop(columns="geometry")))


def test_land_that_forbids_is_named_on_what_crosses_it(settings):
    district = district_of(drawn())
    notes = link_notes(found_in(district, settings).sort_values("x"), district)
    assert set(notes[:3]) == {"kawasan_hutan: hutan lindung"}


def test_the_run_suggests_links_and_keeps_whom_they_reach(small_demo):
    sealed = load_run(open_workspace(small_demo))
    facts = sealed.manifest["site_checks"]["links"]
    assert facts["searched"]
    assert facts["offered"] > 0
    suggested = sealed.collection("interventions")
    links = suggested[suggested["need"].str.startswith("link:")]
    assert len(links) > 0
    reached = sealed.reached().groupby("intervention_id").size()
    for _, row in links.iterrows():
        evidence = json.loads(row["evidence"])
        assert evidence["link"]["length_m"] == pytest.approx(row["volume"], abs=1)
        assert reached[row["intervention_id"]] == row["families"] >= 10
        assert "Standar lewat jalan: " in row["why_id"]
        assert "Standard by road: " in row["why_en"]
        assert row["cost_year"] == 2025


def test_a_run_without_roads_says_that_links_were_not_looked_for(small_demo, tmp_path):
    workspace = open_workspace(copy_workspace(small_demo, tmp_path / "copy"))
    (workspace.root / "layers" / "jalan.toml").unlink()
    (workspace.root / "layers" / "jalan.parquet").unlink()
    run(open_workspace(workspace.root))
    sealed = load_run(open_workspace(workspace.root))
    assert sealed.manifest["site_checks"]["links"] == {"searched": False, "reason": "no_roads"}
    assert not sealed.collection("interventions")["need"].str.startswith("link:").any()
