"""A workspace of four square desa, and files of families drawn by hand."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from gisapp.workspace.add import add_layer
from gisapp.workspace.folder import Workspace, init_workspace, open_workspace

#: Code and lower left corner of each desa, 0.1 degrees wide. The third touches the others' corner.
DESA = {
    "12.05.01.2001": (98.0, 3.5),
    "12.05.01.2002": (98.1, 3.5),
    "12.05.02.1001": (98.0, 3.6),
    "12.05.02.2003": (98.1, 3.6),
}
#: BPS code of each desa.
CROSSWALK = dict(zip(DESA, ("1213010001", "1213010002", "1213020001", "1213021003"), strict=True))


def square(x: float, y: float, size: float = 0.1) -> list[list[float]]:
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


def write_boundary(path: Path, codes: dict[str, tuple[float, float]]) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"kode": code, "nama": f"Desa {code[-4:]}"},
            "geometry": {"type": "Polygon", "coordinates": [square(*corner)]},
        }
        for code, corner in codes.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.fixture(scope="session")
def boundary_file(tmp_path_factory) -> Path:
    return write_boundary(tmp_path_factory.mktemp("layers") / "desa.geojson", DESA)


def make_workspace(root: Path, boundary: Path) -> Workspace:
    add_layer(init_workspace(root), boundary, role="boundary", name="desa", level="desa", key="kode")
    return open_workspace(root)


@pytest.fixture
def workspace(tmp_path, boundary_file) -> Workspace:
    return make_workspace(tmp_path / "kabupaten", boundary_file)


@pytest.fixture
def workspace_with_crosswalk(workspace, tmp_path) -> Workspace:
    file = tmp_path / "padanan.csv"
    file.write_text("kode_kemendagri,kode_bps\n" + "".join(f"{k},{b}\n" for k, b in CROSSWALK.items()))
    add_layer(workspace, file, role="table", name="crosswalk", kind="crosswalk")
    return open_workspace(workspace.root)


def nik(number: int) -> str:
    """A NIK of nobody: 99 is no province, and the last digit is never 0."""
    return f"990101010170{number // 9 * 10 + number % 9 + 1:04d}"


def family(number: int = 1, **changes: str) -> dict[str, str]:
    """One good family of the regsosek2022k form; each number has its own NIK, KK and position."""
    row = {
        "kode_desa": "12.05.01.2001",
        "nama_desa": "Desa 2001",
        "no_kk": nik(number).replace("9901", "9902"),
        "nik": nik(number),
        "nama_kepala_keluarga": f"Nama Rekaan {number}",
        "alamat": "Dusun Rekaan",
        "jumlah_anggota": "4",
        "desil": "1",
        "lintang": f"{3.51 + number * 0.0001:.4f}",
        "bujur": f"{98.01 + number * 0.0001:.4f}",
        "jumlah_anak_0_5": "0",
        "jumlah_anak_7_12": "1",
        "jumlah_anak_13_15": "0",
        "anak_7_15_tidak_sekolah": "2",
        "pendidikan_dewasa_tertinggi": "8",
        "bekerja_tetap": "1",
        "kd_jenis_lantai_terluas": "6",
        "kd_jenis_dinding": "1",
        "kd_jenis_atap": "3",
        "luas_lantai": "36",
        "kd_sumber_air_minum": "4",
        "kd_jarak_sumber_air_ke_tpl": "2",
        "kd_sumber_penerangan_utama": "1",
        "kd_daya_terpasang": "1",
        "kd_bahan_bakar_memasak": "4",
        "kd_fasilitas_tempat_bab": "1",
        "kd_jenis_kloset": "1",
        "kd_pembuangan_akhir_tinja": "1",
        "kd_pkh": "1",
        "kd_bss_bnpt": "2",
        "pbi": "1",
    }
    return {**row, **changes}


def write_csv(path: Path, rows: list[dict[str, str]], *, separator: str = ",") -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        sheet = csv.DictWriter(stream, list(rows[0]), delimiter=separator)
        sheet.writeheader()
        sheet.writerows(rows)
    return path


@dataclass
class Files:
    """Writes files of families into one folder."""

    folder: Path

    def csv(self, rows: list[dict[str, str]], name: str = "keluarga.csv", *, separator: str = ",") -> Path:
        return write_csv(self.folder / name, rows, separator=separator)

    def text(self, text: str, name: str = "keluarga.csv") -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture
def files(tmp_path) -> Files:
    folder = tmp_path / "dibawa"
    folder.mkdir()
    return Files(folder)


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def everything(root: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
