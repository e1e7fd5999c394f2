"""How long the quarantine is kept, and what goes when its time has come."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from gisapp.cli.main import gisapp
from gisapp.cli.options import run_guarded
from gisapp.registry.ingest import ingest
from gisapp.registry.quarantine import quarantine_csv, write_quarantine
from gisapp.registry.retention import due, purge
from gisapp.registry.tables import IdentityRow, IntakeRow
from gisapp.store.audit import first_broken_event
from gisapp.store.database import session
from gisapp.store.tables import utc_now
from tests.registry.conftest import family, nik

ROWS = [family(1), family(2), family(3, desil="11"), family(4, nik="12")]


@pytest.fixture
def taken(workspace, files):
    return ingest(workspace, files.csv(ROWS), period="2025")


def test_each_intake_has_the_date_of_the_threshold(workspace, taken):
    with session(workspace.database, write=False) as database:
        row = database.scalars(select(IntakeRow)).one()
    assert row.retention_until == utc_now().date() + timedelta(days=workspace.settings.quarantine_retention_days)
    assert due(workspace) == ()
    (one,) = due(workspace, today=row.retention_until + timedelta(days=1))
    assert (one.import_id, one.rows) == (taken.quarantine, 2)
    assert due(workspace, today=row.retention_until) == ()


def test_rows_go_and_everything_else_goes_on(workspace, taken, files, tmp_path):
    assert purge(workspace, today=date(2999, 1, 1)) == 1
    assert write_quarantine(workspace, taken.quarantine, tmp_path / "q.csv") == 0
    assert due(workspace, today=date(2999, 1, 1)) == ()
    assert ingest(workspace, files.csv(ROWS), period="2025").unchanged
    again = [{**family(number), "reasons": "x"} for number in (1, 5)]
    assert ingest(workspace, files.csv(again, "k.csv"), period="2025").reasons == {
        "nik_duplicate": 1,
        "kk_duplicate": 1,
    }
    with session(workspace.database, write=False) as database:
        assert first_broken_event(database) is None


def test_the_doctor_purges_what_is_due_and_says_so(workspace, taken, capsys):
    with session(workspace.database) as database:
        database.execute(update(IntakeRow).values(retention_until=date(2020, 1, 1)))
    assert run_guarded(gisapp, ["-w", str(workspace.root), "doctor"]) == 0
    assert "quarantine_purged" in capsys.readouterr().out
    assert quarantine_csv(workspace, "latest")[1] == 0
    assert run_guarded(gisapp, ["-w", str(workspace.root), "doctor"]) == 0
    assert "quarantine_purged" not in capsys.readouterr().out


def test_the_newest_import_has_a_name_of_its_own(workspace, taken, files, capsys, tmp_path):
    ingest(workspace, files.csv([family(1), family(9, desil="0")], "b.csv"), period="2024")
    out = tmp_path / "q.csv"
    assert run_guarded(gisapp, ["-w", str(workspace.root), "quarantine", "latest", "-o", str(out)]) == 0
    assert nik(9) in out.read_text(encoding="utf-8-sig")
    assert "1 rows" in capsys.readouterr().out


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["good", "decile", "nik", "area", "twice"]), min_size=1, max_size=12))
def test_every_row_is_accepted_or_quarantined_and_every_accepted_one_has_an_identity(workspace, files, tmp_path, drawn):
    spoilt = {
        "good": {}, "decile": {"desil": "0"}, "nik": {"nik": "1"}, "area": {"kode_desa": "x"}, "twice": {"nik": nik(0)},
    }  # fmt: skip
    rows = [family(0), *(family(number, **spoilt[kind]) for number, kind in enumerate(drawn, start=1))]
    report = ingest(workspace, files.csv(rows, "acak.csv"), period="2025")
    assert report.rows == len(rows) == report.accepted + report.quarantined
    assert report.accepted == 1 + drawn.count("good")
    assert write_quarantine(workspace, report.quarantine, tmp_path / "q.csv") == report.quarantined
    with session(workspace.database, write=False) as database:
        kept = select(IdentityRow.number).where(IdentityRow.import_id == report.quarantine)
        assert len(list(database.scalars(kept))) == report.accepted
