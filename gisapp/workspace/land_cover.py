"""Codes of a land cover raster held against the classes that have a speed: what a run cannot use, and what it loses."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pyproj import CRS, Transformer

from gisapp.catalog.travel_speeds import TravelSpeeds, load_travel_speeds
from gisapp.errors import Problem, some
from gisapp.readers.raster import RasterInfo
from gisapp.readers.raster_codes import read_codes
from gisapp.workspace.folder import Workspace
from gisapp.workspace.layers import district_outline
from gisapp.workspace.prepared import warn

#: Codes above this, and negative ones, are hardly classes: what programs write for "no data".
_LAST_USUAL_CODE = 254


def land_cover_problems(
    workspace: Workspace, path: Path, info: RasterInfo, *, name: str, own: Mapping[str, str]
) -> list[Problem]:
    """What is wrong with the codes of a stored or brought land cover, within the district where its boundary is known.

    ``own`` is the layer's ``[kind_map]``: code -> class. Raises FileRefusedError (``raster_outside``) where the raster
    has no cell in the district.
    """
    outline = district_outline(workspace)
    bounds = None
    if outline is not None:
        moved = Transformer.from_crs(CRS.from_epsg(4326), CRS.from_user_input(info.crs), always_xy=True)
        bounds = _inset(moved.transform_bounds(*outline.bounds), info)
    return code_problems(read_codes(path, bounds=bounds), load_travel_speeds(), name=name, own=own)


def _inset(bounds: tuple[float, float, float, float], info: RasterInfo) -> tuple[float, float, float, float]:
    """Bounds half a cell smaller: a cell counts by its centre, as where a run reads it, not for touching the border."""
    west, south, east, north = bounds
    across = min(abs(info.transform.a) / 2, 0.49 * (east - west))
    down = min(abs(info.transform.e) / 2, 0.49 * (north - south))
    return west + across, south + down, east - across, north - down


def code_problems(
    codes: Mapping[float, int], table: TravelSpeeds, *, name: str, own: Mapping[str, str]
) -> list[Problem]:
    """Problems of the codes (code -> cells): severity error where no minutes can be reckoned over them."""
    if not codes:
        return [
            _error(
                "land_cover_empty",
                1,
                f"land cover {name}: no cell in the district has a value, all are nodata. Bring a raster that covers "
                "the district, and check which value is declared as nodata.",
                f"tutupan lahan {name}: tidak ada sel yang berisi nilai di kabupaten ini, semuanya nodata. Pakai "
                "raster yang mencakup kabupaten, dan periksa nilai yang dinyatakan sebagai nodata.",
            )
        ]
    broken = {code: cells for code, cells in codes.items() if not code.is_integer()}
    if broken:
        return [
            _error(
                "land_cover_codes",
                sum(broken.values()),
                f"land cover {name}: codes must be whole numbers; these are not: {_listed(broken, codes)}. Bring "
                "the classes themselves, resampled by nearest neighbour, not by a mean.",
                f"tutupan lahan {name}: kode harus bilangan bulat; yang bukan: {_listed(broken, codes)}. Pakai "
                "raster kelas aslinya, diambil ulang dengan tetangga terdekat, bukan rata-rata.",
            )
        ]
    lost = without_class(codes, table, own)
    if not lost:
        return []
    classes = ", ".join(sorted(walked_classes(table)))
    nodata = any(code < 0 or code > _LAST_USUAL_CODE for code in lost)
    hint = " Negative codes and 255 look like nodata: declare them as such." if nodata else ""
    hint_id = " Kode negatif dan 255 mirip nodata: nyatakan sebagai nodata." if nodata else ""
    return [
        warn(
            "land_cover_unknown",
            sum(lost.values()),
            f"land cover {name}: codes without a class, taken as ground that cannot be crossed except by road: "
            f"{_listed(lost, codes)}. Say under [kind_map] of {name}.toml which class each is: {classes}.{hint}",
            f"tutupan lahan {name}: kode tanpa kelas, dianggap tidak dapat dilalui selain lewat jalan: "
            f"{_listed(lost, codes)}. Tulis kelas tiap kode di [kind_map] pada {name}.toml: {classes}.{hint_id}",
        )
    ]


def code_classes(table: TravelSpeeds, own: Mapping[str, str]) -> dict[int, str]:
    """Class of each code: the layer's own ``[kind_map]`` before the table of speeds."""
    return table.land_cover | {int(code): name for code, name in own.items() if code.isdecimal()}


def walked_classes(table: TravelSpeeds) -> set[str]:
    """Classes of ground that have a speed."""
    speeds = table.speeds
    return set(speeds.loc[speeds["group"].eq("land"), "class"])


def without_class(codes: Mapping[float, int], table: TravelSpeeds, own: Mapping[str, str]) -> dict[int, int]:
    """Cells of each whole code whose class is not known or has no speed."""
    classes, walked = code_classes(table, own), walked_classes(table)
    return {int(code): cells for code, cells in codes.items() if classes.get(int(code)) not in walked}


def _listed(chosen: Mapping[float, int] | Mapping[int, int], codes: Mapping[float, int]) -> str:
    """``77 (50.0 %)``: each code with its share of the cells that have a value, the most frequent first."""
    total = sum(codes.values())
    ordered = sorted(chosen.items(), key=lambda one: (-one[1], one[0]))
    return some(f"{code:g} ({100 * cells / total:.3g} %)" for code, cells in ordered)


def _error(code: str, count: int, en: str, id: str) -> Problem:
    return warn(code, count, en, id, severity="error")
