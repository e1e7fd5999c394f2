from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.suggesting.needs import district_needs, ranked
from gisapp.analysis.suggesting.reasons import Figures, number_id, why

STANDARDS = {"primary_school": SimpleNamespace(distance_m=3000.0, source="Contoh", date="2025")}


def families(**columns):
    size = len(next(iter(columns.values())))
    base = {"code": ["a"] * size, "x": 0.0, "y": 0.0, "persons": 1, "decile": 1}
    return pd.DataFrame(base | columns)


def needs(frame, **standards):
    return district_needs(frame, standards=standards or STANDARDS, poor_deciles=(1,))


def test_an_unknown_answer_is_not_asked():
    need = needs(families(water=pd.array([True, False, None, True], dtype="boolean")))["water"]
    assert need.asked.tolist() == [True, True, False, True]
    assert need.share == pytest.approx(2 / 3)


def test_a_school_is_asked_of_families_with_a_child_of_that_age_and_a_position():
    frame = families(children_7_12=[1, 0, 2, 1], distance_m_primary_school=[4000.0, 9000.0, 3000.0, np.nan])
    need = needs(frame)["gap:primary_school"]
    assert need.asked.tolist() == [True, False, True, False]
    assert need.lacking.tolist() == [True, False, False, False]
    assert need.service == "primary_school"


def test_a_programme_is_asked_of_decile_1_with_a_known_answer():
    receives = pd.array([False, True, None, False], dtype="boolean")
    need = needs(families(decile=[1, 1, 1, 2], receives_pkh=receives))["no_pkh"]
    assert need.lacking.tolist() == [True, False, False, False]
    assert need.share == 0.5


def test_incomplete_data_are_blank_answers_and_missing_positions():
    frame = families(x=[0.0, np.nan, 0.0], water=pd.array([True, True, None], dtype="boolean"))
    assert needs(frame)["unverified"].lacking.tolist() == [False, True, True]


def test_excess_is_the_difference_on_the_arcsine_scale_in_spreads_between_desa():
    # Desa a: none of 4 lacks water, desa b: all of 4. On the arcsine scale 0 and pi; middle and spread pi / 2.
    frame = families(code=list("aaaabbbb"), water=pd.array([False] * 4 + [True] * 4, dtype="boolean"))
    need = needs(frame)["water"]
    assert need.spread == pytest.approx(np.pi / 2)
    assert need.effect(np.arange(4, 8)) == pytest.approx(np.pi / 2)
    assert need.excess(np.arange(4, 8)) == pytest.approx(1)
    assert need.excess(np.arange(4)) == pytest.approx(-1)
    assert need.excess(np.array([], dtype=int)) == 0


def test_nobody_lacking_is_not_a_need():
    frame = families(water=pd.array([False, False], dtype="boolean"))
    assert ranked(needs(frame), np.arange(2)) == []


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_the_ranking_names_each_need_once_and_only_where_somebody_lacks(rows):
    code, water, work = (list(column) for column in zip(*rows, strict=True))
    frame = families(code=code, water=pd.array(water, dtype="boolean"), work=pd.array(work, dtype="boolean"))
    inside = np.flatnonzero(frame["code"] == code[0])
    found = dict(ranked(needs(frame), inside))
    expected = {name for name in ("water", "work") if frame.loc[inside, name].any()}
    assert set(found) == expected
    assert all(np.isfinite(excess) for excess in found.values())


def test_indonesian_numbers():
    assert number_id(1234567) == "1.234.567"
    assert number_id(73.84, 1) == "73,8"


def test_a_sentence_is_made_from_its_numbers():
    figures = Figures(
        need="gap:primary_school",
        lacking=310,
        asked=1420,
        share=310 / 1420,
        district_share=0.12,
        decile_1=150,
        standard_m=3000,
    )
    text_id, text_en = why(figures, families=212, reach_m=3000, together=(2, 300), absence_unknown=False)
    assert text_id == (
        "SD/MI lebih jauh dari 3,0 km (jarak garis lurus): 310 dari 1.420 keluarga yang punya anak 7–12 tahun di sini "
        "(21,8 %); di seluruh kabupaten 12,0 %. Di antaranya 150 keluarga desil 1 (nasional). "
        "Indikasi lokasi ini dapat dijangkau 212 keluarga dalam 3.000 m jarak garis lurus. "
        "Bersama 2 lokasi: 300 keluarga."
    )
    assert text_en.startswith("Primary school farther than 3.0 km (straight line): 310 of 1,420 families with a child")
