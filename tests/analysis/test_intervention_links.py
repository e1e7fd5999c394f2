"""Missing links as suggestions, and what suggestions say beside each other."""

import json

import numpy as np
import pandas as pd
import pytest
from test_interventions import CANDIDATES, KINDS, LAYERS, POCKETS, district, planted

from gisapp.analysis.interventions import Comparing, suggest
from gisapp.analysis.suggesting.costs import CostRules
from gisapp.analysis.suggesting.links import checked_links
from gisapp.analysis.suggesting.weights import Weighing
from gisapp.errors import InvalidInputError

LINKS = pd.DataFrame(
    {
        "code": ["12.05.01.2001", "12.05.01.2001", "12.05.01.2002", "12.05.01.2009"],
        "x": [100.0, 200.0, 300.0, 400.0],
        "y": 5.0,
        "families": [40, 30, 25, 99],
        "poor_families": [10, 5, 5, 9],
        "length_m": [60.0, 200.0, 500.0, 10.0],
        "crosses_river": [True, False, False, True],
        "cost_idr": [3.6e9, np.nan, 2.0e9, 1.0],
    }
)


def test_the_best_bridge_and_the_best_road_of_the_pockets_own_desa():
    found = suggest(POCKETS, planted("water"), CANDIDATES, KINDS, **LAYERS, links=LINKS)
    bridge = found[found["kind"] == "jembatan_penghubung"].iloc[0]
    road = found[found["kind"] == "ruas_jalan_baru"].iloc[0]
    assert (bridge["families"], bridge["volume"], bridge["unit"]) == (40, 60.0, "m")
    assert bridge["works_idr"] == 3.6e9
    assert bridge["location_label"] == "indikasi lokasi: ruas 60 m"
    assert (bridge.geometry.x, bridge["code"]) == (100.0, "12.05.01.2001")
    assert (road["families"], road["volume"], road["works_idr"]) == (30, 200.0, 200 * 2_500_000)
    assert json.loads(bridge["evidence"])["decile_1_families_lacking"] == 10
    assert "bila jembatan ini ada" in bridge["why_id"]
    assert "newly within" in bridge["why_en"].lower()
    assert found.attrs["plan"]["totals"]["all"]["rows"].count(bridge["intervention_id"]) == 0


def test_links_whose_families_are_known_take_part_in_the_budget():
    frame = planted("water")
    rows = tuple(np.flatnonzero(frame["pocket_id"] == "P1")[:40])
    known = LINKS.iloc[:1].assign(members=[rows])
    found = suggest(POCKETS, frame, CANDIDATES, KINDS, **LAYERS, links=known, budget_idr=1e11)
    bridge = found[found["kind"] == "jembatan_penghubung"].iloc[0]
    assert bridge["in_budget"] is not pd.NA
    assert bridge["intervention_id"] in found.attrs["plan"]["totals"]["5"]["rows"]


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"length_m": [60.0, -1.0, 5.0, 5.0]}, "row 1"),
        ({"families": [1.0, np.nan, 5.0, 5.0]}, "row 1"),
        ({"poor_families": [90, 0, 0, 0]}, "row 0"),
        ({"cost_idr": [1.0, 1.0, 0.0, 1.0]}, "row 2"),
        ({"x": [np.inf, 0.0, 0.0, 0.0]}, "row 0"),
    ],
)
def test_a_link_that_cannot_be_is_refused_by_row(change, names):
    with pytest.raises(InvalidInputError, match=names) as refused:
        checked_links(LINKS.assign(**change))
    assert refused.value.en != refused.value.id


def test_links_without_a_column_are_refused():
    with pytest.raises(InvalidInputError, match="crosses_river"):
        checked_links(LINKS.drop(columns="crosses_river"))


def test_no_signal_is_a_need_where_the_families_say_so():
    frame = district()
    inside = (frame["pocket_id"] == "P1").to_numpy()
    frame["signal"] = pd.array(inside & (np.arange(len(frame)) % 10 > 0), dtype="boolean")
    first = suggest(POCKETS, frame, CANDIDATES, KINDS, **LAYERS).iloc[0]
    assert (first["need"], first["kind"]) == ("signal", "titik_sinyal")
    assert first["why_id"].startswith("Tidak ada sinyal seluler: ")


def test_a_grid_is_extended_where_most_are_not_connected_and_houses_are_connected_where_few_are_not():
    frame = district()
    inside = frame["pocket_id"] == "P1"
    frame.loc[inside, "electricity"] = np.arange(inside.sum()) % 4 > 0
    assert suggest(POCKETS, frame, CANDIDATES, KINDS, **LAYERS).iloc[0]["kind"] == "listrik_desa"
    frame.loc[inside, "electricity"] = np.arange(inside.sum()) % 5 < 2
    assert suggest(POCKETS, frame, CANDIDATES, KINDS, **LAYERS).iloc[0]["kind"] == "sambungan_listrik"


TWO = pd.DataFrame({"pocket_id": ["P1", "P2"], "x": [2000.0, 10000.0], "y": [0.0, 0.0]})


def two_pockets():
    frame = planted("water")
    frame.loc[frame["code"].isin(["12.05.01.2003", "12.05.01.2004"]), "pocket_id"] = "P2"
    dry = frame["pocket_id"].eq("P2") & (np.arange(len(frame)) % 2 == 0)
    frame.loc[dry, "water"] = True
    return frame


def test_ranks_are_within_a_kind_and_the_counterfactual_holds_when_it_is_put_in():
    found = suggest(TWO, two_pockets(), CANDIDATES, KINDS, **LAYERS, sites_per_pocket=1)
    wells = found[found["kind"] == "sumur_bor_komunal"].sort_values("cost_per_family_idr")
    assert wells["rank_in_kind"].tolist() == [1, 2]
    assert (wells["of_kind"] == 2).all()
    last = wells.iloc[1]
    assert last["counterfactual_id"].startswith("Peringkat 2 dari 2 usulan sejenis")
    assert "akan menjadi peringkat 1 bila" in last["counterfactual_id"]
    assert "would be rank 1 if" in last["counterfactual_en"]
    assert found["first_probability"].between(0, 1).all()
    alone = found[found.groupby("kind")["kind"].transform("size") == 1].dropna(subset=["cost_per_family_idr"])
    assert alone["counterfactual_id"].str.startswith("Satu-satunya usulan").all()


def test_who_is_too_few_to_be_seen_is_not_compared_and_not_counted():
    found = suggest(TWO, two_pockets(), CANDIDATES, KINDS, **LAYERS, comparing=Comparing(least=30))
    small = found[found["families"] < 30]
    assert len(small)
    assert small["rank_in_kind"].isna().all()
    assert (small["counterfactual_id"] == "").all()
    counted = set(found.attrs["plan"]["totals"]["all"]["rows"])
    assert not counted & set(small["intervention_id"])


def test_partnerships_and_visits_say_that_there_are_no_records():
    frame = planted("housing")
    found = suggest(POCKETS, frame, CANDIDATES, KINDS, **LAYERS)
    assert found.loc[found["strategy"] == 6, "why_id"].str.endswith("Belum ada data mitra.").all()
    assert found.loc[found["strategy"] == 7, "why_id"].str.endswith("Belum ada data program berjalan.").all()
    told = suggest(POCKETS, frame, CANDIDATES, KINDS, **LAYERS, comparing=Comparing(records=("mitra", "program")))
    assert not told["why_id"].str.contains("Belum ada data").any()


def test_the_districts_factor_and_tax_reach_every_price():
    rules = Comparing(rules=CostRules(region_factor=2.0, tax_rate=0.0), weighing=Weighing(draws=50))
    plain = suggest(POCKETS, planted("water"), CANDIDATES, KINDS, **LAYERS)
    twice = suggest(POCKETS, planted("water"), CANDIDATES, KINDS, **LAYERS, comparing=rules)
    regional = [next(kind.regional for kind in KINDS if kind.kind == name) for name in plain["kind"]]
    np.testing.assert_allclose(twice["works_idr"], plain["works_idr"] * np.where(regional, 2.0, 1.0))
    assert (twice["tax_idr"] == 0).all()


def test_under_a_budget_each_says_what_it_keeps_out():
    found = suggest(POCKETS, planted("water"), CANDIDATES, KINDS, **LAYERS, budget_idr=6e8)
    asked = found[found["in_budget"].notna() & (found["cost_idr"] <= 6e8)]
    assert asked["displaces"].notna().all()
    bought = found[found["in_budget"].fillna(False)]
    out = asked[~asked["in_budget"].astype(bool)]
    for names in out["displaces"]:
        assert set(filter(None, names.split("; "))) <= set(bought["intervention_id"])
    assert found.attrs["plan"]["totals"]["in_budget"]["rows"] == sorted(bought["intervention_id"])


def test_a_least_count_below_one_is_refused():
    with pytest.raises(InvalidInputError, match="least is 0") as refused:
        suggest(POCKETS, planted("water"), CANDIDATES, KINDS, **LAYERS, comparing=Comparing(least=0))
    assert refused.value.en != refused.value.id
