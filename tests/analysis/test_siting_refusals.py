"""Whatever is handed to a siting question, there is a plan or one sentence in two languages; never another error."""

from __future__ import annotations

import contextlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.locating.compare import compare_plans
from gisapp.analysis.locating.conflicts import closer_than
from gisapp.analysis.locating.covering import set_covering
from gisapp.analysis.locating.equity import p_center, worst_off_first
from gisapp.analysis.locating.fairest import fairest_coverage
from gisapp.analysis.locating.services import several_services
from gisapp.analysis.siting import maximal_coverage, p_median
from gisapp.errors import InvalidInputError

ROAD = np.abs(np.subtract.outer([0.0, 1, 5], [0.0, 1, 5]))
COMMON = {
    "sites": 1, "existing": [0], "excluded": [], "time_limit_s": 5.0, "node_limit": 10,
}  # fmt: skip
QUESTIONS = {
    "maximal_coverage": (
        maximal_coverage,
        {"demand": [1, 2, 3], "covers": ROAD <= 1, "budget": 5, "cost": [1, 1, 1], "conflicts": [(1, 2)]}
        | {"capacity": 9, "groups": ["a", "a", "b"], "least_share": 0.1} | COMMON,
    ),
    "p_median": (p_median, {"demand": [1, 2, 3], "distance": ROAD, "capacity": 9} | COMMON),
    "p_center": (p_center, {"demand": [1, 2, 3], "distance": ROAD, "conflicts": [(1, 2)]} | COMMON),
    "worst_off_first": (worst_off_first, {"demand": [1, 2, 3], "distance": ROAD, "standard": 2} | COMMON),
    "compare_plans": (compare_plans, {"demand": [1, 2, 3], "distance": ROAD, "standard": 2} | COMMON),
    "fairest_coverage": (
        fairest_coverage, {"demand": [1, 2, 3], "covers": ROAD <= 1, "groups": ["a", "a", "b"]} | COMMON
    ),
    "set_covering": (
        set_covering,
        {"covers": ROAD <= 1, "cost": [1, 1, 1], "conflicts": [(1, 2)]}
        | {name: value for name, value in COMMON.items() if name != "sites"},
    ),
    "several_services": (
        several_services,
        {"families": [1, 2, 3], "lacks": {"water": [1, 1, 0]}, "covers": {"water": ROAD <= 1}}
        | {"cost": [1, 1, 1], "budget": 3, "importance": {"water": 2}} | COMMON,
    ),
    "closer_than": (closer_than, {"positions": [[0.0, 0], [1, 1]], "minimum_distance_m": 5}),
}  # fmt: skip
POSITIONAL = ("demand", "families", "lacks", "covers", "distance", "positions")


def ask(name: str, change: dict[str, object]) -> object:
    call, arguments = QUESTIONS[name]
    arguments = {**arguments, **change}
    first = [arguments.pop(key) for key in POSITIONAL if key in arguments]
    return call(*first, **arguments)


JUNK = [
    None, "x", -1, np.nan, np.inf, 1.5, True, 1j, [], [[1], [1, 2]], [1, 2], ["a", "b", "c"], [np.nan, 1, 1],
    [-1, 1, 1],
    np.ones((3, 2)), -np.ones((3, 3)), np.full((3, 3), np.nan), {}, {"water": 1}, {"road": [1, 1, 1]}, object(),
    pd.Series([1, None, 2], dtype="Float64"), pd.Series(["1", "2", "x"]), [(1, 2)], [(0, 9)],
]  # fmt: skip
EACH = [(name, key) for name, (_, arguments) in QUESTIONS.items() for key in arguments]


@pytest.mark.parametrize("name", list(QUESTIONS))
def test_the_plain_question_has_an_answer(name: str) -> None:
    assert ask(name, {}) is not None


@pytest.mark.parametrize(("name", "key"), EACH)
def test_junk_is_answered_or_refused_in_two_languages(name: str, key: str) -> None:
    said = []
    for junk in JUNK:
        try:
            ask(name, {key: junk})
        except InvalidInputError as refused:
            said.append(refused)
    assert said
    assert all(refused.en != refused.id for refused in said)


@settings(max_examples=100)
@given(st.sampled_from(["maximal_coverage", "p_median", "p_center", "fairest_coverage"]), st.data())
def test_any_weights_have_an_answer_or_a_refusal(name: str, data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.floats(), min_size=3, max_size=3))
    with contextlib.suppress(InvalidInputError):
        ask(name, {"demand": weights})


@pytest.mark.parametrize(
    ("name", "change", "names"),
    [
        ("maximal_coverage", {"demand": pd.Series([1, None, 3], dtype="Float64")}, "row 1"),
        ("maximal_coverage", {"demand": ["1", "x", "3"]}, "row 1"),
        ("maximal_coverage", {"demand": [1, 2, -3]}, "row 2"),
        ("maximal_coverage", {"demand": [1, 2]}, "for 2"),
        ("maximal_coverage", {"capacity": [1, np.nan, 1]}, "column 1"),
        ("p_median", {"distance": [[0, 1, 2], [0, -1, 2], [0, 1, 2]]}, "row 1, column 1"),
        ("p_median", {"existing": 7}, "column 7"),
        ("p_center", {"sites": "two"}, "two"),
        ("several_services", {"budget": -5}, "-5"),
    ],
)
def test_the_sentence_names_what_is_wrong(name: str, change: dict[str, object], names: str) -> None:
    with pytest.raises(InvalidInputError, match=names) as refused:
        ask(name, change)
    assert names.split()[-1] in refused.value.id


def test_one_row_and_no_rows_have_an_answer() -> None:
    assert maximal_coverage([5], [[1, 0]], sites=1).selected == (0,)
    assert maximal_coverage([], np.zeros((0, 2)), sites=1).objective == 0
    assert p_median([5], [[3.0, 1]], sites=1).objective == 5
    assert p_median([], np.zeros((0, 2)), sites=1).objective == 0
    assert p_center([], np.zeros((0, 2)), sites=1).objective == 0
    assert set_covering(np.zeros((0, 2))).objective == 0
    assert fairest_coverage([5], [[1, 0]], groups=["a"], sites=1).least_share == 1


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"excluded": [1, 2]}, {"no_candidates", "unreachable"}),
        ({"demand": [0, 0, 0], "least_share": 0}, {"no_demand"}),
        ({"covers": ROAD <= 0, "conflicts": [(0, 2)]}, {"too_close_to_existing", "unreachable"}),
        ({"covers": np.array([[1, 0, 0], [0, 1, 1], [0, 1, 1]])}, {"duplicate_sites"}),
        ({"covers": ROAD <= 0, "cost": [1, 6, 7], "least_share": 0}, {"budget_too_small"}),
    ],
)
def test_what_the_input_makes_impossible_is_said_with_counts(change: dict[str, object], codes: set[str]) -> None:
    plan = ask("maximal_coverage", {"least_share": 0.0} | change)
    assert {remark.code for remark in plan.remarks} == codes
    for remark in plan.remarks:
        assert remark.detail != remark.detail_id
    cheapest = [remark.detail for remark in plan.remarks if remark.code == "budget_too_small"]
    assert all("costs 6" in words for words in cheapest)
