"""The parameter ``datetime``: a moment or an interval (RFC 3339), open where a side is ``..`` or blank."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final

from gisapp.errors import InvalidParameterError

#: First and last day that are asked for; None where a side is open.
Interval = tuple[date | None, date | None]

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[-+]\d{2}:\d{2})", re.ASCII)


def parse_datetime(text: str) -> Interval:
    """Days that a value asks for.

    >>> parse_datetime("2025-03-01/..")
    (datetime.date(2025, 3, 1), None)
    """
    sides = text.split("/")
    if len(sides) > 2 or (len(sides) == 1 and sides[0] in ("", "..")):
        raise _refused(text)
    first, last = (_side(side, text) for side in (sides[0], sides[-1]))
    if first is not None and last is not None and first > last:
        raise _refused(text)
    return _day(first), _day(last)


def _side(side: str, text: str) -> datetime | None:
    if side in ("", ".."):
        return None
    try:
        if _DAY.fullmatch(side):
            return datetime.fromisoformat(side).replace(tzinfo=UTC)
        if _MOMENT.fullmatch(side):
            return datetime.fromisoformat(side.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _refused(text) from None
    raise _refused(text)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _refused(text: str) -> InvalidParameterError:
    return InvalidParameterError(
        f"datetime: {text[:60]!r} is no time and no interval; write 2025-01-31, 2025-01-31T08:00:00Z or 2025-01-01/..",
        f"datetime: {text[:60]!r} bukan waktu atau selang; tulis 2025-01-31, 2025-01-31T08:00:00Z, atau 2025-01-01/..",
        code="datetime",
    )


def meets(asked: Interval, period: tuple[date, date]) -> bool:
    """Whether an interval and a period (both with their ends) share a day."""
    first, last = asked
    return (first is None or first <= period[1]) and (last is None or last >= period[0])
