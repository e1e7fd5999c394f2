"""The files of a demo district: what each is, and how it is written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.demo.defects import Defects
from gisapp.demo.profiles import parameters
from gisapp.writers import raw

TRUTH_FILE = "demo-truth.json"


@dataclass(frozen=True, kw_only=True)
class LayerFile:
    """One file for ``gisapp add``, with what its TOML should say; every file declares its own CRS."""

    path: Path
    role: str
    name: str
    level: str | None = None
    key: str | None = None
    kind: str | None = None
    kind_column: str | None = None
    crs: str | None = None
    source: str = ""
    date: str = ""

    @property
    def completeness(self) -> float | None:
        """Share of what exists that a made-up facility or road layer holds: all of it, because it makes the place."""
        return 1.0 if self.role in ("facility", "road") and self.kind != "rencana_kegiatan" else None


@dataclass(frozen=True, kw_only=True)
class DemoFiles:
    """Everything that ``make_district`` wrote, and the truth that it planted.

    ``registry`` maps period to file, earliest first. ``truth`` has one row per planted area: pocket, code,
    relative_risk, cause. ``defects`` counts the bad rows of the latest period.
    """

    layers: tuple[LayerFile, ...]
    registry: dict[str, Path]
    truth: pd.DataFrame
    truth_file: Path
    defects: Defects
    profile: str


class Folder:
    """Collects the layers written into one folder, and leaves out what the workspace already has."""

    def __init__(self, folder: Path, skip: set[str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder
        self.skip = skip
        self.layers: list[LayerFile] = []

    def vector(
        self,
        thing: str,
        frame: gpd.GeoDataFrame,
        *,
        name: str,
        role: str,
        source: str = "",
        level: str | None = None,
        key: str | None = None,
        kind: str | None = None,
        kind_column: str | None = None,
    ) -> None:
        """Write a GeoJSON layer unless it is skipped or empty."""
        if thing in self.skip or frame.empty:
            return
        source = source or synthetic_source()
        path = self.path / f"{name}.geojson"
        raw.write_geojson_layer(frame, path, name=f"{name} ({source})", source=source)
        self.layers.append(
            LayerFile(
                path=path, role=role, name=name, level=level, key=key, kind=kind, kind_column=kind_column,
                source=source, date=str(parameters()["date"]),
            )
        )  # fmt: skip

    def table(self, thing: str, frame: pd.DataFrame, *, kind: str, source: str = "") -> None:
        """Write a CSV table unless it is skipped."""
        if thing in self.skip:
            return
        path = self.path / f"{kind}.csv"
        raw.write_csv_rows(frame, path)
        date = str(parameters()["date"])
        source = source or synthetic_source()
        self.layers.append(
            LayerFile(path=path, role="table", name=kind, key="kode", kind=kind, source=source, date=date)
        )

    def raster(
        self,
        name: str,
        values: npt.NDArray[np.generic],
        *,
        kind: str,
        corner: tuple[float, float],
        cell_m: float,
        crs: str,
        nodata: float,
        note: str,
    ) -> None:
        """Write a GeoTIFF unless it is skipped; ``corner`` is west and north in the CRS."""
        if f"raster:{kind}" in self.skip:
            return
        path = self.path / f"{name}.tif"
        west, north = corner
        tags = {"SOURCE": synthetic_source(), "NOTE": note}
        raw.write_geotiff(values, path, west=west, north=north, cell_m=cell_m, crs=crs, nodata=nodata, tags=tags)
        self.layers.append(
            LayerFile(
                path=path, role="raster", name=name, kind=kind, source=synthetic_source(),
                date=str(parameters()["date"]),
            )
        )  # fmt: skip

    def registry(self, period: str, families: pd.DataFrame) -> Path:
        """Write one period of the registry, readable by its owner only, as the real one should be."""
        path = self.path / f"keluarga-{period}.csv"
        raw.write_csv_rows(families, path)
        path.chmod(0o600)
        return path

    def truth(self, truth: pd.DataFrame, **about: object) -> Path:
        """Write what was planted beside the layers, so that recovery can be scored again."""
        pockets = [
            {"pocket": pocket, "relative_risk": risk, "cause": cause, "codes": group["code"].tolist()}
            for (pocket, risk, cause), group in truth.groupby(["pocket", "relative_risk", "cause"], sort=True)
        ]
        content = {"source": synthetic_source(), "parameters": str(parameters()["date"]), **about, "pockets": pockets}
        path = self.path / TRUTH_FILE
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return path


def synthetic_source() -> str:
    """What stands as the source of everything that is made up."""
    return str(parameters()["source"])


def read_truth(path: Path) -> pd.DataFrame:
    """The planted areas as ``DemoFiles.truth`` holds them, from the file that ``make_district`` wrote."""
    content = json.loads(path.read_text(encoding="utf-8"))
    rows = [
        (pocket["pocket"], code, pocket["relative_risk"], pocket["cause"])
        for pocket in content["pockets"]
        for code in pocket["codes"]
    ]
    return pd.DataFrame(rows, columns=["pocket", "code", "relative_risk", "cause"])
