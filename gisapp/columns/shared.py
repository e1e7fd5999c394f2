"""Columns that several collections carry."""

from __future__ import annotations

from gisapp.columns.column import Column, count, number, ratio, text
from gisapp.columns.names import CAPACITY_SERVICES, DEPRIVATIONS, SERVICES, TIMED_SERVICES

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
        for name, (id, en) in _of(TIMED_SERVICES)
    )
    beyond = tuple(column for name, (id, en) in _of(TIMED_SERVICES) for column in _beyond_minutes(name, id, en))
    places = tuple(
        number(
            f"places_per_1000_{name}",
            "places/1000",
            f"Daya tampung terjangkau {id} per 1.000 yang membutuhkan",
            f"Places within reach per 1,000 who need them: {en}",
        )
        for name, (id, en) in _of(CAPACITY_SERVICES)
    )
    unknown = text(
        "absence_unknown", "Layanan yang ketiadaannya belum diketahui", "Services of which absence is not known"
    )
    return (*distances, *times, *beyond, *places, unknown)


def _of(names: tuple[str, ...]) -> list[tuple[str, tuple[str, str]]]:
    return [(name, SERVICES[name]) for name in names]


def _beyond_minutes(name: str, id: str, en: str) -> tuple[Column, ...]:
    """Who is farther than the dated minutes of a service; no way is beyond, a time nobody knows is kept apart."""
    return (
        count(
            f"beyond_minutes_{name}",
            "families",
            f"Keluarga di luar standar waktu ke {id}",
            f"Families beyond the standard of travel time to {en}",
        ),
        ratio(
            f"beyond_minutes_share_{name}",
            f"Bagian keluarga di luar standar waktu ke {id}",
            f"Share of families beyond the standard of travel time to {en}",
        ),
        ratio(
            f"minutes_unknown_share_{name}",
            f"Bagian keluarga yang waktu tempuhnya ke {id} tidak diketahui",
            f"Share of families whose travel time to {en} is not known",
        ),
    )


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
