from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawn_maps import series
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.small_numbers.ranking import rank_interval
from gisapp.errors import InvalidInputError


def test_clear_differences_leave_no_doubt():
    found = rank_interval(series(100, 500, 300), series(1000, 1000, 1000), seed=1)
    assert found["rank"].tolist() == [3, 1, 2]
    assert (found["rank_lower"] == found["rank_upper"]).all()
    assert found["rank_group"].tolist() == [3, 1, 2]


def test_equal_rows_share_the_range_and_the_group():
    found = rank_interval(series(50, 50), series(1000, 1000), seed=1)
    assert sorted(found["rank"]) == [1, 2]
    assert found["rank_lower"].tolist() == [1, 1]
    assert found["rank_upper"].tolist() == [2, 2]
    assert found["rank_group"].tolist() == [1, 1]


def test_certain_ties_go_to_the_label():
    """Nobody lives in either: both counts are 0 in every draw."""
    found = rank_interval(series(10, 20), series(100, 100), size=series(0, 0), seed=1)
    assert found["rank"].tolist() == [1, 2]
    assert found["rank_group"].tolist() == [1, 1]


def test_size_turns_the_rate_into_a_count():
    found = rank_interval(series(100, 200), series(1000, 1000), size=series(9000, 1000), seed=1)
    assert found["rank"].tolist() == [1, 2]


def test_two_of_four_families_are_no_first_place():
    """A village of four families cannot lead villages of thousands that are nearly as high for certain."""
    found = rank_interval(series(2, 1900, 1800, *[500] * 20), series(4, 4000, 4000, *[4000] * 20), seed=1)
    assert found["rank"].iloc[0] > 2
    assert found["rank_upper"].iloc[0] - found["rank_lower"].iloc[0] > 10


def test_a_group_ends_where_outranking_its_leader_becomes_unlikely():
    found = rank_interval(series(400, 390, 100, 95), series(1000, 1000, 1000, 1000), seed=1)
    assert found["rank_group"].tolist() == [1, 1, 2, 2]
    strict = rank_interval(series(400, 390, 100, 95), series(1000, 1000, 1000, 1000), equal_standing=0.49, seed=1)
    assert strict["rank_group"].tolist() == [1, 2, 3, 4]


def test_one_row_stands_first():
    assert rank_interval(series(3), series(9), seed=1).iloc[0].tolist() == [1, 1, 1, 1]


def test_the_same_seed_gives_the_same():
    first, second = (rank_interval(series(50, 55, 60), series(900, 900, 900), seed=4) for _ in range(2))
    assert first.equals(second)


def test_the_order_of_the_rows_changes_nothing():
    events, people = series(50, 55, 60, 20), series(900, 950, 800, 300)
    turned = rank_interval(events.iloc[[2, 0, 3, 1]], people.iloc[[2, 0, 3, 1]], seed=4)
    pd.testing.assert_frame_equal(turned.sort_index(), rank_interval(events, people, seed=4))


def coverage(spread, *, maps=12, areas=277):
    """Share of areas whose true rank lies in its range, over simulated districts."""
    generator = np.random.default_rng(11)
    families = generator.lognormal(np.log(900), 0.6, areas).round().clip(20)
    size = 0.12 * 0.88 / spread**2 - 1
    held = []
    for seed in range(maps):
        rate = generator.beta(0.12 * size, 0.88 * size, areas)
        found = rank_interval(generator.binomial(families.astype(int), rate), families, seed=seed)
        true = np.argsort(np.argsort(-rate)) + 1
        held.append(found["rank_lower"].le(true) & found["rank_upper"].ge(true))
    return float(np.mean(held))


@pytest.mark.parametrize("spread", [0.005, 0.03, 0.08])
def test_nine_of_ten_ranges_hold_the_true_rank(spread):
    assert 0.88 <= coverage(spread) <= 0.93


pairs = st.lists(
    st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=15
)


@given(pairs)
@settings(max_examples=40, deadline=None)
def test_ranks_are_a_permutation_inside_their_ranges_and_groups_never_fall(counted):
    events, population = [y for y, _ in counted], [n for _, n in counted]
    found = rank_interval(events, population, draws=60, seed=1)
    assert sorted(found["rank"]) == list(range(1, len(found) + 1))
    assert (found["rank_lower"] <= found["rank"]).all()
    assert (found["rank"] <= found["rank_upper"]).all()
    steps = found.sort_values("rank")["rank_group"].diff().fillna(0)
    assert set(steps) <= {0, 1}
    assert found["rank_group"].min() == 1


@given(pairs, st.sampled_from([2.0, 64.0, 1024.0]))
@settings(max_examples=25, deadline=None)
def test_the_unit_of_the_size_changes_nothing(counted, factor):
    events, population = [y for y, _ in counted], [n for _, n in counted]
    size = np.arange(len(events)) + 1.0
    first = rank_interval(events, population, size=size, draws=40, seed=1)
    assert first.equals(rank_interval(events, population, size=size * factor, draws=40, seed=1))


@pytest.mark.parametrize(
    ("events", "population", "more", "told"),
    [
        ([1], [2], {"size": series(-1)}, "size is negative in row a"),
        ([1], [2], {"size": [1, 2]}, "size has 2 rows where 1"),
        ([1], [2], {"size": series(np.nan)}, "size is not a number in row a"),
        ([], [], {}, "no rows"),
        ([3], [2], {}, "exceed the population in row a"),
        ([1], [2], {"level": 1}, "level is 1"),
        ([1], [2], {"equal_standing": 0}, "equal_standing is 0"),
    ],
)
def test_bad_input_is_refused(events, population, more, told):
    labels = list("abc")[: len(events)]
    with pytest.raises(InvalidInputError, match=told):
        rank_interval(pd.Series(events, index=labels), pd.Series(population, index=labels), **more, seed=1)
