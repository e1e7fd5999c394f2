"""The sample files of each form, taken in: every planted defect is reported exactly as often as it was planted."""

from __future__ import annotations

import csv
import re

import geopandas as gpd
import pytest

from gisapp.analysis.codes import digits
from gisapp.demo.sample_forms import sample_forms
from gisapp.demo.samples import make_samples
from gisapp.errors import InvalidParameterError
from gisapp.registry.duplicates import probable_duplicates
from gisapp.registry.forms import known_forms
from gisapp.registry.ingest import ingest
from gisapp.registry.quarantine import write_quarantine
from gisapp.registry.reasons import REASONS, WARNINGS
from gisapp.registry.snapshots import latest_snapshot, read_snapshot
from gisapp.workspace.add import add_layer
from gisapp.workspace.folder import open_workspace
from gisapp.workspace.layers import read_boundary
from tests.registry.conftest import CROSSWALK, DESA, make_workspace, write_boundary

FORMS = tuple(sample_forms())
FORMATS = ("csv", "xlsx")
#: What concerns a file as a whole and would hide the rest: numbers rounded throughout, sheets that are not read.
OF_WHOLE_FILES = {"kk_damaged", "nik_damaged", "sheet_unread"}
#: Members of one family who disagree: not planted, and tested in tests/registry/test_persons.py.
NOT_PLANTED = {"family_area_differs", "family_decile_differs", "family_large"}


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    """A workspace whose crosswalk gives the codes of the other system, and its areas."""
    folder = tmp_path_factory.mktemp("district")
    workspace = make_workspace(folder / "w", write_boundary(folder / "desa.geojson", DESA))
    (folder / "padanan.csv").write_text(
        "kode_kemendagri,kode_bps\n" + "".join(f"{own},{bps}\n" for own, bps in CROSSWALK.items())
    )
    add_layer(workspace, folder / "padanan.csv", role="table", name="crosswalk", kind="crosswalk")
    workspace = open_workspace(workspace.root)
    areas = read_boundary(workspace, "desa")
    return workspace, areas.assign(bps=[CROSSWALK[code] for code in areas["code"]])


@pytest.fixture(scope="module")
def samples(district, tmp_path_factory):
    return {one.form: one for one in make_samples(tmp_path_factory.mktemp("samples"), district[1], seed=5)}


def take_in(workspace, sample, file, period):
    vocabulary = {"mapping": sample.mapping} if sample.mapping else {"form": sample.form}
    return ingest(workspace, file, period=period, codes=sample.codes, **vocabulary)


def occurring(counts):
    return {code: count for code, count in counts.items() if count}


@pytest.fixture(scope="module")
def reports(district, samples):
    return {
        (form, kind): take_in(district[0], sample, getattr(sample, kind), f"20{number}-{kind}")
        for number, (form, sample) in enumerate(samples.items(), 11)
        for kind in FORMATS
    }


def test_there_is_a_sample_of_every_form():
    assert set(FORMS) == set(known_forms())


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("form", FORMS)
def test_every_planted_defect_is_reported_as_often_as_it_was_planted(form, kind, samples, reports):
    sample, report = samples[form], reports[form, kind]
    assert report.rows == sample.rows == report.accepted + report.quarantined
    assert (report.accepted, report.families) == (sample.accepted, sample.families)
    assert occurring(report.reasons) == sample.defects.reasons
    known = {code: count for code, count in sample.defects.warnings.items() if code in WARNINGS}
    assert occurring(report.warnings) == known


def test_between_them_the_samples_carry_every_reason_and_warning(samples):
    reasons = {code for sample in samples.values() for code in sample.defects.reasons}
    warnings = {code for sample in samples.values() for code in sample.defects.warnings}
    assert set(REASONS) <= reasons
    assert set(WARNINGS) - OF_WHOLE_FILES - NOT_PLANTED <= warnings


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("form", FORMS)
def test_the_same_file_twice_changes_nothing(form, kind, district, samples, reports):
    before = reports[form, kind]
    again = take_in(district[0], samples[form], getattr(samples[form], kind), before.period)
    assert again.unchanged
    assert again.snapshot == before.snapshot


@pytest.mark.parametrize("form", FORMS)
def test_both_formats_say_the_same(form, district, reports):
    frames = [read_snapshot(latest_snapshot(district[0], reports[form, kind].period)) for kind in FORMATS]
    told = [frame.drop(columns=["family_id", "geometry"], errors="ignore") for frame in frames]
    assert told[0].reset_index(drop=True).equals(told[1].reset_index(drop=True))


@pytest.mark.parametrize("form", [name for name, form in sample_forms().items() if form.unit == "family"])
def test_a_corrected_quarantine_is_read_back(form, district, samples, reports, tmp_path):
    workspace, sample = district[0], samples[form]
    report = reports[form, "csv"]
    out = tmp_path / "ditolak.csv"
    write_quarantine(workspace, report.quarantine, out)
    columns = {field: heading for _, heading, field in sample_forms()[form].columns if field}
    good = {"code": str(district[1]["code"].iloc[0]), "decile": "1", "persons": "2", "address": "Dusun 1",
            "floor_area": "36", "latitude": "", "longitude": ""}  # fmt: skip
    with out.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for number, row in enumerate(rows):
        row.update({columns[field]: value for field, value in good.items()})
        row[columns["nik"]] = f"99050101017{number:04d}1"
        row[columns["family_number"]] = f"99050101018{number:04d}1"
        row.pop(None, None)
    with out.open("w", encoding="utf-8-sig", newline="") as stream:
        sheet = csv.DictWriter(stream, list(rows[0]))
        sheet.writeheader()
        sheet.writerows(rows)
    corrected = take_in(workspace, sample, out, report.period)
    assert corrected.corrects == report.quarantine
    assert (corrected.accepted, corrected.quarantined) == (report.quarantined, 0)
    assert corrected.outcome.families == report.families + report.quarantined


@pytest.mark.parametrize("form", FORMS)
def test_numbers_are_of_nobody_and_of_valid_structure(form, samples):
    text = samples[form].csv.read_bytes().decode(sample_forms()[form].encoding)
    assert "SINTETIS" in text.splitlines()[0]
    numbers = set(re.findall(r"(?<!\d)\d{16}(?!\d)", text)) - {"0" * 16}
    assert len(numbers) > 500
    assert all(number.startswith("99") for number in numbers)
    for number in numbers:
        day, month = int(number[6:8]), int(number[8:10])
        assert 1 <= day <= 71
        assert day <= 31 or day >= 41
        assert 1 <= month <= 12


@pytest.mark.parametrize("form", [name for name, form in sample_forms().items() if "birth_date" in form.fields])
def test_a_person_written_twice_keeps_the_birth_date_and_changes_the_number(form, samples):
    sample, how = samples[form], sample_forms()[form]
    with sample.csv.open(encoding=how.encoding, newline="") as stream:
        next(stream)
        rows = {row[how_nik(how)]: row for row in csv.DictReader(stream, delimiter=how.separator)}
    heading = {field: name for _, name, field in how.columns}
    assert len(sample.probable) == 3
    for first, second in sample.probable:
        one, two = rows[first], rows[second]
        assert one[heading["birth_date"]] == two[heading["birth_date"]]
        assert one[heading["code"]] == two[heading["code"]]
        assert one[heading["name"]] != two[heading["name"]]
        assert first[:12] == second[:12]


def how_nik(form):
    return next(heading for _, heading, field in form.columns if field == "nik")


def test_same_seed_same_bytes(district, samples, tmp_path):
    again = make_samples(tmp_path, district[1], seed=5, forms=("p3ke2023",))[0]
    for kind in FORMATS:
        assert getattr(again, kind).read_bytes() == getattr(samples["p3ke2023"], kind).read_bytes()


def test_without_a_crosswalk_the_parts_are_declared_as_they_are(tmp_path):
    workspace = make_workspace(tmp_path / "w", write_boundary(tmp_path / "desa.geojson", DESA))
    sample = make_samples(tmp_path / "s", read_boundary(workspace, "desa"), seed=5, forms=("bdt2015",))[0]
    assert sample.codes == "kemendagri"
    report = take_in(workspace, sample, sample.csv, "2015")
    assert (report.accepted, occurring(report.reasons)) == (sample.accepted, sample.defects.reasons)


def test_odd_codes_and_too_few_families_are_refused(tmp_path, district):
    odd = gpd.GeoDataFrame(district[1].assign(code=["A", "B", "C", "D"]).drop(columns="bps"))
    assert all(not digits(code) for code in odd["code"])
    with pytest.raises(InvalidParameterError, match="ten digits"):
        make_samples(tmp_path, odd, seed=1, forms=("bdt2015",))
    with pytest.raises(InvalidParameterError, match="at least 300"):
        make_samples(tmp_path, district[1], seed=1, families=10)
    with pytest.raises(InvalidParameterError, match="no sample of form"):
        make_samples(tmp_path, district[1], seed=1, forms=("xyz",))


@pytest.mark.parametrize("form", [name for name, form in sample_forms().items() if "birth_date" in form.fields])
def test_the_people_written_twice_are_proposed_as_duplicates_and_nobody_is_merged(form, district, samples):
    workspace, sample = district[0], samples[form]
    report = take_in(workspace, sample, sample.csv, "2026-ganda")  # a period that no correction is added to
    proposed = probable_duplicates(workspace, report.period)
    assert len(proposed) == len(sample.probable)
    assert {one.state for one in proposed} == {"proposed"}
    assert report.families == sample.families
