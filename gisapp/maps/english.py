"""English for Indonesian values that a run carries as text: units, who does it, whose price; looked up by the value."""

from __future__ import annotations

import re
from typing import Any

#: Unit -> (of one, of more).
UNITS = {
    "desa": ("village", "villages"),
    "desa-tahun": ("village-year", "village-years"),
    "gardu/PLTS": ("substation or solar plant", "substations or solar plants"),
    "hari orang kerja": ("person-day of work", "person-days of work"),
    "keluarga": ("family", "families"),
    "kendaraan-tahun": ("vehicle-year", "vehicle-years"),
    "km": ("km", "km"),
    "kunjungan": ("visit", "visits"),
    "lokasi": ("site", "sites"),
    "m": ("m", "m"),
    "paket": ("package", "packages"),
    "peserta": ("participant", "participants"),
    "pos": ("post", "posts"),
    "posyandu": ("health post", "health posts"),
    "pustu": ("sub-clinic", "sub-clinics"),
    "rombongan belajar": ("learning group", "learning groups"),
    "sambungan": ("connection", "connections"),
    "sekolah": ("school", "schools"),
    "unit": ("unit", "units"),
    "usaha": ("business", "businesses"),
    "usulan": ("proposal", "proposals"),
    "usulan keluarga": ("proposed family", "proposed families"),
}
AUTHORITIES = {"pusat": "national", "provinsi": "province", "kabupaten": "district", "desa": "village"}
#: Parts of an executor between semicolons. Names of institutions keep their short form beside the English.
EXECUTORS = {
    "BAKTI": "BAKTI (national agency for connectivity)",
    "BAZNAS": "BAZNAS (alms board)",
    "BLK": "BLK (vocational training centre)",
    "BUM Desa": "BUM Desa (village enterprise)",
    "Bappeda": "Bappeda (planning agency)",
    "Bappeda (usulan)": "Bappeda (proposes)",
    "Dinas ESDM Provinsi": "Provincial Energy Office",
    "Dinas Kesehatan": "Health Office",
    "Dinas Kesehatan (usulan)": "Health Office (proposes)",
    "Dinas Kominfo (usulan)": "Communication Office (proposes)",
    "Dinas Koperasi": "Cooperatives Office",
    "Dinas PUPR": "Public Works Office",
    "Dinas Pendidikan": "Education Office",
    "Dinas Pendidikan Provinsi": "Provincial Education Office",
    "Dinas Perdagangan": "Trade Office",
    "Dinas Perhubungan": "Transport Office",
    "Dinas Perumahan dan Permukiman": "Housing Office",
    "Dinas Sosial": "Social Affairs Office",
    "Dinas Sosial (usulan)": "Social Affairs Office (proposes)",
    "Dinas Tenaga Kerja": "Manpower Office",
    "Kementerian Sosial": "Ministry of Social Affairs",
    "OPD layanan": "service offices",
    "PDAM": "PDAM (water utility)",
    "PKBM": "PKBM (community learning centre)",
    "PLN": "PLN (electricity company)",
    "Pemerintah desa": "Village government",
    "Pemerintah desa (Dana Desa)": "Village government (village fund)",
    "TKPK": "TKPK (poverty reduction team)",
    "agen bank": "bank agents",
    "bank penyalur": "lending bank",
    "desa": "village",
    "forum CSR": "CSR forum",
    "koperasi": "cooperatives",
    "operator seluler": "mobile operators",
    "operator desa": "village operator",
    "pemerintah desa": "village government",
    "pendamping desa": "village facilitator",
    "perkebunan": "estates",
    "puskesmas": "health centre",
}
COST_SOURCES = {
    "Asumsi perencanaan contoh 2025; ganti dengan SSH/HSPK kabupaten": (
        "Example planning assumption 2025; replace with the district's price list (SSH/HSPK)"
    ),
}
_PRICE_YEAR = re.compile(r" \(harga (\d{4})\)$")
_NEARBY = re.compile(r"^(.*) dan sekitarnya$")


def unit(text: str, lang: str, volume: Any = None) -> str:
    """Unit of a volume in the language; unchanged where it is not one of ours."""
    return UNITS.get(text, (text, text))[volume != 1] if lang == "en" else text


def authority(text: str, lang: str) -> str:
    """Whose task it is."""
    return AUTHORITIES.get(text, text) if lang == "en" else text


def executor(text: str, lang: str) -> str:
    """Who carries it out, part by part."""
    if lang != "en":
        return text
    return "; ".join(EXECUTORS.get(part.strip(), part.strip()) for part in text.split(";"))


def cost_source(text: str, lang: str) -> str:
    """Where a price comes from, and of which year it is."""
    if lang != "en":
        return text
    year = _PRICE_YEAR.search(text)
    source = _PRICE_YEAR.sub("", text)
    return COST_SOURCES.get(source, source) + (f" (prices of {year[1]})" if year else "")


def pocket_name(text: str, lang: str) -> str:
    """``Desa … and around`` for a pocket that is named after its first village."""
    return _NEARBY.sub(r"\1 and around", text) if lang == "en" else text


def reason(text: str, need: str, lang: str) -> str:
    """The reason of a suggestion as a reader sees it: percent signs as the language writes them.

    What is meant for every family of decile 1 gives no share: its basis would be another than that of the pocket.
    """
    if need == "all" and ". " in text:
        text = text.split(". ", 1)[1]
    return text.replace(" %", "%") if lang == "en" else text.replace(" %", "\u00a0%")
