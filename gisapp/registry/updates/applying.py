"""Accepted cases laid over a snapshot: new families, changes, moves, leavings; nothing else moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from gisapp.columns import SNAPSHOT
from gisapp.registry.forms import Form
from gisapp.registry.positions import District, mark_stacked
from gisapp.registry.sealing import clean_family_number, clean_nik
from gisapp.registry.updates.judging import changes, judge, require_readable
from gisapp.registry.updates.model import StepRefusedError, case_number
from gisapp.registry.updates.sealing import Contents
from gisapp.registry.updates.standing import Standing

_NOWHERE = {"longitude": float("nan"), "latitude": float("nan"), "coordinate_status": "missing"}
_POSITION = tuple(_NOWHERE)


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """One case that is about to be accepted, with what it says."""

    id: int
    kind: str
    area: str
    family_id: str | None
    form: Form
    contents: Contents


@dataclass
class Applied:
    """The families after the acceptance, and what happened to which."""

    families: pd.DataFrame
    touched: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    added: dict[str, int] = field(default_factory=dict)


def new_family_id(case_id: int) -> str:
    """Identifier of a family that an update brings into the registry.

    >>> new_family_id(17)
    'u17'
    """
    return f"u{case_id}"


def apply(standing: Standing, accepted: Iterable[Accepted], district: District, *, stack_threshold: int) -> Applied:
    """Families of the next snapshot, in the order of the one before, new ones behind by case.

    StepRefusedError where two cases are about one family, or a new family has nobody in it.
    """
    accepted = list(accepted)
    _require_different(accepted)
    result = Applied(families=standing.families.copy())
    new: list[dict[str, Any]] = []
    for one in sorted(accepted, key=lambda case: case.id):
        if one.kind == "objection":
            continue
        if one.kind == "leave":
            result.left.add(str(one.family_id))
        elif one.kind == "new":
            new.append(_new(one, district))
            result.added[new_family_id(one.id)] = one.id
        else:
            _change(result, one, standing, district)
    families = result.families.drop(index=sorted(result.left))
    if new:
        families = pd.concat([families, _as_families(new, families)])
    result.families = _with_stacked(families, result.touched | set(result.added), stack_threshold)
    return result


def _require_different(accepted: list[Accepted]) -> None:
    """Refuse two cases about one family: by what they matched, else by what their cards say."""
    seen: set[str] = set()
    for one in accepted:
        who = one.contents.identity
        names = {name for name in (clean_nik(who.nik), clean_family_number(who.family_number)) if name}
        keys = {one.family_id} if one.family_id is not None else names
        if one.kind != "objection" and seen & keys:
            raise _refused(one, "same_family", "another case of this acceptance is about the same family",
                           "ada usulan lain tentang keluarga yang sama dalam penerimaan ini")  # fmt: skip
        if one.kind != "objection":
            seen |= keys


def _refused(one: Accepted, code: str, en: str, id: str) -> StepRefusedError:
    number = case_number(one.id)
    return StepRefusedError(f"{number}: {en}.", f"{number}: {id}.", code=code)


def _new(one: Accepted, district: District) -> dict[str, Any]:
    said = one.contents
    judged = judge(one.form, said.in_force, said.persons_in_force, area=one.area, district=district)
    require_readable(judged)
    row = {**judged.row, "family_id": new_family_id(one.id), "code": one.area, "decile": pd.NA}
    if pd.isna(row["persons"]):
        raise _refused(one, "persons_missing", "the number of persons of a new family must be known",
                       "jumlah anggota keluarga baru harus diketahui")  # fmt: skip
    if pd.isna(row["coordinate_status"]):
        row |= _NOWHERE
    return row


def _change(result: Applied, one: Accepted, standing: Standing, district: District) -> None:
    family_id = str(one.family_id)
    stands = standing.row(family_id)
    if stands is None:
        raise _refused(one, "not_registered", "this family is not in the registry any more",
                       "keluarga ini tidak lagi ada di data terpadu")  # fmt: skip
    said = one.contents
    judged = judge(
        one.form, said.in_force, said.persons_in_force, area=one.area, district=district, stands=stands
    )  # fmt: skip
    require_readable(judged)
    values = changes(stands, judged)
    if one.kind == "move":
        values = {**_NOWHERE, **values, "code": one.area}
    for name, value in values.items():
        result.families.at[family_id, name] = value
    result.touched.add(family_id)


def _as_families(rows: list[dict[str, Any]], like: pd.DataFrame) -> pd.DataFrame:
    frame = pd.DataFrame({name: [row[name] for row in rows] for name in SNAPSHOT})
    frame = frame.astype({name: like[name].dtype for name in SNAPSHOT})
    frame.index = pd.Index(frame["family_id"], name=None)
    return frame


def _with_stacked(families: pd.DataFrame, touched: set[str], threshold: int) -> pd.DataFrame:
    """Judge whether the touched families share their position with many; what was judged before stays."""
    status = families["coordinate_status"].to_numpy(dtype=object)
    longitude, latitude = families["longitude"].to_numpy(dtype=float), families["latitude"].to_numpy(dtype=float)
    stacked = mark_stacked(status, longitude, latitude, threshold=threshold) == "stacked"
    now = families.index[stacked & families.index.isin(list(touched)) & (status == "ok")]
    for name, value in (("coordinate_status", "stacked"), ("longitude", np.nan), ("latitude", np.nan)):
        families.loc[now, name] = value
    return families
