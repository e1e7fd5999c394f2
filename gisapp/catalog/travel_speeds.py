"""How fast people travel, by class of ground, mode and season: read strictly from ``travel_speeds.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gisapp.catalog.strict import Document, Key, KeyPath, read_document

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_FILE = Path(__file__).with_name("travel_speeds.toml")
GROUPS = ("land", "water", "road", "crossing")
MODES = ("walking", "motorcycle", "car", "boat")
SEASONS = ("dry", "wet")
SLOPES = ("tobler", "limit", "none")
COLUMNS = ("group", "class", "mode", "season", "speed_kmh", "slope", "source", "date")

_SPEED = {
    "group": Key(kind="text", required=True, choices=GROUPS),
    "class": Key(kind="texts", required=True),
    "mode": Key(kind="texts", required=True),
    "season": Key(kind="texts", required=True),
    "speed_kmh": Key(kind="number", required=True),
    "slope": Key(kind="text", required=True, choices=SLOPES),
    "source": Key(kind="text", required=True),
    "date": Key(kind="text", required=True),
}
_LIMIT = {
    "mode": Key(kind="text", required=True, choices=MODES),
    "limit": Key(kind="number", required=True),
    "source": Key(kind="text", required=True),
    "date": Key(kind="text", required=True),
}
_SCHEMA = {
    "land_cover": Key(kind="text_map", required=True),
    "slope_limit": Key(kind="tables", required=True),
    "speed": Key(kind="tables", required=True),
}


@dataclass(frozen=True, kw_only=True)
class TravelSpeeds:
    """``speeds`` has one row per group, class, mode and season; ``land_cover`` names the class of each raster code.

    ``slope_limit`` holds the steepest slope (rise over run) of wheels by mode, with source and date.
    """

    speeds: pd.DataFrame
    land_cover: dict[int, str]
    slope_limit: dict[str, tuple[float, str, str]]


def load_travel_speeds(path: Path = DEFAULT_FILE) -> TravelSpeeds:
    """Speeds in the order of the file.

    Raises
    ------
    ConfigurationError : naming file, line and key.
    """
    import pandas as pd

    document = read_document(path)
    document.check(document.data, _SCHEMA)
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for number, entry in enumerate(document.data["speed"]):
        at = ("speed", number)
        document.check(entry, _SPEED, at)
        _check_entry(document, entry, at)
        for names in product(entry["class"], entry["mode"], entry["season"]):
            key = (entry["group"], *names)
            if key in rows:
                named = ", ".join(key)
                raise document.refuse(
                    (*at, "class"), f"{named} has a speed already.", f"{named} sudah punya kecepatan."
                )  # fmt: skip
            rows[key] = {**entry, **dict(zip(("class", "mode", "season"), names, strict=True))}
    frame = pd.DataFrame(list(rows.values()), columns=list(COLUMNS)).astype({"speed_kmh": float})
    return TravelSpeeds(speeds=frame, land_cover=_codes(document), slope_limit=_limits(document))


def _check_entry(document: Document, entry: dict[str, Any], at: KeyPath) -> None:
    for name, known in (("mode", MODES), ("season", SEASONS)):
        unknown = [value for value in entry[name] if value not in known]
        if unknown or not entry[name]:
            listed, given = ", ".join(known), ", ".join(unknown)
            raise document.refuse(
                (*at, name),
                f"{given or 'an empty list'} is not known. Known: {listed}.",
                f"{given or 'daftar kosong'} tidak dikenal. Yang dikenal: {listed}.",
            )
    if not entry["speed_kmh"] >= 0:
        raise document.refuse((*at, "speed_kmh"), "must be 0 or above.", "harus 0 atau lebih.")


def _codes(document: Document) -> dict[int, str]:
    codes = {}
    for code, name in document.data["land_cover"].items():
        if not code.isdigit():
            raise document.refuse(
                ("land_cover", code), "must be the whole number of a class.", "harus bilangan bulat suatu kelas."
            )
        codes[int(code)] = name
    return codes


def _limits(document: Document) -> dict[str, tuple[float, str, str]]:
    limits = {}
    for number, entry in enumerate(document.data["slope_limit"]):
        at = ("slope_limit", number)
        document.check(entry, _LIMIT, at)
        if not entry["limit"] > 0:
            raise document.refuse((*at, "limit"), "must be above 0.", "harus di atas 0.")
        limits[entry["mode"]] = (float(entry["limit"]), entry["source"], entry["date"])
    return limits
