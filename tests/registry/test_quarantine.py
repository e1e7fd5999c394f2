"""Rejected rows leave whole, with their reasons, and come back corrected."""

import stat

import pytest
from sqlalchemy import select

from gisapp.errors import NotFoundError, RegistryError, WorkspaceError
from gisapp.registry.ingest import ingest
from gisapp.registry.preview import preview
from gisapp.registry.quarantine import quarantine_path, write_quarantine
from gisapp.registry.snapshots import latest_snapshot, read_snapshot
from gisapp.store.database import session
from gisapp.store.tables import AuditEvent
from gisapp.store.vault import KEY_FILE
from tests.registry.conftest import family, nik, read_csv

GOOD = [family(number) for number in range(1, 4)]
BAD = [
    family(11, desil="11", nama_kepala_keluarga='Nama "Rekaan"; 11, <b>Ü</b>'),
    family(12, nik=nik(1), alamat="=1+1"),
    family(13, kode_desa="", jumlah_anggota="0"),
]


@pytest.fixture
def imported(workspace, files):
    return ingest(workspace, files.csv([GOOD[0], *BAD, *GOOD[1:]]), period="2025")


def test_what_comes_out_is_what_went_in_with_reasons(workspace, imported, tmp_path):
    assert write_quarantine(workspace, imported.quarantine, tmp_path / "q.csv") == 3
    rows = read_csv(tmp_path / "q.csv")
    assert [row.pop("reasons") for row in rows] == [
        "decile_invalid", "nik_duplicate;formula_cell", "area_unknown;persons_invalid",
    ]  # fmt: skip
    assert rows[1].pop("alamat") == "'=1+1"  # inert in a spreadsheet, taken back by ingest
    expected = [{**row} for row in BAD]
    expected[1].pop("alamat")
    assert rows == expected
    assert stat.S_IMODE((tmp_path / "q.csv").stat().st_mode) == 0o600


def test_the_quarantine_is_encrypted_and_private(workspace, imported):
    path = quarantine_path(workspace, imported.quarantine)
    data = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not [row[name] for row in BAD for name in row if len(row[name]) > 8 and row[name].encode() in data]


def test_every_reading_is_in_the_audit_trail_without_data(workspace, imported, tmp_path):
    write_quarantine(workspace, imported.quarantine, tmp_path / "q.csv")
    with session(workspace.database, write=False) as database:
        events = database.scalars(select(AuditEvent).order_by(AuditEvent.number)).all()
    assert [(event.action, event.subject) for event in events] == [
        ("registry.ingest", imported.quarantine), ("quarantine.read", imported.quarantine),
    ]  # fmt: skip
    assert not [event for event in events if nik(1) in event.detail]


def test_an_unknown_import_is_said(workspace, tmp_path):
    with pytest.raises(NotFoundError, match="no import"):
        write_quarantine(workspace, "abc", tmp_path / "q.csv")
    assert not (tmp_path / "q.csv").exists()


@pytest.mark.parametrize("damage", ["cut", "bit", "swap", "gone", "key"])
def test_a_damaged_quarantine_or_another_key_is_refused(workspace, imported, tmp_path, damage):
    path = quarantine_path(workspace, imported.quarantine)
    data = path.read_bytes()
    if damage == "cut":
        last = data.rindex(b"GISV1") - 4
        path.write_bytes(data[:last])
    elif damage == "bit":
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    elif damage == "swap":
        second = data.index(b"GISV1", 10) - 4
        path.write_bytes(data[second:] + data[:second])
    elif damage == "gone":
        path.unlink()
    else:
        (workspace.root / KEY_FILE).write_text("0" * 64)
    with pytest.raises(WorkspaceError):
        write_quarantine(workspace, imported.quarantine, tmp_path / "q.csv")
    assert not (tmp_path / "q.csv").exists()


def corrected(workspace, imported, tmp_path, changes):
    import csv

    write_quarantine(workspace, imported.quarantine, tmp_path / "q.csv")
    rows = read_csv(tmp_path / "q.csv")
    for row, change in zip(rows, changes, strict=True):
        row.update(change)
    with (tmp_path / "benar.csv").open("w", newline="", encoding="utf-8") as stream:
        sheet = csv.DictWriter(stream, list(rows[0]))
        sheet.writeheader()
        sheet.writerows(rows)
    return tmp_path / "benar.csv"


RIGHT = [{"desil": "1"}, {"nik": nik(12), "alamat": "Dusun"}, {"kode_desa": "12.05.02.2003", "jumlah_anggota": "3"}]


def test_corrected_rows_join_the_snapshot(workspace, imported, tmp_path):
    report = ingest(workspace, corrected(workspace, imported, tmp_path, RIGHT), period="2025")
    assert (report.rows, report.accepted, report.quarantined) == (3, 3, 0)
    assert report.corrects == imported.quarantine
    frame = read_snapshot(latest_snapshot(workspace))
    assert len(frame) == 6
    assert frame["family_id"].is_unique
    assert frame["code"].tolist().count("12.05.02.2003") == 1


def test_a_correction_twice_changes_nothing(workspace, imported, tmp_path):
    file = corrected(workspace, imported, tmp_path, RIGHT)
    first = ingest(workspace, file, period="2025")
    again = ingest(workspace, file, period="2025")
    assert again.unchanged
    assert again.snapshot == first.snapshot == latest_snapshot(workspace).hash


def test_rows_that_are_still_wrong_stay_out(workspace, imported, tmp_path):
    file = corrected(workspace, imported, tmp_path, [RIGHT[0], {}, {"kode_desa": "12.05.01.2002"}])
    report = ingest(workspace, file, period="2025")
    assert report.accepted == 1
    assert report.reasons == {"formula_cell": 1, "nik_duplicate": 1, "persons_invalid": 1}


def test_a_correction_is_compared_with_what_was_accepted_before(workspace, imported, tmp_path):
    first = ingest(workspace, corrected(workspace, imported, tmp_path, [RIGHT[0], {}, {}]), period="2025")
    report = ingest(
        workspace, corrected(workspace, first, tmp_path, [{"nik": nik(11), "alamat": ""}, {}]), period="2025"
    )
    assert report.reasons["nik_duplicate"] == 1


def test_a_file_with_reasons_is_an_ordinary_one_where_the_period_has_none(workspace, files):
    report = ingest(workspace, files.csv([{**row, "reasons": ""} for row in GOOD]), period="2030")
    assert (report.accepted, report.corrects) == (3, None)


def test_persons_cannot_be_corrected_piecemeal(workspace, files):
    row = {"kode_desa": "12.05.01.2001", "id_keluarga": "K1", "desil_kesejahteraan": "1", "usia_2023": "40"}
    ingest(workspace, files.csv([row]), period="2023", form="p3ke2023")
    with pytest.raises(RegistryError, match="whole file"):
        ingest(workspace, files.csv([{**row, "reasons": "x"}], "b.csv"), period="2023", form="p3ke2023")


@pytest.mark.parametrize("by_bps", [False, True])
def test_rows_that_nobody_corrected_stay_behind_and_refuse_nothing(workspace_with_crosswalk, files, tmp_path, by_bps):
    workspace = workspace_with_crosswalk
    bps, own = {"kode_desa": "1213010001"}, {"kode_desa": "12.05.01.2001"}
    rest, strange = (bps, own) if by_bps else (own, bps)
    rows = [family(number, **rest) for number in range(1, 301)]
    rows += [family(301, **strange), family(302, **strange), family(303, desil="11", **rest)]
    first = ingest(workspace, files.csv(rows), period="2025")
    assert first.reasons == {"area_unknown": 2, "code_system": 2, "decile_invalid": 1}
    write_quarantine(workspace, first.quarantine, tmp_path / "q.csv")
    corrected = (tmp_path / "q.csv").read_text(encoding="utf-8-sig").replace(",11,", ",1,")
    (tmp_path / "q.csv").write_text(corrected, encoding="utf-8-sig")
    seen = preview(workspace, tmp_path / "q.csv", period="2025")
    again = ingest(workspace, tmp_path / "q.csv", period="2025")
    assert (seen.refusal, seen.reasons, seen.accepted) == (None, again.reasons, again.accepted)
    assert (again.rows, again.accepted, again.reasons) == (3, 1, {"area_unknown": 2, "code_system": 2})
    assert len(read_snapshot(latest_snapshot(workspace))) == 301
