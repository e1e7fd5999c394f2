"""Plain sentences, in Indonesian and in English, made from the numbers that led to a suggestion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gisapp.analysis.suggesting.needs import CHILDREN
from gisapp.columns import DEPRIVATIONS, SERVICES

_ASKED = {
    "children_0_5": ("keluarga yang punya anak di bawah 6 tahun", "families with a child under six"),
    "children_7_12": ("keluarga yang punya anak 7–12 tahun", "families with a child of 7–12"),
    "children_13_15": ("keluarga yang punya anak 13–15 tahun", "families with a child of 13–15"),
}
_OTHERS = {
    "unverified": (
        "Data belum lengkap (ada jawaban kosong atau tanpa koordinat)",
        "Data incomplete (an answer or the position is missing)",
    ),
    "no_pkh": ("Tercatat tidak menerima PKH", "Recorded as not receiving PKH"),
    "no_bpnt": ("Tercatat tidak menerima BPNT/Sembako", "Recorded as not receiving BPNT"),
    "no_pbi": ("Tercatat tanpa PBI jaminan kesehatan", "Recorded without state-paid health insurance"),
    "signal": ("Tidak ada sinyal seluler", "No mobile signal"),
    "link:bridge": (
        "Baru berada dalam standar bila jembatan ini ada",
        "Newly within the standard if this bridge existed",
    ),
    "link:road": ("Baru berada dalam standar bila ruas ini ada", "Newly within the standard if this link existed"),
    "all": ("Keluarga desil 1 (nasional)", "Families of decile 1 (national)"),
    "coverage": ("Belum terdaftar menurut tabel penduduk", "Not yet listed, by the population table"),
}


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The numbers of one need in one pocket; shares are 0..1. ``decile_1`` is None where it says nothing new."""

    need: str
    lacking: int
    asked: int
    share: float
    district_share: float | None
    decile_1: int | None
    standard_m: float | None


def number_id(value: float, digits: int = 0) -> str:
    """Write a number with the Indonesian point between thousands and comma before decimals."""
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def why(
    figures: Figures, *, families: int, reach_m: float | None, together: tuple[int, int] | None, absence_unknown: bool
) -> tuple[str, str]:
    """Return the reason in Indonesian and in English.

    ``families`` are those that this suggestion reaches, within ``reach_m`` metres of a site (None: not sited);
    ``together`` is the number of sites of the plan and of the families that they reach.
    """
    subject_id, subject_en = _subject(figures)
    asked_id, asked_en = asked_of(figures.need)
    text_id = (
        f"{subject_id}: {number_id(figures.lacking)} dari {number_id(figures.asked)} {asked_id} di sini "
        f"({number_id(100 * figures.share, 1)} %)"
    )
    text_en = f"{subject_en}: {figures.lacking:,} of {figures.asked:,} {asked_en} here ({100 * figures.share:.1f} %)"
    if figures.district_share is not None:
        text_id += f"; di seluruh kabupaten {number_id(100 * figures.district_share, 1)} %"
        text_en += f"; in the whole district {100 * figures.district_share:.1f} %"
    more_id, more_en = _more(figures, families, reach_m, together, absence_unknown)
    return f"{text_id}. {more_id}", f"{text_en}. {more_en}"


def within_standards(services: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Return the standards within which a link brings families: ``service`` and ``standard_m`` of each."""
    named = [(SERVICES[str(one["service"])], float(one["standard_m"]) / 1000) for one in services]
    listed_id = ", ".join(f"{id} {number_id(km, 1)} km" for (id, _), km in named)
    listed_en = ", ".join(f"{en} {km:.1f} km" for (_, en), km in named)
    return f"Standar lewat jalan: {listed_id}.", f"Standard by road: {listed_en}."


def of_decile_1(families: int) -> tuple[str, str]:
    """Return the sentence that says how many of them are of decile 1."""
    return (
        f"Di antaranya {number_id(families)} keluarga desil 1 (nasional).",
        f"Among them {families:,} families of decile 1 (national).",
    )


def _more(
    figures: Figures, families: int, reach_m: float | None, together: tuple[int, int] | None, absence_unknown: bool
) -> tuple[str, str]:
    parts_id: list[str] = []
    parts_en: list[str] = []
    if figures.decile_1 is not None:
        for parts, sentence in zip((parts_id, parts_en), of_decile_1(figures.decile_1), strict=True):
            parts.append(sentence)
    if absence_unknown:
        parts_id.append("Apakah layanan ini memang tidak ada belum diketahui; perlu cek lapangan.")
        parts_en.append("Whether this service is really absent is not known; a field check comes first.")
    elif reach_m is not None:
        parts_id.append(
            f"Indikasi lokasi ini dapat dijangkau {number_id(families)} keluarga "
            f"dalam {number_id(reach_m)} m jarak garis lurus."
        )
        parts_en.append(
            f"This indicative site would be within {reach_m:,.0f} m (straight line) of {families:,} families."
        )
        if together is not None and together[0] > 1:
            parts_id.append(f"Bersama {together[0]} lokasi: {number_id(together[1])} keluarga.")
            parts_en.append(f"{together[0]} sites together: {together[1]:,} families.")
    else:
        parts_id.append(f"Usulan ini untuk {number_id(families)} keluarga.")
        parts_en.append(f"This suggestion is for {families:,} families.")
    return " ".join(parts_id), " ".join(parts_en)


def _subject(figures: Figures) -> tuple[str, str]:
    service = figures.need.removeprefix("gap:")
    if figures.need in DEPRIVATIONS:
        return DEPRIVATIONS[figures.need]
    if service in SERVICES and figures.standard_m is not None:
        name_id, name_en = SERVICES[service]
        km = figures.standard_m / 1000
        return (
            f"{name_id} lebih jauh dari {number_id(km, 1)} km (jarak garis lurus)",
            f"{name_en} farther than {km:.1f} km (straight line)",
        )
    return _OTHERS[figures.need]


def asked_of(need: str) -> tuple[str, str]:
    """Return of which families a need is counted."""
    if need == "coverage":
        return "keluarga menurut tabel penduduk", "families by the population table"
    if need in ("no_pkh", "no_bpnt", "no_pbi"):
        return "keluarga desil 1 yang jawabannya diketahui", "families of decile 1 with a known answer"
    if need in ("unverified", "all", "link:bridge", "link:road"):
        return "keluarga terdaftar", "registered families"
    children = CHILDREN.get(need.removeprefix("gap:"))
    if need.startswith("gap:"):
        return _ASKED[children] if children else ("keluarga terdaftar yang terukur", "registered families measured")
    return "keluarga terdaftar yang jawabannya diketahui", "registered families with a known answer"
