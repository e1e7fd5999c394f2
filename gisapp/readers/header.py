"""The heading rows of a table: which they are, and one name for each column out of them.

Offices put a title above the headings, merge a group's heading over its columns, and write the numbers of the
questions underneath. A merged cell is a filled cell with blanks to its right or below it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

#: Between the parts of a name that was made of several heading rows, the upper one first.
JOINT = " | "

#: A heading row has at least this share of the filled cells of the widest row.
_FULL = 0.6
_MOST_ROWS = 3
_LEAST_QUESTIONS = 5
_QUESTION = re.compile(r"(\d{3})([a-z]\d?)?(?:\s.*)?", re.IGNORECASE)
_NUMBER = re.compile(r"[\d\s.,:/()+-]*\d[\d\s.,:/()+-]*")


@dataclass(frozen=True)
class Header:
    """Rows ``first`` to ``last`` (from 1) are headings; ``names`` are the columns'."""

    first: int
    last: int
    names: list[str]


def find_header(rows: list[list[str]]) -> int | None:
    """Row (from 1) of the column names: the first with 60 % of the widest row's filled cells; None where all are blank.

    >>> find_header([["DAFTAR KELUARGA", "", ""], ["NIK", "Nama", "Desa"], ["1", "A", "B"]])
    2
    """
    filled = [sum(bool(cell) for cell in row) for row in rows]
    widest = max(filled, default=0)
    if widest == 0:
        return None
    return next(at for at, count in enumerate(filled, 1) if count >= _FULL * widest)


def read_header(rows: list[list[str]], header_row: int | None = None) -> Header | None:
    """Headings from the first rows of a table; None where there are none.

    A row under the headings joins them where it fills their blanks with words, or holds question numbers (301a, 301b,
    302 ...). A column is then called by its lowest cell with the group's above it, ``Alamat | Desa``; question numbers
    alone where they stand under groups, and behind the heading where it was complete, ``Lantai | 303``.
    """
    at = header_row if header_row is not None else find_header(rows)
    if at is None or at > len(rows) or not any(rows[at - 1]):
        return None
    width = max((place for row in rows[at - 1 : at] for place, cell in enumerate(row, 1) if cell), default=0)
    names, last = _padded(rows[at - 1], width), at
    while header_row is None and last < len(rows) and last - at < _MOST_ROWS - 1:
        below = rows[last]
        numbered = _is_questions(below)
        if not numbered and not _continues(names, below, rows[last + 1 :]):
            break
        width = max(width, *(place for place, cell in enumerate(below, 1) if cell))
        names = _joined(_padded(names, width), _padded(below, width), numbered=numbered)
        last += 1
    above = rows[at - 2] if last == at and at > 1 and header_row is None else []
    return Header(at, last, unique_names(_told_apart(names, above)))


def unique_names(cells: list[str]) -> list[str]:
    """Column names from header cells: trimmed, blanks named by position, repeats numbered.

    >>> unique_names(["NIK", "", "NIK"])
    ['NIK', 'column_2', 'NIK_2']
    """
    names: list[str] = []
    taken: set[str] = set()
    for at, cell in enumerate(cells, 1):
        base = " ".join(cell.split()) or f"column_{at}"
        name, repeat = base, 2
        while name in taken:
            name, repeat = f"{base}_{repeat}", repeat + 1
        names.append(name)
        taken.add(name)
    return names


def _continues(names: list[str], below: list[str], rest: list[list[str]]) -> bool:
    """Whether a row completes the headings: words where they are blank, over columns that hold numbers."""
    filled = [place for place, cell in enumerate(below) if cell]
    if not filled or any(_NUMBER.fullmatch(below[place]) for place in filled):
        return False
    if len({below[place].casefold() for place in filled}) < len(filled) and not all(names):
        repeated = Counter(below[place].casefold() for place in filled)
        if max(repeated.values()) > len(filled) // 2:
            return False
    blanks = [place for place in filled if place >= len(names) or not names[place]]
    if not blanks:
        return False
    data = [row for row in rest if sum(bool(cell) for cell in row) > 1]
    return any(_NUMBER.fullmatch(cell) for row in data for cell in row if cell)


def _is_questions(row: list[str]) -> bool:
    """Whether a row holds the numbers of a questionnaire, rising from left to right: 301a, 301b, 302."""
    cells = [cell for cell in row if cell]
    found = [match for cell in cells if (match := _QUESTION.fullmatch(cell))]
    numbers = [int(match[1]) for match in found]
    rising = sum(left <= right for left, right in pairwise(numbers))
    return (
        len(found) >= _LEAST_QUESTIONS
        and 2 * len(found) >= len(cells)
        and any(match[2] for match in found)
        and rising >= 0.9 * (len(numbers) - 1)
    )


def _joined(upper: list[str], lower: list[str], *, numbered: bool) -> list[str]:
    """Names of two rows; a group's heading reaches right over blanks as long as the lower row has cells there."""
    complete = all(name for name, number in zip(upper, lower, strict=True) if number)
    names, group = [], ""
    for name, below in zip(upper, lower, strict=True):
        group = name or (group if below else "")
        if not below or not group:
            names.append(name or below)
        elif numbered and not complete:
            names.append(below)
        else:
            names.append(group if group.casefold() == below.casefold() else f"{group}{JOINT}{below}")
    return names


def _told_apart(names: list[str], above: list[str]) -> list[str]:
    """A heading that repeats gets the group's that stands over it, where the row above has groups."""
    if sum(bool(cell) for cell in above) < 2:
        return names
    result, seen, group = [], set(), ""
    for place, name in enumerate(names):
        group = (above[place] if place < len(above) else "") or group
        repeated = bool(name) and name.casefold() in seen
        seen.add(name.casefold())
        result.append(f"{group}{JOINT}{name}" if repeated and group else name)
    return result


def _padded(row: list[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))][:width]
