"""NIK and KK numbers: damaged by spreadsheets, unknown, or seen before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

#: What offices write where a person has no NIK yet.
UNKNOWN_ID = r"0*|-+"
_NIK = r"[0-9]{16}"
#: What stands for a KK number where there is none; taken for a number, it would make one family of strangers.
_NO_FAMILY_NUMBER = "(?i)" + "|".join(
    [
        UNKNOWN_ID, r"[-–—._/\s]+", r"(?:tidak|tdk|blm|belum) (?:ada|punya|diketahui|terdata)(?: kk| no\.? ?kk)?",
        "belum", "kosong", "nihil", "null", "none", "nan", "n/?a", *(f"{digit}{{16}}" for digit in "123456789"),
    ]
)  # fmt: skip
#: 3.30101E+15, a trailing .0, a decimal comma: a spreadsheet took the id for a number.
_SPREADSHEET = r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+|\d+[.,]\d+"

#: A file where more than this share of its ids end in 0 lost their last digit to 15-digit precision (expected: 0.1).
ZERO_SHARE = 0.25
_ZERO_SHARE_ROWS = 20

Flags = npt.NDArray[np.bool_]
Keys = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class CheckedIds:
    """Per row: the id as a 64-bit key (0 where unusable), and whether it is unknown or damaged."""

    key: npt.NDArray[np.uint64]
    unknown: Flags
    damaged: Flags


def check_nik(texts: pd.Series) -> CheckedIds:
    """NIKs of a column of text: 16 digits are good, blank and 0 are unknown, everything else is damaged."""
    text = _bare(texts)
    unknown = text.str.fullmatch(UNKNOWN_ID).to_numpy(dtype=bool)
    good = text.str.fullmatch(_NIK).to_numpy(dtype=bool) & ~unknown
    return CheckedIds(_keys(text, good), unknown, ~good & ~unknown)


def check_family_number(texts: pd.Series) -> CheckedIds:
    """KK numbers or other family ids: any text is good but what says "none" or what a spreadsheet has made a number."""
    text = _bare(texts)
    unknown = text.str.fullmatch(_NO_FAMILY_NUMBER).to_numpy(dtype=bool)
    damaged = text.str.fullmatch(_SPREADSHEET).to_numpy(dtype=bool)
    return CheckedIds(_keys(text, ~unknown & ~damaged), unknown, damaged)


def _bare(texts: pd.Series) -> pd.Series:
    """Ids without the apostrophe that keeps a spreadsheet from taking them for numbers."""
    text = texts.str.strip()
    return text.str.removeprefix("'") if text.str.startswith("'").any() else text


def _keys(text: pd.Series, good: Flags) -> npt.NDArray[np.uint64]:
    keys: npt.NDArray[np.uint64] = pd.util.hash_array(text.to_numpy(dtype=object), categorize=False)
    return np.where(good, np.where(keys == 0, 1, keys), 0).astype(np.uint64)


def _distinct(keys: Keys) -> Keys:
    """Keys once each, ascending; sorted runs are merged, which is faster than np.unique's hashing."""
    ordered = np.sort(keys, kind="stable")
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    distinct: Keys = ordered[first]
    return distinct


class KeySet:
    """A growing set of 64-bit keys in sorted arrays: eight bytes a key, where a Python set takes a hundred."""

    def __init__(self, keys: Iterable[int] = ()) -> None:
        self._parts: list[Keys] = []
        self.add(np.fromiter(keys, dtype=np.uint64))

    def add(self, keys: Keys) -> None:
        """Add keys; arrays of like length are merged, so that there are never many."""
        part = _distinct(keys)
        while self._parts and len(self._parts[-1]) <= 2 * len(part):
            part = _distinct(np.concatenate([self._parts.pop(), part]))
        if len(part):
            self._parts.append(part)

    def holds(self, keys: Keys) -> Flags:
        """Which of some keys are in the set."""
        found = np.zeros(len(keys), dtype=bool)
        for part in self._parts:
            at = np.minimum(np.searchsorted(part, keys), len(part) - 1)
            found |= part[at] == keys
        return found

    def array(self) -> Keys:
        """Every key once, ascending."""
        if len(self._parts) > 1:
            self._parts = [_distinct(np.concatenate(self._parts))]
        return self._parts[0] if self._parts else np.empty(0, dtype=np.uint64)

    def __iter__(self) -> Iterator[int]:
        return iter(self.array().tolist())

    def __len__(self) -> int:
        return len(self.array())


@dataclass
class SeenIds:
    """The ids of accepted rows so far; says which rows repeat one."""

    kept: KeySet = field(default_factory=KeySet)
    zero_ending: int = 0
    usable: int = 0
    rounded: bool | None = None

    def look_at_endings(self, texts: pd.Series, ids: CheckedIds, *, repeating: bool = False) -> Flags:
        """Rows whose id ends in 0. Sets ``rounded`` from the first rows: then such ids cannot be compared.

        ``repeating``: an id stands in several rows by right, as a KK number in a file of persons, and is counted once.
        """
        usable = ids.key != 0
        zero: Flags = texts.str.strip().str.endswith("0").to_numpy(dtype=bool) & usable
        counted = usable & ~pd.Series(ids.key).duplicated().to_numpy() if repeating else usable
        self.zero_ending += int((zero & counted).sum())
        self.usable += int(counted.sum())
        if self.rounded is None:
            self.rounded = self.usable >= _ZERO_SHARE_ROWS and self.zero_ending > ZERO_SHARE * self.usable
        return zero


def mark_repeats(seen: Sequence[SeenIds], keys: Sequence[Keys], blocked: Flags) -> list[Flags]:
    """For each kind of id, the rows whose key an earlier kept row has; the keys of the kept rows are remembered.

    A row is kept unless it is ``blocked`` or repeats an id of any kind, so a row that repeats one of its two ids never
    stands in the way of another row with the other. A key of 0 is compared with nothing.
    """
    repeated = [(own != 0) & known.kept.holds(own) for known, own in zip(seen, keys, strict=True)]
    contended = np.logical_or.reduce([*repeated, *(_shared(own) for own in keys)])
    met: list[set[int]] = [set() for _ in keys]
    for row in np.flatnonzero(contended):
        ids = [int(values[row]) for values in keys]
        for marks, earlier, key in zip(repeated, met, ids, strict=True):
            marks[row] |= key != 0 and key in earlier
        if not blocked[row] and not any(marks[row] for marks in repeated):
            for earlier, key in zip(met, ids, strict=True):
                earlier.add(key)
    kept = ~blocked & ~np.logical_or.reduce(repeated)
    for known, own in zip(seen, keys, strict=True):
        known.kept.add(own[kept & (own != 0)])
    return repeated


def _shared(keys: Keys) -> Flags:
    """Rows whose key another row of the same chunk has, too."""
    order = np.argsort(keys, kind="stable")
    same = keys[order][1:] == keys[order][:-1]
    shared: Flags = np.zeros(len(keys), dtype=bool)
    shared[order[1:][same]] = True
    shared[order[:-1][same]] = True
    shared &= keys != 0
    return shared
