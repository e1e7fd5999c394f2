"""Moments as people in the district read them: stored in UTC, shown in the zone of the province."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from gisapp.analysis.codes import digits
from gisapp.web.texts import Texts

#: Provinces (Kemendagri, first two digits) of central and eastern time; every other keeps western time.
#: Source: Keputusan Presiden 41/1987, with the provinces that were made since.
_WITA = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
_WIT = frozenset({"81", "82", "91", "92", "93", "94", "95", "96"})
_MONTHS = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def zone(kode: str) -> timezone:
    """Time zone of a district by its area code; Indonesia has no summer time.

    >>> [zone(code).tzname(None) for code in ("12.05", "53.01", "9171", "")]
    ['WIB', 'WITA', 'WIT', 'WIB']
    """
    province = digits(kode)[:2]
    if province in _WIT:
        return timezone(timedelta(hours=9), "WIT")
    if province in _WITA:
        return timezone(timedelta(hours=8), "WITA")
    return timezone(timedelta(hours=7), "WIB")


def day(moment: date, t: Texts) -> str:
    """``5 Feb 2026``."""
    return f"{moment.day} {_MONTHS[t.lang][moment.month - 1]} {moment.year}"


def shown(moment: datetime, kode: str, t: Texts) -> str:
    """``5 Feb 2026 14.30 WIB``: hour and minute parted by a dot in Indonesian, by a colon in English."""
    local = moment.astimezone(zone(kode))
    mark = "." if t.lang == "id" else ":"
    return f"{day(local, t)} {local.hour:02d}{mark}{local.minute:02d} {local.tzname()}"


def short(moment: datetime, kode: str, t: Texts) -> str:
    """The day alone, in the district's zone."""
    return day(moment.astimezone(zone(kode)), t)


def machine(moment: datetime) -> str:
    """The moment for a machine, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def today(kode: str) -> date:
    """The day it is in the district now."""
    return datetime.now(UTC).astimezone(zone(kode)).date()
