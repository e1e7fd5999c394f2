"""A registry without deciles, or read by the wrong form, is refused whole: a run on it would find nobody poor."""

import pytest

from gisapp.errors import RegistryError
from gisapp.registry.ingest import ingest
from gisapp.registry.quarantine import write_quarantine
from gisapp.registry.snapshots import latest_snapshot
from tests.registry.conftest import everything, family


def without(row, *names):
    return {name: value for name, value in row.items() if name not in names}


@pytest.mark.parametrize("change", ["column", "blank"])
def test_a_file_in_which_no_decile_can_be_read_is_refused_and_leaves_nothing(workspace, files, change):
    rows = [family(number, desil="") for number in (1, 2)]
    if change == "column":
        rows = [without(row, "desil") for row in rows]
    file, before = files.csv(rows), everything(workspace.root)
    with pytest.raises(RegistryError) as caught:
        ingest(workspace, file, period="2025", form="regsosek2022k")
    assert caught.value.code == "decile_missing"
    for sentence in (caught.value.en, caught.value.id):
        assert all(word in sentence for word in ("desil_nasional", "jumlah_anggota", "--form", "--mapping"))
    assert everything(workspace.root) == before


def test_one_decile_is_enough_and_the_others_are_a_warning(workspace, files):
    report = ingest(workspace, files.csv([family(1), family(2, desil="")]), period="2025")
    assert (report.accepted, report.warnings["decile_missing"]) == (2, 1)


def test_a_correction_may_lack_the_decile_that_the_others_have(workspace, files, tmp_path):
    first = ingest(workspace, files.csv([family(1), family(2, kode_desa="12.05.09.2001")]), period="2025")
    write_quarantine(workspace, first.quarantine, tmp_path / "q.csv")
    row = {**family(2, desil=""), "reasons": "area_unknown"}
    report = ingest(workspace, files.csv([row], "perbaikan.csv"), period="2025")
    assert (report.accepted, latest_snapshot(workspace).rows) == (1, 2)


def test_a_form_that_another_fits_far_better_is_refused_and_the_other_named(workspace, files):
    with pytest.raises(RegistryError, match="--form regsosek2022k") as caught:
        ingest(workspace, files.csv([family(1)]), period="2025", form="p3ke2023")
    assert caught.value.code == "form_unfit"
    assert latest_snapshot(workspace) is None


def test_a_form_of_which_hardly_a_column_is_found_is_refused(workspace, files):
    file = files.text("a,b,c,d,kode_desa,nik\n1,2,3,4,12.05.01.2001,\n")
    with pytest.raises(RegistryError, match="--mapping") as caught:
        ingest(workspace, file, period="2025", form="regsosek2022k")
    assert caught.value.code == "form_unfit"


def test_a_short_file_of_the_named_form_is_taken(workspace, files):
    file = files.text("kode_desa,jumlah_anggota,desil\n12.05.01.2001,4,1\n")
    assert ingest(workspace, file, period="2025", form="regsosek2022k").accepted == 1
