from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawn_maps import series
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.rates import relative_standard_error, rse_class
from gisapp.errors import InvalidInputError


def test_rse_by_hand():
    """√0.0009 / 0.12 is 25 %; an estimate of nothing has no usable error."""
    found = relative_standard_error(series(0.12, 0.0, -0.1), series(0.0009, 0.0, 0.01))
    assert found.tolist() == pytest.approx([0.25, np.inf, np.inf])


def test_a_limit_belongs_to_the_better_class():
    found = rse_class(series(0.0, 0.25, 0.2501, 0.5, 0.5001, np.inf, np.nan))
    assert found.tolist()[:-1] == ["usable", "usable", "caution", "caution", "not_usable", "not_usable"]
    assert pd.isna(found.iloc[-1])


@given(st.lists(st.tuples(st.floats(1e-6, 1), st.floats(0, 1)), min_size=1, max_size=9))
def test_a_higher_error_is_never_a_better_class(rows):
    rse = relative_standard_error([row[0] for row in rows], [row[1] for row in rows]).sort_values()
    order = {"usable": 0, "caution": 1, "not_usable": 2}
    assert rse_class(rse).map(order).is_monotonic_increasing


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: relative_standard_error(series(0.1, 0.2), series(1, -1)), "mse is negative in row b"),
        (lambda: relative_standard_error(series(0.1, np.nan), series(1, 1)), "estimate is not a number in row b"),
        (lambda: relative_standard_error(series(0.1), [1, 2]), "mse has 2 rows where 1"),
        (lambda: relative_standard_error([], []), "estimate has no rows"),
        (lambda: rse_class(series(0.1, -0.1)), "rse is negative in row b"),
        (lambda: rse_class([]), "rse has no rows"),
        (lambda: rse_class([0.1], usable=0.5, caution=0.25), "do not rise"),
    ],
)
def test_bad_input_is_refused(call, told):
    with pytest.raises(InvalidInputError, match=told):
        call()
