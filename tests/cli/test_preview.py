"""gisapp ingest --preview: a table for people, a document for programs, and nothing stored."""

from __future__ import annotations

import json

from tests.registry.conftest import DESA, everything, family, make_workspace, nik, write_boundary, write_csv


def test_a_preview_for_people_and_for_programs_stores_nothing(call, tmp_path):
    workspace = make_workspace(tmp_path / "w", write_boundary(tmp_path / "desa.geojson", DESA))
    file = write_csv(tmp_path / "k.csv", [family(1), family(2, desil="11"), family(3, nama_desa="Stabat")])
    before = everything(workspace.root)
    shown = call("ingest", file, "--preview", "-w", workspace.root)
    told = call("ingest", file, "--preview", "-w", workspace.root, "--json")
    assert (shown.exit_code, told.exit_code) == (0, 0)
    for word in ("decile_invalid", "area_name_differs", "dienkripsi", "nothing was stored"):
        assert word in shown.stdout
    assert json.loads(told.stdout)["reasons"] == {"decile_invalid": 1}
    for text in (shown.stdout, told.stdout):
        assert nik(1) not in text
        assert "Nama Rekaan" not in text
    assert everything(workspace.root) == before


def test_a_file_that_would_be_refused_says_why_and_exits_with_1(call, tmp_path):
    workspace = make_workspace(tmp_path / "w", write_boundary(tmp_path / "desa.geojson", DESA))
    rows = [{key: value for key, value in family(1).items() if key != "kode_desa"}]
    shown = call("ingest", write_csv(tmp_path / "k.csv", rows), "--preview", "-w", workspace.root)
    assert shown.exit_code == 1
    assert "column_missing" in shown.stdout


def test_an_intake_without_a_period_is_a_wrong_use(call, tmp_path):
    workspace = make_workspace(tmp_path / "w", write_boundary(tmp_path / "desa.geojson", DESA))
    assert call("ingest", write_csv(tmp_path / "k.csv", [family(1)]), "-w", workspace.root).exit_code == 2


def test_a_mapping_is_kept_by_name_and_used_by_it(call, tmp_path):
    workspace = make_workspace(tmp_path / "w", write_boundary(tmp_path / "desa.geojson", DESA))
    mapping = tmp_path / "peta.toml"
    mapping.write_text('base = "regsosek2022k"\n[columns]\npersons = ["Jml ART"]\n')
    rows = [{("Jml ART" if key == "jumlah_anggota" else key): value for key, value in family(1).items()}]
    file = write_csv(tmp_path / "k.csv", rows)
    first = call(
        "ingest", file, "--period", "2025", "--mapping", mapping, "--save-mapping", "dinsos", "-w", workspace.root
    )
    again = call("ingest", file, "--period", "2026", "--mapping", "dinsos", "-w", workspace.root, "--json")
    assert (first.exit_code, again.exit_code) == (0, 0), again.stderr
    assert json.loads(again.stdout)["form"] == "mapping:dinsos"
