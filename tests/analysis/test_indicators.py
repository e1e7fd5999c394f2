from __future__ import annotations

import pytest

from gisapp.analysis.indicators import INDICATORS
from gisapp.columns import DEPRIVATIONS, SERVICES, columns_of


@pytest.mark.parametrize("name", INDICATORS)
def test_every_indicator_is_a_column_of_areas_with_both_titles(name):
    indicator, column = INDICATORS[name], columns_of("areas")[INDICATORS[name].column]
    assert (indicator.title_id, indicator.title_en, indicator.unit) == (column.id, column.en, column.unit)
    assert indicator.title_id
    assert indicator.title_en
    assert column.kind in {"ratio", "number", "integer"}


def test_every_deprivation_and_service_is_there():
    for name in DEPRIVATIONS:
        assert INDICATORS[f"deprived_share_{name}"].direction == "higher_is_worse"
    for name in SERVICES:
        assert INDICATORS[f"distance_m_{name}"].unit == "m"


def test_coverage_is_worse_when_low():
    assert INDICATORS["coverage"].direction == "lower_is_worse"
