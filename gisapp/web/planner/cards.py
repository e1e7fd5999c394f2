"""What the page says about a pocket: plain values in print order, made from released rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from gisapp.columns import DEPRIVATIONS, SERVICES, columns_of
from gisapp.maps import english
from gisapp.maps.cards import above_district, share_label
from gisapp.maps.numbers import is_missing
from gisapp.web.texts import Texts

#: So many bars of *Mengapa di sini* stand in a card; the pocket's own page has all.
BARS_IN_CARD = 4


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One share of families in a pocket beside the district's (both 0..1)."""

    name: str
    title: str
    short: str
    value: float
    district: float | None


@dataclass(frozen=True, kw_only=True)
class Card:
    """One pocket as the ranked list shows it."""

    id: str
    label: str
    name: str
    share: str
    row: dict[str, Any]
    bars: tuple[Bar, ...]
    chips: tuple[str, ...]
    edge: bool


def _number(row: dict[str, Any], column: str) -> float | None:
    value = row.get(column)
    return None if is_missing(value) else float(value)  # type: ignore[arg-type]


def bars(row: dict[str, Any], whole: dict[str, Any], t: Texts) -> list[Bar]:
    """Deprivations of which a pocket has more than its district, those that most exceed it first."""
    return [
        Bar(name=name, title=t.pick(DEPRIVATIONS[name]), short=t(f"short_{name}"), value=value, district=district)
        for name, value, district in above_district(row, whole)
    ]


def cause_title(cause: str, t: Texts) -> str:
    """Words for a cause as the run names it: a deprivation, ``gap:<service>``, or ``coverage``."""
    name = cause.strip()
    service = name.removeprefix("gap:").removeprefix("distance_m_")
    if service in SERVICES:
        return t("short_gap", service=t.pick(SERVICES[service]))
    return t(f"short_{name}") if name in DEPRIVATIONS or name == "coverage" else name


def causes(text: Any, t: Texts) -> tuple[str, ...]:
    """Main causes of a pocket, in words."""
    if not isinstance(text, str):
        return ()
    return tuple(cause_title(part, t) for part in text.replace(";", ",").split(",") if part.strip())


def card(row: dict[str, Any], whole: dict[str, Any], t: Texts, *, min_methods: int, year: str = "") -> Card:
    """One pocket's card."""
    agreement = _number(row, "agreement")
    return Card(
        id=str(row["pocket_id"]),
        label=str(row["label"]),
        name=english.pocket_name(str(row["name"]), t.lang),
        share=share_label(row, t.lang, year=year),
        row=filled(row, "pockets"),
        bars=tuple(bars(row, whole, t)[:BARS_IN_CARD]),
        chips=causes(row.get("main_causes"), t),
        edge=agreement is not None and agreement < min_methods,
    )


def filled(row: dict[str, Any], collection: str) -> dict[str, Any]:
    """A row with every declared column of its collection, None where there is nothing; without the shape."""
    known = {name: None if is_blank(value) else value for name, value in row.items() if name != "geometry"}
    return dict.fromkeys(columns_of(collection)) | known


def is_blank(value: Any) -> bool:
    """Whether a cell of a frame holds nothing."""
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


def cards(pockets: pd.DataFrame, whole: dict[str, Any], t: Texts, *, min_methods: int, year: str = "") -> list[Card]:
    """Every pocket, by rank, then by letter."""
    ordered = pockets.sort_values(["rank", "label"], ignore_index=True)
    return [card(row, whole, t, min_methods=min_methods, year=year) for row in ordered.to_dict("records")]


def joined(letters: list[str], t: Texts) -> str:
    """``A, B dan C``."""
    return f"{', '.join(letters[:-1])} {t('and')} {letters[-1]}"
