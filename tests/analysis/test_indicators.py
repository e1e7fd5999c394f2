from __future__ import annotations

import pytest

from gisapp.analysis.indicators import INDICATORS, indicator
from gisapp.columns import DEPRIVATIONS, SERVICES, columns_of
from gisapp.errors import InvalidInputError


@pytest.mark.parametrize("known", INDICATORS.values(), ids=INDICATORS)
def test_every_indicator_is_a_column_of_areas_with_both_titles(known):
    column = columns_of("areas")[known.column]
    assert (known.title_id, known.title_en, known.unit) == (column.id, column.en, column.unit)
    assert known.title_id
    assert known.title_en
    assert column.kind in {"ratio", "number", "integer"}


def test_every_deprivation_and_service_is_there():
    for name in DEPRIVATIONS:
        assert indicator(f"deprived_share_{name}").direction == "higher_is_worse"
    for name in SERVICES:
        assert indicator(f"distance_m_{name}").unit == "m"


def test_coverage_is_worse_when_low():
    assert indicator("coverage").direction == "lower_is_worse"


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(InvalidInputError, match="headcount_ratio"):
        indicator("guess")
