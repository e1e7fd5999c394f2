"""Columns that several collections carry."""

from __future__ import annotations

from gisapp.columns.column import Column, count, number, ratio, text
from gisapp.columns.names import DEPRIVATIONS, SERVICES

STATUS = text("status", "Status nilai", "Value status")

COUNTS = (
    count("families", "families", "Keluarga terdaftar", "Registered families"),
    count("persons", "persons", "Jiwa dalam keluarga terdaftar", "Persons in registered families"),
    count("poor_families", "families", "Keluarga desil 1", "Families of decile 1"),
    count("poor_persons", "persons", "Jiwa dalam keluarga desil 1", "Persons in families of decile 1"),
)

HEADCOUNT = (
    ratio("headcount_ratio", "Bagian desil 1", "Share of decile 1"),
    text("headcount_basis", "Dasar bagian", "Basis of the share"),
    ratio("headcount_lower", "Bagian desil 1, batas bawah rentang model", "Share of decile 1, lower end"),
    ratio("headcount_upper", "Bagian desil 1, batas atas rentang model", "Share of decile 1, upper end"),
)

MULTIDIMENSIONAL = (
    ratio(
        "multidimensional_headcount",
        "Bagian keluarga terdaftar kurang multidimensi (H)",
        "Multidimensional headcount of registered families (H)",
    ),
    ratio("intensity", "Intensitas (A)", "Intensity (A)"),
    ratio("adjusted_headcount", "Headcount tersesuaikan (M0)", "Adjusted headcount (M0)"),
    ratio(
        "share_unknown",
        "Bagian keluarga dengan indikator tidak diketahui",
        "Share of families with an unknown indicator",
    ),
)


def per_deprivation() -> tuple[Column, ...]:
    """Share and contribution of each deprivation."""
    shares = [
        ratio(f"deprived_share_{name}", f"{id} (bagian keluarga terdaftar)", f"{en} (share of registered families)")
        for name, (id, en) in DEPRIVATIONS.items()
    ]
    contributions = [
        ratio(f"contribution_{name}", f"Sumbangan pada M0: {id}", f"Contribution to M0: {en}")
        for name, (id, en) in DEPRIVATIONS.items()
    ]
    return (*shares, *contributions)


def per_service() -> tuple[Column, ...]:
    """Median distance and travel time to each service, to a road a distance only; and which are the most it can be."""
    distances = tuple(
        number(
            f"distance_m_{name}",
            "m",
            f"Jarak garis lurus median ke {id}",
            f"Median straight-line distance to {en}",
        )
        for name, (id, en) in SERVICES.items()
    )
    times = tuple(
        number(f"travel_time_min_{name}", "min", f"Waktu tempuh median ke {id}", f"Median travel time to {en}")
        for name, (id, en) in SERVICES.items()
        if name != "road"
    )
    unknown = text(
        "absence_unknown", "Layanan yang ketiadaannya belum diketahui", "Services of which absence is not known"
    )
    return (*distances, *times, unknown)


RANKS = tuple(
    Column(name=name, kind="integer", unit="", id=id, en=en, from_families=True)
    for name, id, en in (
        ("rank", "Peringkat di antara yang ditampilkan", "Rank among those shown"),
        ("rank_lower", "Peringkat terbaik dalam rentang model", "Best rank of the model range"),
        ("rank_upper", "Peringkat terakhir dalam rentang model", "Last rank of the model range"),
        ("rank_group", "Kelompok setara", "Group of equal standing"),
    )
)
RANK_CRITERION = text("rank_criterion", "Dasar peringkat", "Criterion of the ranking")
