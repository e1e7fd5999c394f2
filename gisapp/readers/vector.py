"""Vector files opened with the one driver that their content was found to be, repaired with a report, in EPSG:4326."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS
from shapely.errors import ShapelyError

from gisapp.errors import FileRefusedError, Problem
from gisapp.readers.archive import check_archive, unpack
from gisapp.readers.crs import INDONESIA, Decision, decide, to_degrees
from gisapp.readers.guard import LIMITS, Format, check_xml, identify, refuse, sniff
from gisapp.readers.repair import drop_not_finite, flatten, repair

_DRIVERS: dict[str, tuple[str, ...]] = {
    "geojson": ("GeoJSON",),
    "gpkg": ("GPKG",),
    "shp": ("ESRI Shapefile",),
    "fgb": ("FlatGeobuf",),
    "kml": ("KML", "LIBKML"),
    "gpx": ("GPX",),
    "gml": ("GML",),
}
_SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_LISTED_ENTRIES = 10
_GPX_LAYERS = (("waypoints",), ("routes", "tracks"))


@dataclass(frozen=True)
class VectorRead:
    """One vector layer in EPSG:4326: ``crs`` names what the file had, ``problems`` what was changed or assumed."""

    frame: gpd.GeoDataFrame
    crs: str
    problems: tuple[Problem, ...]


def read_vector(path: Path | str, *, crs: str | None = None) -> VectorRead:
    """Read GeoJSON, GeoPackage, Shapefile (also zipped), FlatGeobuf, GeoParquet, KML, KMZ, GPX or GML.

    Every row of the file is a row of the frame, in order; a geometry that cannot be used is None.

    Raises
    ------
    FileRefusedError : the file is not what it says, is damaged, unsafe, has several layers, or no usable CRS.
    """
    found = Path(path)
    raw, notes = _read_raw(found)
    return finish(found, raw, crs=crs, notes=notes)


def finish(path: Path, raw: gpd.GeoDataFrame, *, crs: str | None, notes: list[Problem]) -> VectorRead:
    """Turn a raw frame into EPSG:4326: finite, flat, valid, with its CRS decided."""
    if raw.empty:
        raise refuse(
            f"{path}: there is no feature in the file.", f"{path}: berkas tidak berisi fitur.", code="layer_empty"
        )
    declared = raw.crs.to_2d() if raw.crs is not None else None
    finite, not_finite = drop_not_finite(raw)
    flat, tall = flatten(finite)
    if flat.geometry.isna().all():
        decision = Decision(declared or CRS.from_epsg(4326), "EPSG:4326", ())
    else:
        decision = decide(path, declared, tuple(flat.total_bounds), crs)
    moved = to_degrees(path, flat, decision)
    whole, repaired = repair(moved)
    problems = (*notes, *decision.problems, *not_finite, *tall, *repaired, *_outside_indonesia(whole))
    return VectorRead(whole.reset_index(drop=True), decision.name, problems)


def shapefile_parts(path: Path, *, shown: str | None = None) -> list[Path]:
    """The files of an unzipped shapefile, by ending; the .shp, .shx and .dbf must be there.

    ``shown`` is what the message calls it, where it was unpacked from an archive.
    """
    beside = {
        other.suffix.lower(): other
        for other in sorted(path.parent.iterdir())
        if other.stem.lower() == path.stem.lower()
    }
    lacking = [ending for ending in (".shx", ".dbf") if ending not in beside]
    if lacking:
        listed = ", ".join(lacking)
        raise refuse(
            f"{shown or path}: a shapefile needs its {listed} beside it. Bring all parts, or one complete zip.",
            f"{shown or path}: shapefile perlu {listed} di sampingnya. Bawa semua bagiannya, atau satu zip lengkap.",
            code="shapefile_parts",
        )
    return [beside[ending] for ending in _SHAPE_PARTS if ending in beside]


def _read_raw(path: Path) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    kind = identify(path)
    if kind == "parquet":
        return _read_parquet(path), []
    if kind not in _DRIVERS and kind not in ("zip", "kmz"):
        raise refuse(
            f"{path}: a map layer cannot be {kind}. Known: GeoJSON, GPKG, SHP, zip, FGB, Parquet, KML, KMZ, GPX.",
            f"{path}: peta tidak dapat berupa {kind}. Dikenal: GeoJSON, GPKG, SHP, zip, FGB, Parquet, KML, KMZ, GPX.",
            code="format_unknown",
        )
    with _plain_file(path, kind) as (plain, plain_kind):
        return _read_gdal(path, plain, plain_kind)


@contextmanager
def _plain_file(path: Path, kind: Format) -> Iterator[tuple[Path, Format]]:
    """Give a file that GDAL may open: the file itself, or what a checked archive holds, under our own names.

    GeoJSON is opened under GDAL's own prefix, so that no other JSON driver can claim it.
    """
    if kind not in ("zip", "kmz"):
        if kind == "shp":
            shapefile_parts(path)
        yield path, kind
        return
    with tempfile.TemporaryDirectory(prefix="gisapp-") as folder:
        yield _unpacked(path, Path(folder), kind)


def _unpacked(path: Path, folder: Path, kind: Format) -> tuple[Path, Format]:
    infos = [info for info in check_archive(path) if "__MACOSX" not in info.filename]
    endings = {Path(info.filename).suffix.lower() for info in infos}
    names = sorted(info.filename for info in infos)
    wanted = [".kml"] if kind == "kmz" else [".shp", ".geojson", ".json", ".gpkg", ".fgb", ".kml", ".gpx", ".gml"]
    chosen = next((ending for ending in wanted if ending in endings), None)
    layers = [info for info in infos if Path(info.filename).suffix.lower() == chosen]
    if kind == "kmz" and len(layers) > 1:
        layers = [info for info in layers if Path(info.filename).name.lower() == "doc.kml"] or layers
    if chosen is None or len(layers) != 1:
        listed = ", ".join(sorted(info.filename for info in layers) or names[:_LISTED_ENTRIES])
        raise refuse(
            f"{path}: the archive must hold exactly one layer; it holds: {listed}.",
            f"{path}: arsip harus berisi tepat satu lapisan; isinya: {listed}.",
            code="archive_layers",
        )
    base = layers[0].filename.rpartition(".")[0].lower()
    for info in infos:
        stem, _, ending = info.filename.rpartition(".")
        if stem.lower() == base and (
            f".{ending.lower()}" == chosen or (chosen == ".shp" and f".{ending.lower()}" in _SHAPE_PARTS)
        ):
            unpack(path, info, folder / f"layer.{ending.lower()}")
    plain = folder / f"layer{chosen}"
    actual = identify(plain) if sniff(plain) else None
    if actual is None:
        raise refuse(
            f"{path}: {layers[0].filename!r} is not what its name says.",
            f"{path}: format tidak cocok pada {layers[0].filename!r}.",
            code="format_mismatch",
        )
    if actual == "shp":
        shapefile_parts(plain, shown=f"{path} ({layers[0].filename})")
    return plain, actual


def _read_gdal(path: Path, plain: Path, kind: Format) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    if kind in ("kml", "gpx", "gml"):
        check_xml(plain)
    try:
        layers = _layers(path, plain, kind)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what matters of them is reported as problems by our own checks
            frames = [_read_layer(path, plain, kind, layer) for layer in layers]
    except (DataSourceError, DataLayerError, ShapelyError, UnicodeDecodeError, ValueError, pa.ArrowInvalid) as error:
        if isinstance(error, FileRefusedError):
            raise
        reason = str(error).replace(str(plain), path.name).splitlines()[0][:200]
        raise refuse(
            f"{path}: the file is damaged: {reason}", f"{path}: berkas rusak: {reason}", code="damaged"
        ) from error
    frames = [frame for frame in frames if len(frame)] or frames[:1]
    merged = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    return gpd.GeoDataFrame(merged), []


def _named(plain: Path, kind: Format) -> str:
    return f"GeoJSON:{plain.resolve()}" if kind == "geojson" else str(plain.resolve())


def _layers(path: Path, plain: Path, kind: Format) -> list[str]:
    listed = pyogrio.list_layers(_named(plain, kind))
    names = [str(name) for name, geometry in listed if geometry is not None]
    if kind == "gpx":
        for wanted in _GPX_LAYERS:
            present = [name for name in wanted if name in names and _count(plain, kind, name)]
            if present:
                return present
        return ["waypoints"]
    if kind == "kml" and names:
        return names
    if len(names) != 1:
        shown = ", ".join(names) or "-"
        raise refuse(
            f"{path}: the file must hold exactly one map layer; it holds: {shown}. Export the one you mean.",
            f"{path}: berkas harus berisi tepat satu lapisan peta; isinya: {shown}. Ekspor lapisan yang dimaksud.",
            code="several_layers",
        )
    return names


def _count(plain: Path, kind: Format, layer: str) -> int:
    return int(pyogrio.read_info(_named(plain, kind), layer=layer, force_feature_count=True)["features"])


def _read_layer(path: Path, plain: Path, kind: Format, layer: str) -> gpd.GeoDataFrame:
    name = _named(plain, kind)
    info = pyogrio.read_info(name, layer=layer, force_feature_count=False)
    if info["driver"] not in _DRIVERS[kind]:
        raise refuse(
            f"{path}: the content is not {kind}.",
            f"{path}: format tidak cocok: isinya bukan {kind}.",
            code="format_mismatch",
        )
    if info["features"] > LIMITS.features:
        raise refuse(
            f"{path}: {info['features']} features are more than {LIMITS.features}. Cut it to the district.",
            f"{path}: {info['features']} fitur melebihi {LIMITS.features}. Potong sesuai kabupaten.",
            code="file_too_large",
        )
    frame = pyogrio.read_dataframe(name, layer=layer, on_invalid="fix", datetime_as_string=True, use_arrow=False)
    if not isinstance(frame, gpd.GeoDataFrame):
        raise refuse(f"{path}: the layer has no geometry.", f"{path}: lapisan tanpa geometri.", code="geometry_missing")
    return frame


def _read_parquet(path: Path) -> gpd.GeoDataFrame:
    try:
        source = parquet.ParquetFile(path)
        metadata = source.schema_arrow.metadata or {}
        if b"geo" not in metadata:
            raise refuse(
                f"{path}: this Parquet file has no geometry.",
                f"{path}: berkas Parquet ini tanpa geometri.",
                code="geometry_missing",
            )
        if source.metadata.num_rows > LIMITS.features:
            raise refuse(
                f"{path}: more than {LIMITS.features} features.",
                f"{path}: lebih dari {LIMITS.features} fitur.",
                code="file_too_large",
            )
        return gpd.read_parquet(path)
    except (pa.ArrowInvalid, pa.ArrowException, ShapelyError, ValueError, KeyError, TypeError, OSError) as error:
        if isinstance(error, FileRefusedError):
            raise
        reason = str(error).splitlines()[0][:200]
        raise refuse(
            f"{path}: the Parquet file is damaged: {reason}", f"{path}: berkas Parquet rusak: {reason}", code="damaged"
        ) from error


def _outside_indonesia(frame: gpd.GeoDataFrame) -> list[Problem]:
    bounds = frame.geometry.bounds
    west, south, east, north = INDONESIA
    inside = (bounds.minx >= west) & (bounds.maxx <= east) & (bounds.miny >= south) & (bounds.maxy <= north)
    outside = int((bounds.minx.notna() & ~inside).sum())
    if outside == 0:
        return []
    return [
        Problem(
            code="outside_indonesia",
            severity="warning",
            count=outside,
            detail="Features outside Indonesia (94–142° E, 12° S–7° N). Check --crs and the order of x and y.",
            detail_id="Fitur di luar Indonesia (94–142° BT, 12° LS–7° LU). Periksa --crs dan urutan x/y.",
        )
    ]


def is_geoparquet(path: Path) -> bool:
    """Whether a Parquet file declares a geometry; a damaged one counts as a layer, so that reading it says so."""
    try:
        return b"geo" in (parquet.read_schema(path).metadata or {})
    except (pa.ArrowInvalid, OSError):
        return True
