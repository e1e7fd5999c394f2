"""Answers of a proposal against the rules of an intake, one family at a time."""

from __future__ import annotations

import pandas as pd
import pytest

from gisapp.errors import RegistryError
from gisapp.registry.forms import known_forms, load_form
from gisapp.registry.updates.answers import questions
from gisapp.registry.updates.judging import askable, changes, check_answers, judge, require_readable
from gisapp.registry.updates.model import IdentityInput, Proposal
from gisapp.registry.updates.registration import register
from tests.registry.updates.conftest import HERE, OPERATOR, about, families

FORM = load_form("regsosek2022k")


@pytest.fixture
def stands(five):
    return dict(families(five).iloc[0].items())


def new(stands, members=(), **answers):
    return changes(stands, judge(FORM, answers, tuple(members), area=HERE, stands=stands))


def test_nothing_answered_changes_nothing(stands):
    assert new(stands) == {}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"floor": "8"}, {"housing": True}),  # an earthen floor alone makes the house substandard
        ({"floor": "1"}, {}),  # it was not, and one good part leaves it so
        ({"wall": "5"}, {"housing": pd.NA}),  # logs: the sources contradict each other
        ({"floor": "99"}, {"housing": pd.NA}),  # a code of no list
        ({"light": "4"}, {"electricity": True}),
        ({"water": "6"}, {"water": True}),
        ({"water": "4", "water_distance": "1"}, {"water": True}),
        ({"water": "4"}, {"water": pd.NA}),  # a bore well is judged by its distance, which was not asked
        ({"floor_area_m2": "20"}, {"housing": True}),  # 20 m2 for the four who stand: 5 m2 each
        ({"floor_area_m2": "60"}, {}),
        ({"persons": "5"}, {"persons": 5}),
        ({"children_7_12": "0", "children_13_15": "0"}, {"children_7_12": 0, "children_13_15": 0, "schooling": False}),
        ({"receives_pkh": "2"}, {"receives_pkh": False}),
    ],
)
def test_what_the_answers_set(stands, answers, expected):
    found = new(stands, **answers)
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert pd.isna(found[name]) if pd.isna(value) else found[name] == value


def test_one_good_part_makes_a_bad_house_unknown_and_all_parts_make_it_good(stands):
    bad = {**stands, "housing": True}
    assert pd.isna(new(bad, floor="1")["housing"])
    assert new(bad, floor="1", wall="1", roof="3", floor_area_m2="36")["housing"] is False


def test_listed_members_are_counted(stands):
    assert new(stands, members=({"name": "A"}, {"name": "B"}))["persons"] == 2


def test_each_person_of_a_form_of_persons_is_judged():
    form = load_form("p3ke2023")
    adults = [{"age": "40", "adult_diploma": f"Tamat {diploma}/sederajat"} for diploma in ("SD", "SLTA")]
    people = (*adults, {"age": "9"}, {"age": "3"})
    judged = judge(form, {"floor": "tanah"}, people, area=HERE)
    stands = dict.fromkeys(judged.row, pd.NA)
    found = changes(stands, judged)
    assert (found["persons"], found["children_7_12"], found["children_0_5"]) == (4, 1, 1)
    assert found["adult_education"] is False  # one adult finished more than junior school
    assert found["housing"] is True


@pytest.mark.parametrize("name", ["decile", "percentile"])
def test_the_decile_is_not_the_districts(five, name):
    with pytest.raises(RegistryError) as refused:
        register(five, OPERATOR, Proposal(kind="change", area=HERE, identity=about(1), answers={name: "1"}))
    assert refused.value.code == "decile_not_yours"


@pytest.mark.parametrize("name", ["nik", "code", "no_such", "power "])
def test_what_no_answer_is_called_is_refused(name):
    with pytest.raises(RegistryError) as refused:
        check_answers(FORM, {name: "1"}, ())
    assert refused.value.code == "answer_unknown"


@pytest.mark.parametrize("answers", [{"persons": "nol"}, {"persons": "0"}, {"floor": "=1+1"}, {"floor_area_m2": "inf"}])
def test_what_an_intake_puts_aside_is_refused(answers):
    with pytest.raises(RegistryError) as refused:
        require_readable(judge(FORM, answers, (), area=HERE))
    assert refused.value.code == "answers"


@pytest.mark.parametrize(
    ("proposal", "code"),
    [
        ({"kind": "adoption"}, "kind"),
        ({"area": "12.05.99.2001"}, "area_unknown"),
        ({"identity": IdentityInput(name="", nik="9901010101700012")}, "identity_missing"),
        ({"identity": IdentityInput(name="A")}, "identity_missing"),
        ({"identity": IdentityInput(name="A", nik="123")}, "nik_damaged"),
        ({"reason_text": "x" * 2001}, "text_too_long"),
        ({"answers": {"floor": "x" * 201}}, "answer_too_long"),
    ],
)
def test_what_cannot_become_a_case(five, proposal, code):
    with pytest.raises(RegistryError) as refused:
        register(five, OPERATOR, Proposal(**{"kind": "change", "area": HERE, "identity": about(1), **proposal}))
    assert refused.value.code == code


@pytest.mark.parametrize("name", known_forms())
def test_every_question_of_every_form_has_words(name):
    form = load_form(name)
    asked = questions(form)
    assert [one.variable for one in asked] == list(askable(form))
    for one in asked:
        assert one.id and one.en  # noqa: PT018 - both languages or none
        assert all(id and en for id, en in one.codes.values())
