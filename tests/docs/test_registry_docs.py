"""docs/registry.md: every form, column, reason and warning stands in it, and its example is taken in as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gisapp.registry.forms import VARIABLES, known_forms, load_form
from gisapp.registry.ingest import ingest
from gisapp.registry.reasons import REASONS, WARNINGS
from gisapp.registry.snapshots import latest_snapshot, read_snapshot
from tests.registry.conftest import DESA, make_workspace, write_boundary

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = (ROOT / "docs" / "registry.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", REGISTRY, flags=re.DOTALL)


@pytest.mark.parametrize("form", known_forms())
def test_every_form_and_its_columns_are_documented(form):
    header = next(line for line in REGISTRY.splitlines() if line.startswith("| variable |"))
    column = [cell.strip() for cell in header.split("|")].index(f"`{form}`")
    rows = {line.split("|")[1].strip(" `"): line.split("|") for line in REGISTRY.splitlines() if line.startswith("| `")}
    for variable, names in load_form(form).columns.items():
        assert [name.strip(" `") for name in rows[variable][column].split(",")] == list(names), variable


@pytest.mark.parametrize("variable", VARIABLES)
def test_every_variable_of_a_mapping_is_documented(variable):
    assert f"| `{variable}` |" in REGISTRY


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_is_documented_with_what_to_do(code):
    reasons = REGISTRY.partition("## Reasons")[2].partition("## Warnings")[0]
    row = next(line for line in reasons.splitlines() if line.startswith(f"| `{code}` |"))
    assert all(cell.strip() for cell in row.split("|")[1:-1])


@pytest.mark.parametrize("code", WARNINGS)
def test_every_warning_is_documented(code):
    assert f"`{code}`" in REGISTRY.partition("## Warnings")[2].partition("## What the report")[0]


def test_the_example_is_taken_in_as_it_stands(tmp_path):
    workspace = make_workspace(tmp_path / "w", write_boundary(tmp_path / "desa.geojson", DESA))
    (mapping, _), (families,) = blocks("toml"), blocks("csv")
    (tmp_path / "pemetaan.toml").write_text(mapping, encoding="utf-8")
    (tmp_path / "keluarga.csv").write_text(families, encoding="utf-8")
    report = ingest(workspace, tmp_path / "keluarga.csv", period="2025", mapping=tmp_path / "pemetaan.toml")
    assert (report.accepted, report.reasons, report.warnings) == (2, {}, {})
    frame = read_snapshot(latest_snapshot(workspace))
    assert frame["decile"].tolist() == [1, 2]
    assert frame["housing"].tolist()[0] is True
    assert frame["receives_pbi"].tolist() == [True, False]
    assert frame["coordinate_status"].tolist() == ["ok", "ok"]


def test_other_documents_lead_to_it():
    assert "(docs/registry.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(registry.md)" in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
