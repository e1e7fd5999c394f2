"""A place keeps its pocket's id from one period to the next, whatever the pockets are made of."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from gisapp.targeting.lineage import follow_parent, lineage_columns, lineage_facts
from tests.plain_district import CODES, CRS, SIDE, as_run, make_district


@pytest.fixture(scope="module")
def district():
    return make_district(families=3000, unplaced=0)


def parent_of(members, unit="desa"):
    """A parent run whose pockets are made of whole desa."""
    shapes = {code: box(SIDE * (at % 3), SIDE * (at // 3), SIDE * (at % 3 + 1), SIDE * (at // 3 + 1))
              for at, code in enumerate(CODES)}  # fmt: skip
    pockets = gpd.GeoDataFrame(
        {"pocket_id": list(members), "member_codes": ["; ".join(codes) for codes in members.values()], "unit": unit},
        geometry=[gpd.GeoSeries([shapes[code] for code in codes]).union_all() for codes in members.values()],
        crs=CRS,
    )
    areas = pd.DataFrame({"level": "desa", "code": CODES})
    return as_run(pockets, areas)


def by_code(district, members):
    of = {code: name for name, codes in members.items() for code in codes}
    return district.families["code"].map(of).astype("object")


@pytest.mark.parametrize("unit", ["desa", "grid"])
def test_the_same_place_keeps_its_id_a_new_one_has_its_own_and_one_ended(district, unit):
    parent = parent_of({"p-old": CODES[:2], "p-gone": [CODES[5]]}, unit)
    now = by_code(district, {"p-x": CODES[:2], "p-y": [CODES[3]]})
    followed = follow_parent(district, now, parent, least_overlap=0.5)
    assert followed.pockets["pocket_id"].to_dict() == {"p-x": "p-old", "p-y": "p-y"}
    assert followed.pockets["lineage"].to_dict() == {"p-x": "same", "p-y": "new"}
    facts = lineage_facts(followed, "run0", least_overlap=0.5)
    assert facts == {"parent": "run0", "least_overlap": 0.5, "ended": ["p-gone"]}
    columns = lineage_columns(followed, pd.Index(["p-old", "p-y"]))
    assert columns.loc["p-old", "parent_pocket_ids"] == "p-old"
    assert pd.isna(columns.loc["p-y", "parent_pocket_ids"])


def test_two_that_became_one_keep_the_larger_id_and_one_that_became_two_is_split(district):
    parent = parent_of({"p-a": CODES[:2], "p-b": [CODES[2]]})
    followed = follow_parent(district, by_code(district, {"p-x": CODES[:3]}), parent, least_overlap=0.5)
    assert followed.pockets.loc["p-x", ["pocket_id", "lineage"]].tolist() == ["p-a", "merged"]
    assert followed.pockets.loc["p-x", "parent_ids"] == ("p-a", "p-b")
    parent = parent_of({"p-a": CODES[:3]})
    apart = by_code(district, {"p-x": CODES[:1], "p-y": [CODES[2]]})
    followed = follow_parent(district, apart, parent, least_overlap=0.5)
    assert set(followed.pockets["lineage"]) == {"split"}
    assert sorted(followed.pockets["pocket_id"].eq("p-a")) == [False, True]


def test_without_a_parent_nothing_is_said():
    columns = lineage_columns(None, pd.Index(["p"]))
    assert columns.isna().all().all()
    assert lineage_facts(None, None, least_overlap=0.5) == {"parent": None, "least_overlap": 0.5, "ended": []}
