from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gisapp.analysis.checks import Complaints, as_numbers, event_counts, need_same_rows, need_share
from gisapp.errors import InvalidInputError


def test_every_problem_is_told_at_once_with_its_rows():
    events = pd.Series([1.0, np.nan, -3.0], index=["a", "b", "c"])
    population = pd.Series([10, 10, -1], index=["a", "b", "c"])
    with pytest.raises(InvalidInputError) as told:
        event_counts(events, population, subject="test")
    assert "events is not a number in row b" in told.value.en
    assert "events is negative in row c" in told.value.en
    assert "population is negative in row c" in told.value.en
    assert "events bukan angka pada baris b" in told.value.id


def test_only_the_first_five_rows_are_named():
    complaints = Complaints("test")
    complaints.rows(np.ones(8, dtype=bool), pd.RangeIndex(8), "bad", "buruk")
    with pytest.raises(InvalidInputError, match="bad in row 0, 1, 2, 3, 4 and 3 more"):
        complaints.refuse()


def test_nothing_wrong_passes():
    Complaints("test").refuse()
    need_share(0.05, subject="test", name="level")


def test_rows_in_another_order_are_not_aligned():
    complaints = Complaints("test")
    assert not need_same_rows(pd.Series([1, 2], index=["a", "b"]), pd.Series([1, 2], index=["b", "a"]), complaints, "x")
    with pytest.raises(InvalidInputError, match="row b stands where a is expected"):
        complaints.refuse()


def test_text_is_named_by_row():
    complaints = Complaints("test")
    as_numbers(pd.Series(["1", "satu"], index=["a", "b"]), complaints, "value")
    with pytest.raises(InvalidInputError, match="row b"):
        complaints.refuse()


@pytest.mark.parametrize("level", [0, 1, -0.1, float("nan")])
def test_a_level_outside_0_and_1_is_refused(level):
    with pytest.raises(InvalidInputError, match="level"):
        need_share(level, subject="test", name="level")


def test_an_empty_input_is_refused():
    with pytest.raises(InvalidInputError, match="no rows"):
        event_counts([], [], subject="test")
