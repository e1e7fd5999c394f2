"""The demo as a command: everything planted comes back, the same seed is the same district."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gisapp.targeting.runs import load_run
from gisapp.workspace.folder import open_workspace

FEW = ("--households", "3000", "--profile", "labuhanbatu_selatan", "--no-serve", "--json")


def test_the_same_seed_gives_every_export_byte_for_byte(call, tmp_path):
    exports = []
    for name in ("one", "two"):
        root = tmp_path / name
        assert call("demo", root, "--seed", 5, *FEW).exit_code == 0
        files = {}
        for collection in ("areas", "cells", "pockets", "interventions", "gaps"):
            for ending in ("geojson", "gpkg", "csv", "xlsx", "fgb", "parquet"):
                path = tmp_path / f"{name}-{collection}.{ending}"
                assert call("export", collection, "-o", path, "-w", root).exit_code == 0
                files[f"{collection}.{ending}"] = path.read_bytes()
        assert call("map", "-o", tmp_path / f"{name}.html", "-w", root).exit_code == 0
        files["map"] = (tmp_path / f"{name}.html").read_bytes()
        exports.append(files)
    different = [name for name in exports[0] if exports[0][name] != exports[1][name]]
    assert different == []


def test_the_json_tells_what_was_planted_and_found(call, tmp_path):
    document = call("demo", tmp_path / "w", *FEW).json
    assert {"run", "cached", "pockets", "interventions", "warnings", "seconds", "path", "workspace"} <= set(document)
    assert [row["strength"] for row in document["recovery"]] == ["all", "1.5", "2", "3"]
    assert {"precision", "recall", "f1"} <= set(document["recovery"][0])


def test_every_bad_row_comes_back_whole_with_its_reason(call, tmp_path):
    from gisapp.demo.district import make_district
    from gisapp.readers.table import read_text_table
    from gisapp.registry.snapshots import latest_snapshot

    root = tmp_path / "w"
    assert call("demo", root, "--seed", 9, *FEW).exit_code == 0
    planted = make_district(tmp_path / "files", seed=9, households=3000, profile="labuhanbatu_selatan")
    snapshot = latest_snapshot(open_workspace(root))
    answer = call("quarantine", snapshot.import_id, "-o", tmp_path / "q.csv", "-w", root, "--json")
    rejected = read_text_table(tmp_path / "q.csv")
    assert answer.json["rows"] == len(rejected) == sum(planted.defects.reasons.values())
    found = rejected["reasons"].value_counts().to_dict()
    assert found == planted.defects.reasons
    source = read_text_table(planted.registry["2025"])
    columns = list(source.columns)
    whole = {tuple(row) for row in source[columns].itertuples(index=False)}
    # A text that a spreadsheet would run carries an apostrophe in front; everything else is as it was.
    returned = rejected[columns].apply(lambda column: column.str.replace(r"^'(?=[=+\-@])", "", regex=True))
    assert [row for row in returned.itertuples(index=False) if tuple(row) not in whole] == []


def test_in_a_workspace_only_what_is_absent_is_made(call, tmp_path):
    root, own = tmp_path / "w", tmp_path / "own.csv"
    call("init", root)
    own.write_text("nama,lintang,bujur\nPasar Induk,1.9,100.1\n")
    assert call("add", own, "--role", "facility", "--name", "pasarku", "--kind", "pasar", "-w", root).exit_code == 0
    assert call("demo", "-w", root, *FEW).exit_code == 0
    workspace = open_workspace(root)
    assert "pasarku" in workspace.catalog.layers
    assert "pasar" not in workspace.catalog.layers
    assert workspace.settings.synthetic
    facilities = load_run(workspace).context("facilities")
    assert (facilities["kind"] == "pasar").sum() == 1


def test_made_up_data_are_never_laid_beside_real_families(call, tmp_path):
    root = tmp_path / "w"
    call("demo", root, *FEW)
    text = (root / "gisapp.toml").read_text().replace("synthetic = true", "synthetic = false")
    (root / "gisapp.toml").write_text(text)
    answer = call("demo", root, "--seed", 77, *FEW)
    assert (answer.exit_code, answer.json["error"]["code"]) == (1, "real_families")


def test_a_second_demo_makes_nothing_new_and_scores_against_what_is_there(call, tmp_path):
    first = call("demo", tmp_path / "w", *FEW).json
    second = call("demo", tmp_path / "w", "--seed", 77, "--profile", "langkat", "--no-serve", "--json").json
    assert (second["run"], second["cached"]) == (first["run"], True)
    assert second["recovery"] == first["recovery"]


def test_a_run_over_made_up_layers_says_so_even_where_the_settings_do_not(call, tmp_path):
    root = tmp_path / "w"
    call("demo", root, *FEW)
    text = (root / "gisapp.toml").read_text().replace("synthetic = true", "synthetic = false")
    (root / "gisapp.toml").write_text(text)
    assert call("run", "-w", root).exit_code == 0
    run_id = call("runs", "-w", root, "--json").json["runs"][0]["run"]
    assert load_run(open_workspace(root), run_id).manifest["district"]["synthetic"] is True


def test_boundaries_that_are_refused_leave_no_folder(call, tmp_path):
    (tmp_path / "x.geojson").write_text("{}")
    answer = call("demo", tmp_path / "w", "--boundaries", tmp_path / "x.geojson", *FEW)
    assert answer.exit_code == 1
    assert not (tmp_path / "w").exists()


def test_the_portable_map_is_html_by_name(call, tmp_path, small_demo):
    answer = call("map", "-o", tmp_path / "map.pdf", "-w", small_demo)
    assert answer.exit_code == 1
    assert "map.html" in answer.stderr
    assert not (tmp_path / "map.pdf").exists()


@pytest.mark.shared_data
def test_real_boundaries_carry_the_synthetic_families(call, tmp_path, shared_data):
    boundaries = shared_data / "boundaries" / "kemendagri2025_labuhanbatu_selatan_desa.geojson"
    document = call("demo", tmp_path / "w", "--boundaries", boundaries, *FEW).json
    run = load_run(open_workspace(Path(document["workspace"])))
    desa = run.collection("areas").query("level == 'desa'")
    codes = {feature["properties"]["kode"] for feature in json.loads(boundaries.read_text())["features"]}
    assert set(desa["code"]) == codes
    assert run.manifest["district"]["kode"] == "12.22"
