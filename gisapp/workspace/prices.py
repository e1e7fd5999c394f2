"""``[prices.KIND]`` of gisapp.toml: the district's own unit prices, each with year and source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gisapp.catalog.interventions import PRICE_REFERENCES, InterventionKind, load_interventions
from gisapp.catalog.strict import Document, Key

PRICE_KEYS = {
    "unit_cost_idr": Key(kind="number", required=True),
    "low_idr": Key(kind="number"),
    "high_idr": Key(kind="number"),
    "year": Key(kind="integer", required=True),
    "source": Key(kind="text", required=True),
    "reference": Key(kind="text", choices=PRICE_REFERENCES),
}
#: What a fresh gisapp.toml says of prices.
PRICES_COMMENT = (
    "# Harga satuan kabupaten (SSH/HSPK) menggantikan harga contoh, satu tabel per jenis usulan, misalnya:",
    "# The district's unit prices replace the example prices, one table per kind of suggestion, such as:",
    "# [prices.sd_baru]",
    "# unit_cost_idr = 4_700_000_000",
    "# low_idr = 4_200_000_000",
    "# high_idr = 5_600_000_000",
    "# year = 2026",
    '# source = "HSPK Kabupaten ... 2026"',
)


def read_prices(document: Document) -> dict[str, dict[str, Any]]:
    """Return the prices of a gisapp.toml by kind; without low and high the price has no range.

    Raises
    ------
    ConfigurationError : an unknown kind or key, a price not above 0, a year without four digits, an empty source.
    """
    tables = document.data.get("prices", {})
    known = {kind.kind for kind in load_interventions()} if tables else set()
    document.check(tables, {name: Key(kind="table") for name in sorted(known)}, ("prices",))
    return {name: _price(document, name, table) for name, table in tables.items()}


def with_prices(kinds: Iterable[InterventionKind], prices: dict[str, dict[str, Any]]) -> tuple[InterventionKind, ...]:
    """Return the kinds with the district's prices in place of the examples."""
    return tuple(_priced(kind, prices[kind.kind]) if kind.kind in prices else kind for kind in kinds)


def _priced(kind: InterventionKind, price: dict[str, Any]) -> InterventionKind:
    return kind.at_price(
        unit_cost_idr=price["unit_cost_idr"],
        low_idr=price.get("low_idr", price["unit_cost_idr"]),
        high_idr=price.get("high_idr", price["unit_cost_idr"]),
        year=price["year"],
        source=price["source"],
        reference=price.get("reference", kind.price_reference),
    )


def _price(document: Document, name: str, table: dict[str, Any]) -> dict[str, Any]:
    at = ("prices", name)
    document.check(table, PRICE_KEYS, at)
    low, high = table.get("low_idr", table["unit_cost_idr"]), table.get("high_idr", table["unit_cost_idr"])
    if not 0 < low <= table["unit_cost_idr"] <= high:
        raise document.refuse(
            (*at, "unit_cost_idr"),
            "low, price and high must be above 0 and stand in this order.",
            "harga rendah, harga dan harga tinggi harus di atas 0 dan berurutan.",
        )
    if not 2000 <= table["year"] <= 2100:
        raise document.refuse(
            (*at, "year"), f"{table['year']} is no year of a price.", f"{table['year']} bukan tahun harga."
        )
    if not table["source"].strip():
        raise document.refuse((*at, "source"), "say where the price was read.", "sebutkan dari mana harga dibaca.")
    return dict(table)
