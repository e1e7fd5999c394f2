"""Taking in a household file, beside pandas reading it and geopandas writing it: rows a second, peak memory, ratios.

`python benchmarks/intake.py [--rows N]` writes a CSV of N families (300,000) with 60 columns on a district of 200 desa,
then runs each step in a process of its own: `gisapp ingest` whole (ids compared, identities sealed, snapshot written),
pandas reading the file as text, and geopandas writing it as GeoParquet and GeoPackage. With 3,000,000 rows and
`--only ingest` it checks that an intake stays within 2 GB.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COLUMNS = 60
DESA = 200
LIMIT_MB = 2048
_BATCH = 100_000
_ACROSS = 20
_CODED = {
    "anak_7_15_tidak_sekolah": 2, "pendidikan_dewasa_tertinggi": 22, "bekerja_tetap": 2, "kd_jenis_lantai_terluas": 9,
    "kd_jenis_dinding": 7, "kd_jenis_atap": 8, "kd_sumber_air_minum": 11, "kd_jarak_sumber_air_ke_tpl": 3,
    "kd_sumber_penerangan_utama": 4, "kd_daya_terpasang": 5, "kd_bahan_bakar_memasak": 12,
    "kd_fasilitas_tempat_bab": 6, "kd_jenis_kloset": 4, "kd_pembuangan_akhir_tinja": 6, "kd_pkh": 2, "kd_bss_bnpt": 2,
    "pbi": 2,
}  # fmt: skip


def corner(desa: int) -> tuple[float, float]:
    """Lower left corner of a desa, 0.02 degrees wide."""
    return 98.0 + desa % _ACROSS * 0.02, 3.5 + desa // _ACROSS * 0.02


def code(desa: int) -> str:
    """Kemendagri code of a desa."""
    return f"12.05.{desa // 20 + 1:02d}.{2001 + desa % 20}"


def write_boundary(path: Path) -> Path:
    """Square desa as GeoJSON."""
    features = []
    for desa in range(DESA):
        x, y = corner(desa)
        ring = [[x, y], [x + 0.02, y], [x + 0.02, y + 0.02], [x, y + 0.02], [x, y]]
        features.append(
            {
                "type": "Feature",
                "properties": {"kode": code(desa), "nama": f"Desa {desa + 1}"},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def write_families(path: Path, rows: int) -> Path:
    """Families of nobody: 99 is no province."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa
    import pyarrow.csv as arrow_csv

    random = np.random.default_rng(1)
    codes = np.array([code(desa) for desa in range(DESA)])
    corners = np.array([corner(desa) for desa in range(DESA)])
    writer = None
    for start in range(0, rows, _BATCH):
        n = min(_BATCH, rows - start)
        number = np.arange(start, start + n)
        desa = random.integers(0, DESA, n)
        table = {
            "kode_desa": codes[desa],
            "nama_desa": [f"Desa {one + 1}" for one in desa],
            "no_kk": [f"990201{one // 9 * 10 + one % 9 + 1:010d}" for one in number],
            "nik": [f"990101{one // 9 * 10 + one % 9 + 1:010d}" for one in number],
            "nama_kepala_keluarga": [f"Nama Rekaan {one}" for one in number],
            "alamat": [f"Dusun Rekaan {one % 20}" for one in number],
            "jumlah_anggota": random.integers(1, 9, n).astype(str),
            "desil": random.integers(1, 11, n).astype(str),
            "lintang": [f"{y:.6f}" for y in corners[desa, 1] + random.random(n) * 0.02],
            "bujur": [f"{x:.6f}" for x in corners[desa, 0] + random.random(n) * 0.02],
            "luas_lantai": random.integers(10, 150, n).astype(str),
            "jumlah_anak_0_5": random.integers(0, 3, n).astype(str),
            "jumlah_anak_7_12": random.integers(0, 3, n).astype(str),
            "jumlah_anak_13_15": random.integers(0, 3, n).astype(str),
        }
        table |= {name: random.integers(1, most + 1, n).astype(str) for name, most in _CODED.items()}
        others = range(COLUMNS - len(table))
        table |= {f"kolom_lain_{at}": random.integers(0, 1000, n).astype(str) for at in others}
        batch = pa.Table.from_pandas(pd.DataFrame(table), preserve_index=False)
        writer = writer or arrow_csv.CSVWriter(
            path, batch.schema, write_options=arrow_csv.WriteOptions(quoting_style="needed")
        )
        writer.write_table(batch)
    if writer is not None:
        writer.close()
    return path


def make_workspace(root: Path) -> Path:
    """A district of 200 desa."""
    from gisapp.workspace.add import add_layer
    from gisapp.workspace.folder import init_workspace

    boundary = write_boundary(root.parent / "desa.geojson")
    add_layer(init_workspace(root), boundary, role="boundary", name="desa", level="desa", key="kode")
    return root


def step_write(file: Path, folder: Path) -> int:
    """The file and the district, in a process of their own so that theirs is no step's memory."""
    make_workspace(folder / "kabupaten")
    if not file.exists():
        write_families(file, int(file.stem.rpartition("-")[2]))
    return 0


def step_ingest(file: Path, folder: Path) -> int:
    """The whole intake."""
    from gisapp.registry.ingest import ingest
    from gisapp.workspace.folder import open_workspace

    return ingest(open_workspace(folder / "kabupaten"), file, period="2025").accepted


def step_pandas(file: Path, _: Path) -> int:
    """pandas.read_csv, every column as text."""
    import pandas as pd

    return len(pd.read_csv(file, dtype=str, keep_default_na=False))


def step_geoparquet(file: Path, folder: Path) -> int:
    """pandas.read_csv, then geopandas to GeoParquet."""
    frame = _points(file)
    frame.to_parquet(folder / "keluarga.parquet")
    return len(frame)


def step_gpkg(file: Path, folder: Path) -> int:
    """pandas.read_csv, then geopandas to GeoPackage."""
    frame = _points(file)
    frame.to_file(folder / "keluarga.gpkg", driver="GPKG")
    return len(frame)


def _points(file: Path):  # type: ignore[no-untyped-def]
    import geopandas as gpd
    import pandas as pd

    frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    points = gpd.points_from_xy(frame["bujur"].astype(float), frame["lintang"].astype(float), crs="EPSG:4326")
    return gpd.GeoDataFrame(frame, geometry=points)


STEPS = {
    "write": step_write,
    "ingest": step_ingest,
    "pandas": step_pandas,
    "geoparquet": step_geoparquet,
    "gpkg": step_gpkg,
}


def measure(step: str, file: Path, folder: Path) -> dict[str, float]:
    """Seconds and peak memory of one step in a fresh process."""
    command = [sys.executable, __file__, "--step", step, str(file), str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def run_step(step: str, file: Path, folder: Path) -> None:
    """Print what one step took, in this process."""
    began = time.perf_counter()
    rows = STEPS[step](file, folder)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "peak_mb": peak}))


def main() -> None:
    """Print one table of steps and their ratio to pandas reading the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--only", choices=list(STEPS)[1:], help="one step only")
    parser.add_argument("--keep", type=Path, help="folder to work in, kept afterwards")
    parser.add_argument("--step", nargs=3, metavar=("STEP", "FILE", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        run_step(given.step[0], Path(given.step[1]), Path(given.step[2]))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"keluarga-{given.rows}.csv"
        measure("write", file, folder)
        print(f"{given.rows} families, {COLUMNS} columns, {file.stat().st_size / 1e6:.0f} MB")
        print(f"{'step':12}{'seconds':>10}{'rows/s':>12}{'peak MB':>10}{'time ratio':>12}{'memory ratio':>14}")
        found = {name: measure(name, file, folder) for name in ([given.only] if given.only else list(STEPS)[1:])}
        base = found.get("pandas", next(iter(found.values())))
        for name, one in found.items():
            rate, times = one["rows"] / one["seconds"], one["seconds"] / base["seconds"]
            memory = one["peak_mb"] / base["peak_mb"]
            print(f"{name:12}{one['seconds']:10.1f}{rate:12.0f}{one['peak_mb']:10.0f}{times:12.2f}{memory:14.2f}")
        if "ingest" in found and found["ingest"]["peak_mb"] > LIMIT_MB:
            sys.exit(f"ingest took more than {LIMIT_MB} MB")


if __name__ == "__main__":
    main()
