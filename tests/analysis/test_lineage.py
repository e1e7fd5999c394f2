"""Pockets followed between periods: each case by hand, then what holds for all."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.finding.lineage import LABELS, follow
from gisapp.errors import InvalidInputError


def told(result):
    return {name: (row.pocket_id, row.lineage, row.parent_ids) for name, row in result.pockets.iterrows()}


def test_the_same_members_keep_the_id():
    result = follow({"p-new": "abc"}, {"p-1": "abc"})
    assert told(result) == {"p-new": ("p-1", "same", ("p-1",))}
    assert result.pockets.loc["p-new", "overlap"] == 1
    assert result.ended == ()


def test_more_members_have_grown_and_fewer_have_shrunk():
    assert told(follow({"n": "abcd"}, {"p-1": "abc"}))["n"][:2] == ("p-1", "grown")
    assert told(follow({"n": "ab"}, {"p-1": "abc"}))["n"][:2] == ("p-1", "shrunk")


def test_half_here_and_half_there_has_moved():
    result = follow({"n": "bcde"}, {"p-1": "abcd"})
    assert told(result)["n"] == ("p-1", "moved", ("p-1",))
    assert result.pockets.loc["n", "overlap"] == pytest.approx(3 / 5)


def test_of_two_parts_the_larger_keeps_the_id():
    result = follow({"n-1": "ab", "n-2": "cde"}, {"p-1": "abcde"})
    assert told(result) == {"n-1": ("n-1", "split", ("p-1",)), "n-2": ("p-1", "split", ("p-1",))}


def test_of_two_equal_parts_the_lower_id_keeps_it():
    result = follow({"n-2": "ab", "n-1": "cd"}, {"p-1": "abcd"})
    assert told(result)["n-1"][0] == "p-1"
    assert told(result)["n-2"][0] == "n-2"


def test_two_that_merge_keep_the_larger_ones_id_and_name_both():
    result = follow({"n": "abcde"}, {"p-1": "ab", "p-2": "cde"})
    assert told(result) == {"n": ("p-2", "merged", ("p-2", "p-1"))}
    assert result.ended == ()


def test_what_nobody_continues_has_ended_and_what_continues_nobody_is_new():
    result = follow({"n": "xy"}, {"p-1": "ab"})
    assert told(result) == {"n": ("n", "new", ())}
    assert result.ended == ("p-1",)
    assert np.isnan(result.pockets.loc["n", "overlap"])


def test_a_touch_is_no_succession():
    """One member in common of four and of four: a quarter, below a half."""
    result = follow({"n": "defg"}, {"p-1": "abcd"})
    assert told(result) == {"n": ("n", "new", ())}
    assert told(follow({"n": "defg"}, {"p-1": "abcd"}, least_overlap=0.25))["n"][0] == "p-1"


def test_families_weigh_more_than_the_number_of_members():
    weight = pd.Series({"a": 90.0, "b": 5.0, "c": 5.0})
    result = follow({"n-1": "a", "n-2": "bc"}, {"p-1": "abc"}, weight=weight)
    assert told(result)["n-1"][0] == "p-1"


def test_a_new_pocket_does_not_take_the_id_of_an_earlier_one():
    """The members of n-1 are those of p-1's smaller part, and its own name is an id that was given away."""
    result = follow({"p-1": "ab", "p-9": "cde"}, {"p-1": "abcde"})
    assert told(result)["p-9"][0] == "p-1"
    renamed = told(result)["p-1"][0]
    assert renamed not in ("p-1", "p-9")
    assert renamed.startswith("p-")
    assert len(renamed) == 10


def test_no_pocket_now_and_no_pocket_before_are_both_fine():
    assert follow({}, {"p-1": "a"}).ended == ("p-1",)
    assert told(follow({"n": "a"}, {})) == {"n": ("n", "new", ())}
    assert follow({}, {}).pockets.empty


def test_a_pocket_whose_families_are_gone_is_followed_by_nobody():
    result = follow({"n": "ab"}, {"p-1": "ab"}, weight=pd.Series({"a": 0.0, "b": 0.0}))
    assert told(result)["n"] == ("n", "new", ())
    assert result.ended == ("p-1",)


members = st.lists(st.integers(0, 3), min_size=12, max_size=12)


def as_pockets(labels, prefix):
    found: dict[str, list[str]] = {}
    for member, label in enumerate(labels):
        if label:
            found.setdefault(f"{prefix}-{label}", []).append(f"m{member}")
    return found


@given(members, members, st.lists(st.integers(0, 50), min_size=12, max_size=12), st.floats(0.05, 1))
def test_ids_are_unique_and_nobody_is_lost(now, before, weights, least):
    pockets, parent = as_pockets(now, "p"), as_pockets(before, "p")
    weight = pd.Series({f"m{member}": float(value) for member, value in enumerate(weights)})
    result = follow(pockets, parent, weight=weight, least_overlap=least)
    assert result.pockets["pocket_id"].is_unique
    assert set(result.pockets.index) == set(pockets)
    assert set(result.pockets["lineage"]) <= set(LABELS)
    named = {name for names in result.pockets["parent_ids"] for name in names}
    assert named | set(result.ended) == set(parent)
    assert not named & set(result.ended)
    kept = result.pockets[result.pockets["overlap"].notna()]
    assert all(row.pocket_id in row.parent_ids for row in kept.itertuples())
    new = result.pockets[result.pockets["lineage"].eq("new")]
    assert not set(new["pocket_id"]) & set(parent)


@given(members, members)
def test_the_order_of_pockets_and_members_changes_nothing(now, before):
    pockets, parent = as_pockets(now, "n"), as_pockets(before, "p")
    turned = follow(
        {name: pockets[name][::-1] for name in reversed(pockets)}, {name: parent[name] for name in reversed(parent)}
    )
    pd.testing.assert_frame_equal(follow(pockets, parent).pockets, turned.pockets)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pockets": {"n": "aa"}}, "present: member a stands twice"),
        ({"parent": {"p-1": "a", "p-2": "a"}}, "parent: member a stands twice"),
        ({"weight": pd.Series({"a": 1.0})}, "no weight for member b"),
        ({"weight": pd.Series({"a": 1.0, "b": -1.0})}, "negative in row b"),
        ({"weight": pd.Series({"a": 1.0, "b": np.nan})}, "not a number in row b"),
        ({"weight": pd.Series([1.0, 2.0, 1.0], index=["a", "b", "a"])}, "weight of a stands twice"),
        ({"least_overlap": 0}, "least_overlap is 0"),
        ({"least_overlap": np.nan}, "least_overlap is nan"),
    ],
)
def test_bad_input_is_refused(change, message):
    arguments = {"pockets": {"n": "ab"}, "parent": {"p-1": "ab"}} | change
    with pytest.raises(InvalidInputError, match=message):
        follow(arguments.pop("pockets"), arguments.pop("parent"), **arguments)
