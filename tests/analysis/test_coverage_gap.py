"""Registered against expected, and villages where few are registered."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_maps import series
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.coverage_gap import Counted, coverage_gap, thin_registration
from gisapp.errors import InvalidInputError

FAMILIES = Counted("decile_1", "families")


def gap(registered, expected, **more):
    given = {"registered_as": FAMILIES, "expected_as": FAMILIES, **more}
    return coverage_gap(registered, expected, **given)


def test_a_gap_with_a_standard_error_by_hand():
    """120 expected ± 2 × 15 against 100 registered: 20, from −10 to 50."""
    found = gap(series(100), series(120), standard_error=series(15), level=0.9544997361036416)
    assert found.loc["a"].tolist() == pytest.approx([20, -10, 50])


def test_a_gap_with_a_given_range_by_hand():
    found = gap(series(100, 130), series(120, 120), lower=series(110, 90), upper=series(150, 140))
    assert found.loc["a"].tolist() == [20, 10, 50]
    assert found.loc["b"].tolist() == [-10, -40, 10]


def test_what_is_not_known_has_no_gap_or_no_range():
    found = gap(series(100, 100), series(np.nan, 120), standard_error=series(5, np.nan))
    assert found.loc["a"].isna().all()
    assert found.loc["b"].isna().tolist() == [False, True, True]
    assert gap([100], [120])[["lower", "upper"]].isna().all(axis=None)


def test_fewer_than_nobody_is_never_expected():
    assert gap([3], [5], standard_error=[50]).loc[0, "lower"] == -3


@given(st.lists(st.tuples(st.integers(0, 900), st.floats(0, 900), st.floats(0, 90)), min_size=1, max_size=9))
def test_the_range_holds_the_gap(rows):
    registered, expected, error = (list(column) for column in zip(*rows, strict=True))
    found = gap(registered, expected, standard_error=error)
    assert (found["lower"] <= found["gap"] + 1e-9).all()
    assert (found["gap"] <= found["upper"] + 1e-9).all()


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: gap([1], [1], expected_as=Counted("bps_poor", "families")), "bps_poor in families: they cannot"),
        (
            lambda: gap([1], [1], expected_as=Counted("decile_1", "households")),
            "in households: they cannot be compared",
        ),
        (lambda: gap(series(1, -1), series(1, 1)), "registered is negative in row b"),
        (lambda: gap(series(1, np.nan), series(1, 1)), "registered is not a number in row b"),
        (lambda: gap([1], [1, 2]), "expected has 2 rows where 1"),
        (lambda: gap([1], [-1]), "expected is negative in row 0"),
        (lambda: gap([1], [np.inf]), "expected is not a number"),
        (lambda: gap([], []), "registered has no rows"),
        (lambda: gap([1], [5], lower=[6], upper=[9]), "expected is outside its range in row 0"),
        (lambda: gap([1], [5], lower=[4]), "lower and upper"),
        (lambda: gap([1, 1], [5, 5], lower=[4, np.nan], upper=[6, 9]), "half a range in row 1"),
        (lambda: gap([5], [np.nan], lower=[10], upper=[2]), "lower is above upper in row 0"),
        (lambda: gap("5010", "5555"), "not str"),
        (lambda: gap([1], [5], lower=[4], upper=[6], standard_error=[1]), "or a standard_error"),
        (lambda: gap([1], [5], standard_error=[-1]), "standard_error is negative"),
        (lambda: gap([1], [5], level=1.0), "level"),
        (lambda: thin_registration([3, 1, 1, 1], [2, 9, 9, 9]), "exceed the population in row 0"),
        (lambda: thin_registration([1, 1, 1], [9, 9, 9]), "fewer than 4 areas"),
        (lambda: thin_registration([1, 1, 1, 0], [9, 9, 9, 0]), "fewer than 4 areas"),
        (lambda: thin_registration([1, np.nan, 1, 1], [9] * 4), "row 1"),
        (lambda: thin_registration([1] * 4, [9] * 3), "3 rows where 4"),
        (lambda: thin_registration([], []), "no rows"),
        (lambda: thin_registration([1] * 4, [9] * 4, level=0), "level"),
    ],
)
def test_bad_input_is_refused(call, told):
    with pytest.raises(InvalidInputError, match=told):
        call()


def registry(seed, *, thin=()):
    """Sixty villages of 400 families, half of them registered, with an ordinary spread of 10 % between villages."""
    generator = np.random.default_rng(seed)
    share = 0.5 * np.exp(generator.normal(0, 0.1, 60))
    share[list(thin)] *= 0.4
    return generator.binomial(400, np.minimum(share, 1)), np.full(60, 400)


def test_villages_where_few_were_registered_are_found_and_nothing_else():
    registered, families = registry(1, thin=(3, 17))
    found = thin_registration(registered, families)
    assert np.flatnonzero(found["thin"]).tolist() == [3, 17]
    assert (found.loc[[3, 17], "z_score"] < -4).all()


def test_ordinary_variation_is_seldom_called_thin():
    """At 5 % false discovery: with nothing to find, a map in twenty may show something."""
    shown = sum(thin_registration(*registry(seed))["thin"].any() for seed in range(100))
    assert shown <= 12


def test_equal_shares_are_never_thin():
    found = thin_registration(np.full(10, 50), np.full(10, 100))
    assert not found["thin"].any()
    assert found["z_score"].to_numpy() == pytest.approx(0, abs=0.01)


def test_a_village_without_families_is_not_thin():
    found = thin_registration([50, 40, 60, 50, 0], [100, 100, 100, 100, 0])
    assert found.loc[4, ["z_score", "p_value"]].isna().all()
    assert not found.loc[4, "thin"]
