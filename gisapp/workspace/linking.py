"""Thresholds of the search for missing roads and bridges, and of villages without electricity or signal."""

from __future__ import annotations

from gisapp.workspace.threshold import OURS, Threshold, in_range

_TODAY = "2026-11-23"
_RAI = "Rural Access Index: 2 km dari jalan segala musim (SDG 9.1.1; Roberts, KC & Rastogi 2006)"
_SCALE = "galat penggambaran 0,2-0,5 mm pada skala peta: 5-12 m pada 1:25.000"


def _metres(name: str, default: int, low: int, high: int, id: str, en: str, source: str = OURS) -> Threshold:
    return in_range(name, "integer", default, low, high, (source, _TODAY, id, en), optional=True)


LINKING: tuple[Threshold, ...] = (
    _metres(
        "link_join_m",
        5,
        1,
        100,
        "Ujung garis jalan sedekat ini dianggap tersambung saat mencari ruas yang belum ada, meter.",
        "Ends of road lines this near each other count as connected in the search for missing links, metres.",
        _SCALE,
    ),
    _metres(
        "link_access_m",
        2000,
        100,
        10_000,
        "Jalan kaki lurus terjauh dari rumah atau layanan ke jalan, meter.",
        "Longest straight walk from a home or a service to a road, metres.",
        _RAI,
    ),
    _metres(
        "link_longest_m",
        1500,
        100,
        5000,
        "Panjang terjauh ruas atau jembatan yang dicari, meter garis lurus.",
        "Longest missing road or bridge that is looked for, straight-line metres.",
    ),
    _metres(
        "link_shortest_m",
        50,
        0,
        1000,
        "Celah lebih pendek dari ini dianggap salah gambar pada peta jalan, meter.",
        "A gap shorter than this is taken for a slip of the road map, metres.",
    ),
    in_range(
        "link_detour",
        "number",
        3.0,
        1.1,
        100.0,
        (
            OURS,
            _TODAY,
            "Ruas dicari bila jalan yang ada sekurangnya sekian kali jarak lurus antara ujungnya.",
            "A link is looked for where today's road is at least this many times the straight line between its ends.",
        ),
        optional=True,
    ),
    _metres(
        "link_spacing_m",
        500,
        100,
        5000,
        "Jarak titik di sepanjang jalan yang dapat menjadi ujung ruas, meter; di antara dua kotak sebesar ini hanya "
        "yang terpendek.",
        "Distance along roads of the places where a link may begin, metres; between two squares of this side only the "
        "shortest stays.",
    ),
    _metres(
        "link_bridge_span_m",
        60,
        5,
        1000,
        "Bentang jembatan yang diandaikan pada tiap sungai yang dilintasi ruas, meter; sisanya dihargai sebagai jalan.",
        "Assumed span of the bridge at each river that a link crosses, metres; the rest is priced as a road.",
    ),
    in_range(
        "village_without_share",
        "number",
        0.5,
        0.01,
        1.0,
        (
            OURS,
            _TODAY,
            "Desa disebut tanpa listrik atau sinyal bila sekurangnya bagian ini dari keluarga penjawab tidak punya.",
            "A village counts as without electricity or signal from this share of its families that answered.",
        ),
        optional=True,
    ),
    in_range(
        "village_least_families",
        "integer",
        20,
        5,
        100_000,
        (
            OURS,
            _TODAY,
            "Jawaban paling sedikit sebelum desa disebut tanpa listrik atau sinyal; di bawahnya tidak diketahui.",
            "Fewest answers before a village is called without electricity or signal; below it is unknown.",
        ),
        optional=True,
    ),
    in_range(
        "village_least_known",
        "number",
        0.5,
        0.01,
        1.0,
        (
            OURS,
            _TODAY,
            "Bagian keluarga terdaftar yang harus menjawab sebelum sebuah desa disebut; di bawahnya tidak diketahui.",
            "Share of registered families that must have answered before a village is called so; below it is unknown.",
        ),
        optional=True,
    ),
)
