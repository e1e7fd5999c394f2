"""What people are told of an intake: its id, the next command, reasons in words, and what became of the period."""

from __future__ import annotations

import json

import pytest

from gisapp.registry.reasons import REASONS, WARNINGS
from gisapp.workspace.add import add_layer
from gisapp.workspace.folder import init_workspace
from tests.registry.conftest import DESA, family, write_boundary, write_csv

KEYS = {
    "snapshot", "period", "rows", "accepted", "quarantined", "families", "reasons", "warnings", "quarantine", "form",
    "codes", "unchanged", "corrects",
}  # fmt: skip


@pytest.fixture
def root(tmp_path):
    workspace = init_workspace(tmp_path / "kabupaten")
    add_layer(workspace, write_boundary(tmp_path / "desa.geojson", DESA), role="boundary", name="desa", level="desa")
    return workspace.root


@pytest.fixture
def ingest(call, root, tmp_path):
    """Ingest rows as a file of some name."""

    def _ingest(rows, name="keluarga.csv", *options):
        return call("-w", root, "ingest", write_csv(tmp_path / name, rows), "--period", "2025", *options)

    return _ingest


def test_the_report_names_the_import_and_the_command_that_hands_out_the_rejected_rows(call, ingest, root, tmp_path):
    rows = [family(1), family(2, desil="11"), family(3, bujur="0", lintang="0")]
    told = ingest(rows).stdout
    command = next(line for line in told.splitlines() if "gisapp" in line and "quarantine" in line)
    words = command.split()
    assert words[1:4] == ["-w", str(root), "quarantine"]
    assert words[4] in told.splitlines()[0]
    assert call(*words[1:-1], tmp_path / "ditolak.csv").exit_code == 0
    assert (tmp_path / "ditolak.csv").is_file()
    id, en = REASONS["decile_invalid"]
    assert f"{id} / {en} [decile_invalid]: 1; baris / rows 3" in told
    id, en = WARNINGS["coordinate_zero"]
    assert f"{id} / {en} [coordinate_zero]: 1; baris / rows 4" in told
    assert "3 baris = 2 diterima + 1 karantina / 3 rows = 2 accepted + 1 quarantined" in told


def test_at_most_five_rows_are_named(ingest):
    rows = [family(number, desil="11") for number in range(1, 8)] + [family(8)]
    assert "[decile_invalid]: 7; baris / rows 2, 3, 4, 5, 6, …" in ingest(rows).stdout


def test_the_json_keeps_its_keys(ingest):
    assert set(ingest([family(1)], "keluarga.csv", "--json").json) == KEYS


def test_each_outcome_is_told(call, ingest, root, tmp_path):
    first = ingest([family(1), family(2)], "satu.csv").stdout
    assert "Potret pertama periode 2025: 2 keluarga." in first
    assert "The first snapshot of period 2025: 2 families." in first
    again = ingest([family(1), family(2)], "satu.csv").stdout
    assert "sudah pernah diterima; tidak ada yang berubah. Potret periode 2025: satu.csv (2)" in again
    assert "nothing changed" in again
    other = ingest([family(1), family(2), family(3), family(4, kode_desa="12.05.09.2001")], "dua.csv").stdout
    assert "Mengganti potret periode 2025 dari satu.csv; sekarang 3 keluarga." in other
    assert "Replaces the snapshot" in other
    corrected = ingest([{**family(4), "reasons": "area_unknown"}], "perbaikan.csv").stdout
    assert "Melengkapi potret periode 2025 dari dua.csv; sekarang 4 keluarga." in corrected
    assert "Joined with the snapshot" in corrected
    older = ingest([family(1), family(2)], "satu.csv").stdout
    assert "Potret periode 2025: perbaikan.csv (4)" in older
    refused = ingest([family(1, desil="11")], "tiga.csv").stdout
    assert "Tidak ada keluarga yang diterima. Potret periode 2025 tetap: perbaikan.csv (4)" in refused


def test_coordinates_exchanged_in_the_whole_file_are_told_with_the_mapping_that_mends_them(call, ingest, tmp_path):
    rows = [family(n, lintang=family(n)["bujur"], bujur=family(n)["lintang"]) for n in range(1, 6)]
    told = ingest(rows).stdout
    assert "di seluruh berkas tertukar" in told
    assert "in the whole file" in told
    assert "--mapping" in told
    mapping = tmp_path / "tukar.toml"
    lines = told.splitlines()
    at = lines.index('  base = "regsosek2022k"')
    mapping.write_text("\n".join(line.strip() for line in lines[at : at + 4]))
    assert ingest(rows, "keluarga.csv", "--mapping", mapping, "--json").json["warnings"] == {}


def test_single_exchanged_coordinates_bring_no_such_hint(ingest):
    rows = [family(n) for n in range(1, 6)] + [family(6, lintang="98.05", bujur="3.55")]
    assert "di seluruh berkas" not in ingest(rows).stdout


def test_a_wrong_import_id_is_answered_with_those_there_are(call, ingest, root, tmp_path):
    known = json.loads(ingest([family(1)], "keluarga.csv", "--json").stdout)["quarantine"]
    answer = call("-w", root, "quarantine", "2025", "-o", tmp_path / "q.csv")
    assert answer.exit_code == 1
    assert f"{known} (2025, keluarga.csv)" in answer.stderr
