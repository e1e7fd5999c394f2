"""Identities: sealed beside the snapshot, found by keyed hash, read by role and purpose, never in the clear."""

import stat

import geopandas as gpd
import pytest
from sqlalchemy import func, select, text

from gisapp.access.actors import LOCAL, Actor
from gisapp.errors import InvalidParameterError, NotFoundError, PermissionRefusedError
from gisapp.registry import record as recording
from gisapp.registry import spool as spooling
from gisapp.registry.identities import find_family, purposes, read_identity
from gisapp.registry.ingest import ingest
from gisapp.registry.plan import Provenance
from gisapp.registry.sealing import clean_family_number, clean_nik, family_hash, last_four, nik_hash
from gisapp.registry.snapshots import latest_snapshot, read_snapshot
from gisapp.registry.tables import IdentityRow, IntakeRow
from gisapp.store.database import session
from gisapp.store.tables import AuditEvent
from gisapp.store.vault import open_vault
from tests.registry.conftest import family, nik

OFFICE = Actor(name="dinsos", role="social_office")
OPERATOR = Actor(name="operator", role="village_operator", area="12.05.01.2002")
GOOD = [family(number) for number in range(1, 6)]


@pytest.fixture
def taken(workspace, files):
    ingest(workspace, files.csv([*GOOD, family(6, kode_desa="12.05.01.2002")]), period="2025")
    return workspace


def events(workspace):
    with session(workspace.database, write=False) as database:
        return list(database.scalars(select(AuditEvent).order_by(AuditEvent.number)))


def test_a_family_is_found_by_nik_and_by_kk_and_read_for_a_purpose(taken):
    found = find_family(taken, nik=nik(3), actor=OFFICE, purpose="matching")
    assert found == find_family(taken, family_number=family(3)["no_kk"], actor=OFFICE, purpose="matching")
    assert (found.family_id, found.area, found.period) == ("0000004", "12.05.01.2001", "2025")
    who = read_identity(taken, found.family_id, "2025", actor=OFFICE, purpose="objection")
    assert (who.name, who.nik, who.family_number, who.address) == (
        "Nama Rekaan 3", nik(3), family(3)["no_kk"], "Dusun Rekaan",
    )  # fmt: skip
    assert who.masked().nik == "•" * 12 + nik(3)[-4:]
    assert nik(3) not in repr(who)


def test_every_look_is_recorded_without_the_identity(taken):
    found = find_family(taken, nik=nik(3), actor=OFFICE, purpose="matching")
    assert find_family(taken, nik=nik(99), actor=OFFICE, purpose="matching") is None
    read_identity(taken, found.family_id, "2025", actor=OFFICE, purpose="objection")
    seen = [(one.action, one.actor) for one in events(taken)[1:]]
    assert seen == [("identity.find", "dinsos"), ("identity.find", "dinsos"), ("identity.read", "dinsos")]
    assert not [
        one for one in events(taken) for word in (nik(3), nik(99), "Rekaan") if word in one.detail + one.subject
    ]


def test_roles_areas_and_purposes_are_refused(taken):
    with pytest.raises(PermissionRefusedError):
        find_family(taken, nik=nik(1), actor=Actor(name="p", role="planner"), purpose="matching")
    with pytest.raises(InvalidParameterError, match="no purpose"):
        find_family(taken, nik=nik(1), actor=OFFICE, purpose="curious")
    assert find_family(taken, nik=nik(1), actor=OPERATOR, purpose="matching") is None  # another desa: as if not there
    assert find_family(taken, nik=nik(6), actor=OPERATOR, purpose="matching").area == OPERATOR.area
    with pytest.raises(PermissionRefusedError) as refused:
        read_identity(taken, "0000002", "2025", actor=OPERATOR, purpose="verification")
    assert refused.value.code == "area_not_yours"
    with pytest.raises(NotFoundError):
        read_identity(taken, "9999999", "2025", actor=OFFICE, purpose="verification")


def test_purposes_have_words_in_both_languages():
    assert all(id and en for id, en in purposes().values())


def test_nothing_of_a_person_stands_in_the_clear_in_the_workspace(taken):
    words = [word.encode() for row in GOOD for word in (row["nik"], row["no_kk"], row["nama_kepala_keluarga"])]
    for path in taken.root.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not [word for word in words if word in data], path


def test_rejected_rows_have_no_identity_and_every_accepted_row_has_one(workspace, files):
    report = ingest(workspace, files.csv([*GOOD, family(7, desil="11"), family(8, nik="0")]), period="2025")
    with session(workspace.database, write=False) as database:
        rows = list(database.scalars(select(IdentityRow).order_by(IdentityRow.row_number)))
    assert [row.row_number for row in rows] == [2, 3, 4, 5, 6, 8]
    assert len(rows) == report.accepted
    assert rows[-1].nik_hash is None
    assert set(read_snapshot(latest_snapshot(workspace))["family_id"]) == {row.family_id for row in rows}


def test_a_correction_brings_its_own_identities_into_the_chain(workspace, files):
    bad = family(9, desil="11")
    first = ingest(workspace, files.csv([*GOOD, bad]), period="2025")
    ingest(workspace, files.csv([{**bad, "desil": "2", "reasons": "decile_invalid"}], "koreksi.csv"), period="2025")
    found = find_family(workspace, nik=nik(9), period="2025", actor=OFFICE, purpose="matching")
    assert not found.family_id.startswith("0")
    assert find_family(workspace, nik=nik(1), actor=OFFICE, purpose="matching").family_id == "0000002"
    assert latest_snapshot(workspace).root_import_id == first.quarantine


@pytest.mark.parametrize("where", ["IdentitySpool.store", "append_event"])
def test_a_failure_at_the_end_leaves_no_identity_and_no_spool(workspace, files, monkeypatch, where):
    def broken(*args, **kwargs):
        raise RuntimeError("power cut")

    name, _, method = where.partition(".")
    monkeypatch.setattr(spooling.IdentitySpool if method else recording, method or name, broken)
    with pytest.raises(RuntimeError, match="power cut"):
        ingest(workspace, files.csv(GOOD), period="2025")
    with session(workspace.database, write=False) as database:
        assert database.scalar(select(func.count()).select_from(IdentityRow)) == 0
    assert not list(workspace.root.rglob("*.partial"))


def test_the_spool_is_private_and_holds_nothing_in_the_clear(workspace, files, monkeypatch):
    seen = []

    def look(spool, database):
        spool._stream.flush()
        path = next(workspace.registry_folder.glob(".identities*"))
        seen.append((stat.S_IMODE(path.stat().st_mode), path.read_bytes()))

    monkeypatch.setattr(spooling.IdentitySpool, "store", look)
    ingest(workspace, files.csv(GOOD), period="2025")
    mode, data = seen[0]
    assert mode == 0o600
    assert nik(1).encode() not in data
    assert b"Rekaan" not in data


def test_family_ids_of_snapshots_do_not_depend_on_the_key(tmp_path, boundary_file, files):
    from tests.registry.conftest import make_workspace

    hashes = set()
    for name in ("a", "b"):
        workspace = make_workspace(tmp_path / name, boundary_file)
        ingest(workspace, files.csv(GOOD), period="2025")
        ref = latest_snapshot(workspace)
        with session(workspace.database, write=False) as database:
            hashes.add(database.scalars(select(IdentityRow.nik_hash).order_by(IdentityRow.number)).first())
    assert len(hashes) == 2
    assert list(read_snapshot(ref)["family_id"]) == [f"{row:07d}" for row in range(2, 7)]


def test_where_a_file_came_from_is_kept_with_its_intake(workspace, files):
    told = Provenance(bast_number="BAST/1/2025", received_from="Kemensos", purpose="DTSEN", permitted_use="end_user")
    ingest(workspace, files.csv(GOOD), period="2025", provenance=told)
    with session(workspace.database, write=False) as database:
        row = database.scalars(select(IntakeRow)).one()
    assert (row.bast_number, row.received_from, row.purpose, row.permitted_use) == (
        "BAST/1/2025", "Kemensos", "DTSEN", "end_user",
    )  # fmt: skip
    assert row.kind == "file"
    assert '"no_kk"' in row.header
    assert '"nik":"nik"' in row.columns


def test_ids_are_cleaned_before_they_are_hashed(taken):
    vault = open_vault(taken.root)
    assert nik_hash(vault, f" '{nik(1)} ") == nik_hash(vault, nik(1)) != family_hash(vault, nik(1))
    assert [clean_nik(text) for text in ("", "0", "-", "123", "9.9E+15", "0" * 16)] == [None] * 6
    assert clean_family_number("9902 0101-0101.0001") == "9902010101010001"
    assert [clean_family_number(text) for text in ("", "0", "--")] == [None] * 3
    assert last_four(nik(1)) == "•" * 12 + nik(1)[-4:]


def test_a_snapshot_is_geoparquet_with_a_point_for_each_known_position(workspace, files):
    ingest(workspace, files.csv([*GOOD, family(9, lintang="", bujur="")]), period="2025")
    ref = latest_snapshot(workspace)
    read = gpd.read_parquet(ref.path)
    assert read.crs == "OGC:CRS84"
    assert list(read.geometry.isna()) == [False] * 5 + [True]
    assert list(read.geometry.x[:5]) == list(read["longitude"][:5])
    assert list(read.geometry.y[:5]) == list(read["latitude"][:5])
    assert not {"nik", "no_kk", "name", "address"} & set(read.columns)


def test_a_workspace_of_the_first_tables_is_brought_up_to_date(tmp_path):
    """An intake made before identities were kept gets the defaults."""
    from alembic import command
    from alembic.config import Config

    from gisapp.store import database as place
    from gisapp.store.database import engine, upgrade

    made = engine(tmp_path / "old.sqlite")
    config = Config()
    config.set_main_option("script_location", str(place._MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with made.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO registry_intake (import_id, root_import_id, period, source, source_sha256, form, codes, "
                "rows, accepted, quarantined, families, reasons, warnings, quarantine_path, created_at) VALUES "
                "('a', 'a', '2024', 's', 's', 'f', 'bps', 1, 1, 0, 1, '{}', '{}', 'q', '2025-01-01 00:00:00')"
            )
        )
    upgrade(made)
    with session(made, write=False) as database:
        row = database.scalars(select(IntakeRow)).one()
    assert (row.kind, row.permitted_use, row.erased, row.expires_on, row.header) == ("file", "full", 0, None, "[]")


def test_the_person_at_this_machine_is_no_role_that_reads_identities(taken):
    with pytest.raises(PermissionRefusedError):
        find_family(taken, nik=nik(1), actor=LOCAL, purpose="matching")


def test_the_analysis_never_loads_identities():
    import subprocess
    import sys

    code = (
        "import sys, pkgutil, importlib, gisapp.analysis, gisapp.targeting, gisapp.release\n"
        "for room in (gisapp.analysis, gisapp.targeting, gisapp.release):\n"
        "    for one in pkgutil.walk_packages(room.__path__, room.__name__ + '.'): importlib.import_module(one.name)\n"
        "print(sorted(m for m in sys.modules if m.startswith('gisapp.registry.') and m.split('.')[2] in "
        "{'identities', 'sealing', 'spool', 'duplicates', 'lists', 'erasure', 'upward'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_ids_that_a_spreadsheet_rounded_lead_to_nobody(workspace, files):
    """Thirty families of whom half end in 0: what ends so is kept, but is nobody's number."""
    rows = [family(n, nik=nik(n)[:-1] + "0" if n % 2 else nik(n)) for n in range(10, 300, 10)]
    rows += [family(n, nik=nik(n)[:-1] + "0") for n in range(1001, 1300, 10)]
    report = ingest(workspace, files.csv(rows), period="2025")
    assert report.warnings["nik_damaged"]
    with session(workspace.database, write=False) as database:
        hashes = list(database.scalars(select(IdentityRow.nik_hash)))
    assert hashes.count(None) == report.warnings["nik_damaged"]
    assert find_family(workspace, nik=nik(1001)[:-1] + "0", actor=OFFICE, purpose="matching") is None
