"""Plans as they may be seen: counts in steps, small ones withheld, and whom a plan reaches never leaves."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point

from gisapp.columns import COLLECTIONS, ID_COLUMNS
from gisapp.errors import GisappError, NotFoundError
from gisapp.release import plans as plans_room
from gisapp.release.collections import Disclosed, disclosed
from gisapp.release.export import export_collection
from gisapp.release.plans import by_kecamatan, compared, fairness, shown_plans, told
from gisapp.targeting.runs import REACHED, load_run
from gisapp.workspace.folder import open_workspace


@given(st.integers(0, 10_000), st.integers(3, 30))
def test_a_count_is_told_in_steps_and_never_below_k(count: int, k: int):
    said = told(count, k)
    if 0 < count < k:
        assert said is None
        return
    assert said % k == 0
    assert abs(said - count) <= k / 2
    assert (said == 0) == (count == 0)


def test_steps_by_hand():
    assert [told(count, 5) for count in (0, 1, 4, 5, 7, 8, 12, 13)] == [0, None, None, 5, 5, 10, 10, 15]


@pytest.mark.parametrize("name", ["reached", "reached.parquet", "../reached"])
def test_whom_a_suggestion_reaches_is_no_collection(small_demo: Path, tmp_path: Path, name: str):
    workspace = open_workspace(small_demo)
    sealed = load_run(workspace)
    assert (sealed.folder / REACHED).is_file()
    with pytest.raises(NotFoundError):
        sealed.collection(name)
    with pytest.raises(NotFoundError):
        disclosed(workspace, sealed, name)
    with pytest.raises(GisappError):
        export_collection(workspace, sealed, name, tmp_path / "x.csv")
    assert list(tmp_path.iterdir()) == []


def test_no_released_column_is_a_row_of_a_family(small_demo: Path):
    own = set(load_run(open_workspace(small_demo)).reached().columns)
    assert own == {"intervention_id", "family", "kecamatan_code", "poor"}
    assert "reached" not in {*COLLECTIONS, *ID_COLUMNS}
    for columns in COLLECTIONS.values():
        assert not {"family", "kecamatan_code", "poor"} & {column.name for column in columns}


class Kecamatan:
    """Five kecamatan of which the plan reaches none, few, most, enough, and one that is withheld."""

    codes = ("k0", "k1", "k2", "k3", "k4")
    poor = (50.0, 50.0, 50.0, 50.0, None)
    reached = (0, 4, 46, 23, 20)

    @classmethod
    def areas(cls, *_, **__) -> Disclosed:
        frame = gpd.GeoDataFrame(
            {
                "level": "kecamatan",
                "code": cls.codes,
                "name": cls.codes,
                "poor_families": pd.array(cls.poor, dtype="Float64"),
                "status": ["present"] * 4 + ["suppressed"],
            },
            geometry=[Point(0, 0)] * 5,
        )
        return Disclosed(frame=frame, suppressed=1, k=5, rule="")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    monkeypatch.setattr(plans_room, "disclosed", Kecamatan.areas)
    monkeypatch.setattr(plans_room, "smallest_count", lambda *_: 5)
    reached = pd.Series(Kecamatan.reached, index=Kecamatan.codes, name="reached")
    monkeypatch.setattr(plans_room, "poor_reached", lambda *_: reached[reached > 0])
    stub = type("Plan", (), {"rows": ()})()
    return by_kecamatan(None, None, None, stub).set_index("code")


def test_few_reached_and_few_left_are_withheld_none_is_geography(few: pd.DataFrame):
    assert few["status"].tolist() == ["present", "suppressed", "suppressed", "present", "suppressed"]
    assert few.loc["k0", ["reached", "share"]].tolist() == [0.0, 0.0]
    assert few.loc["k3", ["reached", "share"]].tolist() == [25.0, 0.5]
    assert few.loc[["k1", "k2", "k4"], ["reached", "share"]].isna().all(axis=None)


def test_fairness_speaks_of_what_is_shown_alone(few: pd.DataFrame):
    found, hidden = fairness(few.reset_index())
    assert (found.groups, hidden) == (2, 3)
    assert (found.least, found.greatest, found.gini) == (0.0, 0.5, 0.5)
    nothing, hidden = fairness(few.reset_index().iloc[1:3])
    assert (nothing.groups, hidden) == (0, 2)


def test_two_scenarios_of_the_small_demo(small_scenarios: Path):
    workspace = open_workspace(small_scenarios)
    base, small, other = (load_run(workspace, name) for name in (None, "kecil", "lain"))
    found = compared(workspace, base, small)
    json.dumps(found, allow_nan=False)
    before, after = found["plans"]
    assert after["cost_idr"] <= after["budget_idr"] < before["cost_idr"]
    assert found["families"]["gained"] == 0  # the same suggestions, of which a budget buys some
    assert found["same_snapshot"]
    assert len(found["sites"]["shared"]) == after["suggestions"]
    assert found["sites"]["only_after"] == []
    for count in (*found["families"].values(), before["families"], after["families"]):
        assert count is None or count % found["k"] == 0
    assert compared(workspace, base, base)["families"] == {"both": before["families"], "gained": 0, "lost": 0}
    back, there = compared(workspace, other, small), compared(workspace, small, other)
    assert (back["families"]["gained"], back["families"]["lost"]) == (
        there["families"]["lost"], there["families"]["gained"],
    )  # fmt: skip
    assert there["plans"][1]["poor_deciles"] == [1, 2]


def test_what_is_withheld_is_bought_by_no_plan(small_demo: Path, monkeypatch: pytest.MonkeyPatch):
    workspace = open_workspace(small_demo)
    sealed = load_run(workspace)
    whole = shown_plans(workspace, sealed)
    ids = list(whole.suggestions["intervention_id"])
    real = disclosed

    def with_one_withheld(*words, **more):
        found = real(*words, **more)
        hidden = found.frame["intervention_id"].eq(ids[0])
        frame = found.frame.assign(status=found.frame["status"].mask(hidden, "suppressed"))
        return Disclosed(frame=frame, suppressed=1, k=found.k, rule=found.rule)

    monkeypatch.setattr(plans_room, "disclosed", with_one_withheld)
    less = shown_plans(workspace, sealed)
    assert less.left_out == 1
    assert ids[0] not in set(less.suggestions["intervention_id"])
    assert less.sealed.families <= whole.sealed.families
