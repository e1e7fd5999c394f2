"""Counts inside reasons and evidence are withheld as those of columns are."""

import json

import geopandas as gpd
import pytest

from gisapp.analysis.suggesting.reasons import Figures, why
from gisapp.release.reasons import without_small_counts


def suggestion(*, lacking=46, poor=11, reached=None, families=46, services=(46,)):
    figures = Figures(
        need="link:road", lacking=lacking, asked=900, share=lacking / 900, district_share=None, decile_1=poor,
        standard_m=None,
    )  # fmt: skip
    text_id, text_en = why(figures, families=lacking, reach_m=None, together=None, absence_unknown=False)
    link = {"services": [{"service": "market", "families": count} for count in services]}
    of_decile_1 = {"decile_1_families_lacking": poor, "decile_1_families_reached": reached}
    evidence = {"families_lacking": lacking, **of_decile_1, "link": link}
    row = {"families": [families], "why_id": [text_id], "why_en": [text_en], "evidence": [json.dumps(evidence)]}
    return gpd.GeoDataFrame(row, geometry=gpd.points_from_xy([98.0], [3.0]), crs="EPSG:4326")


def told(frame):
    return json.loads(frame["evidence"].iloc[0])


def test_counts_that_are_large_enough_stay_word_for_word():
    before = suggestion()
    after = without_small_counts(before, 5)
    assert after[["why_id", "why_en"]].equals(before[["why_id", "why_en"]])
    assert told(after) == told(before)


@pytest.mark.parametrize("poor", [1, 4, 42, 45])
def test_few_of_decile_1_and_all_but_few_are_told_nowhere(poor):
    after = without_small_counts(suggestion(poor=poor), 5)
    assert told(after)["decile_1_families_lacking"] is None
    assert after["why_id"].iloc[0] == (
        "Baru berada dalam standar bila ruas ini ada: 46 dari 900 keluarga terdaftar di sini (5,1 %). "
        "Usulan ini untuk 46 keluarga."
    )
    assert after["why_en"].iloc[0].endswith("(5.1 %). This suggestion is for 46 families.")


@pytest.mark.parametrize("poor", [0, 5, 41, 46])
def test_none_all_and_the_smallest_count_that_may_be_shown(poor):
    assert told(without_small_counts(suggestion(poor=poor), 5))["decile_1_families_lacking"] == poor


@pytest.mark.parametrize(("reached", "stays"), [(6, True), (0, True), (11, True), (3, False), (18, False), (8, False)])
def test_those_reached_tell_of_few_neither_alone_nor_beside_those_lacking(reached, stays):
    # 11 of decile 1 lack it; 20 families are reached: 3 are few, 18 all but few, 8 leave 3 who are not reached.
    after = told(without_small_counts(suggestion(poor=11 if reached <= 11 else 30, reached=reached, families=20), 5))
    assert after["decile_1_families_reached"] == (reached if stays else None)


def test_strangers_at_a_larger_k_are_told_less():
    frame = suggestion(poor=8, services=(8, 46))
    assert told(without_small_counts(frame, 5)) == told(frame)
    public = told(without_small_counts(frame, 10))
    assert public["decile_1_families_lacking"] is None
    assert [one["families"] for one in public["link"]["services"]] == [None, 46]


def test_a_row_that_is_withheld_already_stays_as_it_is():
    frame = suggestion()
    for name in ("why_id", "why_en", "evidence"):
        frame[name] = None
    assert without_small_counts(frame, 5).equals(frame)
