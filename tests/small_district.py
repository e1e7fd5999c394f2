"""A district of twelve square desa in three kecamatan, with two pockets; counts chosen so that each rule shows."""

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point, box

from gisapp.columns import DEPRIVATIONS, SERVICES
from gisapp.errors import NotFoundError

HOSTILE = ["</script><script>window.HACKED=1</script>", "${alert(1)}", "{{7*7}}", '=HYPERLINK("x")']
WEST, SOUTH, EDGE = 98.2, 3.6, 0.1

#: Registered families and families of decile 1 per desa; desa 8 has too few, desa 12 no family at all.
FAMILIES = [400, 380, 350, 260, 200, 220, 240, 60, 300, 310, 320, 0]
POOR = [140, 120, 110, 26, 20, 22, 30, 3, 90, 31, 32, 0]


def _code(row):
    return f"12.05.{row // 4 + 1:02d}.20{row % 4 + 1:02d}"


def _measured(frame):
    poor, families = frame["poor_families"].astype(float), frame["families"].astype(float).replace(0, np.nan)
    ratio = poor / families
    frame = frame.assign(
        persons=(frame["families"] * 4).astype("Int64"),
        poor_persons=(frame["poor_families"] * 4).astype("Int64"),
        headcount_ratio=ratio,
        headcount_lower=(ratio - 0.02).clip(lower=0),
        headcount_upper=ratio + 0.02,
        headcount_basis="registered_families",
        density=poor / 30,
        adjusted_headcount=ratio * 0.6,
    )
    for position, name in enumerate(DEPRIVATIONS):
        frame[f"deprived_share_{name}"] = (ratio * 1.5 + 0.02 * position).clip(upper=1)
        frame[f"contribution_{name}"] = 0.125
    for position, name in enumerate(SERVICES):
        frame[f"distance_m_{name}"] = 900.0 + 800 * position
    return frame


def _level(codes, names, level, parents, families, poor, shapes):
    frame = pd.DataFrame(
        {
            "code": codes,
            "name": names,
            "level": level,
            "parent_code": parents,
            "status": ["present" if n else "no_data" for n in families],
            "families": pd.array(families, dtype="Int64"),
            "poor_families": pd.array(poor, dtype="Int64"),
        }
    )
    return gpd.GeoDataFrame(_measured(frame), geometry=shapes, crs="EPSG:4326")


def make_areas():
    shapes = [
        box(WEST + EDGE * (i % 4), SOUTH + EDGE * (i // 4), WEST + EDGE * (i % 4 + 1), SOUTH + EDGE * (i // 4 + 1))
        for i in range(12)
    ]
    names = [*HOSTILE, *(f"Desa {i + 1}" for i in range(4, 12))]
    codes = [_code(i) for i in range(12)]
    desa = _level(codes, names, "desa", [code[:8] for code in codes], FAMILIES, POOR, shapes)
    desa["pocket_id"] = ["p-a", "p-a", "p-a", *[None] * 5, "p-b", None, None, None]
    desa["gi_star_z"] = [3.1, 2.9, 2.5, *[-0.5] * 9]
    parts = []
    for k in range(3):
        rows = slice(4 * k, 4 * k + 4)
        whole = box(WEST, SOUTH + EDGE * k, WEST + 4 * EDGE, SOUTH + EDGE * (k + 1))
        parts.append(
            _level(
                [codes[4 * k][:8]],
                [f"Kecamatan {k + 1}"],
                "kecamatan",
                ["12.05"],
                [sum(FAMILIES[rows])],
                [sum(POOR[rows])],
                [whole],
            )
        )
    whole = box(WEST, SOUTH, WEST + 4 * EDGE, SOUTH + 3 * EDGE)
    district = _level(["12.05"], ["Kabupaten Contoh"], "kabupaten", [None], [sum(FAMILIES)], [sum(POOR)], [whole])
    return gpd.GeoDataFrame(pd.concat([desa, *parts, district], ignore_index=True), crs="EPSG:4326")


def make_pockets(areas):
    rows = []
    for number, (pocket, members, methods) in enumerate((("p-a", [0, 1, 2], 3), ("p-b", [8], 1))):
        desa = areas.iloc[members]
        families, poor = int(desa["families"].sum()), int(desa["poor_families"].sum())
        rows.append(
            {
                "pocket_id": pocket,
                "label": "AB"[number],
                "name": f"{HOSTILE[0]} {number}",
                "status": "present",
                "member_codes": "; ".join(desa["code"]),
                "member_names": "; ".join(desa["name"]),
                "n_areas": len(members),
                "families": families,
                "poor_families": poor,
                "relative_risk": 2.4,
                "agreement": methods,
                "methods_run": 3,
                "stability": 0.9,
                "rank": number + 1,
                "rank_lower": 1,
                "rank_upper": 2,
                "rank_group": 1,
                "rank_criterion": "poor_families",
                "main_causes": "water; work",
                "geometry": desa.geometry.union_all(),
            }
        )
    return gpd.GeoDataFrame(_measured(pd.DataFrame(rows)), geometry="geometry", crs="EPSG:4326")


def make_interventions():
    common = {
        "status": "present",
        "location_label": "indikasi lokasi",
        "volume": 1.0,
        "unit": "unit",
        "unit_cost_idr": 2.5e8,
        "cost_source": "SSH contoh 2024",
        "executor": "Dinas Pendidikan",
        "authority": "kabupaten",
        "why_id": f"120 keluarga di luar standar {HOSTILE[1]}",
        "why_en": "120 families beyond the standard",
        "evidence": '{"families": 120}',
        "not_checked": "kawasan hutan, HGU",
        "run_id": "run0run0run0",
    }
    rows = [
        {
            "intervention_id": "i1",
            "pocket_id": "p-a",
            "strategy": 2,
            "kind": "primary_school",
            "service": "primary_school",
            "title_id": "Sekolah dasar baru",
            "title_en": "New primary school",
            "code": _code(0),
            "families": 120,
            "persons": 480,
            "cost_idr": 2.5e8,
            "geometry": Point(98.25, 3.65),
        },
        {
            "intervention_id": "i2",
            "pocket_id": "p-a",
            "strategy": 3,
            "kind": "water",
            "service": None,
            "title_id": "Sambungan air minum",
            "title_en": "Water connections",
            "code": _code(1),
            "families": 4,
            "persons": 16,
            "cost_idr": 1e7,
            "geometry": Point(98.35, 3.65),
        },
        {
            "intervention_id": "i3",
            "pocket_id": "p-b",
            "strategy": 6,
            "kind": "verify",
            "service": None,
            "title_id": "Verifikasi data",
            "title_en": "Verify data",
            "code": None,
            "families": None,
            "persons": None,
            "cost_idr": None,
            "geometry": None,
        },
    ]
    frame = pd.DataFrame([{**common, **row} for row in rows]).astype({"families": "Int64", "persons": "Int64"})
    return gpd.GeoDataFrame(frame, geometry="geometry", crs="EPSG:4326")


def make_gaps():
    rows = [("g1", 0, 0, 400), ("g2", 1, 3, 380), ("g3", 2, 350, 350), ("g4", 7, 30, 60), ("g5", 5, 50, 220)]
    frame = gpd.GeoDataFrame(
        [
            {
                "gap_id": gap,
                "status": "present",
                "code": _code(row),
                "name": f"Desa {row}",
                "service": "primary_school",
                "standard": 3000.0,
                "distance_m": 2500.0,
                "families": beyond,
                "families_measured": measured,
                "absence": "known",
                "geometry": Point(98.25 + EDGE * row, 3.65),
            }
            for gap, row, beyond, measured in rows
        ],
        crs="EPSG:4326",
    )
    return frame.astype({"families": "Int64", "families_measured": "Int64"})


def make_cells():
    counts = [(60, 40), (70, 30), (9, 6), (12, 2), (80, 64)]
    rows = []
    for number, (families, poor) in enumerate(counts):
        west = WEST + 0.002 * number
        rows.append(
            {
                "cell_id": f"c{number}",
                "status": "present",
                "code": _code(0),
                "families": families,
                "persons": families * 4,
                "poor_families": poor,
                "poor_persons": poor * 4,
                "geometry": box(west, SOUTH, west + 0.002, SOUTH + 0.002),
            }
        )
    return gpd.GeoDataFrame(rows, crs="EPSG:4326")


def make_patterns():
    """Families of ``FAMILIES`` and ``POOR``: the poor in decile 1, the others by turns in 2 to 5."""
    rows = []
    for row, (families, poor) in enumerate(zip(FAMILIES, POOR, strict=True)):
        shares = [poor, *((families - poor) // 4 + (turn < (families - poor) % 4) for turn in range(4))]
        for decile, count in enumerate(shares, start=1):
            for lacking, part in ((("water", "work"), count // 3), ((), count - count // 3)):
                if part:
                    lacks = {name: np.int8(name in lacking) for name in DEPRIVATIONS}
                    rows.append({"code": _code(row), "decile": decile, **lacks, "families": part, "persons": 4 * part})
    frame = pd.DataFrame(rows).astype({"decile": "Int8", **dict.fromkeys(DEPRIVATIONS, "int8")})
    return frame[["code", "decile", *DEPRIVATIONS, "families", "persons"]]


class SmallRun:
    """What ``targeting.runs.Run`` offers, from memory."""

    run_id = "run0run0run0"

    def __init__(self):
        areas = make_areas()
        self.collections = {
            "areas": areas,
            "pockets": make_pockets(areas),
            "interventions": make_interventions(),
            "gaps": make_gaps(),
            "cells": make_cells(),
        }
        self.manifest = {
            "run_id": self.run_id,
            "period": "2025-1",
            "version": "0.2.0",
            "district": {"name": "Kabupaten Contoh", "kode": "12.05", "synthetic": True},
            "registry": {"source": "Data contoh", "form": "dtsen2026", "families": 3040},
            "outside_pockets": {
                "families": 1610,
                "families_share": 0.53,
                "poor_families": 164,
                "poor_families_share": 0.263,
            },
            "published_poverty": [
                {"year": 2022, "persons": 99000, "rate": 0.0949, "source": "BPS"},
                {"year": 2023, "persons": 98160, "rate": 0.0923, "source": "BPS"},
            ],
            "counts": {"pockets": 2, "interventions": 3},
            "inputs": [{"name": "desa", "role": "boundary", "source": "Kemendagri", "date": "2025", "licence": ""}],
        }

    def collection(self, name):
        return self.collections[name].copy()

    def patterns(self):
        return make_patterns()

    def reached(self):
        raise NotFoundError("Run it again.", "Jalankan lagi.", code="no_reached")

    def context(self, name):
        if name == "desa":
            desa = self.collections["areas"].query("level == 'desa'")
            return desa[["code", "geometry"]].to_crs("EPSG:32647").reset_index(drop=True)
        if name == "facilities":
            rows = [
                {
                    "layer": "sd",
                    "kind": "sd",
                    "service": "primary_school",
                    "name": HOSTILE[0],
                    "position": "known",
                    "geometry": Point(98.26, 3.66),
                },
                {
                    "layer": "sd",
                    "kind": "sd",
                    "service": "primary_school",
                    "name": "SD 2",
                    "position": "blank",
                    "geometry": None,
                },
                {
                    "layer": "pustu",
                    "kind": "pustu",
                    "service": "health_centre",
                    "name": "Pustu",
                    "position": "known",
                    "geometry": Point(98.36, 3.64),
                },
            ]
            return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")
        lines = [
            {"kind": "jalan", "geometry": LineString([(98.2, 3.62), (98.6, 3.68)])},
            {"kind": "sungai", "geometry": LineString([(98.22, 3.6), (98.3, 3.9)])},
        ]
        return gpd.GeoDataFrame(lines, crs="EPSG:4326")

    def rasters(self):
        return {}


def small_workspace():
    settings = SimpleNamespace(k_staff=5, k_public=10, min_methods=2)
    return SimpleNamespace(settings=settings, catalog=SimpleNamespace(layers={}))
