"""What can be suggested: kinds of intervention, read strictly from ``interventions_*.toml`` beside this module."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gisapp.catalog.strict import Document, Key, KeyPath, read_document
from gisapp.columns import DEPRIVATIONS, SERVICES
from gisapp.errors import ConfigurationError

_HERE = Path(__file__).parent
#: One file per strategy, in the order in which kinds are preferred.
DEFAULT_FILES = tuple(
    _HERE / f"interventions_{name}.toml"
    for name in ("data", "services", "economy", "assistance", "infrastructure", "partnership", "monitoring")
)
VOLUME_RULES = ("per_family", "per_units", "per_site", "per_area", "road_km", "link_m")
PRICE_REFERENCES = ("SSH", "HSPK/AHSP")
AUTHORITIES = ("pusat", "provinsi", "kabupaten", "desa")
#: What an intervention may answer.
ANSWERS = (
    *DEPRIVATIONS,
    "signal",
    *(f"gap:{service}" for service in SERVICES),
    "link:road",
    "link:bridge",
    "coverage",
    "unverified",
    "absence",
    "no_pkh",
    "no_bpnt",
    "no_pbi",
    "all",
)


@dataclass(frozen=True, kw_only=True)
class InterventionKind:
    """One kind of suggestion; ``gisapp.analysis.suggesting.kind`` says what each field means."""

    kind: str
    strategy: int
    title_id: str
    title_en: str
    answers: tuple[str, ...]
    sited: bool
    service: str | None = None
    standard_m: float | None = None
    standard: str = ""
    volume_rule: str
    volume_per_family: float | None = None
    families_per_unit: float | None = None
    minimum_families: int
    least_share: float = 0.0
    unit: str
    unit_cost_idr: float
    unit_cost_low_idr: float
    unit_cost_high_idr: float
    cost_year: int
    cost_source: str
    price_reference: str
    regional: bool
    design_share: float
    supervision_share: float
    taxed: bool
    maintenance_share: float
    executor: str
    authority: str
    programmes: tuple[str, ...]
    requires_id: tuple[str, ...]
    requires_en: tuple[str, ...]
    note: str

    def at_price(
        self, *, unit_cost_idr: float, low_idr: float, high_idr: float, year: int, source: str, reference: str
    ) -> InterventionKind:
        """Return the same kind at another dated price."""
        return replace(
            self, unit_cost_idr=float(unit_cost_idr), unit_cost_low_idr=float(low_idr),
            unit_cost_high_idr=float(high_idr), cost_year=year, cost_source=source, price_reference=reference,
        )  # fmt: skip


_SCHEMA = {
    "kind": Key(kind="text", required=True),
    "strategy": Key(kind="integer", required=True),
    "title_id": Key(kind="text", required=True),
    "title_en": Key(kind="text", required=True),
    "answers": Key(kind="texts", required=True),
    "sited": Key(kind="boolean", required=True),
    "service": Key(kind="text", choices=tuple(SERVICES)),
    "standard_m": Key(kind="number"),
    "standard": Key(kind="text"),
    "volume_rule": Key(kind="text", required=True, choices=VOLUME_RULES),
    "volume_per_family": Key(kind="number"),
    "families_per_unit": Key(kind="number"),
    "minimum_families": Key(kind="integer", required=True),
    "least_share": Key(kind="number"),
    "unit": Key(kind="text", required=True),
    "unit_cost_idr": Key(kind="number", required=True),
    "unit_cost_low_idr": Key(kind="number", required=True),
    "unit_cost_high_idr": Key(kind="number", required=True),
    "cost_year": Key(kind="integer", required=True),
    "cost_source": Key(kind="text", required=True),
    "price_reference": Key(kind="text", required=True, choices=PRICE_REFERENCES),
    "regional": Key(kind="boolean", required=True),
    "design_share": Key(kind="number", required=True),
    "supervision_share": Key(kind="number", required=True),
    "taxed": Key(kind="boolean", required=True),
    "maintenance_share": Key(kind="number", required=True),
    "executor": Key(kind="text", required=True),
    "authority": Key(kind="text", required=True, choices=AUTHORITIES),
    "programmes": Key(kind="texts", required=True),
    "requires_id": Key(kind="texts", required=True),
    "requires_en": Key(kind="texts", required=True),
    "note": Key(kind="text", required=True),
}


_ABOVE_0 = (
    "standard_m", "volume_per_family", "families_per_unit", "minimum_families", "unit_cost_idr", "unit_cost_low_idr",
    "unit_cost_high_idr",
)  # fmt: skip
_SHARES = ("least_share", "design_share", "supervision_share", "maintenance_share")
_OPTIONAL = {name: Key(kind=key.kind, choices=key.choices) for name, key in _SCHEMA.items()}


def load_interventions(*paths: Path) -> tuple[InterventionKind, ...]:
    """Kinds of intervention in the order of the files (where none is named, those of gisapp).

    ``[defaults]`` of a file stand for every entry of it that does not say otherwise.

    Raises
    ------
    ConfigurationError : naming file, line, entry and key.
    """
    kinds: list[InterventionKind] = []
    for path in paths or DEFAULT_FILES:
        document = read_document(path)
        document.check(
            document.data, {"defaults": Key(kind="table"), "intervention": Key(kind="tables", required=True)}
        )
        defaults = document.data.get("defaults", {})
        document.check(defaults, _OPTIONAL, ("defaults",))
        for number, entry in enumerate(document.data["intervention"]):
            at = ("intervention", number)
            kinds.append(_named(document, {**defaults, **entry}, at))
            if kinds[-1].kind in {kind.kind for kind in kinds[:-1]}:
                raise document.refuse(
                    (*at, "kind"),
                    f"{kinds[-1].kind!r} stands twice; give each kind its own name.",
                    f"{kinds[-1].kind!r} muncul dua kali; beri tiap jenis nama sendiri.",
                )
    return tuple(kinds)


def _named(document: Document, entry: dict[str, Any], at: KeyPath) -> InterventionKind:
    try:
        return _kind(document, entry, at)
    except ConfigurationError as error:
        name = entry.get("kind", int(at[-1]) + 1)
        raise ConfigurationError(f"{error.en} (intervention {name})", f"{error.id} (intervensi {name})") from error


def _kind(document: Document, entry: dict[str, Any], at: KeyPath) -> InterventionKind:
    document.check(entry, _SCHEMA, at)
    _check_answers(document, entry, at)
    needed = {"per_family": "volume_per_family", "per_units": "families_per_unit"}.get(entry["volume_rule"])
    for name in [*([needed] if needed else []), *(["standard_m"] if entry["sited"] else [])]:
        if name not in entry:
            raise document.refuse((*at, name), "missing key for this entry.", "kunci wajib untuk entri ini belum ada.")
    if entry["strategy"] not in range(1, 8):
        raise document.refuse((*at, "strategy"), "must be from 1 to 7.", "harus dari 1 sampai 7.")
    if entry["sited"] != (entry["volume_rule"] == "per_site"):
        raise document.refuse(
            (*at, "volume_rule"),
            "`per_site` belongs to `sited = true`, and only to it.",
            "`per_site` hanya untuk `sited = true`, dan sebaliknya.",
        )
    _check_numbers(document, entry, at)
    texts = {name: tuple(entry[name]) for name in ("answers", "programmes", "requires_id", "requires_en")}
    return InterventionKind(**{**entry, **texts})


def _check_numbers(document: Document, entry: dict[str, Any], at: KeyPath) -> None:
    for name in _ABOVE_0:
        if name in entry and not entry[name] > 0:
            raise document.refuse(
                (*at, name), f"must be above 0, not {entry[name]}.", f"harus di atas 0, bukan {entry[name]}."
            )
    for name in _SHARES:
        if not 0 <= entry.get(name, 0) <= 1:
            raise document.refuse(
                (*at, name), f"must be from 0 to 1, not {entry[name]}.", f"harus dari 0 sampai 1, bukan {entry[name]}."
            )
    if not entry["unit_cost_low_idr"] <= entry["unit_cost_idr"] <= entry["unit_cost_high_idr"]:
        raise document.refuse(
            (*at, "unit_cost_low_idr"),
            "low, price and high must stand in this order.",
            "harga rendah, harga dan harga tinggi harus berurutan.",
        )
    if len(entry["requires_id"]) != len(entry["requires_en"]):
        raise document.refuse(
            (*at, "requires_en"),
            "must name as many conditions as `requires_id`.",
            "harus memuat sebanyak syarat pada `requires_id`.",
        )


def _check_answers(document: Document, entry: dict[str, Any], at: KeyPath) -> None:
    unknown = [answer for answer in entry["answers"] if answer not in ANSWERS]
    if unknown or not entry["answers"]:
        known = ", ".join(ANSWERS)
        raise document.refuse(
            (*at, "answers"),
            f"{', '.join(unknown) or 'nothing'} cannot be answered. Known: {known}.",
            f"{', '.join(unknown) or 'kosong'} tidak dikenal. Yang dikenal: {known}.",
        )
