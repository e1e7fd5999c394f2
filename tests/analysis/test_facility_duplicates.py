"""The same school in two layers counts once; neighbours of another name, kind or number stay two."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.facilities.duplicates import counted_once, facility_name, names_agree
from gisapp.errors import InvalidInputError

DESA = ("12.05.01.2001", "12.05.01")


def frame(*rows):
    columns = ["layer", "kind", "name", "x", "y", "codes"]
    return pd.DataFrame([(*row, DESA)[:6] for row in rows], columns=columns)


def repeats(*rows, within_m=500.0):
    return counted_once(frame(*rows), within_m=within_m).tolist()


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("SDN 050123 Stabat", "SD Negeri No. 050123", True),
        ("SD NEGERI 50123 STABAT", "SDN 050123 Stabat", True),
        ("SDN 1 Hinai", "SDN 2 Hinai", False),
        ("SD Negeri Hinai", "SD Swasta Hinai", False),
        ("Puskesmas Stabat", "UPT Puskesmas Stabat", True),
        ("Puskesmas", "Puskesmas", False),
        ("Puskesmas", "Puskesmas Stabat", False),
        ("MIN 3 Langkat", "MI Negeri 3", True),
        ("Pasar Baru", "Pasar Lama", False),
        ("", "", False),
    ],
)
def test_names_agree_by_numbers_and_words(one, other, agree):
    assert names_agree(facility_name(one), facility_name(other)) is agree
    assert names_agree(facility_name(other), facility_name(one)) is agree


def test_the_same_school_in_two_layers_counts_once_and_the_first_layer_stays():
    found = repeats(("osm", "sd", "SDN 1 Hinai", 300, 400), ("dapodik", "sd", "SD Negeri 1 Hinai", 0, 0))
    assert found[0] == 1
    assert pd.isna(found[1])


def test_beyond_the_distance_they_are_two_and_the_distance_itself_is_within():
    rows = (("a", "sd", "SDN 1 Hinai", 0, 0), ("b", "sd", "SDN 1 Hinai", 300, 400))
    assert pd.notna(repeats(*rows, within_m=500)[1])
    assert pd.isna(repeats(*rows, within_m=499.9)[1])


def test_another_kind_or_another_number_is_another_facility():
    found = repeats(
        ("a", "sd", "SDN 1 Hinai", 0, 0), ("b", "mi", "SDN 1 Hinai", 0, 0), ("b", "sd", "SDN 2 Hinai", 0, 0)
    )
    assert pd.isna(found).all()


def test_a_row_without_a_position_is_the_placed_one_of_its_area_and_of_no_other():
    placed = ("a", "sd", "SDN 1 Hinai", 0, 0)
    here = frame(placed, ("b", "sd", "SDN 1", np.nan, np.nan))
    there = here.assign(codes=[DESA, ("12.05.02",)])
    assert counted_once(here, within_m=500).tolist()[1] == 0
    assert pd.isna(counted_once(there, within_m=500)).all()
    assert pd.isna(counted_once(here.assign(codes=[DESA, ()]), within_m=500)).all()


def test_in_one_layer_only_the_same_name_on_the_same_point_is_a_repetition():
    found = repeats(
        ("a", "sd", "SDN 1 Hinai", 0, 0), ("a", "sd", "SDN 1 Hinai", 0, 0), ("a", "sd", "SDN 1 Hinai", 1, 0),
        ("a", "sd", "", 5, 5), ("a", "sd", "", 5, 5),
    )  # fmt: skip
    assert found[1] == 0
    assert pd.isna([found[0], *found[2:]]).all()


def test_three_layers_leave_one():
    found = repeats(*((layer, "sd", "SDN 1 Hinai", 10 * at, 0) for at, layer in enumerate("cab")))
    assert found == [1, pd.NA, 1] or pd.isna(found).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda rows: rows.drop(columns="codes"), "no column codes"),
        (lambda rows: rows.assign(x=np.inf), "row 0"),
    ],
)
def test_bad_input_is_refused(change, names):
    with pytest.raises(InvalidInputError, match=names):
        counted_once(change(frame(("a", "sd", "SDN 1", 0, 0))), within_m=500)
    for wrong in (-1, np.nan, np.inf):
        with pytest.raises(InvalidInputError, match="within_m"):
            counted_once(frame(), within_m=wrong)


PLACES = st.lists(
    st.tuples(
        st.sampled_from("abc"), st.sampled_from(["sd", "mi"]),
        st.sampled_from(["SDN 1", "SD Negeri 1 Hinai", "SDN 2", ""]),
        st.sampled_from([0.0, 100.0, 900.0, np.nan]), st.sampled_from([0.0, 300.0]),
    ),
    max_size=12,
)  # fmt: skip


@given(PLACES)
def test_what_is_repeated_counts_itself_and_nothing_is_repeated_across_kinds(rows):
    facilities = frame(*rows).astype({"x": float, "y": float})
    found = counted_once(facilities, within_m=500)
    again = found.dropna()
    assert found[again].isna().all()
    assert (facilities.loc[again.index, "kind"].to_numpy() == facilities.loc[again, "kind"].to_numpy()).all()
    kept = facilities[found.isna()]
    assert counted_once(kept, within_m=500).isna().all()
