"""Lists to pass upward: the columns of origin, by name, refused where the set may not be passed on."""

import csv
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from gisapp.access.actors import LOCAL
from gisapp.cli.main import gisapp
from gisapp.cli.options import run_guarded
from gisapp.errors import InvalidParameterError, PermissionRefusedError, RegistryError
from gisapp.readers.table import read_text_table
from gisapp.registry.permitted import expiry_problems
from gisapp.registry.tables import IntakeRow
from gisapp.registry.upward import write_upward
from gisapp.store.database import session
from gisapp.store.tables import AuditEvent
from tests.registry.conftest import family, nik
from tests.registry.updates.conftest import HERE, STAFF


@pytest.fixture
def updates(walk):
    """A changed family that was accepted, a new one that was submitted, and one that was only registered."""
    walk.on(walk.register(number=1, floor="8"), "accepted")
    walk.on(walk.register("new", 31, persons="3", floor="6"), "submitted")
    walk.register("new", 32, persons="3")
    return walk.ws


def read_csv(path):
    with path.open(newline="", encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def test_rows_stand_in_the_columns_of_origin(updates, tmp_path):
    assert write_upward(updates, tmp_path / "u.csv", actor=STAFF) == 2
    first, second = read_csv(tmp_path / "u.csv")
    assert list(first)[: len(family())] == list(family())
    assert (first["nik"], first["no_kk"]) == (f"'{nik(1)}", f"'{family(1)['no_kk']}")
    assert (first["kode_desa"], first["kd_jenis_lantai_terluas"], first["nama_kepala_keluarga"]) == (
        HERE, "8", "Nama Rekaan 1",
    )  # fmt: skip
    assert first["desil"] == ""  # the district never sets the decile
    assert (first["usulan_jenis"], first["usulan_status"]) == ("perubahan keadaan", "diterima")
    assert (second["usulan_jenis"], second["usulan_status"], second["jumlah_anggota"]) == (
        "keluarga baru", "diajukan", "3",
    )  # fmt: skip


def test_a_workbook_keeps_ids_as_text_and_formulas_inert(updates, walk, tmp_path):
    walk.on(walk.register("new", 33, persons="2"), "submitted")
    assert write_upward(updates, tmp_path / "u.xlsx", actor=STAFF, kind="xlsx") == 3
    cells = [cell for row in load_workbook(tmp_path / "u.xlsx").active.iter_rows() for cell in row]
    assert nik(1) in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert nik(1) in set(read_text_table(tmp_path / "u.xlsx")["nik"])


def test_that_it_was_done_is_recorded_without_a_name(updates, tmp_path):
    write_upward(updates, tmp_path / "u.csv", actor=STAFF)
    with session(updates.database, write=False) as database:
        event = database.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
    assert (event.action, event.actor) == ("list.upward", STAFF.name)
    assert '"rows":2' in event.detail
    assert nik(1) not in event.detail


def test_an_end_user_set_and_an_expired_one_never_leave_by_name(updates, tmp_path, capsys):
    ended = {"expires_on": date(2020, 1, 1)}
    for values, code in (({"permitted_use": "end_user"}, "end_user_set"), (ended, "set_expired")):
        with session(updates.database) as database:
            database.execute(update(IntakeRow).values(permitted_use="full", expires_on=None))
            database.execute(update(IntakeRow).where(IntakeRow.number == 1).values(**values))
        with pytest.raises(PermissionRefusedError) as refused:
            write_upward(updates, tmp_path / "u.csv", actor=STAFF)
        assert refused.value.code == code
        assert not (tmp_path / "u.csv").exists()
    assert [one.code for one in expiry_problems(updates)] == ["set_expired"]
    assert expiry_problems(updates, today=date(2019, 1, 1)) == ()
    assert run_guarded(gisapp, ["-w", str(updates.root), "check"]) == 0
    assert "set_expired" in capsys.readouterr().out


def test_what_is_asked_wrongly_is_refused(updates, tmp_path):
    with pytest.raises(PermissionRefusedError):
        write_upward(updates, tmp_path / "u.csv", actor=LOCAL)
    with pytest.raises(InvalidParameterError):
        write_upward(updates, tmp_path / "u.csv", actor=STAFF, kind="pdf")
    with pytest.raises(InvalidParameterError):
        write_upward(updates, tmp_path / "u.csv", actor=STAFF, purpose="curious")
    with pytest.raises(RegistryError):
        write_upward(updates, tmp_path / "u.csv", actor=STAFF, period="1999")
