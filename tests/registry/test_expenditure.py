"""Expenditure that a district's own survey brings: mapped, kept in the snapshot, and nowhere else."""

from __future__ import annotations

import pandas as pd
import pyarrow.parquet as parquet
import pytest

from gisapp.access.actors import LOCAL, Actor
from gisapp.readers.numbers import parse_rupiah
from gisapp.registry.forms import known_forms, load_form
from gisapp.registry.ingest import ingest
from gisapp.registry.mappings import compose_mapping, mapping_path, save_mapping
from gisapp.registry.masking import mask
from gisapp.registry.preview import preview
from gisapp.registry.records import anonymous_records
from gisapp.registry.snapshots import latest_snapshot, read_snapshot, snapshot_bytes
from tests.registry.conftest import family

HEADING = "Pengeluaran per kapita"


@pytest.fixture
def mapping(workspace):
    text = compose_mapping("regsosek2022k", "family", {"expenditure_idr": [HEADING]})
    save_mapping(workspace, "survei", text, LOCAL)
    return mapping_path(workspace, "survei")


def spending(*amounts):
    return [family(number) | {HEADING: amount} for number, amount in enumerate(amounts, 1)]


def test_a_mapped_column_becomes_rupiah_per_person_and_month(workspace, files, mapping):
    rows = spending("850.000", "Rp 1.250.000,-", "420000,50", "", "0", "-5", "tidak tahu")
    report = ingest(workspace, files.csv(rows), period="2025", mapping=mapping)
    found = read_snapshot(latest_snapshot(workspace))["expenditure_idr"]
    assert found.tolist()[:3] == [850_000.0, 1_250_000.0, 420_000.5]
    assert found[3:].isna().all()
    assert (report.accepted, report.warnings["number_unreadable"]) == (7, 3)


def test_no_form_has_it_and_a_file_without_it_is_written_as_before(workspace, files):
    assert not [name for name in known_forms() if "expenditure_idr" in load_form(name).columns]
    ingest(workspace, files.csv([family(1) | {HEADING: "850000"}]), period="2025")
    ref = latest_snapshot(workspace)
    assert "expenditure_idr" not in parquet.read_schema(ref.path).names
    assert read_snapshot(ref)["expenditure_idr"].isna().all()
    assert read_snapshot(ref)["expenditure_idr"].dtype == "float64"


def test_what_is_read_back_is_written_the_same(workspace, files, mapping):
    ingest(workspace, files.csv(spending("850.000", "")), period="2025", mapping=mapping)
    ref = latest_snapshot(workspace)
    content, digest = snapshot_bytes(read_snapshot(ref), "2025")
    assert (digest, content) == (ref.hash, ref.path.read_bytes())
    changed = read_snapshot(ref).assign(expenditure_idr=[850_001.0, float("nan")])
    assert snapshot_bytes(changed, "2025")[1] != ref.hash


def test_no_record_and_no_preview_shows_what_a_family_spends(workspace, files, mapping):
    file = files.csv(spending(*["850.123"] * 8))
    ingest(workspace, file, period="2025", mapping=mapping)
    content = anonymous_records(workspace, "2025", actor=Actor(name="s", role="statistician")).content
    assert b"expenditure" not in content
    assert b"850123" not in content
    seen = preview(workspace, file, mapping=mapping)
    assert any("8••.•••" in row for row in seen.head)
    assert "850.123" not in str(seen.as_dict())
    assert mask("expenditure_idr", "Nama Rekaan") == "N. R."


@pytest.mark.parametrize(
    ("text", "rupiah"),
    [("850.000", 850_000), ("850,000", 850_000), ("Rp1.250.000,00", 1_250_000), ("850000.5", 850_000.5)],
)
def test_rupiah_as_offices_write_them(text, rupiah):
    assert parse_rupiah(text) == rupiah
    assert pd.isna(parse_rupiah("banyak"))
