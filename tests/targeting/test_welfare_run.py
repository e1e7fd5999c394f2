"""From a survey's file with a mapping to a run and its exports: figures that a reader can redo on paper."""

from __future__ import annotations

import json

import pytest

from gisapp.access.actors import LOCAL
from gisapp.columns import INTERNAL_AREAS
from gisapp.registry.ingest import ingest
from gisapp.registry.mappings import compose_mapping, mapping_path, save_mapping
from gisapp.release.classes import by_class
from gisapp.release.collections import disclosed
from gisapp.release.export import export_collection
from gisapp.release.welfare import WELFARE
from gisapp.targeting.run import run
from gisapp.targeting.runs import load_run
from gisapp.workspace.add import add_layer
from gisapp.workspace.folder import open_workspace
from tests.registry.conftest import DESA, family, make_workspace, write_boundary, write_csv

#: Rp per person and month; with a line of 1,000,000: P0 .8, P1 .4, P2 .24, and 1 in 5 below 300,000.
SPENT = ["200.000", "400.000", "600.000", "800.000", "2.000.000"]
CLASSES = dict(zip(DESA, ("perkotaan", "perkotaan", "perdesaan", ""), strict=True))
FGT = ["poverty_headcount", "poverty_gap", "poverty_severity", "extreme_headcount"]


def with_lines(root):
    file = root / "gisapp.toml"
    text = file.read_text().replace("urban = 0\nrural = 0\n", "urban = 1000000\nrural = 1000000\n")
    file.write_text(text.replace("value = 358233.0", "value = 300000.0"))
    return open_workspace(root)


def files_of(folder, *, asked=25, of=30):
    """``of`` families in each desa, 4 persons each, of which the first ``asked`` told what they spend."""
    rows = []
    for place, (code, (west, south)) in enumerate(DESA.items()):
        for at in range(of):
            here = {"kode_desa": code, "nama_desa": "", "desil": str(1 + at % 2)}
            position = {"lintang": f"{south + 0.02 + at * 0.001:.4f}", "bujur": f"{west + 0.02 + at * 0.0007:.4f}"}
            spent = {"belanja": SPENT[at % 5] if at < asked else ""}
            rows.append(family(1 + place * of + at) | here | position | spent)
    population = [
        {"kode": code, "jiwa": "400", "keluarga": "100", "tahun": "2025", "sumber": "uji", "kelas": CLASSES[code]}
        for code in DESA
    ]
    return write_csv(folder / "keluarga.csv", rows), write_csv(folder / "penduduk.csv", population)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("survei")
    workspace = make_workspace(folder / "kabupaten", write_boundary(folder / "desa.geojson", DESA))
    families, population = files_of(folder)
    add_layer(workspace, population, role="table", name="penduduk", kind="population")
    save_mapping(
        workspace, "survei", compose_mapping("regsosek2022k", "family", {"expenditure_idr": ["belanja"]}), LOCAL
    )
    ingest(workspace, families, period="2025", mapping=mapping_path(workspace, "survei"))
    run(with_lines(workspace.root))
    return workspace.root


@pytest.fixture
def workspace(root):
    return open_workspace(root)


def test_the_measures_of_every_level_are_those_on_paper(workspace):
    areas = disclosed(workspace, load_run(workspace), "areas").frame.set_index("code")
    desa = areas.loc["12.05.01.2001"]
    assert desa[FGT].tolist() == pytest.approx([0.8, 0.4, 0.24, 0.2])
    assert desa[["persons_below_line", "persons_below_extreme_line"]].tolist() == [80, 20]
    assert desa[["welfare_known", "poverty_line_known"]].tolist() == pytest.approx([25 / 30, 25 / 30])
    without_class = areas.loc["12.05.02.2003"]
    assert without_class[FGT[:3]].isna().all()
    assert without_class["extreme_headcount"] == pytest.approx(0.2)
    whole = areas.loc["12.05"]
    assert whole[FGT].tolist() == pytest.approx([0.8, 0.4, 0.24, 0.2])
    assert whole[["persons_below_line", "persons_below_extreme_line"]].tolist() == [240, 80]
    assert whole["poverty_line_known"] == pytest.approx(75 / 120)


def test_so_are_those_of_the_classes(workspace):
    classes = by_class(workspace, load_run(workspace)).set_index("urban_rural")
    assert classes.loc["urban", FGT].tolist() == pytest.approx([0.8, 0.4, 0.24, 0.2])
    assert classes["persons_below_line"].fillna(0).to_dict() == {"rural": 80, "urban": 160, "": 0}
    assert classes.loc["", "extreme_headcount"] == pytest.approx(0.2)


def test_a_larger_k_withholds_them_by_village_and_class(root, workspace):
    """Five families of each desa are above the line: too few for the public (k 10), as are those in extreme poverty."""
    sealed = load_run(workspace)
    areas = disclosed(workspace, sealed, "areas", audience="public").frame.set_index("level")
    assert areas.loc["desa", list(WELFARE[2:])].isna().all(axis=None)
    classes = by_class(workspace, sealed, audience="public").set_index("urban_rural")
    assert classes.loc["rural", FGT].isna().all()


@pytest.mark.parametrize("ending", ["xlsx", "geojson"])
def test_exports_carry_them_and_nothing_behind_them(workspace, tmp_path, ending):
    path = tmp_path / f"wilayah.{ending}"
    export_collection(workspace, load_run(workspace), "areas", path)
    if ending == "geojson":
        rows = [one["properties"] for one in json.loads(path.read_text())["features"]]
        assert {row["code"]: row["poverty_headcount"] for row in rows}["12.05.01.2001"] == pytest.approx(0.8)
        assert not set(INTERNAL_AREAS) & set(rows[0])
    else:
        import openpyxl

        texts = {str(cell.value) for sheet in openpyxl.load_workbook(path) for row in sheet for cell in row}
        assert any("P0 di antara keluarga terdaftar dengan pengeluaran tercatat" in text for text in texts)
        assert not set(INTERNAL_AREAS) & texts


def test_another_line_is_another_run(root, workspace):
    before = load_run(workspace).run_id
    file = root / "gisapp.toml"
    text = file.read_text()
    file.write_text(text.replace("rural = 1000000", "rural = 700000"))
    try:
        assert run(open_workspace(root)).run_id != before
    finally:
        file.write_text(text)
        assert run(open_workspace(root)).run_id == before
