"""The same facility in two layers counts once: one kind, names that agree, places that are near."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from gisapp.errors import InvalidInputError

_NEEDED = ("layer", "kind", "name", "x", "y", "codes")
#: Short forms that offices write as one word, and what they stand for.
_WHOLE = {
    "sdn": "negeri", "smpn": "negeri", "sman": "negeri", "smkn": "negeri", "min": "negeri", "mtsn": "negeri",
    "man": "negeri", "sds": "swasta", "smps": "swasta", "smas": "swasta", "smks": "swasta", "mis": "swasta",
    "mtss": "swasta", "mas": "swasta", "n": "negeri", "s": "swasta",
}  # fmt: skip
_STATUS = {"negeri", "swasta"}
#: Words that say what a facility is, not which one.
_KIND_WORDS = frozenset(
    {
        "sd", "mi", "smp", "mts", "sma", "smk", "ma", "paud", "tk", "kb", "ra", "sekolah", "dasar", "menengah",
        "pertama", "atas", "kejuruan", "madrasah", "ibtidaiyah", "tsanawiyah", "aliyah", "puskesmas", "pkm", "pustu",
        "pembantu", "posyandu", "poskesdes", "polindes", "pasar", "uptd", "upt", "satuan", "pendidikan", "taman",
        "kanak", "no",
    }
)  # fmt: skip
_PART = re.compile(r"[a-z]+|\d+")


@dataclass(frozen=True)
class FacilityName:
    """What is left of a name without kind words: its numbers, its words, and whether it is negeri or swasta."""

    numbers: frozenset[str]
    words: frozenset[str]
    status: frozenset[str]


def facility_name(name: str) -> FacilityName:
    """Read a facility's name.

    >>> facility_name("SDN 050123 Stabat") == facility_name("SD Negeri No. 50123 STABAT")
    True
    """
    parts = [_WHOLE.get(part, part) for part in _PART.findall(name.casefold())]
    words = {part for part in parts if part.isalpha() and part not in _KIND_WORDS}
    numbers = frozenset(part.lstrip("0") or "0" for part in parts if part.isdigit())
    return FacilityName(numbers=numbers, words=frozenset(words - _STATUS), status=frozenset(words & _STATUS))


def names_agree(one: FacilityName, other: FacilityName) -> bool:
    """Whether two names may be of one facility: the same numbers, the words of one all in the other, no other status.

    A name of kind words alone agrees with none.
    """
    if one.numbers != other.numbers or (one.status and other.status and one.status != other.status):
        return False
    if not (one.words <= other.words or other.words <= one.words):
        return False
    return bool(one.numbers or (one.words and other.words))


def counted_once(facilities: pd.DataFrame, *, within_m: float) -> pd.Series:
    """Row label of the facility that each row repeats, NA for a row that counts; aligned with ``facilities``.

    Rows of one kind and different layers are one facility where their names agree and both lie within ``within_m``
    (straight line, inclusive), or one has no usable position and names an area (``codes``) of the other. Rows of one
    layer only where name and point are the same. The row with a position stays, of equal ones the first by layer.

    Parameters
    ----------
    facilities
        ``layer``, ``kind``, ``name`` (text), ``x`` and ``y`` (metres; NaN without a usable position) and ``codes``:
        tuple of the areas in which it stands, of every level that is known.
    within_m
        Metres, 0 or more.

    Raises
    ------
    InvalidInputError
        A missing column, an infinite coordinate, or a distance out of range.
    """
    _check(facilities, within_m)
    frame = facilities.assign(row=np.arange(len(facilities)))
    repeats = np.full(len(frame), -1, dtype=np.intp)
    for _, same in frame.groupby("kind", sort=True):
        _mark(same, repeats, within_m)
    labels = facilities.index.to_numpy(dtype=object)
    found = [labels[row] if row >= 0 else pd.NA for row in repeats]
    return pd.Series(found, index=facilities.index, dtype="object", name="repeats")


def _mark(same: pd.DataFrame, repeats: npt.NDArray[np.intp], within_m: float) -> None:
    """Mark the repeated rows of one kind; a row is only held against rows that count themselves."""
    placed = same["x"].notna() & same["y"].notna()
    ordered = same.assign(lost=~placed).sort_values(["lost", "layer", "row"], kind="stable")
    names = [facility_name(str(name)) for name in ordered["name"]]
    near = _near(ordered, within_m)
    records = list(zip(ordered["row"], ordered["layer"], ordered["codes"], names, ordered["name"], strict=True))
    spots = ordered[["x", "y"]].to_numpy(dtype=float)
    for at, (row, layer, codes, name, text) in enumerate(records):
        lost = bool(ordered["lost"].iloc[at])
        others = range(at) if lost else sorted(one for one in near[at] if one < at)
        for one in others:
            other_row, other_layer, other_codes, other_name, other_text = records[one]
            if repeats[other_row] >= 0:
                continue
            if layer == other_layer:
                same_one = not lost and text == other_text and text != "" and bool((spots[at] == spots[one]).all())
            else:
                same_one = names_agree(name, other_name) and (not lost or bool(set(codes) & set(other_codes)))
            if same_one:
                repeats[row] = other_row
                break


def _near(ordered: pd.DataFrame, within_m: float) -> list[list[int]]:
    """Positions of the placed rows within the distance of each placed row; nothing for a row without a position."""
    places = ordered[["x", "y"]].to_numpy(dtype=float)
    known = np.flatnonzero(~np.isnan(places).any(axis=1))
    found: list[list[int]] = [[] for _ in range(len(ordered))]
    if len(known):
        tree = cKDTree(places[known])
        for at, rows in zip(known, tree.query_ball_point(places[known], within_m), strict=True):
            found[at] = [int(known[row]) for row in rows]
    return found


def _check(facilities: pd.DataFrame, within_m: float) -> None:
    absent = ", ".join(sorted(set(_NEEDED) - set(facilities.columns)))
    if absent:
        raise InvalidInputError(f"facilities: no column {absent}.", f"facilities: tidak ada kolom {absent}.")
    wrong = np.flatnonzero(np.isinf(facilities[["x", "y"]].to_numpy(dtype=float)).any(axis=1))
    if len(wrong):
        raise InvalidInputError(
            f"facilities: row {wrong[0]} has an infinite coordinate; leave it blank.",
            f"facilities: baris {wrong[0]} berkoordinat tak hingga; kosongkan.",
        )
    if not (np.isfinite(within_m) and within_m >= 0):
        raise InvalidInputError(
            f"within_m is {within_m}: give metres, 0 or more.",
            f"within_m bernilai {within_m}: isi meter, 0 atau lebih.",
        )
