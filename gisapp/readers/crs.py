"""Which coordinate reference system a brought layer really has: declared, given, or told by its extent."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError

from gisapp.errors import FileRefusedError, Problem
from gisapp.readers.guard import refuse

#: Longitudes and latitudes of Indonesia, degrees: west, south, east, north.
INDONESIA = (94.0, -12.0, 142.0, 7.0)
WGS84 = "EPSG:4326"

_HINT_EN = "Say which with --crs, for example --crs EPSG:32647."
_HINT_ID = "Sebutkan dengan --crs, misalnya --crs EPSG:32647."


@dataclass(frozen=True)
class Decision:
    """The CRS that was decided on, its name, and what to report about it."""

    crs: CRS
    name: str
    problems: tuple[Problem, ...]


def parse_crs(text: str) -> CRS:
    """Parse a CRS given by the user as EPSG code.

    Raises
    ------
    FileRefusedError : code ``crs_unknown``.
    """
    value = text.strip()
    if value.isdigit():
        value = f"EPSG:{value}"
    prefix, _, number = value.partition(":")
    try:
        if prefix.upper() not in ("EPSG", "OGC", "ESRI") or not number.isalnum():
            raise CRSError(text)
        return CRS.from_user_input(value.upper())
    except CRSError as error:
        raise refuse(
            f"{text!r} is no known CRS. Give an EPSG code such as EPSG:4326 or EPSG:32647.",
            f"{text!r} bukan sistem koordinat yang dikenal. Beri kode EPSG, misalnya EPSG:4326 atau EPSG:32647.",
            code="crs_unknown",
        ) from error


def crs_name(crs: CRS) -> str:
    """Short name of a CRS: EPSG:32647 where it has a code, else its title."""
    authority = crs.to_authority(min_confidence=70)
    return f"{authority[0]}:{authority[1]}" if authority else str(crs.name)


def decide(path: Path, declared: CRS | None, bounds: tuple[float, float, float, float], given: str | None) -> Decision:
    """Decide the CRS of a layer with these bounds (in its own coordinates).

    A CRS that the user gives holds. Without one, degrees are told by their extent: coordinates that fit Indonesia
    in degrees are EPSG:4326, even where a projected CRS is declared. Metres without a CRS are refused.

    Raises
    ------
    FileRefusedError : code ``crs_missing``, ``crs_wrong``, ``crs_unknown``.
    """
    degrees = _fits_degrees(bounds)
    if given is not None:
        return _given(path, parse_crs(given), declared, degrees)
    if declared is None:
        if not degrees:
            raise refuse(
                f"{path}: the file does not say its coordinate system and the coordinates are not degrees. {_HINT_EN}",
                f"{path}: berkas tidak menyebut sistem koordinat dan koordinatnya bukan derajat. {_HINT_ID}",
                code="crs_missing",
            )
        return _assumed(
            "crs_assumed",
            "No coordinate system is stated; taken as degrees (EPSG:4326).",
            "Sistem koordinat tidak disebut; dianggap derajat (EPSG:4326).",
        )
    if declared.is_geographic and not degrees:
        raise _wrong(path, crs_name(declared), "holds metres, not degrees", "berisi meter, bukan derajat")
    if declared.is_projected and degrees and _in_indonesia(bounds):
        name = crs_name(declared)
        return _assumed(
            "crs_corrected",
            f"The file says {name} (metres) but holds degrees; taken as EPSG:4326.",
            f"Berkas menyebut {name} (meter) tetapi isinya derajat; dianggap EPSG:4326.",
        )
    return Decision(declared, crs_name(declared), ())


def to_degrees(path: Path, frame: gpd.GeoDataFrame, decision: Decision) -> gpd.GeoDataFrame:
    """Return the layer in EPSG:4326; refuse a CRS in which its coordinates mean nothing (code ``crs_wrong``)."""
    frame = frame.set_crs(decision.crs, allow_override=True)
    if decision.crs.equals(CRS.from_epsg(4326), ignore_axis_order=True):
        return frame.set_crs(WGS84, allow_override=True)
    try:
        moved = frame.to_crs(WGS84)
    except (ProjError, CRSError) as error:
        raise _wrong(
            path, decision.name, "does not fit these coordinates", "tidak cocok dengan koordinatnya"
        ) from error
    if len(moved) and not moved.geometry.isna().all() and not np.isfinite(moved.total_bounds).all():
        raise _wrong(path, decision.name, "does not fit these coordinates", "tidak cocok dengan koordinatnya")
    return moved


def _given(path: Path, crs: CRS, declared: CRS | None, degrees: bool) -> Decision:
    name = crs_name(crs)
    if crs.is_geographic and not degrees:
        raise _wrong(path, name, "holds metres, not degrees", "berisi meter, bukan derajat")
    if declared is None or declared.equals(crs, ignore_axis_order=True):
        return Decision(crs, name, ())
    problem = Problem(
        code="crs_overridden",
        severity="info",
        count=1,
        detail=f"The file says {crs_name(declared)}; {name} was given and used.",
        detail_id=f"Berkas menyebut {crs_name(declared)}; {name} yang diberikan dan dipakai.",
    )
    return Decision(crs, name, (problem,))


def _assumed(code: str, en: str, id: str) -> Decision:
    problem = Problem(code=code, severity="warning", count=1, detail=en, detail_id=id)
    return Decision(CRS.from_epsg(4326), WGS84, (problem,))


def _wrong(path: Path, name: str, en: str, id: str) -> FileRefusedError:
    return refuse(
        f"{path}: as {name} the file {en}. {_HINT_EN}",
        f"{path}: sebagai {name} berkas ini {id}. {_HINT_ID}",
        code="crs_wrong",
    )


def _fits_degrees(bounds: tuple[float, float, float, float]) -> bool:
    return (
        all(np.isfinite(bounds))
        and max(abs(bounds[0]), abs(bounds[2])) <= 360
        and max(abs(bounds[1]), abs(bounds[3])) <= 180
    )


def _in_indonesia(bounds: tuple[float, float, float, float]) -> bool:
    west, south, east, north = INDONESIA
    return west <= bounds[0] and bounds[2] <= east and south <= bounds[1] and bounds[3] <= north
