"""Families beyond a standard in minutes leave only where no few of them can be told or computed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.release.beyond import withhold_beyond, withhold_beyond_in_pockets
from gisapp.release.collections import disclosed
from gisapp.targeting.runs import load_run
from gisapp.workspace.folder import open_workspace

K = 5
BEYOND, SHARE, UNKNOWN = "beyond_minutes_market", "beyond_minutes_share_market", "minutes_unknown_share_market"


def frame_of(rows, key="code"):
    """Rows (code, parent, beyond, within, unknown)."""
    frame = pd.DataFrame(rows, columns=[key, "parent_code", "beyond", "within", "unknown"])
    known, families = frame["beyond"] + frame["within"], frame[["beyond", "within", "unknown"]].sum(axis=1)
    return pd.DataFrame(
        {
            key: frame[key], "parent_code": frame["parent_code"], "families": families, "status": "present",
            BEYOND: frame["beyond"].where(known > 0).astype("Int64"), SHARE: frame["beyond"] / known.where(known > 0),
            UNKNOWN: frame["unknown"] / families,
        }
    )  # fmt: skip


def tree_of(leaves):
    """Desa in two kecamatan and their kabupaten, from (kecamatan, beyond, within, unknown)."""
    desa = [(f"{parent}.{at}", parent, *counts) for at, (parent, *counts) in enumerate(leaves)]
    parents = sorted({row[1] for row in desa})
    sums = {parent: np.sum([row[2:] for row in desa if row[1] == parent], axis=0) for parent in parents}
    whole = ("kab", None, *np.sum(list(sums.values()), axis=0))
    return frame_of([*desa, *((parent, "kab", *counts) for parent, counts in sums.items()), whole])


def withheld(shown, key="code"):
    return set(shown.loc[shown[SHARE].isna(), key])


def test_none_and_all_are_shown_few_are_not_and_are_not_given_back():
    areas = tree_of([("a", 0, 40, 0), ("a", 3, 40, 0), ("a", 30, 40, 2), ("a", 50, 0, 0), ("b", 20, 20, 0)])
    shown = withhold_beyond(areas, areas, k=K)
    # Desa 1 holds three; the smallest other that could give it back goes with it.
    assert withheld(shown) == {"a.1", "a.2"}
    assert shown.set_index("code").loc["a.0", BEYOND] == 0
    assert shown[UNKNOWN].notna().all()


def test_few_with_a_known_time_are_withheld_and_no_time_at_all_is_no_secret():
    areas = tree_of([("a", 0, 3, 30), ("a", 0, 0, 20), ("a", 30, 40, 0), ("a", 20, 20, 0)])
    shown = withhold_beyond(areas, areas, k=K)
    assert withheld(shown) == {"a.0", "a.1", "a.3"}
    assert shown.set_index("code").loc["a.1", UNKNOWN] == 1


def test_a_row_that_is_withheld_takes_another_along():
    areas = tree_of([("a", 30, 40, 0), ("a", 25, 40, 0), ("a", 60, 40, 0)])
    first = areas.assign(status=np.where(areas["code"].eq("a.0"), "suppressed", "present"))
    assert withheld(withhold_beyond(first, areas, k=K)) == {"a.0", "a.1"}


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=14))
def test_what_a_shown_total_leaves_open_is_never_few(leaves):
    areas = tree_of([(parent, beyond, within, 1) for parent, beyond, within in leaves])
    shown = withhold_beyond(areas, areas, k=K)
    hidden = withheld(shown)
    counts = frame_counts(areas)
    for total, parts in areas.groupby("parent_code"):
        if total in hidden or total == "kab":
            continue
        rest = counts.loc[[code for code in parts["code"] if code in hidden]].sum()
        assert all(value == 0 or value >= K for value in rest)
    for code in set(counts.index) - hidden:
        assert all(value == 0 or value >= K for value in counts.loc[code])


def frame_counts(areas):
    known = (areas["families"] * (1 - areas[UNKNOWN])).round()
    beyond = areas[BEYOND].astype("float64").fillna(0)
    return pd.DataFrame({"beyond": beyond, "within": known - beyond}).set_axis(areas["code"])


def test_a_pocket_goes_with_its_desa_and_where_it_leaves_few_outside():
    areas = tree_of([("a", 30, 40, 0), ("a", 3, 40, 0), ("a", 60, 40, 0), ("a", 9, 40, 0)])
    released = withhold_beyond(areas, areas, k=K)
    assert "a.0" not in withheld(released)
    rows = [("p1", None, 30, 40, 0), ("p2", None, 63, 80, 0), ("p3", None, 28, 40, 0), ("p4", None, 20, 30, 0)]
    pockets = frame_of(rows, key="pocket_id")
    members = {"p1": ["a.0"], "p2": ["a.1", "a.2"], "p3": ["a.0"], "p4": ["a.0"]}
    shown = withhold_beyond_in_pockets(pockets, pockets, areas, released, members=members, whole=False, k=K)
    # p3 is a part of desa 0 that leaves two outside; p4 leaves ten.
    assert withheld(shown, "pocket_id") == {"p2", "p3"}


def test_a_pocket_of_whole_desa_is_shown_where_its_withheld_desa_stay_several():
    leaves = [("a", 3, 40, 0), ("a", 20, 40, 0), ("a", 4, 40, 0), ("a", 21, 40, 0), ("a", 50, 40, 0)]
    areas = tree_of(leaves)
    released = withhold_beyond(areas, areas, k=K)
    hidden = withheld(released)
    assert hidden == {"a.0", "a.2"}
    pools = {"both": ["a.0", "a.2", "a.1"], "one": ["a.0", "a.1"], "none": ["a.3", "a.4"]}
    for name, codes in pools.items():
        sums = np.sum([leaves[int(code[-1])][1:] for code in codes], axis=0)
        pockets = frame_of([(name, None, *sums)], key="pocket_id")
        shown = withhold_beyond_in_pockets(pockets, pockets, areas, released, members={name: codes}, whole=True, k=K)
        assert withheld(shown, "pocket_id") == ({"one"} if name == "one" else set())


def test_two_pockets_never_leave_a_single_withheld_desa_between_them():
    leaves = [("a", 4, 40, 0)] * 5 + [("a", 50, 40, 0)]
    areas = tree_of(leaves)
    released = withhold_beyond(areas, areas, k=K)
    members = {"p": ["a.0", "a.1"], "q": ["a.2", "a.3"]}
    pockets = frame_of([("p", None, 8, 80, 0), ("q", None, 8, 80, 0)], key="pocket_id")
    shown = withhold_beyond_in_pockets(pockets, pockets, areas, released, members=members, whole=True, k=K)
    # Desa 4 alone would be left of the kecamatan if both were shown.
    assert withheld(shown, "pocket_id") == {"q"}


@pytest.mark.parametrize("audience", ["staff", "public"])
def test_a_run_shows_no_few_families_beyond_minutes(small_demo, audience):
    workspace = open_workspace(small_demo)
    run = load_run(workspace)
    shown = disclosed(workspace, run, "areas", audience=audience)
    for service in ("health_centre", "market", "posyandu", "early_childhood"):
        frame = shown.frame[shown.frame[f"beyond_minutes_{service}"].notna()]
        counts = frame[f"beyond_minutes_{service}"].astype("float64")
        known = (frame["families"] * (1 - frame[f"minutes_unknown_share_{service}"])).round()
        for part in (counts, known - counts):
            assert not part.between(0.5, shown.k - 0.5).any()
    assert shown.frame["beyond_minutes_share_health_centre"].notna().any()
    if audience == "staff":
        pockets = disclosed(workspace, run, "pockets", audience=audience)
        assert not pockets.frame["beyond_minutes_market"].astype("float64").between(0.5, pockets.k - 0.5).any()
