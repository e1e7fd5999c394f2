"""Shapefile in a ZIP: explicit names of at most ten characters, a legend that explains them, the metadata as text."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from gisapp.columns import DEPRIVATIONS, SERVICES
from gisapp.errors import InvalidInputError
from gisapp.writers.archive import zip_bytes
from gisapp.writers.values import column

_NAME_LIMIT = 10
_TEXT_LIMIT = 254

_DEPRIVATION = {
    "schooling": "school",
    "adult_education": "adult",
    "work": "work",
    "water": "water",
    "sanitation": "sanit",
    "housing": "house",
    "electricity": "electr",
    "cooking_fuel": "fuel",
}
_SERVICE = {
    "early_childhood": "paud",
    "primary_school": "sd",
    "junior_school": "smp",
    "senior_school": "sma",
    "health_centre": "health",
    "posyandu": "posy",
    "market": "market",
    "road": "road",
}

#: Column -> its name in a DBF, for every column that is longer than DBF allows.
SHORT_NAMES = {
    "parent_code": "parent",
    "urban_rural": "urb_rur",
    "poor_families": "poor_fam",
    "poor_persons": "poor_per",
    "population_families": "pop_fam",
    "population_persons": "pop_per",
    "population_date": "pop_date",
    "headcount_ratio": "hc_ratio",
    "headcount_basis": "hc_basis",
    "headcount_lower": "hc_lower",
    "headcount_upper": "hc_upper",
    "headcount_smoothed": "hc_smooth",
    "smoothed_lower": "sm_lower",
    "smoothed_upper": "sm_upper",
    "headcount_reliability": "hc_reliab",
    "headcount_standing": "hc_stands",
    "expected_families": "exp_fam",
    "coverage_gap": "cov_gap",
    "coverage_gap_lower": "gap_lower",
    "coverage_gap_upper": "gap_upper",
    "coverage_gap_concept": "gap_of",
    "registration_z": "reg_z",
    "registration_thin": "reg_thin",
    "visits_suggested": "visits",
    "unit_cost_low_idr": "uc_low",
    "unit_cost_high_idr": "uc_high",
    "price_reference": "price_ref",
    "region_factor": "region_f",
    "design_share": "design_sh",
    "supervision_share": "superv_sh",
    "supervision_idr": "superv_idr",
    "maintenance_share": "maint_sh",
    "maintenance_idr": "maint_idr",
    "cost_per_family_idr": "idr_fam",
    "cost_per_family_lower_idr": "idr_fam_lo",
    "cost_per_family_upper_idr": "idr_fam_hi",
    "rank_in_kind": "rank_kind",
    "rank_in_kind_lower": "rank_k_lo",
    "rank_in_kind_upper": "rank_k_hi",
    "first_probability": "p_first",
    "first_error": "p_first_se",
    "leading_probability": "p_lead",
    "leading_error": "p_lead_se",
    "counterfactual_id": "what_if_id",
    "counterfactual_en": "what_if_en",
    "displaced_families": "displ_fam",
    "requires_id": "req_id",
    "requires_en": "req_en",
    "survey_concept": "sv_concept",
    "survey_estimate": "sv_direct",
    "survey_rse": "sv_rse",
    "survey_model_estimate": "sv_model",
    "survey_model_rse": "sv_mod_rse",
    "survey_class": "sv_class",
    "welfare_known": "wf_known",
    "poverty_line_known": "pl_known",
    "persons_below_line": "below_pl",
    "poverty_headcount": "fgt_p0",
    "poverty_gap": "fgt_p1",
    "poverty_severity": "fgt_p2",
    "persons_below_extreme_line": "below_ext",
    "extreme_headcount": "ext_hc",
    "multidimensional_headcount": "md_hc",
    "adjusted_headcount": "md_m0",
    "share_unknown": "sh_unknown",
    "share_of_adjusted_headcount": "sh_m0",
    "gi_star_high": "gi_high",
    "local_moran": "moran",
    "local_moran_p": "moran_p",
    "local_moran_quadrant": "moran_quad",
    "local_moran_high": "moran_high",
    "cluster_mass_p": "mass_p",
    "cluster_mass_high": "mass_high",
    "scan_reliability": "scan_rel",
    "excess_high": "exc_high",
    "matrix_share_class": "mat_share",
    "matrix_density_class": "mat_dens",
    "matrix_priority": "mat_prio",
    "dense_share": "dense_shr",
    "methods_found": "n_methods",
    "member_codes": "members",
    "member_names": "memb_names",
    "parent_pocket_ids": "parents",
    "grid_support": "grid_supp",
    "relative_risk": "rel_risk",
    "methods_run": "n_run",
    "rank_lower": "rank_low",
    "rank_upper": "rank_up",
    "rank_group": "rank_grp",
    "rank_criterion": "rank_crit",
    "main_causes": "causes",
    "intervention_id": "interv_id",
    "location_label": "loc_label",
    "unit_cost_idr": "unit_cost",
    "cost_source": "cost_src",
    "not_checked": "unchecked",
    "funded_share": "fund_share",
    "absence_unknown": "abs_unkn",
    "plan_status": "plan_stat",
    "standard_source": "std_source",
    "families_measured": "fam_meas",
    **{f"deprived_share_{name}": f"d_{_DEPRIVATION[name]}" for name in DEPRIVATIONS},
    **{f"contribution_{name}": f"c_{_DEPRIVATION[name]}" for name in DEPRIVATIONS},
    **{f"distance_m_{name}": f"m_{_SERVICE[name]}" for name in SERVICES},
    **{f"travel_time_min_{name}": f"min_{_SERVICE[name]}" for name in SERVICES},
    **{f"beyond_minutes_{name}": f"bm_{_SERVICE[name]}" for name in SERVICES},
    **{f"beyond_minutes_share_{name}": f"bs_{_SERVICE[name]}" for name in SERVICES},
    **{f"minutes_unknown_share_{name}": f"mu_{_SERVICE[name]}" for name in SERVICES},
    **{f"places_per_1000_{name}": f"pl_{_SERVICE[name]}" for name in SERVICES},
    "travel_time_min": "travel_min",
}


def short_names(names: Iterable[str]) -> dict[str, str]:
    """Name every column for a DBF: from the table, else cut and numbered; all different."""
    result: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        wanted = SHORT_NAMES.get(name, name)[:_NAME_LIMIT]
        short, number = wanted, 0
        while short.casefold() in taken:
            number += 1
            short = f"{wanted[: _NAME_LIMIT - 1 - len(str(number))]}_{number}"
        taken.add(short.casefold())
        result[name] = short
    return result


def _legend(frame: gpd.GeoDataFrame, names: Mapping[str, str], collection: str) -> bytes:
    text = io.StringIO(newline="")
    sheet = csv.writer(text)
    sheet.writerow(["dbf", "column", "unit", "id", "en", "cut_to_254_bytes"])
    for name, short in names.items():
        known = column(collection, name, frame[name])
        cut = 0
        if known.kind == "text":
            cut = sum(len(str(value).encode()) > _TEXT_LIMIT for value in frame[name].dropna())
        sheet.writerow([short, name, known.unit, known.id, known.en, cut])
    return text.getvalue().encode("utf-8-sig")


def _cut(frame: gpd.GeoDataFrame, names: Mapping[str, str]) -> gpd.GeoDataFrame:
    result = frame.rename(columns=dict(names))
    for name, short in names.items():
        if pd.api.types.is_string_dtype(frame[name].dtype):
            result[short] = [_first_bytes(value) for value in frame[name]]
    return result


def _first_bytes(value: Any) -> str | None:
    return None if pd.isna(value) else str(value).encode()[:_TEXT_LIMIT].decode(errors="ignore")


def _require_geometry(frame: gpd.GeoDataFrame) -> None:
    if frame.geometry.notna().any():
        return
    raise InvalidInputError(
        "None of the rows has a geometry, so there is nothing for a Shapefile: export to csv, xlsx or gpkg.",
        "Tidak ada baris yang bergeometri sehingga Shapefile kosong: pilih csv, xlsx atau gpkg.",
        code="no_geometry",
    )


def write_shapefile(frame: gpd.GeoDataFrame, path: Path, *, collection: str, metadata: Mapping[str, Any]) -> None:
    """Write the frame, its legend and its metadata as one ZIP; texts are cut at 254 bytes, which the legend counts."""
    _require_geometry(frame)
    names = short_names([name for name in frame.columns if name != frame.geometry.name])
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        target = Path(folder) / f"{collection}.shp"
        pyogrio.write_dataframe(
            _cut(frame, names),
            target,
            driver="ESRI Shapefile",
            use_arrow=True,
            encoding="UTF-8",
            layer_options={"DBF_DATE_LAST_UPDATE": "2000-01-01"},
        )
        files = {file.name: file.read_bytes() for file in sorted(Path(folder).iterdir())}
    files["legend.csv"] = _legend(frame, names, collection)
    files["metadata.txt"] = "".join(f"{key}: {value}\n" for key, value in metadata.items()).encode()
    path.write_bytes(zip_bytes(files))


def unpack_shapefile(zipped: Path, path: Path) -> None:
    """Lay the parts of a zipped Shapefile beside each other under the name of ``path``; the .shp comes last.

    Whoever sees the .shp therefore finds its parts; legend and metadata are called ``<stem>-legend.csv`` and
    ``<stem>-metadata.txt``.
    """
    with zipfile.ZipFile(zipped) as parts:
        names = sorted(parts.namelist(), key=lambda name: name.endswith(".shp"))
        for name in names:
            suffix = f"-{name}" if name in ("legend.csv", "metadata.txt") else Path(name).suffix
            target = path.with_name(f"{path.stem}{suffix}")
            draft = zipped.with_name(name)
            draft.write_bytes(parts.read(name))
            draft.replace(target)
