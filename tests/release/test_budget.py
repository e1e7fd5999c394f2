"""The budget table of a run, and comparisons that must not give a withheld suggestion back."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest

from gisapp.errors import NotFoundError
from gisapp.release.budget import budget_table, write_budget_table
from gisapp.release.collections import disclosed
from gisapp.release.comparisons import plan_totals

PRICED = {
    "works_idr": 2.5e8,
    "design_share": 0.04,
    "supervision_share": 0.03,
    "tax_rate": 0.11,
    "maintenance_share": 0.02,
    "region_factor": 1.0,
    "rank_in_kind": 1,
    "rank_in_kind_lower": 1,
    "rank_in_kind_upper": 2,
    "of_kind": 2,
    "first_probability": 0.8,
    "first_error": 0.01,
    "counterfactual_id": "Peringkat 1 dari 2",
    "counterfactual_en": "Rank 1 of 2",
    "displaces": "i2",
    "displaced_families": 7,
    "price_reference": "HSPK/AHSP",
    "requires_id": "lahan bersih",
    "programmes": "DAK",
}


@pytest.fixture
def priced(run):
    """Suggestions i1 (120 families), i2 (4, withheld) of one kind, i3 without figures."""
    frame = run.collections["interventions"].assign(**PRICED)
    frame["kind"] = ["water", "water", "verify"]
    frame["strategy"] = [2, 2, 6]
    run.collections["interventions"] = frame
    return run


def sheets(content):
    return openpyxl.load_workbook(io.BytesIO(content), data_only=True)


def test_the_table_has_a_row_for_each_suggestion_and_withholds_the_small(workspace, priced):
    content, (rows, suppressed) = budget_table(workspace, priced)
    assert (rows, suppressed) == (3, 1)
    page = sheets(content)["2 Layanan dasar"]
    small = next(row for row in page.iter_rows(min_row=5, values_only=True) if row[1] == "i2")
    assert "disembunyikan (data kecil)" in small
    assert 4 not in small
    assert 1e7 not in small


def test_the_file_and_its_report(workspace, priced, tmp_path):
    report = write_budget_table(workspace, priced, tmp_path / "rab.xlsx")
    assert (report.rows, report.suppressed) == (3, 1)
    assert sheets((tmp_path / "rab.xlsx").read_bytes()).sheetnames[0] == "Rekapitulasi"
    again = write_budget_table(workspace, priced, tmp_path / "rab2.xlsx")
    assert again.sha256 == report.sha256


def test_one_area_only_and_an_unknown_one(workspace, priced):
    with pytest.raises(NotFoundError):
        budget_table(workspace, priced, area="99.99")
    content, (rows, _) = budget_table(workspace, priced, area="12.05.01")
    assert rows <= 3
    assert "Hanya usulan di wilayah 12.05.01." in [cell.value for cell in sheets(content)["Rekapitulasi"]["A"]]


def test_a_withheld_row_takes_the_comparisons_of_its_kind_and_strategy_with_it(workspace, priced):
    shown = disclosed(workspace, priced, "interventions").frame.set_index("intervention_id")
    assert shown.loc["i2", "status"] == "suppressed"
    assert pd.isna(shown.loc["i1", "rank_in_kind"])
    assert pd.isna(shown.loc["i1", "counterfactual_id"])
    assert pd.isna(shown.loc["i1", "first_probability"])
    assert shown.loc["i1", "displaces"] == ""
    assert pd.isna(shown.loc["i1", "displaced_families"])
    assert shown.loc["i3", "rank_in_kind"] == 1


def test_comparisons_stay_where_no_withheld_row_took_part(workspace, priced):
    frame = priced.collections["interventions"]
    small = frame["intervention_id"] == "i2"
    for name in ("rank_in_kind", "first_probability"):
        frame[name] = frame[name].mask(small)
    frame["displaces"] = "i3"
    shown = disclosed(workspace, priced, "interventions").frame.set_index("intervention_id")
    assert shown.loc["i1", "rank_in_kind"] == 1
    assert shown.loc["i1", "first_probability"] == 0.8
    assert (shown.loc["i1", "displaces"], shown.loc["i1", "displaced_families"]) == ("i3", 7)


def test_older_runs_without_comparisons_open_as_before(workspace, run):
    assert len(disclosed(workspace, run, "interventions").frame) == 3


@pytest.mark.parametrize(
    ("rows", "families", "reached", "told"),
    [
        (["i1"], 120, 120, 120),
        (["i1", "i3"], 100, 120, 100),
        (["i1", "i2"], 110, 124, None),
        (["i1", "i3"], 118, 120, None),
        (["i9"], 50, 50, None),
        ([], 0, 0, 0),
    ],
)
def test_a_total_that_would_tell_of_a_few_is_withheld(rows, families, reached, told, run):
    total = {"rows": rows, "families": families, "reached": reached, "cost_idr": 1.0, "maintenance_idr": 0.0}
    run.manifest["tests"] = {"plan": {"totals": {"all": total}}}
    shown = pd.DataFrame({"intervention_id": ["i1", "i2", "i3"], "status": ["present", "suppressed", "present"]})
    assert plan_totals(run, shown, k=5)["all"]["families"] == told
