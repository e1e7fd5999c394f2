"""In which area a facility stands that nobody can place on the map: by the codes and names of its own row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import pandas as pd

from gisapp.analysis.codes import digits
from gisapp.errors import InvalidInputError

#: How an area was found, the surest first. ``blank``: the row names none; ``unknown``: one that nobody knows.
HOW = ("code", "name", "namesakes", "misspelt", "blank", "unknown")
_NEEDED = ("area_code", "desa_hint", "kecamatan_hint")
_PREFIXES = ("kec", "kecamatan", "desa", "kel", "kelurahan", "kab", "kabupaten", "nagari", "gampong")


def plain_name(name: Any) -> str:
    """Name of an area in lower case without dots and without the word for its level.

    >>> plain_name("Kec. STABAT"), plain_name("Desa"), plain_name(None)
    ('stabat', 'desa', '')
    """
    words = str(name).casefold().replace(".", " ").split() if pd.notna(name) else []
    return " ".join(words[1:] if len(words) > 1 and words[0] in _PREFIXES else words)


def alike(one: str, other: str, *, likeness: float) -> bool:
    """Whether two plain names are at least ``likeness`` alike (0..1, Ratcliff and Obershelp) with the same numbers.

    >>> alike("stabat", "stabbat", likeness=0.85), alike("contoh 1", "contoh 2", likeness=0.85)
    (True, False)
    """
    if digits(one) != digits(other):
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= likeness and matcher.ratio() >= likeness


def standing_areas(
    facilities: pd.DataFrame, desa: pd.DataFrame, kecamatan: pd.DataFrame, *, likeness: float = 0.85
) -> pd.DataFrame:
    """Areas in which each facility stands or may stand, by its own words: ``codes`` (tuple) and ``how`` (of ``HOW``).

    The code of a desa or kecamatan goes first; then the name of the desa, within the kecamatan that the row names where
    both fit; then the kecamatan. A name of several areas stands for each of them. A name that no area has stands for
    those at least ``likeness`` alike; where there is none, ``codes`` is empty: it may stand anywhere.

    Parameters
    ----------
    facilities
        ``area_code``, ``desa_hint`` and ``kecamatan_hint`` (text, empty where the row says nothing).
    desa, kecamatan
        ``code`` and ``name``; of the desa ``kecamatan_code`` too.

    Raises
    ------
    InvalidInputError
        A missing column, or a likeness outside 0..1.
    """
    _check(facilities, desa, kecamatan, likeness)
    words = _Words(_Level(desa), _Level(kecamatan), _parents(desa), likeness)
    found = [words.find(*row) for row in facilities[list(_NEEDED)].fillna("").itertuples(index=False, name=None)]
    return pd.DataFrame(found, columns=["codes", "how"], index=facilities.index)


@dataclass(frozen=True)
class _Found:
    """Codes that a name stands for, and how they were found."""

    codes: tuple[str, ...] = ()
    how: str = "blank"


class _Level:
    """Areas of one level by digits and by plain name."""

    def __init__(self, areas: pd.DataFrame) -> None:
        codes = areas["code"].astype(str).tolist()
        self.by_digits: Mapping[str, str] = {digits(code): code for code in codes}
        self.by_name: dict[str, list[str]] = {}
        for code, name in zip(codes, areas["name"], strict=True):
            self.by_name.setdefault(plain_name(name), []).append(code)

    def named(self, text: str, likeness: float, within: Sequence[str] | None = None) -> _Found:
        """Areas of this name, else those whose name is alike; only ``within`` some codes where these are given."""
        name = plain_name(text)
        if not name:
            return _Found()
        exact = _among(self.by_name.get(name, []), within)
        if exact:
            return _Found(exact, "name" if len(exact) == 1 else "namesakes")
        near = [codes for other, codes in self.by_name.items() if alike(name, other, likeness=likeness)]
        close = _among((code for codes in near for code in codes), within)
        return _Found(close, "misspelt" if close else "unknown")


class _Words:
    """Finds the areas of one row; the same words are asked once."""

    def __init__(self, desa: _Level, kecamatan: _Level, parent: Mapping[str, str], likeness: float) -> None:
        self._desa, self._kecamatan, self._parent, self._likeness = desa, kecamatan, parent, likeness
        self._known: dict[tuple[str, str, str], tuple[tuple[str, ...], str]] = {}

    def find(self, code: str, desa: str, kecamatan: str) -> tuple[tuple[str, ...], str]:
        """Codes and how they were found."""
        asked = (str(code).strip(), str(desa).strip(), str(kecamatan).strip())
        if asked not in self._known:
            found = self._find(*asked)
            self._known[asked] = (found.codes, found.how)
        return self._known[asked]

    def _find(self, code: str, desa: str, kecamatan: str) -> _Found:
        for level in (self._desa, self._kecamatan):
            if digits(code) in level.by_digits:
                return _Found((level.by_digits[digits(code)],), "code")
        larger = self._kecamatan.named(kecamatan, self._likeness)
        if larger.codes:
            members = [one for one, parent in self._parent.items() if parent in larger.codes]
            inside = self._desa.named(desa, self._likeness, within=members)
            if inside.codes:
                return _Found(inside.codes, _less_sure(inside.how, larger.how))
            elsewhere = self._desa.named(desa, 1.0)
            return _Found(larger.codes + elsewhere.codes, larger.how if not elsewhere.codes else "namesakes")
        anywhere = self._desa.named(desa, self._likeness)
        if anywhere.codes:
            return anywhere
        return _Found(how="unknown" if code or desa or kecamatan else "blank")


def _among(codes: Iterable[str], within: Sequence[str] | None) -> tuple[str, ...]:
    allowed = None if within is None else set(within)
    return tuple(sorted(code for code in codes if allowed is None or code in allowed))


def _less_sure(one: str, other: str) -> str:
    return max(one, other, key=HOW.index)


def _parents(desa: pd.DataFrame) -> dict[str, str]:
    if "kecamatan_code" not in desa:
        return {}
    return dict(zip(desa["code"].astype(str), desa["kecamatan_code"].astype(str), strict=True))


def _check(facilities: pd.DataFrame, desa: pd.DataFrame, kecamatan: pd.DataFrame, likeness: float) -> None:
    needed = ((facilities, "facilities", _NEEDED), (desa, "desa", ("code", "name")))
    for frame, name, columns in (*needed, (kecamatan, "kecamatan", ("code", "name"))):
        absent = ", ".join(sorted(set(columns) - set(frame.columns)))
        if absent:
            raise InvalidInputError(f"{name}: no column {absent}.", f"{name}: tidak ada kolom {absent}.")
    if not 0 <= likeness <= 1:
        raise InvalidInputError(
            f"likeness is {likeness}: give a share from 0 to 1.",
            f"likeness bernilai {likeness}: isi bagian dari 0 sampai 1.",
        )
