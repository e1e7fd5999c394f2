"""Tables with coordinates: every row is kept, and a row whose position cannot be used says why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.errors import SHOWN, Problem, Severity, some
from gisapp.readers.crs import INDONESIA, crs_name, parse_crs
from gisapp.readers.guard import refuse
from gisapp.readers.numbers import parse_coordinates
from gisapp.readers.table import read_table
from gisapp.readers.vector import VectorRead

#: The column that tells how far a row's position can be trusted.
POSITION = "position"
#: ``known`` and ``stacked`` positions are used in distances; the others are kept and counted.
POSITIONS = ("known", "blank", "unreadable", "not_finite", "zero", "swapped", "outside", "stacked")

_LATITUDES = ("lintang", "latitude", "lat", "y", "_geolocation_latitude", "koordinat_y", "lattitude", "garis_lintang")
_LONGITUDES = ("bujur", "longitude", "long", "lon", "lng", "x", "koordinat_x", "garis_bujur")
_PROBLEMS = {
    "blank": ("coordinate_missing", "Rows without coordinates.", "Baris tanpa koordinat."),
    "unreadable": ("coordinate_unreadable", "Coordinates that cannot be read.", "Koordinat yang tidak terbaca."),
    "not_finite": ("not_finite", "Coordinates that are not finite numbers.", "Koordinat bukan angka berhingga."),
    "zero": ("coordinate_zero", "Coordinates that are zero.", "Koordinat bernilai nol."),
    "swapped": (
        "coordinate_swapped",
        "Latitude and longitude look swapped; nothing was changed.",
        "Lintang dan bujur tampak tertukar; tidak ada yang diubah.",
    ),
    "outside": ("coordinate_outside", "Coordinates outside the district.", "Koordinat di luar kabupaten."),
    "stacked": (
        "coordinate_stacked",
        "Several rows share exactly one point; still used.",
        "Beberapa baris di satu titik persis sama; tetap dipakai.",
    ),
}


def read_points(
    path: Path | str, *, crs: str | None = None, latitude: str | None = None, longitude: str | None = None
) -> VectorRead:
    """Read a CSV, XLSX or Parquet table with coordinates; all its columns stay text, ``position`` is added.

    Decimal comma, degrees-minutes-seconds and LU/LS/BT/BB are understood. Nothing is swapped back silently.

    Parameters
    ----------
    path : the table.
    crs : EPSG code of the coordinates; degrees (EPSG:4326) where None.
    latitude, longitude : the columns, where they do not bear a usual name (lintang/bujur, lat/lon, y/x ...).

    Returns
    -------
    VectorRead. The geometry is None where the position is blank, unreadable, not finite, zero or swapped.

    Raises
    ------
    FileRefusedError : code ``coordinate_columns`` where the columns are not found.
    """
    found = Path(path)
    read = read_table(found)
    frame = read.frame
    y_column = _column(found, frame, latitude, _LATITUDES, "--latitude")
    x_column = _column(found, frame, longitude, _LONGITUDES, "--longitude")
    y_text, x_text = frame[y_column].str.strip(), frame[x_column].str.strip()
    y, x = parse_coordinates(y_text), parse_coordinates(x_text)
    name = "EPSG:4326"
    if crs is not None and not parse_crs(crs).is_geographic:
        name = crs_name(parse_crs(crs))
        x, y = _to_degrees(x, y, crs)
    position = classify(x, y)
    unread = (np.isnan(x) | np.isnan(y)) & ~((y_text == "") | (x_text == "")).to_numpy()
    position[unread] = "unreadable"
    position[_says_nan(x_text) | _says_nan(y_text)] = "not_finite"
    out = frame.reset_index(drop=True)
    out[POSITION] = position
    points = gpd.GeoDataFrame(out, geometry=_points(x, y, position), crs="EPSG:4326")
    return VectorRead(
        points, name, (*read.problems, *position_problems(position), *_all_swapped(position, y_column, x_column))
    )


def classify(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Tell for each longitude and latitude (degrees) whether it can be a position in Indonesia.

    Returns text: known, blank (NaN), not_finite, zero (longitude 0, or both), swapped (fits Indonesia the other way
    round), outside (all else).
    """
    position = np.full(len(x), "known", dtype=object)
    position[~_in_indonesia(x, y)] = "outside"
    position[~_in_indonesia(x, y) & _in_indonesia(y, x)] = "swapped"
    position[(x == 0) | ((y == 0) & ~_in_indonesia(x, y))] = "zero"
    position[np.isinf(x) | np.isinf(y)] = "not_finite"
    position[np.isnan(x) | np.isnan(y)] = "blank"
    return position


def position_of(geometry: gpd.GeoSeries) -> np.ndarray:
    """Classify the points of a layer in EPSG:4326; a missing geometry is ``blank``."""
    points = geometry.to_numpy()
    return classify(shapely.get_x(points), shapely.get_y(points))


def position_problems(position: np.ndarray, labels: Sequence[str] | None = None) -> list[Problem]:
    """One problem per kind of bad position, with its count; ``labels`` say what the first rows of it are called."""
    problems = []
    for name, (code, en, id) in _PROBLEMS.items():
        rows = np.flatnonzero(position == name)
        if not len(rows):
            continue
        severity: Severity = "info" if name == "stacked" else "warning"
        first = some([labels[row] for row in rows[: SHOWN + 1]]) if labels is not None else ""
        end = f": {first}." if first else "."
        problems.append(
            Problem(
                code=code,
                severity=severity,
                count=len(rows),
                detail=en.removesuffix(".") + end,
                detail_id=id.removesuffix(".") + end,
            )
        )
    return problems


def _all_swapped(position: np.ndarray, y_column: str, x_column: str) -> list[Problem]:
    swapped = int((position == "swapped").sum())
    placed = int(np.isin(position, ("swapped", "known", "outside")).sum())
    if swapped == 0 or swapped < 0.9 * placed:
        return []
    option = f"--latitude {x_column} --longitude {y_column}"
    return [
        Problem(
            code="columns_swapped",
            severity="error",
            count=swapped,
            detail=f"The whole file has its coordinate columns exchanged. Add it again with: {option}",
            detail_id=f"Seluruh berkas tertukar kolom koordinatnya. Tambahkan lagi dengan: {option}",
        )
    ]


def _column(path: Path, frame: pd.DataFrame, given: str | None, usual: tuple[str, ...], option: str) -> str:
    names = [str(name) for name in frame.columns]
    if given is not None:
        if given in names:
            return given
        raise _no_column(path, names, f"column {given!r} ({option})", f"kolom {given!r} ({option})")
    by_folded = {name.strip().casefold(): name for name in reversed(names)}
    for candidate in usual:
        if candidate in by_folded:
            return by_folded[candidate]
    endings = [
        name for folded, name in by_folded.items() if folded.endswith(tuple(f"_{u}" for u in usual if len(u) > 1))
    ]
    if len(endings) == 1:
        return endings[0]
    shown = "/".join(usual[:3])
    raise _no_column(
        path,
        names,
        f"a coordinate column such as {shown} (or say {option} COLUMN)",
        f"kolom koordinat seperti {shown} (atau sebutkan {option} KOLOM)",
    )


def _no_column(path: Path, names: list[str], en: str, id: str) -> Exception:
    listed = ", ".join(names[:30])
    return refuse(
        f"{path}: there is no {en}. Columns: {listed}.",
        f"{path}: tidak ada {id}. Kolom: {listed}.",
        code="coordinate_columns",
    )


def _to_degrees(x: np.ndarray, y: np.ndarray, crs: str) -> tuple[np.ndarray, np.ndarray]:
    from pyproj import Transformer

    usable = np.isfinite(x) & np.isfinite(y) & (x != 0)
    out_x, out_y = x.copy(), y.copy()
    transformer = Transformer.from_crs(parse_crs(crs), "EPSG:4326", always_xy=True)
    out_x[usable], out_y[usable] = transformer.transform(x[usable], y[usable])
    return out_x, out_y


def _says_nan(texts: pd.Series) -> np.ndarray:
    said: np.ndarray = (
        texts.str.lower().isin(("nan", "inf", "-inf", "infinity", "-infinity", "null", "#n/a")).to_numpy()
    )
    return said


def _points(x: np.ndarray, y: np.ndarray, position: np.ndarray) -> np.ndarray:
    points = np.full(len(x), None, dtype=object)
    usable = np.isin(position, ("known", "outside"))
    points[usable] = shapely.points(x[usable], y[usable])
    return points


def _in_indonesia(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    west, south, east, north = INDONESIA
    inside: np.ndarray = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return inside
