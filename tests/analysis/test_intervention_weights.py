"""How often a row is among the first under weights that nobody knows."""

import numpy as np
import pandas as pd
import pytest

from gisapp.analysis.suggesting.weights import CRITERIA, Weighing, first_probability
from gisapp.errors import InvalidInputError


def criteria(rows):
    return pd.DataFrame(rows, columns=list(CRITERIA), dtype=float)


def test_best_in_everything_is_always_first_and_worst_never():
    frame = criteria([[3, 3, 3, 3], [2, 2, 2, 2], [1, 1, 1, 1]])
    found = first_probability(frame, by=["a"] * 3, weighing=Weighing(first=1, draws=200), seed=1)
    assert found["probability"].tolist() == [1, 0, 0]
    assert found["error"].tolist() == [0, 0, 0]


def test_two_rows_that_each_win_half_of_the_criteria_win_half_of_the_draws():
    """By symmetry of the uniform weights 1/2; with 20,000 draws the error is 0.35 %."""
    frame = criteria([[1, 1, 0, 0], [0, 0, 1, 1]])
    found = first_probability(frame, by=["a", "a"], weighing=Weighing(first=1, draws=20_000), seed=7)
    assert found["probability"].sum() == pytest.approx(1)
    assert found["error"].tolist() == pytest.approx([0.00354, 0.00354], abs=1e-4)
    assert abs(found["probability"].iloc[0] - 0.5) < 4 * 0.00354


def test_one_criterion_against_three_wins_one_draw_in_eight():
    """Uniform weights: P(w1 > 1/2) = (1/2)^3 (the first of four spacings)."""
    frame = criteria([[1, 0, 0, 0], [0, 1, 1, 1]])
    found = first_probability(frame, by=["a", "a"], weighing=Weighing(first=1, draws=40_000), seed=3)
    assert abs(found["probability"].iloc[0] - 1 / 8) < 4 * found["error"].iloc[0]


def test_much_concentration_comes_to_the_mean_weights():
    frame = criteria([[1, 1, 1, 0], [0, 0, 0, 1]])
    weights = dict(zip(CRITERIA, (0.1, 0.1, 0.1, 0.7), strict=True))
    found = first_probability(
        frame, by=["a", "a"], weighing=Weighing(weights=weights, concentration=1e5, first=1, draws=500), seed=1
    )
    assert found["probability"].tolist() == [0, 1]


def test_a_group_no_larger_than_the_first_is_certain_and_groups_stand_apart():
    frame = criteria([[1, 1, 1, 1], [2, 2, 2, 2], [9, 9, 9, 9]])
    found = first_probability(frame, by=[2, 2, 5], weighing=Weighing(first=2, draws=100), seed=1)
    assert found["probability"].tolist() == [1, 1, 1]


def test_equal_rows_share_the_last_place_and_the_places_add_up():
    frame = criteria([[5, 5, 5, 5]] * 4)
    found = first_probability(frame, by=["a"] * 4, weighing=Weighing(first=3, draws=100), seed=1)
    assert found["probability"].tolist() == pytest.approx([0.75] * 4)
    random = criteria(np.random.default_rng(4).random((30, 4)))
    many = first_probability(random, by=["a"] * 30, weighing=Weighing(first=10, draws=300), seed=1)
    assert many["probability"].sum() == pytest.approx(10)


def test_what_is_not_known_stands_in_the_middle_and_a_missing_group_takes_no_part():
    frame = criteria([[3, np.nan, 1, 1], [2, np.nan, 1, 1], [1, np.nan, 1, 1]])
    found = first_probability(frame, by=["a", "a", np.nan], weighing=Weighing(first=1, draws=100), seed=1)
    assert found["probability"].iloc[:2].tolist() == [1, 0]
    assert np.isnan(found["probability"].iloc[2])


def test_the_same_seed_gives_the_same_figures_whatever_the_order():
    frame = criteria(np.random.default_rng(2).random((20, 4)))
    rules = Weighing(first=5, draws=400)
    one = first_probability(frame, by=["a"] * 20, weighing=rules, seed=11)
    other = first_probability(frame[::-1], by=["a"] * 20, weighing=rules, seed=11)
    pd.testing.assert_frame_equal(one, other[::-1])
    assert not one.equals(first_probability(frame, by=["a"] * 20, weighing=rules, seed=12))


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": {"families": 1.0}},
        {"weights": dict.fromkeys(CRITERIA, 0.3)},
        {"weights": dict(zip(CRITERIA, (0.5, 0.5, 0.0, 0.0), strict=True))},
        {"concentration": 0.0},
        {"concentration": np.nan},
        {"first": 0},
        {"draws": 0},
    ],
)
def test_weights_that_cannot_be_drawn_are_refused(wrong):
    with pytest.raises(InvalidInputError) as refused:
        Weighing(**wrong)
    assert refused.value.en != refused.value.id


def test_a_missing_criterion_and_an_infinite_one_are_named():
    good = criteria([[1, 1, 1, 1], [2, 2, 2, 2]])
    with pytest.raises(InvalidInputError, match="excess"):
        first_probability(good.drop(columns="excess"), by=[1, 1], weighing=Weighing(), seed=1)
    with pytest.raises(InvalidInputError, match="row 1"):
        first_probability(good.replace(2, np.inf), by=[1, 1], weighing=Weighing(), seed=1)
