from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau, spearmanr

from gisapp.analysis.deprivation import alkire_foster
from gisapp.analysis.deprivation_sensitivity import (
    dirichlet_weights,
    order_agreement,
    over_cutoffs,
    over_weights,
    robust_pairs,
)
from gisapp.errors import InvalidInputError

WEIGHTS = {"a": 0.5, "b": 0.3, "c": 0.2}
FLAGS = pd.DataFrame({"a": [1, 0, 0, 1], "b": [0, 1, 0, None], "c": [0, 1, 0, 1]}, dtype="object").astype("boolean")


def test_fewer_are_poor_at_a_higher_cutoff():
    """Scores 0.5, 0.5 and 0, the fourth is not fully known: two of three at 0.4, nobody at 0.6."""
    found = over_cutoffs(FLAGS, WEIGHTS, cutoffs=[0.6, 0.4])
    assert found["headcount_ratio"].to_dict() == pytest.approx({(0.4, "all"): 2 / 3, (0.6, "all"): 0.0})
    assert found.loc[(0.4, "all"), "adjusted_headcount"] == pytest.approx(1 / 3)
    assert np.isnan(found.loc[(0.6, "all"), "intensity"])


def test_another_weight_makes_another_poor():
    sets = pd.DataFrame([WEIGHTS, {"a": 0.2, "b": 0.4, "c": 0.4}], index=["given", "other"])
    found = over_weights(FLAGS, sets, cutoff=0.5)
    assert found["headcount_ratio"].to_dict() == pytest.approx({("given", "all"): 2 / 3, ("other", "all"): 1 / 3})
    assert found.loc[("other", "all"), "intensity"] == pytest.approx(0.8)


def test_drawn_weights_sum_to_one_and_stay_near():
    drawn = dirichlet_weights({"a": 0.125, "b": 0.875, "c": 0.0}, sets=4000, seed=1)
    assert drawn.sum(axis=1).to_numpy() == pytest.approx(np.ones(4000))
    assert drawn["a"].mean() == pytest.approx(0.125, abs=0.003)
    assert drawn["a"].std() == pytest.approx(np.sqrt(0.125 * 0.875 / 51), rel=0.05)
    assert (drawn["c"] == 0).all()
    assert drawn.equals(dirichlet_weights({"a": 0.125, "b": 0.875, "c": 0.0}, sets=4000, seed=1))


def test_orders_by_hand():
    """Of A > B > C the first alternative turns B and C round: one of three pairs, τ = (2 − 1) / 3."""
    baseline = pd.Series([3.0, 2, 1], index=list("ABC"))
    others = pd.DataFrame({"turned": [3.0, 1, 2], "same": [9.0, 8, 7], "tied": [1.0, 1, 0]}, index=list("ABC"))
    found = order_agreement(baseline, others, first=2)
    assert found["kendall"].tolist() == pytest.approx([1 / 3, 1, 2 / np.sqrt(6)])
    assert found["reversed_pairs"].tolist() == pytest.approx([1 / 3, 0, 0])
    assert found["first_kept"].tolist() == [0.5, 1, 1]
    assert robust_pairs(baseline, others) == pytest.approx(2 / 3)
    assert robust_pairs(baseline, others[["same", "tied"]]) == 1


def test_equal_areas_have_no_order():
    flat = pd.Series([1.0, 1, 1])
    found = order_agreement(flat, pd.DataFrame({"x": [1.0, 2, 3]})).iloc[0]
    assert np.isnan(found[["kendall", "spearman", "reversed_pairs"]].astype(float)).all()
    assert np.isnan(robust_pairs(flat, pd.DataFrame({"x": [1.0, 2, 3]})))


values = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=30)


@given(values)
def test_the_coefficients_are_those_of_scipy(pairs):
    left, right = np.array(pairs, dtype=float).T
    found = order_agreement(left, pd.DataFrame({"x": right})).iloc[0]
    if len(set(left)) > 1 and len(set(right)) > 1:
        assert found["kendall"] == pytest.approx(kendalltau(left, right).statistic)
        assert found["spearman"] == pytest.approx(spearmanr(left, right).statistic)
    else:
        assert np.isnan(found["kendall"])


@given(values)
def test_more_alternatives_never_make_more_pairs_robust(pairs):
    left, right = np.array(pairs, dtype=float).T
    alone = robust_pairs(left, pd.DataFrame({"x": right}))
    both = robust_pairs(left, pd.DataFrame({"x": right, "y": -left}))
    assert np.isnan(alone) or both <= alone
    assert np.isnan(alone) or alone == pytest.approx(
        1 - order_agreement(left, pd.DataFrame({"x": right}))["reversed_pairs"].iloc[0]
    )


rows = st.lists(
    st.tuples(st.lists(st.sampled_from([True, False, None]), min_size=3, max_size=3), st.sampled_from("xy")),
    min_size=1,
    max_size=15,
)


@given(rows)
def test_each_cutoff_is_what_alkire_foster_gives_and_the_headcount_never_rises(drawn):
    frame = pd.DataFrame([flags for flags, _ in drawn], columns=list("abc")).astype("boolean")
    by = [group for _, group in drawn]
    found = over_cutoffs(frame, WEIGHTS, cutoffs=[0.2, 0.5, 1.0], by=by)
    for cutoff in (0.2, 0.5, 1.0):
        expected = alkire_foster(frame, WEIGHTS, cutoff=cutoff, by=by)[list(found.columns)]
        pd.testing.assert_frame_equal(found.loc[cutoff], expected, check_names=False)
    wide = found["headcount_ratio"].unstack("cutoff").dropna()
    assert (wide.diff(axis=1).iloc[:, 1:] <= 1e-12).all(axis=None)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: over_cutoffs(FLAGS, WEIGHTS, cutoffs=[]), "cutoffs is empty"),
        (lambda: over_cutoffs(FLAGS, WEIGHTS, cutoffs=[0.5, 1.5]), "cutoff is 1.5"),
        (lambda: over_cutoffs(FLAGS, WEIGHTS, cutoffs=[np.nan]), "cutoff is nan"),
        (lambda: over_cutoffs(FLAGS.iloc[:0], WEIGHTS, cutoffs=[0.5]), "no rows"),
        (lambda: over_weights(FLAGS, pd.DataFrame(columns=list("abc")), cutoff=0.5), "weight_sets has no rows"),
        (lambda: over_weights(FLAGS, pd.DataFrame([[1, 1, 1.0]], columns=list("abc")), cutoff=0.5), "sum to 3"),
        (lambda: over_weights(FLAGS, pd.DataFrame([[0.5, 0.5]], columns=list("ab")), cutoff=0.5), "c must be both"),
        (lambda: dirichlet_weights({"a": 0.5}, sets=1, seed=1), "sum to 0.5"),
        (lambda: dirichlet_weights({"a": 2.0, "b": -1.0}, sets=1, seed=1), "negative in row b"),
        (lambda: dirichlet_weights({"a": 1.0}, sets=0, seed=1), "sets is 0"),
        (lambda: dirichlet_weights({"a": 1.0}, sets=1, concentration=0, seed=1), "concentration is 0"),
        (lambda: dirichlet_weights({}, sets=1, seed=1), "no rows"),
        (lambda: robust_pairs([1.0], pd.DataFrame({"x": [1.0]})), "1 areas have no order"),
        (lambda: robust_pairs([1.0, 2], pd.DataFrame(index=[0, 1])), "no columns"),
        (lambda: robust_pairs([1.0, np.nan], pd.DataFrame({"x": [1.0, 2]})), "baseline is not a number in row 1"),
        (lambda: order_agreement([1.0, 2], pd.DataFrame({"x": [1.0, 2, 3]})), "3 rows where 2"),
        (lambda: order_agreement([1.0, 2], pd.DataFrame({"x": [1.0, 2]}), first=0), "first is 0"),
    ],
)
def test_bad_input_is_refused(call, told):
    with pytest.raises(InvalidInputError, match=told):
        call()
