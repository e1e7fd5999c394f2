"""Fixed words of maps, cards and documents, Indonesian and English; ``{}`` fields are filled by the caller."""

from __future__ import annotations

from typing import Any

WORDS: dict[str, tuple[str, str]] = {
    "pockets": ("Wilayah prioritas layanan (usulan)", "Priority areas for services (proposed)"),
    "pocket": ("Wilayah prioritas (usulan)", "Priority area (proposed)"),
    "pocket_edge": ("ditemukan oleh lebih sedikit metode", "found by fewer methods"),
    "no_pockets": ("Tidak ada wilayah prioritas yang signifikan", "No significant priority area"),
    "no_pockets_meaning": (
        "Beda antardesa dapat muncul karena kebetulan. Peta kuadran bagian × jumlah tetap menunjukkan desa mana "
        "yang tinggi pada keduanya.",
        "Differences between villages may be chance. The quadrant of rate × count still shows which villages are "
        "high in both.",
    ),
    "suggestions": ("Usulan intervensi", "Suggested interventions"),
    "indicator": ("Pilihan indikator", "Indicator"),
    "classes": ("Kelas", "Classes"),
    "layers": ("Lapisan", "Layers"),
    "table": ("Tabel desa", "Table of villages"),
    "village": ("Desa", "Village"),
    "subdistrict": ("Kecamatan", "Subdistrict"),
    "value": ("Nilai", "Value"),
    "range": ("Rentang model", "Model range"),
    "not_alone": (
        "tidak berdiri sendiri: sedikit keluarga, baca bersama rentangnya",
        "not on its own: few families, read it with its range",
    ),
    "no_data": ("tidak ada data", "no data"),
    "withheld": ("disembunyikan (< {k} keluarga)", "withheld (< {k} families)"),
    "synthetic": ("data contoh (sintetis)", "sample data (synthetic)"),
    "training": ("LATIHAN", "LATIHAN (training)"),
    "training_long": (
        "Semua yang ada di sini hanya untuk latihan.",
        "Everything here is for training only.",
    ),
    "synthetic_long": (
        "Semua angka di sini dibuat oleh komputer; tidak ada keluarga yang sebenarnya.",
        "Every figure here is made by a computer; no family is real.",
    ),
    "found_by": ("ditemukan oleh {n} dari {m} metode", "found by {n} of {m} methods"),
    "poor_families": ("keluarga desil 1", "families of decile 1"),
    "poor_families_full": (
        "keluarga desil 1 (nasional, {source}, {period})",
        "families of decile 1 (national, {source}, {period})",
    ),
    "of_population": ("dari penduduk (tabel penduduk{year})", "of the population (population table{year})"),
    "of_registered": ("dari keluarga terdaftar", "of registered families"),
    "of_all_families": ("dari semua keluarga (tabel penduduk{year})", "of all families (population table{year})"),
    "gap_all_families": (
        "semua keluarga: diperkirakan − terdaftar; di bawah 0 berarti terdaftar lebih banyak",
        "all families: expected − registered; below 0 more are registered",
    ),
    "gap_poor_families": (
        "keluarga desil 1: diperkirakan − terdaftar; di bawah 0 berarti terdaftar lebih banyak",
        "families of decile 1: expected − registered; below 0 more are registered",
    ),
    "counted_persons": ("jiwa desil 1", "persons of decile 1"),
    "counted_families": ("keluarga desil 1", "families of decile 1"),
    "through": (" s.d. ", " to "),
    "district_value": ("kabupaten, registri {value}", "district, registry {value}"),
    "why_note": (
        "bagian keluarga terdaftar, hanya yang di atas kabupaten; garis = kabupaten",
        "share of registered families, only what is above the district; mark = district",
    ),
    "nothing_above": (
        "Tidak ada kekurangan yang menonjol di atas tingkat kabupaten.",
        "No lack stands out above the level of the district.",
    ),
    "main_causes": ("Penyebab utama: {causes}", "Main causes: {causes}"),
    "cause_gap": ("{service} jauh", "{service} far"),
    "cause_coverage": ("keluarga belum terdata", "families not listed"),
    "indicative_boundary": (
        "Batas indikatif, bukan penetapan batas wilayah.",
        "Boundaries are indicative; they do not settle any border.",
    ),
    "pins": (
        "Pin usulan: singkatan layanan, angka = nomor strategi.",
        "Pins of suggestions: short name of the service, number = strategy.",
    ),
    "why_here": ("Mengapa di sini", "Why here"),
    "straight_line": (
        "{service}: jarak garis lurus median {value}",
        "{service}: median straight-line distance {value}",
    ),
    "straight_line_most": (
        "{service}: paling jauh {value} (median garis lurus; ketiadaan belum diketahui)",
        "{service}: at most {value} (median straight line; absence not known)",
    ),
    "straight_note": ("Jarak garis lurus, bukan waktu tempuh.", "Straight-line distance, not travel time."),
    "outside_title": ("Di luar wilayah prioritas", "Outside the priority areas"),
    "outside": (
        "{poor} keluarga desil 1 dan {families} keluarga terdaftar tinggal di luar semua wilayah prioritas.",
        "{poor} of the families of decile 1 and {families} of the registered families live outside all priority areas.",
    ),
    "outside_unknown": (
        "Bagian di luar wilayah prioritas tidak diketahui.",
        "The share outside the priority areas is unknown.",
    ),
    "ranked_by": ("Diurutkan menurut {criterion}.", "Ranked by {criterion}."),
    "equal_rank": (
        "{letters} setara: urutan di antaranya tidak pasti.",
        "{letters} are of equal standing: the order among them is not certain.",
    ),
    "rank": ("urutan {rank} menurut {criterion}", "rank {rank} by {criterion}"),
    "rank_range": ("urutan {lower}–{upper} menurut {criterion}", "rank {lower}–{upper} by {criterion}"),
    "criterion_poor_families": ("jumlah keluarga desil 1", "number of families of decile 1"),
    "criterion_poor_persons": ("jumlah jiwa dalam keluarga desil 1", "number of persons in families of decile 1"),
    "criterion_headcount_ratio": ("bagian desil 1", "share of decile 1"),
    "members": ("Desa anggota", "Member villages"),
    "reaches": ("dijangkau {families} keluarga, {persons} jiwa", "reaches {families} families, {persons} persons"),
    "cost": ("perkiraan {cost} ({source})", "estimated {cost} ({source})"),
    "cost_unknown": ("biaya belum diperkirakan", "cost not estimated"),
    "location": ("indikasi lokasi", "indicative location"),
    "not_checked": ("belum diperiksa: {what}", "not checked: {what}"),
    "land_note": ("perhatikan {what}", "heed {what}"),
    "perhaps": ("mungkin: ", "perhaps: "),
    "funded": (
        "sudah dijawab kegiatan yang didanai, tidak dihitung lagi: {works}",
        "already answered by funded works, not counted again: {works}",
    ),
    "funded_partly": (
        "sebagian ({share} keluarga yang dijangkau) dijawab kegiatan yang didanai, tidak dikurangkan di sini: {works}",
        "partly ({share} of the families reached) answered by funded works, not deducted here: {works}",
    ),
    "funded_perhaps": (
        "mungkin dijawab kegiatan yang didanai: {works}",
        "perhaps answered by funded works: {works}",
    ),
    "strategy": ("strategi {n}", "strategy {n}"),
    "executor": ("pelaksana: {executor}; kewenangan: {authority}", "executor: {executor}; authority: {authority}"),
    "published_title": ("Angka resmi terbitan", "Published figures"),
    "published": (
        "{source} {year}: {count} jiwa miskin, tingkat kemiskinan {rate}",
        "{source} {year}: {count} poor persons, poverty rate {rate}",
    ),
    "published_note": (
        "Angka resmi dan hitungan data keluarga tidak dapat dibandingkan langsung.",
        "Published figures and registry counts are not directly comparable.",
    ),
    "period": ("periode {period}", "period {period}"),
    "run": ("hasil hitung {run}", "run {run}"),
    "cell": ("sel {edge}", "cells of {edge}"),
    "per_cell": ("jiwa per sel {edge}", "persons per cell of {edge}"),
    "facilities": ("Fasilitas", "Facilities"),
    "roads": ("Jalan", "Roads"),
    "rivers": ("Sungai", "Rivers"),
    "none": ("tidak ada", "none"),
    "too_big": ("tidak ikut dalam berkas ini", "not in this file"),
    "offline": ("Peta ini dibuka tanpa internet.", "This map opens without internet."),
    "map_label": ("Peta wilayah prioritas", "Map of priority areas"),
    "method_quantile": ("kuantil", "quantile"),
    "method_natural_breaks": ("batas alami", "natural breaks"),
    "method_equal_interval": ("interval sama", "equal interval"),
    "source": ("Sumber", "Source"),
    "legend": ("Legenda", "Legend"),
    "north": ("U", "N"),
    "where": ("Letak di kabupaten", "Place in the district"),
    "figures": ("Angka", "Figures"),
    "methods": ("Metode", "Methods"),
    "stability": (
        "ditemukan lagi pada {value} hitungan ulang dengan data diacak",
        "found again in {value} of repeated runs on redrawn data",
    ),
    "relative_risk": (
        "bagian desil 1 di sini {value} kali desa di luar wilayah prioritas",
        "the share of decile 1 here is {value} times that outside priority areas",
    ),
    "page": ("Lembar wilayah prioritas layanan (usulan)", "Sheet of a priority area for services (proposed)"),
    "proposal_note": (
        "Usulan hasil hitungan; menjadi keputusan hanya melalui musyawarah (FGD) dan pemeriksaan lapangan.",
        "A computed proposal; it becomes a decision only through deliberation (FGD) and field checks.",
    ),
    "and": ("dan", "and"),
    "more": ("… dan {n} usulan lain pada halaman wilayah ini.", "… and {n} more on the page of this area."),
    "withheld_row": ("angka disembunyikan karena data kecil", "figures withheld because counts are small"),
}

#: Layers that a site should be checked against, as ``analysis.interventions`` names those that were not supplied.
UNCHECKED: dict[str, tuple[str, str]] = {
    "kawasan_hutan": ("kawasan hutan", "forest area"),
    "hgu": ("HGU", "estate land (HGU)"),
    "pola_ruang_rtrw": ("rencana tata ruang (RTRW)", "spatial plan (RTRW)"),
    "lp2b": ("lahan pangan dilindungi (LP2B)", "protected farmland (LP2B)"),
    "rawan_bencana": ("rawan bencana", "hazard areas"),
    "rencana_kegiatan": ("kegiatan yang sudah didanai", "works already funded"),
}

#: Beginnings of a location's description, as ``analysis.suggesting.suggestion`` writes them.
SITED = "indikasi lokasi"
LOCATIONS = (
    ("indikasi lokasi: permukiman", "indicative location: a settlement"),
    ("indikasi lokasi: lahan publik", "indicative location: public land"),
    ("indikasi lokasi: sel berpenduduk", "indicative location: an inhabited square"),
    ("indikasi lokasi", "indicative location"),
    ("seluruh wilayah prioritas, bukan satu titik", "the whole priority area, not one point"),
)

_LINK = "indikasi lokasi: ruas"

#: Registry form -> name that people know it by.
FORMS = {
    "p3ke2023": "P3KE 2023",
    "dtsen2026": "DTSEN 2026",
    "regsosek2022k": "Regsosek 2022",
    "bdt2015": "BDT 2015",
}


def unchecked_names(text: str, lang: str = "id") -> list[str]:
    """Names of the layers in ``belum diperiksa: a; b``, in words."""
    names = text.removeprefix("belum diperiksa:").replace(",", ";").split(";")
    place = 0 if lang == "id" else 1
    return [UNCHECKED.get(name.strip(), (name.strip(), name.strip()))[place] for name in names if name.strip()]


def location(text: str, lang: str = "id") -> str:
    """Description of a location in the language; unchanged where it is not one of ours.

    >>> location("indikasi lokasi: ruas 1.200 m", "en")
    'indicative location: a link of 1,200 m'
    """
    if lang == "id":
        return text
    if text.startswith(_LINK):
        return f"indicative location: a link of{text.removeprefix(_LINK).replace('.', ',')}"
    return next(
        (english + text[len(indonesian) :] for indonesian, english in LOCATIONS if text.startswith(indonesian)), text
    )


def word(key: str, lang: str = "id", **fields: Any) -> str:
    """Return a fixed phrase in the language, with its fields filled."""
    phrase = WORDS[key][0 if lang == "id" else 1]
    return phrase.format(**fields) if fields else phrase


def joined(items: list[str], lang: str = "id") -> str:
    """``A, B dan C`` or ``A, B and C``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word('and', lang)} {items[-1]}"
