"""The core of clusters that several maximum windows find."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gisapp.analysis.scanning.core import core
from gisapp.errors import InvalidInputError


def lattice():
    """100 rows of 100 persons; a strong block of four in a weaker ring."""
    x, y = (values.ravel().astype(float) for values in np.meshgrid(range(10), range(10)))
    cases = np.full(100, 10)
    cases[(abs(x - 2) <= 1) & (abs(y - 2) <= 1)] = 14
    cases[(abs(x - 2) < 1) & (abs(y - 2) < 1)] = 60
    return x, y, pd.Series(cases, index=[f"{row:03d}" for row in range(100)])


def test_what_every_window_finds_is_core_and_the_far_corner_never():
    x, y, cases = lattice()
    found = core(x, y, cases, pd.Series(100, index=cases.index), replicates=199, seed=1)
    assert found.index.equals(cases.index)
    assert found.loc["022", ["times_found", "reliability", "core"]].tolist() == [6, 1.0, True]
    assert not found.loc["099", "core"]
    assert (found["core"] == (found["times_found"] >= 4)).all()
    assert found["reliability"].between(0, 1).all()


def test_one_window_is_one_scan():
    x, y, cases = lattice()
    found = core(x, y, cases, pd.Series(100, index=cases.index), max_population_shares=(0.1,), at_least=1,
                 replicates=99, seed=1)  # fmt: skip
    assert set(found["times_found"]) == {0, 1}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_population_shares": ()}, "max_population_shares"),
        ({"max_population_shares": (0.5, 0.5)}, "max_population_shares"),
        ({"max_population_shares": (0.5, 2.0), "at_least": 1}, "max_population_share is 2.0"),
        ({"at_least": 7}, "at_least"),
        ({"at_least": 0}, "at_least"),
        ({"level": 0.0}, "level"),
        ({"replicates": 9}, "cannot reach"),
    ],
)
def test_bad_settings_are_refused(options, message):
    x, y, cases = lattice()
    with pytest.raises(InvalidInputError, match=message):
        core(x, y, cases, pd.Series(100, index=cases.index), **{"replicates": 19, "seed": 1, **options})
