"""What a scenario leaves out of a run, on candidates written by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from gisapp.catalog.interventions import load_interventions
from gisapp.errors import NotFoundError
from gisapp.targeting.scenario import CLOSED, close_areas, kinds_left, require_areas
from gisapp.workspace.scenarios import Scenario

CANDIDATES = pd.DataFrame(
    {
        "code": ["12.05.01.2001", "12.05.01.2002", "12.05.02.2001", "12.05.02.2002"],
        "excluded_by": [None, "lp2b", None, None],
    },
    dtype=object,
)


def scenario(*areas: str, kinds: tuple[str, ...] = ()) -> Scenario:
    return Scenario(name="uji", title="", source="", date="", exclude_areas=areas, exclude_kinds=kinds)


def test_a_kecamatan_and_a_desa_are_closed_and_what_forbade_a_candidate_before_stays():
    found, taken = close_areas(CANDIDATES, scenario("120501", "1205022002"))
    assert found["excluded_by"].tolist() == [CLOSED, "lp2b", None, CLOSED]
    assert taken == 2
    assert CANDIDATES["excluded_by"].tolist() == [None, "lp2b", None, None]


@pytest.mark.parametrize("nothing", [None, scenario()])
def test_nothing_is_closed_without_a_word(nothing):
    found, taken = close_areas(CANDIDATES, nothing)
    assert (found is CANDIDATES, taken) == (True, 0)
    require_areas(CANDIDATES, nothing)


def test_an_area_of_another_district_is_named():
    require_areas(CANDIDATES, scenario("1205", "120502"))
    with pytest.raises(NotFoundError, match=r"120503, 9901"):
        require_areas(CANDIDATES, scenario("120501", "120503", "9901"))


def test_kinds_that_are_left_keep_their_order():
    kinds = load_interventions()
    left = kinds_left(kinds, scenario(kinds=(kinds[1].kind,)))
    assert [one.kind for one in left] == [one.kind for one in kinds if one.kind != kinds[1].kind]
    assert kinds_left(kinds, None) == tuple(kinds)
