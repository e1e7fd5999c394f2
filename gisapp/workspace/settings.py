"""gisapp.toml: read strictly, written with comments in two languages, edited without losing a comment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gisapp.catalog.strict import Document, Key, quote, read_document
from gisapp.workspace.prices import PRICES_COMMENT, read_prices
from gisapp.workspace.threshold import Threshold
from gisapp.workspace.thresholds import THRESHOLDS

FILE_NAME = "gisapp.toml"
CODE_SYSTEMS = ("kemendagri", "bps")
AUTO = "auto"

TOP_KEYS: dict[str, Key] = {
    "name": Key(kind="text", required=True),
    "kode": Key(kind="text", required=True),
    "code_system": Key(kind="text", required=True, choices=CODE_SYSTEMS),
    "working_crs": Key(kind="text", required=True),
    "synthetic": Key(kind="boolean", required=True),
    "training": Key(kind="boolean"),
    "thresholds": Key(kind="table", required=True),
    "prices": Key(kind="table"),
}
_COMMENTS = {
    "name": ("Nama kabupaten/kota.", "Name of the district."),
    "kode": (
        "Kode wilayah kabupaten. Kosong: diisi dari batas desa oleh `gisapp add`.",
        "Area code of the district. Empty: filled from the village boundary by `gisapp add`.",
    ),
    "code_system": ("Sistem kode batas: kemendagri atau bps.", "System of the boundary's codes: kemendagri or bps."),
    "working_crs": (
        'Sistem koordinat meter untuk luas dan jarak. "auto": zona UTM dari batas desa.',
        'Metric CRS for areas and distances. "auto": the UTM zone of the village boundary.',
    ),
    "synthetic": ("true bila seluruh data tiruan (gisapp demo).", "true when all data are synthetic (gisapp demo)."),
    "training": (
        "true untuk latihan: setiap halaman dan dokumen bertanda LATIHAN; hanya dengan data tiruan.",
        "true for training: every page and document is marked LATIHAN; with synthetic data only.",
    ),
}
_ASSIGNMENT = re.compile(r"^[A-Za-z_]+\s*=.*$", re.MULTILINE)
_CRS = re.compile(r"EPSG:\d{4,6}")
_KODE = re.compile(r"(\d{2}\.?\d{2})?")


@dataclass(frozen=True, kw_only=True)
class WorkspaceSettings:
    """The settings of one workspace; ``sources`` holds (source, date) of each threshold by name.

    ``training``: every page and document is marked LATIHAN. A workspace made before this key existed may lack it.
    """

    name: str
    kode: str
    code_system: str
    working_crs: str
    synthetic: bool
    training: bool
    poor_deciles: tuple[int, ...]
    ranking_criterion: str
    deprivation_weights: dict[str, float]
    deprivation_cutoff: float
    significance_level: float
    permutations: int
    min_methods: int
    seed: int
    k_staff: int
    k_public: int
    cell_size_m: int
    stack_threshold: int
    facility_stack_threshold: int
    sites_per_pocket: int
    detour_factor: float
    quarantine_retention_days: int
    extreme_poverty_line_idr: float
    poverty_line_idr: dict[str, float]
    quadrant_rate_cut: str
    quadrant_count_cut: str
    matrix_share_cuts: str
    matrix_density_cuts: str
    klassen_level_cut: str
    klassen_change_cut: str
    dense_cluster_size: int
    dense_distance_m: int
    cell_shape: str
    pocket_unit: str
    pocket_grid_shape: str
    pocket_grid_size_m: int
    grid_support_shifts: int
    lineage_overlap: float
    reliability_cuts: dict[str, float]
    rse_cuts: dict[str, float]
    verification_visits: int
    verification_error_share: float
    forest_rules: dict[str, str]
    land_use_rules: dict[str, str]
    hazard_rules: dict[str, str]
    candidate_cell_m: int
    public_land_within_m: int
    facility_duplicate_m: int
    area_name_likeness: float
    layer_complete_from: float
    pre_empted_from: float
    funded_years_back: int
    region_cost_factor: float
    vat_rate: float
    count_range_level: float
    suggestion_weights: dict[str, float]
    suggestion_concentration: float
    suggestion_first: int
    suggestion_draws: int
    site_match_m: int
    standard_minutes: dict[str, float]
    catchment_zones: dict[str, float]
    travel_modes: dict[str, str]
    travel_season: str
    rivers_crossed_by: str
    travel_cell_m: int
    travel_snap_m: int
    link_join_m: int
    link_access_m: int
    link_longest_m: int
    link_shortest_m: int
    link_detour: float
    link_spacing_m: int
    link_bridge_span_m: int
    village_without_share: float
    village_least_families: int
    village_least_known: float
    prices: dict[str, dict[str, Any]]
    sources: dict[str, tuple[str, str]]


def read_settings(path: Path) -> WorkspaceSettings:
    """Read gisapp.toml; an unknown, missing or wrong key is refused with file, line and key (ConfigurationError)."""
    document = read_document(path)
    document.check(document.data, TOP_KEYS)
    _check_place(document)
    table = document.data["thresholds"]
    document.check(table, {t.name: Key(kind="table", required=not t.optional) for t in THRESHOLDS}, ("thresholds",))
    values = {threshold.name: _value(document, threshold) for threshold in THRESHOLDS}
    return WorkspaceSettings(
        **{name: document.data.get(name, False) for name in _COMMENTS},
        **values,
        prices=read_prices(document),
        sources={t.name: _source(table, t) for t in THRESHOLDS},
    )


def default_settings_text(*, name: str = "", synthetic: bool = False, seed: int | None = None) -> str:
    """Text of a fresh gisapp.toml, commented in Indonesian and English."""
    top = {"name": name, "kode": "", "code_system": "kemendagri", "working_crs": AUTO, "synthetic": synthetic}
    top["training"] = False
    lines = [
        "# gisapp.toml — pengaturan satu kabupaten / settings of one district.",
        "# Setiap ambang punya nilai, sumber dan tanggal / every threshold has a value, a source and a date.",
    ]
    for key, value in top.items():
        lines += ["", *(f"# {comment}" for comment in _COMMENTS[key]), f"{key} = {_literal(value)}"]
    for threshold in THRESHOLDS:
        value = seed if threshold.name == "seed" and seed is not None else threshold.default
        lines += ["", *_threshold_lines(threshold, value)]
    lines += ["", *PRICES_COMMENT]
    return "\n".join(lines) + "\n"


def fill_settings_text(text: str, values: Mapping[str, str | bool]) -> str:
    """Return the text with top-level keys set to new values; every comment and every other line stays as it is.

    A key that the text does not have yet is added behind the others.
    """
    head, marker, rest = text.partition("\n[")
    for key, value in values.items():
        pattern = re.compile(rf"^({re.escape(key)}\s*=\s*)(\"[^\"\n]*\"|'[^'\n]*'|true|false)", re.MULTILINE)
        literal = _literal(value)
        if pattern.search(head) is None:
            last = max((found.end() for found in _ASSIGNMENT.finditer(head)), default=len(head))
            head = f"{head[:last]}\n{key} = {literal}{head[last:]}"
        head = pattern.sub(lambda found, literal=literal: found[1] + literal, head, count=1)  # type: ignore[misc]
    return head + marker + rest


def _check_place(document: Document) -> None:
    data = document.data
    if not _KODE.fullmatch(data["kode"]):
        raise document.refuse(
            ("kode",),
            f"{data['kode']!r} is not a district code like 12.05.",
            f"{data['kode']!r} bukan kode kabupaten seperti 12.05.",
        )
    if data.get("training", False) and not data["synthetic"]:
        raise document.refuse(
            ("training",),
            "training needs synthetic data: nobody practises on real families. Use `gisapp demo --training`.",
            "latihan memerlukan data tiruan: keluarga nyata bukan bahan latihan. Pakai `gisapp demo --training`.",
        )
    if data["working_crs"] != AUTO and not _CRS.fullmatch(data["working_crs"]):
        raise document.refuse(
            ("working_crs",),
            f'{data["working_crs"]!r} must be "auto" or like EPSG:32647.',
            f'{data["working_crs"]!r} harus "auto" atau seperti EPSG:32647.',
        )


def _value(document: Document, threshold: Threshold) -> Any:
    at = ("thresholds", threshold.name)
    if threshold.name not in document.data["thresholds"]:
        return threshold.default
    entry = document.data["thresholds"][threshold.name]
    schema = {
        "value": Key(kind=threshold.kind, required=True),
        "source": Key(kind="text", required=True),
        "date": Key(kind="text", required=True),
    }
    document.check(entry, schema, at)
    value = entry["value"]
    if not threshold.allowed(value):
        raise document.refuse(
            (*at, "value"),
            f"must be {threshold.rule_en}, not {value!r}.",
            f"harus {threshold.rule_id}, bukan {value!r}.",
        )
    if threshold.kind == "integers":
        return tuple(value)
    return float(value) if threshold.kind == "number" else value


def _source(table: Mapping[str, Any], threshold: Threshold) -> tuple[str, str]:
    entry = table.get(threshold.name, {"source": threshold.source, "date": threshold.date})
    return entry["source"], entry["date"]


def _threshold_lines(threshold: Threshold, value: Any) -> list[str]:
    lines = [f"# {threshold.id}", f"# {threshold.en}", f"[thresholds.{threshold.name}]"]
    tail = [f"source = {quote(threshold.source)}", f"date = {quote(threshold.date)}"]
    if isinstance(value, dict):
        inner = [f"{key} = {_literal(item)}" for key, item in value.items()]
        return [*lines, *tail, "", f"[thresholds.{threshold.name}.value]", *inner]
    return [*lines, f"value = {_literal(value)}", *tail]


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, list):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    return repr(value)
