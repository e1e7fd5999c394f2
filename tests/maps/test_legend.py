"""Classes, counts and labels; withheld and missing values stand apart, with a pattern each."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.maps.legend import METHODS, NO_DATA, WITHHELD, classes, labelled
from gisapp.maps.palette import FAMILIES, ramp


def _frame(values, status=None):
    return pd.DataFrame({"value": values, "status": status or ["present"] * len(values)})


def test_five_classes_with_counts_from_high_to_low():
    found = classes(_frame([0.05, 0.1, 0.15, 0.2, 0.25]), "value", method="quantile")
    rows = labelled(found, unit="0..1", lang="id", smallest=5)
    assert [row["color"] for row in rows] == list(reversed(FAMILIES))
    assert [row["count"] for row in rows] == [1] * 5
    assert rows[0]["label"] == "> 20\u00a0%"
    assert rows[2]["label"] == "10–15\u00a0%"
    assert found["class_of"] == [0, 1, 2, 3, 4]


def test_withheld_and_missing_are_two_different_patterns():
    frame = _frame([0.1, None, None], ["present", "suppressed", "no_data"])
    found = classes(frame, "value", method="quantile")
    assert found["class_of"] == [0, WITHHELD, NO_DATA]
    rows = labelled(found, unit="0..1", lang="id", smallest=5)
    assert [(row["pattern"], row["count"]) for row in rows] == [(None, 1), ("hatch", 1), ("dots", 1)]
    assert rows[1]["label"] == "disembunyikan (< 5 keluarga)"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("values", [[], [None, None], [0, 0, 0], [1, 1], [0] * 90 + list(range(1, 11)), [2.0]])
def test_a_map_renders_whatever_the_column_holds(method, values):
    found = classes(_frame(pd.array(values, dtype="Float64")), "value", method=method)
    labelled(found, unit="families", lang="en", smallest=5)
    counted = sum(item["count"] for item in found["classes"]) + found["withheld"] + found["no_data"]
    assert counted == len(values)


@given(st.lists(st.floats(-1e6, 1e6) | st.none(), max_size=40), st.sampled_from(METHODS), st.integers(1, 5))
def test_every_value_lies_in_its_class_and_counts_add_up(values, method, k):
    found = classes(_frame(pd.array(values, dtype="Float64")), "value", method=method, k=k)
    assert len(found["classes"]) <= k
    for value, at in zip(values, found["class_of"], strict=True):
        if value is None:
            assert at == NO_DATA
        else:
            assert found["classes"][at]["lower"] <= value <= np.nextafter(found["classes"][at]["upper"], np.inf)


def test_small_numbers_with_signs_are_told_apart():
    found = classes(_frame([-1.31, -0.62, -0.21, 0.12, 0.44, 1.9]), "value", method="equal_interval")
    labels = [row["label"] for row in labelled(found, unit="z", lang="id", smallest=5)]
    assert labels == ["> 0,6", "0,0 s.d. 0,6", "−0,7 s.d. 0,0", "≤ −0,7"]
    assert not any("-" in label for label in labels)


@given(st.lists(st.floats(-3, 3), min_size=5, max_size=40, unique_by=lambda value: round(value, 2)))
def test_labels_of_a_legend_are_distinct(values):
    found = classes(_frame(values), "value", method="quantile")
    labels = [row["label"] for row in labelled(found, unit="z", lang="en", smallest=5)]
    assert len(set(labels)) == len(labels)
    assert not any("-0" in label or "−0 " in label for label in labels)


def test_fewer_classes_keep_the_ends_of_the_ramp_apart():
    assert [len(ramp(n)) for n in range(1, 6)] == [1, 2, 3, 4, 5]
    assert ramp(2) == (FAMILIES[1], FAMILIES[4])
