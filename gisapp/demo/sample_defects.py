"""Bad rows planted in a sample file: every kind that an intake must put aside, and every kind it must keep and report.

A row has one defect at most, so that the counts of the report can be compared one by one. What concerns a file as a
whole (numbers rounded by a spreadsheet throughout, a file of the other code system) is not planted: it would hide the
rest.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np

from gisapp.demo import people
from gisapp.demo.profiles import parameters
from gisapp.demo.sample_people import Record, nik_of

#: A cell beyond the last column.
EXTRA = "\x00extra"
_ENDLESS = ("Infinity", "#N/A", "NaN")
_OTHER_SERIAL, _REJECTED_SERIAL = 7001, 7201


@dataclass
class Planted:
    """The rows of a sample in order, and what is wrong with them; ``probable`` are NIKs of the same person twice."""

    rows: list[Record]
    reasons: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    probable: list[tuple[str, str]] = field(default_factory=list)
    families: int = 0


@dataclass(frozen=True, kw_only=True)
class Places:
    """Codes that a bad row may carry, and where the district ends."""

    absent: Record
    strange: Record
    bounds: tuple[float, float, float, float]

    @classmethod
    def of(cls, areas: gpd.GeoDataFrame, *, absent: Record, strange: Record) -> Places:
        """Places of a district in degrees."""
        west, south, east, north = (float(edge) for edge in areas.total_bounds)
        return cls(absent=absent, strange=strange, bounds=(west, south, east, north))


def plant(
    families: list[list[Record]], fields: set[str], unit: str, places: Places, *, rng: np.random.Generator
) -> Planted:
    """Spoil some families in place (warnings), add rows that must be rejected (reasons) and people written twice."""
    planted = Planted(rows=[])
    free = [int(n) for n in rng.permutation(len(families))]
    if "latitude" in fields:
        _stack(families, free, planted)
    _warn(families, free, fields, planted, places)
    twice = [_twice(families[free.pop()][0], way) for way in range(parameters()["samples"]["probable_duplicates"])]
    extra = [
        (code, copy.deepcopy(families[free.pop()]))
        for code in _asked(fields, unit)
        for _ in range(_count("reasons", code, families))
    ]
    whole = unit == "person"
    planted.rows = [one for family in families for one in (family if whole else family[:1])]
    planted.families = len(families) + (len(twice) if "birth_date" in fields else 0)
    if "birth_date" in fields:
        planted.rows += [second for _, second in twice]
        planted.probable = [(first["nik"], second["nik"]) for first, second in twice]
    _add_rejected(planted, extra, unit, places)
    if "latitude" not in fields:  # the form does not ask for coordinates
        planted.warnings["coordinate_missing"] = planted.families
    return planted


def _count(side: str, code: str, families: list[list[Record]]) -> int:
    given = parameters()["samples"]
    wanted = int(given[side][code])
    if code == "code_system":  # codes of the other system are single mistakes only below one row in a hundred
        return min(wanted, len(families) // 150)
    return wanted


def _asked(fields: set[str], unit: str) -> list[str]:
    """Reasons that rows of a form with these fields can carry."""
    return [code for code, (needs, units, _) in _REASONS.items() if needs in fields and unit in units]


def _stack(families: list[list[Record]], free: list[int], planted: Planted) -> None:
    """Put families of one desa on one coordinate, as when all are noted at the village office."""
    wanted = int(parameters()["samples"]["warnings"]["coordinate_stacked"])
    areas = [families[n][0]["area"] for n in free]
    largest = max(sorted(set(areas)), key=areas.count)
    chosen = [n for n in free if families[n][0]["area"] == largest][:wanted]
    if len(chosen) < wanted:
        return
    first = families[chosen[0]][0]
    for number in chosen:
        free.remove(number)
        for one in families[number]:
            one |= {"latitude": first["latitude"], "longitude": first["longitude"]}
    planted.warnings["coordinate_stacked"] = wanted


def _warn(families: list[list[Record]], free: list[int], fields: set[str], planted: Planted, places: Places) -> None:
    for code, (needs, spoil) in _WARNINGS.items():
        if needs not in fields:
            continue
        count = _count("warnings", code, families)
        for turn in range(count):
            family = families[free.pop()]
            spoil(family, At(turn=turn, places=places, like=family[0]))
        planted.warnings[code] = count


@dataclass(frozen=True, kw_only=True)
class At:
    """Where a defect is put: the how-manieth of its kind, the district, and the row that it is like."""

    turn: int
    places: Places
    like: Record


Spoil = Callable[[list[Record], At], None]


def _set(**changes: Any) -> Spoil:
    """Give the rows these values; of several values the turn's."""

    def spoil(rows: list[Record], at: At) -> None:
        for row in rows:
            for name, value in changes.items():
                row[name] = value[at.turn % len(value)] if isinstance(value, tuple) else value

    return spoil


def _head(**changes: Any) -> Spoil:
    """Give the row of the head these values."""
    return lambda rows, at: _set(**changes)(rows[:1], at)


def _swap(rows: list[Record], _at: At) -> None:
    for one in rows:
        one["latitude"], one["longitude"] = one["longitude"], one["latitude"]


def _outside(rows: list[Record], at: At) -> None:
    """Out at sea, or just over the line in the neighbouring district."""
    _, south, east, north = at.places.bounds
    longitude, latitude = ((east + 1.5, south), (east + 0.02, (south + north) / 2))[at.turn % 2]
    _set(latitude=f"{latitude:.6f}", longitude=f"{longitude:.6f}")(rows, at)


#: Code of the warning -> the field it needs, and what makes it; coordinates and deciles are the whole family's.
_WARNINGS: dict[str, tuple[str, Spoil]] = {
    "coordinate_missing": ("latitude", _set(latitude="", longitude="")),
    "coordinate_zero": ("latitude", _set(latitude="0", longitude="0")),
    "coordinate_swapped": ("latitude", _swap),
    "coordinate_outside": ("latitude", _outside),
    "decile_missing": ("nik", _set(decile="", percentile="")),
    "form_code_unknown": ("floor", _head(floor="77")),
    "number_unreadable": ("floor_area", _head(floor_area="tiga puluh enam")),
    "nik_unknown": ("nik", _head(nik=("0", "", "0000000000000000"))),
    "area_name_differs": ("area_name", _head(area_name=("QWERTYUIOP", "ZZZ LAIN", "XYXYXY"))),
}


def _twice(head: Record, way: int) -> tuple[Record, Record]:
    """The same person once more, alone in another family: another card and NIK, the name written otherwise."""
    name = people.written_otherwise(head["name"], way)
    again = {**head, "name": name, "head_name": name, "member": 1, "persons": 1}
    again["nik"] = nik_of([head], serial=_OTHER_SERIAL + 2 * way)[0]
    again["family_number"] = head["family_number"][:12] + f"{_OTHER_SERIAL + 2 * way}"
    again |= {"children_0_5": 0, "children_7_12": 0, "children_13_15": 0, "person_id": f"I{again['nik'][6:]}"}
    return head, again


def _formula(rows: list[Record], at: At) -> None:
    rows[0]["address"] = '=HYPERLINK("http://x.invalid","y")' if at.turn % 2 else "=1+1"


def _damaged_nik(rows: list[Record], at: At) -> None:
    """Scientific notation, a digit lost, a letter O for a zero, a decimal point."""
    nik = rows[0]["nik"]
    ways = (f"{nik[0]}.{nik[1:6]}E+15", nik[:15], nik[:12] + "O" + nik[13:], nik + ".5")
    rows[0]["nik"] = ways[at.turn % 4]


def _copy(name: str) -> Spoil:
    return lambda rows, at: rows[0].update({name: at.like[name]})


_BOTH, _FAMILY, _PERSON = ("family", "person"), ("family",), ("person",)
#: Code of the reason -> the field it needs, the units of a row that it fits, and what makes it.
_REASONS: dict[str, tuple[str, tuple[str, ...], Spoil]] = {
    "area_unknown": ("nik", _BOTH, lambda rows, at: rows[0].update(at.places.absent)),
    "code_system": ("nik", _BOTH, lambda rows, at: rows[0].update(at.places.strange)),
    "nik_damaged": ("nik", _BOTH, _damaged_nik),
    "nik_duplicate": ("nik", _BOTH, _copy("nik")),
    "kk_damaged": ("nik", _BOTH, _set(family_number="9.90501E+15")),
    "kk_missing": ("nik", _PERSON, _set(family_number=("", "0", "-"))),
    "kk_duplicate": ("nik", _FAMILY, _copy("family_number")),
    "decile_invalid": ("nik", _BOTH, _set(decile=("11", "0", "2,5"), percentile=("101", "0", "12,5"))),
    "persons_invalid": ("persons", _FAMILY, _set(persons=("0", "", "2019"))),
    "columns_mismatch": ("nik", _BOTH, _set(**{EXTRA: "sel berlebih"})),
    "formula_cell": ("address", _BOTH, _formula),
    "not_finite": ("nik", _BOTH, _set(floor_area=_ENDLESS, latitude=_ENDLESS)),
}


def _add_rejected(planted: Planted, extra: list[tuple[str, list[Record]]], unit: str, places: Places) -> None:
    """Rows of people with a defect each; they stand behind the rows that they are like."""
    names = [family[0]["name"] for _, family in extra]
    for number, (code, family) in enumerate(extra):
        turn = planted.reasons.get(code, 0)
        like, serial = family[0], _REJECTED_SERIAL + 2 * number
        row = {**like, "member": len(family) + 1, "relation": 2, "name": names[number - 1]}
        row["nik"] = nik_of([like], serial=serial)[0]
        if unit == "family":
            row |= {"family_number": f"{like['family_number'][:12]}{serial}", "relation": 0}
        _REASONS[code][2]([row], At(turn=turn, places=places, like=like))
        planted.rows.append(row)
        planted.reasons[code] = turn + 1
