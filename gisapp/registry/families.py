"""The families of a snapshot from typed rows: as they are, or grouped where a row is a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.columns import DEPRIVATIONS, SNAPSHOT
from gisapp.registry.deprivations import UNKNOWN, Verdicts, combine, judge_below, outside_ages, over_members
from gisapp.registry.forms import Form
from gisapp.registry.rules import load_rules
from gisapp.registry.typed import MOST_PERSONS

Floats = npt.NDArray[np.float64]
Groups = npt.NDArray[np.intp]

_CHILDREN = {"children_0_5": (0, 5), "children_7_12": (7, 12), "children_13_15": (13, 15)}
_PROGRAMMES = ("receives_pkh", "receives_bpnt", "receives_pbi")
_COUNTS = ("decile", "persons", *_CHILDREN)


@dataclass
class AcceptedRows:
    """Typed values of the accepted rows of a whole file, aligned; ``family`` is 0 .. families-1 by first appearance."""

    number: npt.NDArray[np.int64]
    code: npt.NDArray[np.object_]
    numbers: Mapping[str, Floats]
    judged: Mapping[str, Verdicts]
    family: Groups
    families: int


def build_families(accepted: AcceptedRows, form: Form, *, id_prefix: str = "") -> pd.DataFrame:
    """One row per family with the columns of SNAPSHOT; ``coordinate_status`` is still to be judged.

    ``family_id`` is the row in the file where the family first stands.
    """
    first = _first_rows(accepted.family, accepted.families)
    numbers = {name: _first_known(values, accepted) for name, values in accepted.numbers.items() if name != "age"}
    if form.unit == "person":
        numbers["persons"] = np.bincount(accepted.family, minlength=accepted.families).astype(float)
        numbers.update(_children_by_age(accepted))
    frame = pd.DataFrame({"family_id": [f"{id_prefix}{number:07d}" for number in accepted.number[first].tolist()]})
    frame["code"] = pd.Series(accepted.code[first], dtype="str")
    nothing = np.full(accepted.families, np.nan)
    for name in ("longitude", "latitude", "expenditure_idr"):
        frame[name] = numbers.get(name, nothing)
    for name in _COUNTS:
        frame[name] = pd.array(np.nan_to_num(numbers.get(name, nothing), nan=-1).astype("int16"), dtype="Int16")
        frame[name] = frame[name].mask(frame[name] < 0)
    for name, verdict in _deprivations(accepted, numbers, form).items():
        frame[name] = _boolean(verdict)
    for name in _PROGRAMMES:
        frame[name] = _boolean(over_members(accepted.judged[name], accepted.family, accepted.families))
    frame["coordinate_status"] = "missing"
    return frame[list(SNAPSHOT)]


def disagreements(accepted: AcceptedRows) -> dict[str, npt.NDArray[np.bool_]]:
    """Families to doubt where a row is a person, by warning: members of several desa or deciles, too many members."""
    first = _first_rows(accepted.family, accepted.families)
    codes = pd.factorize(accepted.code)[0]
    marks = {"family_area_differs": _in_any(codes != codes[first][accepted.family], accepted)}
    if "decile" in accepted.numbers:
        deciles = accepted.numbers["decile"]
        other = ~np.isnan(deciles) & (deciles != _first_known(deciles, accepted)[accepted.family])
        marks["family_decile_differs"] = _in_any(other, accepted)
    marks["family_large"] = np.bincount(accepted.family, minlength=accepted.families) > MOST_PERSONS
    return marks


def _in_any(rows: npt.NDArray[np.bool_], accepted: AcceptedRows) -> npt.NDArray[np.bool_]:
    """Families of which at least one row is marked."""
    marked: npt.NDArray[np.bool_] = np.bincount(accepted.family[rows], minlength=accepted.families) > 0
    return marked


def _deprivations(accepted: AcceptedRows, numbers: Mapping[str, Floats], form: Form) -> dict[str, Verdicts]:
    rules = load_rules()
    by_family = {
        name: over_members(verdict, accepted.family, accepted.families) for name, verdict in accepted.judged.items()
    }
    if "floor_area_m2" in numbers and "persons" in numbers:
        per_person = numbers["floor_area_m2"] / numbers["persons"]
        by_family["floor_area_per_person_m2"] = judge_below("floor_area_per_person_m2", per_person)
    result = {}
    for name in DEPRIVATIONS:
        members = rules.indicators[name].members
        if form.unit == "person" and members:
            alone = combine(name, accepted.judged, {}, len(accepted.number))
            alone = outside_ages(name, alone, accepted.numbers.get("age"))
            result[name] = over_members(alone, accepted.family, accepted.families, members=members)
        else:
            result[name] = combine(name, by_family, numbers, accepted.families)
    return result


def _first_rows(family: Groups, families: int) -> Groups:
    first = np.zeros(families, dtype=np.intp)
    first[family[::-1]] = np.arange(len(family))[::-1]
    return first


def _first_known(values: Floats, accepted: AcceptedRows) -> Floats:
    result = np.full(accepted.families, np.nan)
    known = np.flatnonzero(~np.isnan(values))[::-1]
    result[accepted.family[known]] = values[known]
    return result


def _children_by_age(accepted: AcceptedRows) -> dict[str, Floats]:
    """Children of each age group; unknown for a family with a member of unknown age."""
    if "age" not in accepted.numbers:
        return {}
    age = accepted.numbers["age"]
    unknown = np.bincount(accepted.family[np.isnan(age)], minlength=accepted.families) > 0
    counts = {}
    for name, (low, high) in _CHILDREN.items():
        found = np.bincount(accepted.family[(age >= low) & (age <= high)], minlength=accepted.families)
        counts[name] = np.where(unknown, np.nan, found)
    return counts


def _boolean(verdict: Verdicts) -> pd.arrays.BooleanArray:
    return pd.arrays.BooleanArray(verdict == 1, verdict == UNKNOWN)
