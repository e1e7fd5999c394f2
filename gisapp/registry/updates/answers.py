"""Questions of a form and their answers in words, for papers and screens."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gisapp.registry.forms import NUMBERS, Form
from gisapp.registry.rules import YES_NO, answer_key, load_rules
from gisapp.registry.updates.judging import askable
from gisapp.registry.variables import load_variables

_PLACE = ("longitude", "latitude")
_PROGRAMMES = ("receives_pkh", "receives_bpnt", "receives_pbi")


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question of a form: its column, its title, and the codes that may answer it (none: a number or a text)."""

    variable: str
    column: str
    id: str
    en: str
    codes: Mapping[str, tuple[str, str]]
    number: bool


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(Path(__file__).with_name("classes.toml").read_text(encoding="utf-8"))


def answer_word(form: str, variable: str, code: str, found: str) -> tuple[str, str]:
    """(Indonesian, English) of one answer: the form's own words, else the question's, else those of its class."""
    words = _words()
    for key in (f"{form}.{variable}.{code}", f"{variable}.{found}"):
        if key in words["answers"]:
            pair = words["answers"][key]
            return pair["id"], pair["en"]
    pair = words["classes"].get(found, {"id": found, "en": found})
    return pair["id"], pair["en"]


def questions(form: Form, *, family_only: bool = False) -> tuple[Question, ...]:
    """Questions that a proposal may answer; ``family_only`` leaves out those asked of each person in such a form."""
    wanted = [name for name in askable(form) if not (family_only and form.unit == "person" and _of_a_person(name))]
    titles = load_variables()
    return tuple(
        Question(
            variable=name, column=form.columns[name][0], id=titles[name].id, en=titles[name].en,
            codes=_codes(form, name), number=name in NUMBERS,
        )
        for name in wanted
    )  # fmt: skip


def _of_a_person(variable: str) -> bool:
    indicators = load_rules().indicators.values()
    return variable == "age" or any(variable in one.parts for one in indicators if one.members)


def _codes(form: Form, variable: str) -> dict[str, tuple[str, str]]:
    if variable in YES_NO:
        listed = form.codes.get("yes_no") or {"ya": "yes", "tidak": "no"}
    else:
        listed = form.codes.get(variable, {})
    short = {code: found for code, found in listed.items() if code.isdigit()} or dict(listed)
    return {code: answer_word(form.name, variable, code, found) for code, found in short.items()}


def group_of(question: Question) -> str:
    """Block of the visit form that a question stands in: place, programmes, members, or housing."""
    if question.variable in _PLACE:
        return "place"
    if question.variable in _PROGRAMMES:
        return "programmes"
    members = {"persons", "age", "children_0_5", "children_7_12", "children_13_15"}
    return "members" if question.variable in members or _of_a_person(question.variable) else "housing"


def code_of(question: Question, text: str) -> str:
    """Code of an answer that was chosen as ``8 · Tanah`` or written as a code."""
    key = answer_key(text.partition("·")[0])
    return key if key in question.codes else text.strip()
