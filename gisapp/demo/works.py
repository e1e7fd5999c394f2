"""Works that are funded already: as a budget office would list them, good rows and bad ones."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gisapp.demo.planted import Planted
from gisapp.demo.profiles import stream

#: Work that answers a planted cause: kind, name, families that it is for in one area (None: all of it), Rp of one area.
_FOR_CAUSE = {
    "no_road_no_electricity": ("Listrik desa", "Perluasan jaringan listrik desa", None, 900_000_000),
    "no_safe_water": ("SPAM perdesaan", "Sambungan rumah SPAM", 40, 350_000_000),
    "no_sanitation": ("Sanitasi", "Pembangunan jamban keluarga", 25, 150_000_000),
}
#: Works that stand in any area: kind, name, Rp, years after the latest period.
_ANYWHERE = (
    ("Posyandu", "Pembangunan posyandu", 180_000_000, 0),
    ("Pembangunan USB SD", "Unit sekolah baru SD", 2_400_000_000, 1),
    ("RTLH", "Rehab rumah tidak layak huni", 200_000_000, 0),
    ("Rehabilitasi ruang kelas SD", "Rehab ruang kelas", 350_000_000, 0),
    ("Peningkatan jalan", "Peningkatan jalan kabupaten", 4_500_000_000, 0),
    ("Sumur bor", "Sumur bor komunal", 120_000_000, -4),
)
_SOURCE = "APBD contoh"


def works_table(codes: npt.NDArray[np.object_], planted: tuple[Planted, ...], *, year: int, seed: int) -> pd.DataFrame:
    """Works by code of desa: kode, jenis, nama, tahun, anggaran, sasaran, sumber.

    Some answer the cause of a planted pocket, some mend what stands, one is of a year gone by, one has no code.
    """
    rng = stream(seed, "works")
    rows = [
        (codes[member], kind, f"{name} {number}", year, money, families)
        for pocket in planted
        if pocket.cause in _FOR_CAUSE
        for kind, name, families, money in [_FOR_CAUSE[pocket.cause]]
        for number, member in enumerate(pocket.members[: None if families is None else 1], start=1)
    ]
    places = rng.choice(codes, len(_ANYWHERE), replace=False) if len(codes) >= len(_ANYWHERE) else codes[:1]
    rows += [
        (code, kind, f"{name} (contoh)", year + later, money, None)
        for code, (kind, name, money, later) in zip(places, _ANYWHERE, strict=False)
    ]
    rows.append(("", "Sanitasi", "Program sanitasi tanpa lokasi (contoh)", year, 75_000_000, None))
    frame = pd.DataFrame(rows, columns=["kode", "jenis", "nama", "tahun", "anggaran", "sasaran"])
    return frame.astype({"sasaran": "Int64"}).assign(sumber=_SOURCE)


def works_map(settlements: gpd.GeoDataFrame, planted: tuple[Planted, ...], *, year: int, seed: int) -> gpd.GeoDataFrame:
    """New roads on the map (metres) between two hamlets of areas outside every pocket."""
    rng = stream(seed, "work roads")
    inside = {member for pocket in planted for member in pocket.members}
    areas = [area for area in sorted(set(settlements["area"])) if area not in inside]
    chosen = rng.permutation(np.array(areas, dtype=np.intp))[:2].tolist()
    rows = []
    for number, area in enumerate(sorted(chosen), start=1):
        hamlets = settlements.geometry[settlements["area"].eq(area)].to_numpy()
        if len(hamlets) > 1:
            line = shapely.LineString([hamlets[0], hamlets[-1]])
            rows.append(("Pembangunan jalan", f"Jalan baru {number} (contoh)", year, 3_000_000_000, _SOURCE, line))
    columns = ["jenis", "nama", "tahun", "anggaran", "sumber", "geometry"]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry="geometry", crs=settlements.crs)
