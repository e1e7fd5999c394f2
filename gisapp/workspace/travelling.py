"""Thresholds of travel: by which mode people go to each service, in which season, on cells of which size."""

from __future__ import annotations

from itertools import pairwise

from gisapp.catalog.travel_speeds import MODES, SEASONS
from gisapp.columns import SERVICES, TIMED_SERVICES
from gisapp.workspace.threshold import OURS, Threshold, in_range, one_of

RIVERS_CROSSED = ("road", "bridge")
_TODAY = "2026-11-23"
#: Small children and daily ways are walked; the rest is gone to by motorcycle.
_MODES = dict.fromkeys(SERVICES, "motorcycle") | dict.fromkeys(
    ("early_childhood", "primary_school", "posyandu", "road"), "walking"
)


def _whole(name: str, default: int, low: int, high: int, id: str, en: str) -> Threshold:
    return in_range(name, "integer", default, low, high, (OURS, _TODAY, id, en), optional=True)


#: Minutes of the standards that are dated in minutes; all others are dated in metres, in the layers.
_STANDARD_MINUTES = {"early_childhood": 20, "health_centre": 30, "posyandu": 20, "market": 40}
#: End of each zone in minutes, and its weight: the slow decay of Luo and Qi (2009).
_ZONES = {"10": 1.0, "20": 0.68, "30": 0.22}


def _minutes_allowed(value: dict[str, float]) -> bool:
    return set(value) <= set(TIMED_SERVICES) and all(0 < minutes <= 1440 for minutes in value.values())


def _zones_allowed(value: dict[str, float]) -> bool:
    if not value or not all(end.isdigit() and 0 < int(end) <= 240 and str(int(end)) == end for end in value):
        return False
    weights = [value[end] for end in sorted(value, key=int)]
    return weights[0] <= 1 and weights[-1] > 0 and all(near >= far for near, far in pairwise(weights))


TRAVELLING: tuple[Threshold, ...] = (
    Threshold(
        name="standard_minutes",
        kind="number_map",
        default=_STANDARD_MINUTES,
        source="Puskesmas/pustu 30 menit: Indeks Desa Membangun, skor tertinggi sarana kesehatan (2021); PAUD dan "
        "posyandu 20 menit, pasar 40 menit: asumsi kabupaten (2025)",
        date="2021",
        id="Standar waktu tempuh (menit) tiap layanan; yang tidak disebut memakai standar jarak saja.",
        en="Standard of travel time (minutes) of each service; one that is not named has a standard of distance only.",
        rule_id=f"menit di atas 0 sampai 1440 untuk satu atau beberapa dari {', '.join(TIMED_SERVICES)}",
        rule_en=f"minutes above 0 up to 1440 for some of {', '.join(TIMED_SERVICES)}",
        allowed=_minutes_allowed,
        optional=True,
    ),
    Threshold(
        name="catchment_zones",
        kind="number_map",
        default=_ZONES,
        source="Luo dan Qi (2009), zona 10 menit dengan bobot 1; 0,68; 0,22 (doi:10.1016/j.healthplace.2009.06.002)",
        date="2009-12-01",
        id="Zona waktu tempuh untuk daya tampung: menit akhir zona dan bobotnya; di luar zona terakhir tidak dihitung.",
        en="Zones of travel time for capacity: last minute of a zone and its weight; beyond the last nothing counts.",
        rule_id="menit bulat 1 sampai 240 sebagai kunci, bobot paling banyak 1 dan tidak naik, yang terakhir di atas 0",
        rule_en="whole minutes 1 to 240 as keys, weights of at most 1 that do not rise, the last above 0",
        allowed=_zones_allowed,
        optional=True,
    ),
    Threshold(
        name="travel_modes",
        kind="text_map",
        default=_MODES,
        source="SD dan PAUD berjalan kaki (Permendiknas 24/2007: berjalan kaki aman); lainnya bawaan gisapp",
        date="2007-06-28",
        id="Cara pergi ke tiap layanan: walking, motorcycle, car atau boat.",
        en="How people go to each service: walking, motorcycle, car or boat.",
        rule_id=f"satu dari {', '.join(MODES)} untuk masing-masing {', '.join(SERVICES)}",
        rule_en=f"one of {', '.join(MODES)} for each of {', '.join(SERVICES)}",
        allowed=lambda value: set(value) == set(SERVICES) and set(value.values()) <= set(MODES),
        optional=True,
    ),
    one_of(
        "travel_season",
        "dry",
        SEASONS,
        (OURS, _TODAY, "Musim yang dihitung: dry (kemarau) atau wet (hujan).", "Season computed: dry or wet."),
    ),
    one_of(
        "rivers_crossed_by",
        "road",
        RIVERS_CROSSED,
        (
            OURS,
            _TODAY,
            "road: jalan bermotor yang melintasi sungai dianggap punya jembatan; bridge: hanya yang tertulis.",
            "road: a motor road across a river is taken to have a bridge; bridge: only where the layer says so.",
        ),
    ),
    _whole(
        "travel_cell_m",
        100,
        25,
        1000,
        "Sisi sel kisi waktu tempuh, meter.",
        "Edge of a cell of the travel-time grid, metres.",
    ),
    _whole(
        "travel_snap_m",
        250,
        0,
        5000,
        "Jarak terjauh dari rumah atau fasilitas ke tempat terdekat yang dapat dilalui, meter.",
        "Farthest from a home or a facility to the nearest ground that can be crossed, metres.",
    ),
)
