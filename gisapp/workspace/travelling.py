"""Thresholds of travel: by which mode people go to each service, in which season, on cells of which size."""

from __future__ import annotations

from gisapp.catalog.travel_speeds import MODES, SEASONS
from gisapp.columns import SERVICES
from gisapp.workspace.threshold import OURS, Threshold, in_range, one_of

RIVERS_CROSSED = ("road", "bridge")
_TODAY = "2026-11-23"
#: Small children and daily ways are walked; the rest is gone to by motorcycle.
_MODES = dict.fromkeys(SERVICES, "motorcycle") | dict.fromkeys(
    ("early_childhood", "primary_school", "posyandu", "road"), "walking"
)


def _whole(name: str, default: int, low: int, high: int, id: str, en: str) -> Threshold:
    return in_range(name, "integer", default, low, high, (OURS, _TODAY, id, en), optional=True)


TRAVELLING: tuple[Threshold, ...] = (
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
