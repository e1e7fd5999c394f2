from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawn_maps import series

from gisapp.analysis.finding.recovery import recovery
from gisapp.errors import InvalidInputError


def test_by_hand_in_families():
    """Found 100 + 300 right, 100 wrong; planted 100 + 300 at risk 3 and 500 at 1.5."""
    found = pd.Series([True, True, True, False, False])
    score = recovery(found, pd.Series([3, 3, 1, 1.5, 1]), families=pd.Series([100, 300, 100, 500, 9]))
    assert score.loc["all"].to_dict() == pytest.approx(
        {"planted_families": 900, "found_families": 400, "precision": 0.8, "recall": 400 / 900, "f1": 800 / 1400}
    )
    assert score.loc["3", "recall"] == 1
    assert score.loc["1.5", "recall"] == 0
    assert list(score.index) == ["all", "1.5", "3"]


def test_nothing_found_has_no_precision():
    score = recovery([False, False], [3, np.nan], families=[1, 1])
    assert np.isnan(score.loc["all", "precision"])
    assert score.loc["all", "recall"] == 0


def test_bad_input_is_refused():
    with pytest.raises(InvalidInputError, match="below 1 in row a"):
        recovery(pd.Series([True], index=["a"]), series(0.5), families=series(1))
