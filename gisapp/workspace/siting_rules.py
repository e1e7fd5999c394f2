"""Thresholds of where a site may stand, what is there already, and what a funded work answers."""

from __future__ import annotations

from collections.abc import Callable

from gisapp.catalog.land_classes import RULES, class_names
from gisapp.workspace.threshold import OURS, Threshold, in_range

_FOREST = {"hutan": "excludes", "bukan_hutan": "allows", "tubuh_air": "excludes"}
_LAND_USE = {
    "kawasan_lindung": "excludes",
    "badan_air": "excludes",
    "hutan_produksi": "excludes",
    "pertanian_dilindungi": "excludes",
    "pertambangan": "excludes",
    "pertahanan_keamanan": "excludes",
    "pertanian": "note",
    "perikanan": "note",
    "industri": "note",
    "pariwisata": "note",
    "transportasi": "note",
    "permukiman": "allows",
    "pelayanan_umum": "allows",
}
_HAZARD = {"tinggi": "excludes", "sedang": "note", "rendah": "allows"}


def _rules(name: str, layer: str, default: dict[str, str], texts: tuple[str, str, str, str]) -> Threshold:
    source, date, id, en = texts
    listed, rules = ", ".join(class_names(layer)), ", ".join(RULES)
    return Threshold(
        name=name, kind="text_map", default=default, source=source, date=date, id=id, en=en,
        rule_id=f"satu dari {rules} untuk masing-masing {listed}", rule_en=f"one of {rules} for each of {listed}",
        allowed=_all_of(layer), optional=True,
    )  # fmt: skip


def _all_of(layer: str) -> Callable[[dict[str, str]], bool]:
    return lambda value: set(value) == set(class_names(layer)) and set(value.values()) <= set(RULES)


def _metres(name: str, default: int, low: int, high: int, id: str, en: str) -> Threshold:
    return in_range(name, "integer", default, low, high, (OURS, "2026-11-23", id, en), optional=True)


def _share(name: str, default: float, low: float, id: str, en: str) -> Threshold:
    return in_range(name, "number", default, low, 1.0, (OURS, "2026-11-23", id, en), optional=True)


SITING: tuple[Threshold, ...] = (
    _rules(
        "forest_rules",
        "kawasan_hutan",
        _FOREST,
        (
            "UU 41/1999 tentang Kehutanan (kawasan hutan; APL bukan kawasan hutan)",
            "1999-09-30",
            "Fungsi pada peta kawasan hutan: melarang lokasi (excludes), catatan (note), boleh (allows).",
            "Function on the forest map: excludes a site, is a note, or allows it.",
        ),
    ),
    _rules(
        "land_use_rules",
        "pola_ruang_rtrw",
        _LAND_USE,
        (
            "kelas: Permen ATR/BPN 14/2021; boleh tidaknya: bawaan gisapp, ganti dengan ketentuan zonasi Perda RTRW",
            "2021-06-23",
            "Kelas pola ruang RTRW: melarang lokasi (excludes), catatan (note), boleh (allows).",
            "Class of the spatial plan: excludes a site, is a note, or allows it.",
        ),
    ),
    _rules(
        "hazard_rules",
        "rawan_bencana",
        _HAZARD,
        (
            "tingkat: Perka BNPB 2/2012; larangan: UU 24/2007 pasal 32 dan bawaan gisapp, ganti dengan ketentuan BPBD",
            "2012-01-01",
            "Tingkat rawan bencana: melarang lokasi (excludes), catatan (note), boleh (allows).",
            "Level of hazard: excludes a site, is a note, or allows it.",
        ),
    ),
    _metres(
        "candidate_cell_m",
        500,
        100,
        5000,
        "Sisi kotak berpenduduk yang menjadi calon lokasi di desa tanpa titik permukiman, meter.",
        "Edge of an inhabited square that is a candidate where a desa has no settlement point, metres.",
    ),
    _metres(
        "public_land_within_m",
        500,
        0,
        5000,
        "Lahan publik sedekat ini dari permukiman menggantikannya sebagai calon lokasi, meter; 0 mematikan.",
        "Public land this near a settlement takes its place as a candidate, metres; 0 switches it off.",
    ),
    _metres(
        "facility_duplicate_m",
        500,
        0,
        5000,
        "Sarana sejenis bernama sama dari dua lapisan sedekat ini dihitung sekali, meter.",
        "Facilities of a kind and name from two layers this near count once, metres.",
    ),
    _share(
        "area_name_likeness",
        0.85,
        0.5,
        "Kemiripan ejaan sejak nama wilayah sarana yang salah tulis dianggap wilayah itu (1: hanya yang persis).",
        "Likeness from which a misspelt area of a facility is taken as that area (1: exact ones only).",
    ),
    _share(
        "layer_complete_from",
        0.95,
        0.0,
        "Kelengkapan lapisan sejak ketiadaan layanan dianggap fakta; di bawahnya belum diketahui.",
        "Completeness of a layer from which absence is a fact; below it absence is unknown.",
    ),
    _share(
        "pre_empted_from",
        0.5,
        0.01,
        "Usulan dianggap sudah terjawab bila kegiatan yang didanai menjawab sedikitnya bagian ini dari keluarganya.",
        "A suggestion is pre-empted where funded works answer at least this share of its families.",
    ),
    in_range(
        "funded_years_back",
        "integer",
        1,
        0,
        10,
        (
            OURS,
            "2026-11-23",
            "Kegiatan sejak sekian tahun sebelum tahun data masih dihitung; yang lebih lama mestinya sudah tercatat.",
            "Works from this many years before the data still count; older ones should be recorded as built.",
        ),
        optional=True,
    ),
)
