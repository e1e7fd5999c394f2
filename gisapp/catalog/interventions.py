"""What can be suggested: kinds of intervention, read strictly from ``interventions.toml`` beside this module."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gisapp.catalog.strict import Document, Key, KeyPath, read_document
from gisapp.columns import DEPRIVATIONS, SERVICES
from gisapp.errors import ConfigurationError

DEFAULT_FILE = Path(__file__).with_name("interventions.toml")
VOLUME_RULES = ("per_family", "per_units", "per_site", "per_area", "road_km")
AUTHORITIES = ("pusat", "provinsi", "kabupaten", "desa")
#: What an intervention may answer.
ANSWERS = (
    *DEPRIVATIONS,
    *(f"gap:{service}" for service in SERVICES),
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
    """One kind of suggestion. ``unit_cost_idr`` is of ``cost_year``; ``standard_m`` is in straight-line metres."""

    kind: str
    strategy: int
    title_id: str
    title_en: str
    answers: tuple[str, ...]
    sited: bool
    service: str | None = None
    standard_m: float | None = None
    volume_rule: str
    volume_per_family: float | None = None
    families_per_unit: float | None = None
    minimum_families: int
    unit: str
    unit_cost_idr: float
    cost_year: int
    cost_source: str
    executor: str
    authority: str
    note: str


_SCHEMA = {
    "kind": Key(kind="text", required=True),
    "strategy": Key(kind="integer", required=True),
    "title_id": Key(kind="text", required=True),
    "title_en": Key(kind="text", required=True),
    "answers": Key(kind="texts", required=True),
    "sited": Key(kind="boolean", required=True),
    "service": Key(kind="text", choices=tuple(SERVICES)),
    "standard_m": Key(kind="number"),
    "volume_rule": Key(kind="text", required=True, choices=VOLUME_RULES),
    "volume_per_family": Key(kind="number"),
    "families_per_unit": Key(kind="number"),
    "minimum_families": Key(kind="integer", required=True),
    "unit": Key(kind="text", required=True),
    "unit_cost_idr": Key(kind="number", required=True),
    "cost_year": Key(kind="integer", required=True),
    "cost_source": Key(kind="text", required=True),
    "executor": Key(kind="text", required=True),
    "authority": Key(kind="text", required=True, choices=AUTHORITIES),
    "note": Key(kind="text", required=True),
}


def load_interventions(path: Path = DEFAULT_FILE) -> tuple[InterventionKind, ...]:
    """Kinds of intervention in the order of the file.

    Raises
    ------
    ConfigurationError : naming file, line, entry and key.
    """
    document = read_document(path)
    document.check(document.data, {"intervention": Key(kind="tables", required=True)})
    kinds: list[InterventionKind] = []
    for number, entry in enumerate(document.data["intervention"]):
        try:
            kinds.append(_kind(document, entry, ("intervention", number)))
        except ConfigurationError as error:
            name = entry.get("kind", number + 1)
            raise ConfigurationError(f"{error.en} (intervention {name})", f"{error.id} (intervensi {name})") from error
        if kinds[-1].kind in {kind.kind for kind in kinds[:-1]}:
            raise document.refuse(
                ("intervention", number, "kind"),
                f"{kinds[-1].kind!r} stands twice; give each kind its own name.",
                f"{kinds[-1].kind!r} muncul dua kali; beri tiap jenis nama sendiri.",
            )
    return tuple(kinds)


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
    for name in ("standard_m", "volume_per_family", "families_per_unit", "unit_cost_idr", "minimum_families"):
        if name in entry and not entry[name] > 0:
            raise document.refuse(
                (*at, name), f"must be above 0, not {entry[name]}.", f"harus di atas 0, bukan {entry[name]}."
            )
    return InterventionKind(**{**entry, "answers": tuple(entry["answers"])})


def _check_answers(document: Document, entry: dict[str, Any], at: KeyPath) -> None:
    unknown = [answer for answer in entry["answers"] if answer not in ANSWERS]
    if unknown or not entry["answers"]:
        known = ", ".join(ANSWERS)
        raise document.refuse(
            (*at, "answers"),
            f"{', '.join(unknown) or 'nothing'} cannot be answered. Known: {known}.",
            f"{', '.join(unknown) or 'kosong'} tidak dikenal. Yang dikenal: {known}.",
        )
