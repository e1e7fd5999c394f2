from __future__ import annotations

import pytest
from drawn_maps import series

from gisapp.analysis.ranking import rank_interval
from gisapp.errors import InvalidInputError


def test_clear_differences_leave_no_doubt():
    found = rank_interval(series(100, 500, 300), series(1000, 1000, 1000), seed=1)
    assert found["rank"].tolist() == [3, 1, 2]
    assert (found["rank_lower"] == found["rank_upper"]).all()


def test_equal_rows_share_the_range_and_ties_go_to_the_label():
    found = rank_interval(series(50, 50), series(1000, 1000), seed=1)
    assert found["rank"].tolist() == [1, 2]
    assert found["rank_lower"].tolist() == [1, 1]
    assert found["rank_upper"].tolist() == [2, 2]


def test_size_turns_the_rate_into_a_count():
    found = rank_interval(series(100, 200), series(1000, 1000), size=series(9000, 1000), seed=1)
    assert found["rank"].tolist() == [1, 2]


def test_the_same_seed_gives_the_same():
    first, second = (rank_interval(series(50, 55, 60), series(900, 900, 900), seed=4) for _ in range(2))
    assert first.equals(second)


def test_bad_counts_are_refused():
    with pytest.raises(InvalidInputError, match="size is negative in row a"):
        rank_interval(series(1), series(2), size=series(-1), seed=1)
