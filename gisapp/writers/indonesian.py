"""Indonesian for what a table carries as codes: headings come from ``columns.py``, closed sets of values from here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gisapp.columns import DEPRIVATIONS, SERVICES

_TITLES = {name: pair[0] for name, pair in (*DEPRIVATIONS.items(), *SERVICES.items())}
_CRITERIA = {
    "poor_families": "jumlah keluarga desil 1",
    "poor_persons": "jumlah jiwa dalam keluarga desil 1",
    "headcount_ratio": "bagian desil 1",
}
_METHODS = {
    "gi_star": "Gi* lokal",
    "local_moran": "Moran lokal",
    "cluster_mass": "massa gugus",
    "scan": "jendela pindai",
    "excess": "kelebihan atas kabupaten",
}
_NEEDS = {
    **_TITLES,
    **{f"gap:{name}": f"{pair[0]} jauh" for name, pair in SERVICES.items()},
    "signal": "tanpa sinyal seluler",
    "link:bridge": "jembatan belum ada",
    "link:road": "ruas jalan belum ada",
    "coverage": "keluarga belum terdaftar",
    "unverified": "data belum lengkap",
    "absence": "ketiadaan layanan belum diketahui",
    "no_pkh": "tidak menerima PKH",
    "no_bpnt": "tidak menerima BPNT/Sembako",
    "no_pbi": "tanpa PBI jaminan kesehatan",
    "all": "semua keluarga desil 1",
}

#: Column -> code -> words. A value that is not here stays as it is.
VALUES: dict[str, Mapping[str, str]] = {
    "status": {"present": "ada", "suppressed": "disembunyikan", "no_data": "tidak ada data"},
    "level": {"desa": "desa/kelurahan"},
    "urban_rural": {"rural": "perdesaan", "urban": "perkotaan"},
    "headcount_basis": {"population_persons": "penduduk", "registered_families": "keluarga terdaftar"},
    "quadrant": {
        "high_rate_high_count": "bagian tinggi, jumlah tinggi",
        "high_rate_low_count": "bagian tinggi, jumlah rendah",
        "low_rate_high_count": "bagian rendah, jumlah tinggi",
        "low_rate_low_count": "bagian rendah, jumlah rendah",
    },
    "klassen": {
        "high_lagging": "tinggi dan tertinggal",
        "high_catching_up": "tinggi tetapi mengejar",
        "low_slipping": "rendah tetapi melemah",
        "low_leading": "rendah dan tetap di depan",
    },
    "local_moran_quadrant": {
        "high-high": "tinggi di antara yang tinggi",
        "high-low": "tinggi di antara yang rendah",
        "low-high": "rendah di antara yang tinggi",
        "low-low": "rendah di antara yang rendah",
    },
    "headcount_standing": {
        "alone": "boleh berdiri sendiri",
        "with_range": "hanya bersama rentangnya",
        "not_alone": "tidak berdiri sendiri",
    },
    "coverage_gap_concept": {"all_families": "semua keluarga", "decile_1": "keluarga desil 1"},
    "survey_class": {"usable": "akurat", "caution": "perlu hati-hati", "not_usable": "tidak dipakai"},
    "rank_criterion": _CRITERIA,
    "service": _TITLES,
    "need": _NEEDS,
    "absence": {"known": "diketahui", "unknown": "belum diketahui"},
}
#: Columns that list several codes.
LISTS: dict[str, Mapping[str, str]] = {"methods": _METHODS, "main_causes": _NEEDS, "absence_unknown": _TITLES}
UNITS = {
    "families": "keluarga",
    "persons": "jiwa",
    "areas": "desa",
    "methods": "metode",
    "visits": "kunjungan",
    "0..1": "0 sampai 1",
    "families/km²": "keluarga/km²",
    "z": "nilai z",
    "p": "nilai p",
    "ratio": "kali",
    "unit": "satuan",
    "IDR": "rupiah",
}
#: Facts of the run and totals, by key.
FACTS = {
    "district": "Kabupaten",
    "run_id": "Hasil hitung",
    "period": "Periode",
    "source": "Sumber data keluarga",
    "synthetic": "Data contoh (sintetis)",
    "training": "LATIHAN",
    "families_outside_pockets": "Bagian keluarga terdaftar di luar wilayah prioritas",
    "poor_families_outside_pockets": "Bagian keluarga desil 1 di luar wilayah prioritas",
    "k": "Jumlah keluarga terkecil yang ditampilkan",
    "disclosure_rule": "Aturan penyembunyian",
    "gisapp_version": "Versi gisapp",
    "notice": "Catatan",
    "suppressed": "Baris dengan angka yang disembunyikan",
    "rows": "Jumlah baris",
    "rows_suppressed": "Baris disembunyikan",
    "rows_no_data": "Baris tanpa data",
}
_COUNTED = {
    "families": "keluarga",
    "persons": "jiwa",
    "poor_families": "keluarga desil 1",
    "poor_persons": "jiwa dalam keluarga desil 1",
}


def value(column: str, content: Any) -> Any:
    """A cell in words where its column holds codes."""
    if not isinstance(content, str):
        return content
    if column in LISTS:
        parts = [part.strip() for part in content.replace(";", ",").split(",") if part.strip()]
        return "; ".join(LISTS[column].get(part, part) for part in parts)
    return VALUES.get(column, {}).get(content, content)


def fact(key: str) -> str:
    """Words for a line of the metadata; totals say of what, and of which level."""
    for name in sorted(_COUNTED, key=len, reverse=True):
        if key.startswith(f"total_{name}_shown"):
            level = key.removeprefix(f"total_{name}_shown").lstrip("_")
            return f"Jumlah {_COUNTED[name]} yang ditampilkan" + (f", tingkat {level}" if level else "")
    return FACTS.get(key, key)


def rule(k: Any) -> str:
    """What was withheld, as a sentence."""
    return f"Baris dengan kurang dari {k} keluarga, dan baris yang dapat mengungkapnya kembali, disembunyikan."
