"""From answers to deprivations: deprived, not deprived, or unknown, by the rules of ``forms/rules.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.registry.forms import Form
from gisapp.registry.rules import YES_NO, answer_key, load_rules

#: A verdict per row. OUTSIDE marks a person whose age the indicator does not ask about.
Verdicts = npt.NDArray[np.int8]
DEPRIVED, NOT, UNKNOWN, OUTSIDE = 1, 0, -1, 2

_VERDICT = {"deprived": DEPRIVED, "not": NOT, "unknown": UNKNOWN}
_BY = "by "


def code_list(form: Form, variable: str) -> Mapping[str, str]:
    """Class by answer of one variable; empty where the form's answers are not known."""
    if variable in YES_NO:
        return {**load_rules().yes_no, **form.codes.get("yes_no", {})}
    if variable.startswith("difficulty_"):
        return form.codes.get("difficulty", {})
    return form.codes.get(variable, {})


def classify(form: Form, variable: str, answers: pd.Series) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.bool_]]:
    """Canonical class of each answer (None where blank or not listed), and which answers no code list holds."""
    codes, unique = pd.factorize(answers.to_numpy(dtype=object))
    listed = code_list(form, variable)
    keys = [answer_key(str(answer)) for answer in unique]
    classes = np.array([listed.get(key) for key in keys] + [None], dtype=object)
    strange = np.array([bool(key) and key not in listed for key in keys] + [False], dtype=bool)
    return classes[codes], strange[codes]


def verdicts(form: Form, classes: Mapping[str, npt.NDArray[np.object_]], rows: int) -> dict[str, Verdicts]:
    """Verdict of every judged variable per row; a variable that the file lacks is unknown."""
    rules = load_rules()
    judged: dict[str, Verdicts] = {}
    handed_on: list[tuple[str, str, str]] = []
    for variable, base in rules.judge.items():
        table = {**base, **form.judge.get(variable, {})}
        found = classes.get(variable)
        judged[variable] = np.full(rows, UNKNOWN, dtype=np.int8)
        if found is None:
            continue
        for name, verdict in table.items():
            if verdict.startswith(_BY):
                handed_on.append((variable, name, verdict.removeprefix(_BY)))
            else:
                judged[variable][found == name] = _VERDICT[verdict]
    for variable, name, other in handed_on:
        rows_of = classes[variable] == name
        judged[variable][rows_of] = judged[other][rows_of]
    return judged


def judge_below(name: str, values: npt.NDArray[np.float64]) -> Verdicts:
    """Verdict of a number against its limit in ``[below]``: deprived under it, unknown where it is NaN."""
    limit = load_rules().below[name]
    return np.where(np.isnan(values), UNKNOWN, np.where(values < limit, DEPRIVED, NOT)).astype(np.int8)


def combine(
    name: str, judged: Mapping[str, Verdicts], numbers: Mapping[str, npt.NDArray[np.float64]], rows: int
) -> Verdicts:
    """Verdict of one indicator from its parts (see rules.toml for how)."""
    indicator = load_rules().indicators[name]
    missing = np.full(rows, UNKNOWN, dtype=np.int8)
    parts = [judged.get(part, missing) for part in indicator.parts]
    if indicator.alternatives:
        result = missing.copy()
        for part in reversed(parts):
            result = np.where(part == UNKNOWN, result, part).astype(np.int8)
    else:
        stacked = np.stack(parts)
        result = np.where(
            (stacked == DEPRIVED).any(axis=0), DEPRIVED, np.where((stacked == UNKNOWN).any(axis=0), UNKNOWN, NOT)
        ).astype(np.int8)
    if indicator.none_if_zero and all(part in numbers for part in indicator.none_if_zero):
        nobody = np.logical_and.reduce([numbers[part] == 0 for part in indicator.none_if_zero])
        result[nobody] = NOT
    return result


def outside_ages(name: str, verdict: Verdicts, age: npt.NDArray[np.float64] | None) -> Verdicts:
    """Mark persons whose age the indicator does not ask about; a person of unknown age stays unknown."""
    indicator = load_rules().indicators[name]
    if indicator.ages is None:
        return verdict
    if age is None:
        return np.full(len(verdict), UNKNOWN, dtype=np.int8)
    low, high = indicator.ages
    result = np.where(np.isnan(age), UNKNOWN, verdict)
    result[(age < low) | (age > high)] = OUTSIDE
    return result.astype(np.int8)


def over_members(
    verdict: Verdicts, family: npt.NDArray[np.intp], families: int, *, members: Literal["any", "all"] | None = None
) -> Verdicts:
    """Verdict per family (0 .. families-1) from its members' verdicts.

    "any": one deprived member is enough, no member of the ages means not deprived. "all": one member who is not
    deprived is enough, no member of the ages means unknown. None: the first known answer holds.
    """

    def has(value: int) -> npt.NDArray[np.bool_]:
        return np.asarray(np.bincount(family[verdict == value], minlength=families) > 0)

    if members == "any":
        decided = [(has(DEPRIVED), DEPRIVED), (has(UNKNOWN), UNKNOWN)]
        return np.select([d for d, _ in decided], [v for _, v in decided], default=NOT).astype(np.int8)
    if members == "all":
        decided = [(has(NOT), NOT), (has(UNKNOWN), UNKNOWN), (has(DEPRIVED), DEPRIVED)]
        return np.select([d for d, _ in decided], [v for _, v in decided], default=UNKNOWN).astype(np.int8)
    result = np.full(families, UNKNOWN, dtype=np.int8)
    known = np.flatnonzero(verdict != UNKNOWN)[::-1]
    result[family[known]] = verdict[known]
    return result
