"""How alike two entries of a registry are: names as Indonesian offices write them, and dates of birth.

Pure: texts in, scores out. Nothing here decides that two entries are one family.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.fuzz import token_sort_ratio

#: Least likeness of names (0..1) where the birth dates agree wholly, nearly, or only in the year.
NAME_AT_SAME_DATE, NAME_AT_NEAR_DATE, NAME_AT_SAME_YEAR = 0.80, 0.90, 0.97
#: NIKs that differ in at most this many places were probably mistyped.
_NIK_SLIPS = 2

_TITLES = frozenset({
    "h", "hj", "haji", "hajjah", "drs", "dra", "dr", "ir", "prof", "alm", "almh", "almarhum", "almarhumah", "bpk",
    "bapak", "ibu", "sdr", "sdri", "tn", "ny", "nn", "raden", "rd", "r", "spd", "sp", "sh", "se", "skm", "mm",
    "mpd", "spdi", "sag", "amd",
})  # fmt: skip
_WRITTEN_AS = {
    "muhammad": ("m", "mhd", "muh", "moh", "mohd", "muhd", "muhamad", "mohamad", "mohammad",
        "muhammat", "mohamed", "muchamad", "mukhamad"),
    "siti": ("st", "sitti", "sity", "stti"),
    "abdul": ("abd", "abdoel", "abdl"),
    "nur": ("noer", "noor", "nor"),
    "ahmad": ("achmad", "akhmad", "ahmat", "akmad"),
}  # fmt: skip
_SPELLINGS = {written: name for name, ways in _WRITTEN_AS.items() for written in ways}
_OLD_SPELLING = (("oe", "u"), ("dj", "j"), ("tj", "c"), ("sj", "sy"), ("ch", "kh"))
_DATES = (
    re.compile(r"(?P<y>\d{4})\D?(?P<m>\d{1,2})\D?(?P<d>\d{1,2})(?:\D.*)?"),
    re.compile(r"(?P<d>\d{1,2})\D(?P<m>\d{1,2})\D(?P<y>\d{4}|\d{2})(?:\D.*)?"),
    re.compile(r"(?P<d>\d{2})(?P<m>\d{2})(?P<y>\d{4})"),
)


@dataclass(frozen=True)
class Birth:
    """A date of birth as a NIK writes it: the year without its century."""

    day: int
    month: int
    year: int


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One family to be compared; ``name`` is normalised, ``nik`` empty where unknown."""

    key: str
    name: str
    birth: Birth
    nik: str = ""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two entries that may be one, ``score`` 0..1, and why (codes)."""

    a: str
    b: str
    score: float
    reasons: tuple[str, ...]


def normal_name(text: str) -> str:
    """A name without titles and signs, in one spelling, its words in order of the alphabet.

    >>> normal_name("H. M. Yusoef, S.Pd"), normal_name("YUSUF  MUHAMAD"), normal_name("Hj. St. Aminah")
    ('muhammad yusuf', 'muhammad yusuf', 'aminah siti')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    plain = re.sub(r"(?<=\b[a-z])\.(?=[a-z]{1,3}\b)", "", plain)  # S.Pd, S.H
    words = [word for word in re.split(r"[^a-z]+", plain) if word]
    known = [_SPELLINGS.get(word, word) for word in words if word not in _TITLES or len(words) == 1]
    for old, new in _OLD_SPELLING:
        known = [word.replace(old, new) for word in known]
    return " ".join(sorted(re.sub(r"(.)\1", r"\1", word) if word != "muhammad" else word for word in known))


def read_birth(text: str, nik: str = "") -> Birth | None:
    """The date of birth, or that in the NIK (a woman's day is 40 more) where the text is no date."""
    for form in _DATES:
        found = form.fullmatch(text.strip())
        if found and 1 <= int(found["m"]) <= 12 and 1 <= int(found["d"]) <= 31:
            return Birth(int(found["d"]), int(found["m"]), int(found["y"]) % 100)
    if len(nik) == 16 and nik.isdigit():
        day, month, year = int(nik[6:8]) % 40, int(nik[8:10]), int(nik[10:12])
        if 1 <= month <= 12 and 1 <= day <= 31:
            return Birth(day, month, year)
    return None


def likely_pairs(entries: Sequence[Entry]) -> list[Pair]:
    """Pairs of entries of one place that may be one family, the likeliest first.

    Compared are entries of the same year of birth, and those whose whole date differs in the year's last digit only.
    """
    found = [pair for one, two in _candidates(entries) if (pair := _judge(one, two)) is not None]
    return sorted(found, key=lambda pair: (-pair.score, pair.a, pair.b))


def _candidates(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Entry]]:
    by_year: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.name:
            by_year[entry.birth.year].append(entry)
    for block in by_year.values():
        yield from combinations(block, 2)
    by_day: dict[tuple[int, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.name:
            by_day[entry.birth.day, entry.birth.month].append(entry)
    for block in by_day.values():
        yield from (pair for pair in combinations(block, 2) if abs(pair[0].birth.year - pair[1].birth.year) == 1)


def _judge(one: Entry, two: Entry) -> Pair | None:
    date, least = _date_likeness(one.birth, two.birth)
    name = token_sort_ratio(one.name, two.name, score_cutoff=100 * least) / 100
    if name < least or name == 0:
        return None
    nik = bool(one.nik and two.nik) and DamerauLevenshtein.distance(one.nik, two.nik, score_cutoff=_NIK_SLIPS) <= (
        _NIK_SLIPS
    )
    reasons = [date, "name_equal" if name == 1 else "name_alike", *(["nik_alike"] if nik else [])]
    weight = {"birth_equal": 1.0, "birth_near": 0.8, "birth_year_equal": 0.6}[date]
    score = min(1.0, 0.7 * name + 0.3 * weight + (0.05 if nik else 0))
    first, second = sorted((one.key, two.key))
    return Pair(a=first, b=second, score=round(score, 3), reasons=tuple(reasons))


def _date_likeness(one: Birth, two: Birth) -> tuple[str, float]:
    if one == two:
        return "birth_equal", NAME_AT_SAME_DATE
    exchanged = (one.day, one.month, one.year) == (two.month, two.day, two.year)
    differing = sum((one.day != two.day, one.month != two.month, one.year != two.year))
    if exchanged or differing == 1:
        return "birth_near", NAME_AT_NEAR_DATE
    return "birth_year_equal", NAME_AT_SAME_YEAR
