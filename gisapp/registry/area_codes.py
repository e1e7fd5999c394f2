"""Desa codes of a file against the boundary layer: matched, translated by a crosswalk, or refused as another system.

Kemendagri and BPS desa codes both have ten digits and mean different places, so the boundary layer is the judge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.codes import digits, guess_system
from gisapp.errors import RegistryError

System = Literal["kemendagri", "bps"]

OTHER: dict[str, System] = {"kemendagri": "bps", "bps": "kemendagri"}
#: Seventh digit of a desa code by system: kelurahan, desa or desa adat; the third digit of a kecamatan, mostly 0.
_SEVENTH = {"kemendagri": "123", "bps": "0"}
_DOTTED = r"\s*\d\d\.\d\d\.\d\d\.\d{4}\s*"
_DECIMAL_PART = r"^(\d+)[.,]0+$"
_WIDTHS = {"kemendagri": (2, 2, 2, 4), "bps": (2, 2, 3, 3)}
#: Below this share of the rows, codes of the other system are single mistakes, not a mixed file.
MIXED_SHARE = 0.01
_LISTED_ROWS = 20
_CODE_DIGITS = 10
KINDS = ("own", "both", "other", "like_other", "unknown")

Texts = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]


@dataclass
class CodeTally:
    """What the codes of the rows looked like: how many of each kind, and where the first of them stand."""

    rows: Counter[str] = field(default_factory=Counter)
    first: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def note(self, kind: str, codes: Texts, numbers: npt.NDArray[np.int64]) -> None:
        """Count rows of one kind; the first rows of it are remembered by number and code."""
        self.rows[kind] += len(codes)
        known = self.first.setdefault(kind, [])
        room = _LISTED_ROWS - len(known)
        known.extend(zip(numbers[:room].tolist(), codes[:room].tolist(), strict=True))

    def with_alike(self) -> CodeTally:
        """The same, codes that only look like the other system's counted as that."""
        both = [row for kind in ("other", "like_other") for row in self.first.get(kind, [])]
        rows = self.rows + Counter({"other": self.rows["like_other"]})
        return CodeTally(rows, {**self.first, "other": sorted(both)[:_LISTED_ROWS]})


class CodeBook:
    """Codes of the boundary layer, and of the other system where the workspace has a crosswalk."""

    def __init__(self, codes: Iterable[str], *, declared_system: str, crosswalk: Mapping[str, str]) -> None:
        """``crosswalk`` gives the boundary's code for a code of the other system."""
        listed = list(codes)
        self.own = {_bare(code): code for code in listed}
        self.system: System = "bps" if (guess_system(listed) or declared_system) == "bps" else "kemendagri"
        self.crosswalk = {
            _bare(other): self.own[_bare(own)] for other, own in crosswalk.items() if _bare(own) in self.own
        }
        self._provinces = {code[:2] for code in self.own}
        self._districts = {code[:6] for code in self.own} if self.system == "kemendagri" else set()

    def kind_of(self, bare: str) -> str:
        """``own``, ``both``, ``other`` (of the other system: by crosswalk, else by its form), or ``unknown``.

        ``like_other``: its form is the other system's, but its beginning is a kecamatan here. Where both systems give a
        district one number (1222) a whole file of such codes is the other system's; a single one is a mistake.
        """
        if bare in self.own:
            return "both" if bare in self.crosswalk else "own"
        if self.crosswalk:
            return "other" if bare in self.crosswalk else "unknown"
        alike = len(bare) == 10 and bare[:2] in self._provinces
        if not alike or bare[6] not in _SEVENTH[OTHER[self.system]]:
            return "unknown"
        return "like_other" if bare[:6] in self._districts else "other"

    def kinds(self, bare: Texts, dotted: Flags) -> Texts:
        """Kind of each row's code; one that is ``dotted`` as 12.05.01.2001 is Kemendagri's, whatever its digits."""
        positions, unique = pd.factorize(bare)
        kinds: Texts = np.array([self.kind_of(code) for code in unique], dtype=object)[positions]
        if not self.crosswalk and self.system == "kemendagri":
            kinds[dotted & ((kinds == "other") | (kinds == "like_other"))] = "unknown"
        return kinds

    def look_up(
        self, bare: Texts, dotted: Flags, numbers: npt.NDArray[np.int64], tally: CodeTally, *, translate: bool
    ) -> tuple[Texts, Flags]:
        """Boundary code of each row (None where unknown), and which rows are of the other system than the rest.

        What was seen is noted in ``tally``.
        """
        positions, unique = pd.factorize(bare)
        kinds = self.kinds(bare, dotted)
        for kind in KINDS:
            rows = kinds == kind
            tally.note(kind, bare[rows], numbers[rows])
        table = self.crosswalk if translate else self.own
        found: Texts = np.array([table.get(code) for code in unique], dtype=object)[positions]
        return found, kinds == ("own" if translate else "other")


def _bare(code: str) -> str:
    """Digits of a code; a text without any digit is its own key."""
    return digits(code) or code.strip().casefold()


def bare_codes(texts: pd.Series) -> Texts:
    """Digits of each code; the ``.0`` that a spreadsheet puts behind a number is dropped."""
    positions, unique = pd.factorize(texts.to_numpy(dtype=object))
    bare = [_bare(_without_decimal(str(code))) for code in unique]
    return np.array(bare, dtype=object)[positions] if len(unique) else np.array([], dtype=object)


def dotted_codes(texts: pd.Series) -> Flags:
    """Which codes are written with dots in the Kemendagri way, 2-2-2-4."""
    dotted: Flags = texts.astype("str").str.fullmatch(_DOTTED).to_numpy(dtype=bool)
    return dotted


def _without_decimal(code: str) -> str:
    text = code.strip()
    head, dot, tail = text.rpartition(".")
    return head if dot and head.isdigit() and len(head) >= 10 and not tail.strip("0") else text


def join_parts(parts: list[pd.Series], system: str) -> pd.Series:
    """One desa code from its parts, each padded with zeros; a last part that is already whole is taken as it is.

    The ``.0`` that a spreadsheet puts behind a number is dropped.
    """
    parts = [part.str.strip().str.replace(_DECIMAL_PART, r"\1", regex=True) for part in parts]
    joined = pd.Series("", index=parts[0].index, dtype=object)
    for part, width in zip(parts, _WIDTHS[system], strict=True):
        joined = joined + part.str.zfill(width).str.slice(-width).astype(object)
    last = parts[-1]
    return joined.where(last.str.len() < 10, last.astype(object))


def decide_translation(book: CodeBook, bare: Texts, declared: str | None) -> bool:
    """Whether the codes go through the crosswalk, judged on the first rows; ``refuse_other`` has the last word."""
    if declared is not None and declared != book.system:
        if not book.crosswalk:
            raise _other_system(book, f"declared as {declared}", f"dinyatakan {declared}")
        return True
    if declared is not None or not book.crosswalk:
        return False
    kinds = Counter(book.kind_of(code) for code in bare.tolist())
    return kinds["other"] + kinds["both"] > kinds["own"] + kinds["both"]


def refuse_other(book: CodeBook, tally: CodeTally, *, translate: bool) -> None:
    """Refuse a file of the other system, a mixed file, and a file of another district; nothing was written yet."""
    total = sum(tally.rows.values())
    if tally.rows["like_other"] >= MIXED_SHARE * total:
        tally = tally.with_alike()
    wanted, strange = ("other", "own") if translate else ("own", "other")
    good, bad = tally.rows[wanted] + tally.rows["both"], tally.rows[strange]
    if bad and bad >= MIXED_SHARE * total and good >= MIXED_SHARE * total:
        raise _mixed(tally, bad, strange)
    if bad > good:
        if translate:
            raise _mixed(tally, bad, strange)
        raise _other_system(book, _example(tally, strange), _example(tally, strange))
    if total and not good:
        seen = _example(tally, "unknown")
        raise RegistryError(
            f"None of the {total} rows has a desa code of this workspace's boundary layer ({seen}). "
            "Is it another district's file? Nothing was stored.",
            f"Tidak satu pun dari {total} baris berkode desa yang ada di batas desa ({seen}). "
            "Apakah ini berkas kabupaten lain? Tidak ada yang disimpan.",
            code="area_unknown",
        )


def _example(tally: CodeTally, kind: str) -> str:
    return ", ".join(_shown(code) for _, code in tally.first.get(kind, [])[:3])


def _shown(code: str) -> str:
    """A code as a message may show it: what is no desa code could be a NIK or a name in the wrong column."""
    if code.isdigit() and len(code) <= _CODE_DIGITS:
        return code
    return f"…{code[-4:]}" if code.isdigit() else "…"


def _other_system(book: CodeBook, en: str, id: str) -> RegistryError:
    other = OTHER[book.system]
    if book.crosswalk:
        return RegistryError(
            f"The file's codes are of the system {other} ({en}), not {book.system} as declared. "
            f"Say --codes {other}, or leave it out. Nothing was stored.",
            f"Kode berkas ini dari sistem {other} ({id}), bukan {book.system} seperti dinyatakan. "
            f"Pakai --codes {other}, atau hilangkan. Tidak ada yang disimpan.",
            code="code_system",
        )
    return RegistryError(
        f"The file's codes are of the system {other} ({en}), the boundary layer's are {book.system}. Add a crosswalk: "
        "gisapp add FILE --role table --name crosswalk --kind crosswalk (columns kode_kemendagri, kode_bps). "
        "Nothing was stored.",
        f"Kode berkas ini dari sistem {other} ({id}), sedangkan batas desa memakai {book.system}. Tambahkan tabel "
        "padanan: gisapp add BERKAS --role table --name crosswalk --kind crosswalk (kolom kode_kemendagri, kode_bps). "
        "Tidak ada yang disimpan.",
        code="code_system",
    )


def _mixed(tally: CodeTally, rows: int, strange: str) -> RegistryError:
    where = ", ".join(f"{number} ({_shown(code)})" for number, code in tally.first[strange])
    more = "" if rows <= _LISTED_ROWS else ", …"
    return RegistryError(
        f"The file mixes Kemendagri and BPS codes: {rows} rows are of the other system than the rest. "
        f"Rows: {where}{more}. Split the file by system or correct the codes. Nothing was stored.",
        f"Berkas mencampur kode Kemendagri dan BPS: {rows} baris memakai sistem yang berbeda. "
        f"Baris: {where}{more}. Pisahkan menurut sistem atau perbaiki kodenya. Tidak ada yang disimpan.",
        code="code_system",
    )
