"""Fictitious names and numbers. Every NIK and No. KK starts with 99, which no province has."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.demo.profiles import invented_words

Whole = npt.NDArray[np.int64]
Text = npt.NDArray[np.object_]

#: Days of the month that every month has.
_DAYS = 28
_NEWEST_YEAR = 24


def names(women: npt.NDArray[np.bool_], *, rng: np.random.Generator) -> Text:
    """Invented names of heads of family."""
    first = np.where(women, _drawn("women", len(women), rng), _drawn("men", len(women), rng))
    return np.asarray(first + " " + _drawn("second", len(women), rng), dtype=object)


def national_ids(
    place: Whole, women: npt.NDArray[np.bool_], *, years: tuple[int, int], rng: np.random.Generator
) -> Whole:
    """Distinct 16-digit numbers: 6 digits of ``place`` (99....), DDMMYY with day + 40 for women, 4 digits of serial."""
    day = rng.integers(1, _DAYS + 1, len(place)) + 40 * women
    month = rng.integers(1, 13, len(place))
    year = rng.integers(years[0], years[1] + 1, len(place)) % 100
    return _serialled(((place * 100 + day) * 100 + month) * 100 + year)


def birth_dates(numbers: pd.Series) -> Text:
    """Birth dates that whole NIKs say, as 1970-12-31; years up to 24 are of this century."""
    digits = numbers.str.slice(6, 12)
    day, month, year = (pd.to_numeric(digits.str.slice(at, at + 2)).to_numpy() for at in (0, 2, 4))
    day, year = day - 40 * (day > 40), year + np.where(year <= _NEWEST_YEAR, 2000, 1900)
    return np.array([f"{y:04d}-{m:02d}-{d:02d}" for y, m, d in zip(year, month, day, strict=True)], dtype=object)


def written_otherwise(name: str, way: int) -> str:
    """The name as another office might write it: a letter left out, the words exchanged, a letter doubled."""
    given, _, second = name.partition(" ")
    return (f"{given[:2]}{given[3:]} {second}", f"{second} {given}", f"{given} {second}{second[-1]}")[way % 3]


def _serialled(stem: Whole) -> Whole:
    """Append a serial that makes equal stems distinct and never ends in 0, as spreadsheet damage does."""
    turn = pd.Series(stem).groupby(stem).cumcount().to_numpy()
    return np.asarray(stem * 10000 + turn + 1 + turn // 9)


def _drawn(key: str, count: int, rng: np.random.Generator) -> Text:
    known = np.array(invented_words()[key], dtype=object)
    return known[rng.integers(len(known), size=count)]
