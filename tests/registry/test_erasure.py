"""One family erased: gone from everything, the rest untouched, old or new state after a kill, an event without data."""

import io
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from gisapp.access.actors import Actor
from gisapp.cli.main import gisapp
from gisapp.cli.options import run_guarded
from gisapp.errors import InvalidParameterError, NotFoundError, PermissionRefusedError, RegistryError
from gisapp.registry import erasure as erasing
from gisapp.registry import uploads
from gisapp.registry.erasure import erase_family
from gisapp.registry.identities import find_family
from gisapp.registry.ingest import ingest
from gisapp.registry.lists import list_lists, take_in_list
from gisapp.registry.quarantine import quarantine_path, write_quarantine
from gisapp.registry.snapshots import latest_snapshot, list_snapshots, read_snapshot
from gisapp.registry.tables import IdentityRow, IntakeRow, SnapshotRow
from gisapp.registry.tombstones import erased_sources, source_erased
from gisapp.store.audit import first_broken_event
from gisapp.store.database import session
from gisapp.store.tables import AuditEvent
from gisapp.workspace.doctor import examine
from gisapp.workspace.folder import open_workspace
from tests.registry.conftest import family, nik, read_csv

OFFICE = Actor(name="dinsos", role="social_office")


@pytest.fixture
def known(workspace, files):
    """Family 2 in two periods, in the quarantine of the second, and on a list; families 1 and 3 beside it."""
    ingest(workspace, files.csv([family(number) for number in (1, 2, 3)]), period="2024")
    again = [family(2), family(1), family(2, desil="2"), family(4, desil="11")]
    ingest(workspace, files.csv(again, "baru.csv"), period="2025")
    take_in_list(workspace, files.text(f"nik,nama\n{nik(2)},a\n{nik(1)},b\n", "sk.csv"), name="pkh")
    return workspace


def test_a_family_is_gone_from_everything_and_the_others_stay(known, tmp_path):
    old = {ref.period: ref for ref in list_snapshots(known)}
    before = {ref.period: read_snapshot(ref) for ref in old.values()}
    done = erase_family(known, nik=nik(2), reason="permintaan keluarga")
    assert (done.identities, done.snapshots, done.quarantined_rows, done.list_lines) == (2, 2, 1, 1)
    for ref in list_snapshots(known):
        assert ref.hash != old[ref.period].hash
        assert not old[ref.period].path.exists()
        kept = before[ref.period]
        gone = kept["family_id"] == {"2024": "0000003", "2025": "0000002"}[ref.period]
        assert read_snapshot(ref).equals(kept[~gone].reset_index(drop=True))
        assert find_family(known, nik=nik(2), period=ref.period, actor=OFFICE, purpose="correction") is None
        assert find_family(known, nik=nik(1), period=ref.period, actor=OFFICE, purpose="correction")
    assert erased_sources(known) == {ref.hash for ref in old.values()}
    assert source_erased(known, old["2024"].hash)
    assert write_quarantine(known, "latest", tmp_path / "q.csv") == 1
    assert [row["nik"] for row in read_csv(tmp_path / "q.csv")] == [nik(4)]
    assert list_lists(known)[0].entries == 1
    with session(known.database, write=False) as database:
        assert database.scalar(select(func.count()).select_from(SnapshotRow)) == 2
        assert list(database.scalars(select(IntakeRow.erased).order_by(IntakeRow.number))) == [1, 1]


def test_the_event_has_no_data_and_the_doctor_finds_nothing(known):
    erase_family(known, family_number=family(2)["no_kk"], reason="permintaan keluarga")
    with session(known.database, write=False) as database:
        event = database.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
        assert first_broken_event(database) is None
    assert (event.action, event.subject) == ("family.erase", "-")
    assert json.loads(event.detail) == {
        "identities": 2, "list_lines": 1, "quarantined_rows": 1, "reason": "permintaan keluarga", "runs_affected": 0,
        "snapshots": 2, "updates": 0, "uploads": 0,
    }  # fmt: skip
    report = examine(known)
    assert report.removed == ()
    assert report.ok, report.problems


def test_the_former_snapshots_go_where_the_workspace_is_named_from_here(known, monkeypatch):
    monkeypatch.chdir(known.root.parent)
    here = open_workspace(Path(known.root.name))
    assert not here.root.is_absolute()
    before = {path.name for path in known.registry_folder.glob("*.parquet")}
    erase_family(here, nik=nik(2), reason="permintaan")
    after = {path.name for path in known.registry_folder.glob("*.parquet")}
    assert len(after) == 2
    assert before.isdisjoint(after)
    assert examine(here).removed == ()


def test_files_that_wait_to_be_taken_in_go_as_well(known):
    sent = uploads.receive(known, io.BytesIO(f"nik\n{nik(2)}\n".encode()), name="menunggu.csv", actor=OFFICE)
    with pytest.raises(NotFoundError):
        erase_family(known, nik=nik(99), reason="permintaan")
    assert uploads.find(known, sent.token, actor=OFFICE)
    assert erase_family(known, nik=nik(2), reason="permintaan").uploads == 1
    assert list((known.root / uploads.FOLDER).iterdir()) == []
    with pytest.raises(NotFoundError):
        uploads.find(known, sent.token, actor=OFFICE)
    with pytest.raises(NotFoundError), uploads.in_the_clear(known, sent):
        pytest.fail("opened")


def test_the_same_file_again_does_not_bring_it_back(known, files):
    erase_family(known, nik=nik(2), reason="permintaan")
    hashes = [ref.hash for ref in list_snapshots(known)]
    report = ingest(known, files.csv([family(number) for number in (1, 2, 3)]), period="2024")
    assert report.unchanged
    assert [ref.hash for ref in list_snapshots(known)] == hashes


def test_a_correction_still_compares_with_the_families_that_stay(known, files):
    erase_family(known, nik=nik(2), reason="permintaan")
    rows = [{**family(number), "reasons": "x"} for number in (1, 4)]
    report = ingest(known, files.csv(rows, "koreksi.csv"), period="2025")
    assert (report.accepted, report.reasons) == (1, {"nik_duplicate": 1, "kk_duplicate": 1})


def test_a_family_of_persons_goes_whole_by_the_nik_of_one(workspace, files):
    lines = ["kode_desa;id_keluarga_p3ke;nik;nama_lengkap;desil_kesejahteraan;jenis_kelamin;status_kawin;alamat"]
    lines += [f"12.05.01.2001;K{n // 2};{nik(n)};Nama Rekaan {n};1;1;1;Dusun" for n in range(1, 7)]
    ingest(workspace, files.text("\n".join(lines) + "\n"), period="2025", form="p3ke2023")
    assert latest_snapshot(workspace).rows == 4
    done = erase_family(workspace, nik=nik(3), reason="permintaan")
    assert (done.identities, done.snapshots, latest_snapshot(workspace).rows) == (2, 1, 3)


def test_what_is_asked_wrongly_changes_nothing(known):
    hashes = [ref.hash for ref in list_snapshots(known)]
    with pytest.raises(NotFoundError):
        erase_family(known, nik=nik(99), reason="permintaan")
    for wrong in (
        {"nik": "123"},
        {"nik": nik(2), "reason": " "},
        {"nik": nik(2), "reason": f"NIK {nik(2)}"},
        {"nik": nik(2), "reason": "NIK 9901 0101-0170.0012"},
    ):
        with pytest.raises(InvalidParameterError):
            erase_family(known, **{"reason": "permintaan", **wrong})
    with pytest.raises(PermissionRefusedError):
        erase_family(known, nik=nik(2), reason="permintaan", actor=OFFICE)
    assert [ref.hash for ref in list_snapshots(known)] == hashes


def test_a_number_of_two_families_of_one_snapshot_is_refused(workspace, files):
    """A head who moved: his former KK number goes on with another head."""
    ingest(workspace, files.csv([family(1)]), period="2024")
    moved, stayed = family(1, no_kk="9902019999999999"), family(7, no_kk=family(1)["no_kk"])
    ingest(workspace, files.csv([moved, stayed], "b.csv"), period="2025")
    with pytest.raises(RegistryError) as refused:
        erase_family(workspace, nik=nik(1), reason="permintaan")
    assert refused.value.code == "id_not_unique"
    erase_family(workspace, family_number="9902019999999999", reason="permintaan")
    assert list(read_snapshot(latest_snapshot(workspace))["family_id"]) == ["0000003"]


@pytest.mark.parametrize("where", ["keep_rows", "bury", "append_event"])
def test_a_failure_at_any_step_leaves_all_as_it_was(known, monkeypatch, where):
    before = {ref.period: ref for ref in list_snapshots(known)}

    def broken(*args, **kwargs):
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(erasing, where, broken)
        with pytest.raises(RuntimeError, match="power cut"):
            erase_family(known, nik=nik(2), reason="permintaan")
    assert {ref.period: ref for ref in list_snapshots(known)} == before
    assert find_family(known, nik=nik(2), actor=OFFICE, purpose="correction")
    examine(known)
    assert all(len(read_snapshot(ref)) == ref.rows for ref in list_snapshots(known))
    assert erase_family(known, nik=nik(2), reason="permintaan").snapshots == 2


def test_kill_9_leaves_the_old_state_or_the_new_one(known):
    code = (
        "import sys; from pathlib import Path; from gisapp.workspace.folder import open_workspace\n"
        "from gisapp.registry.erasure import erase_family\n"
        "print('ready', flush=True)\n"
        "erase_family(open_workspace(Path(sys.argv[1])), nik=sys.argv[2], reason='permintaan')"
    )
    for moment in range(3):
        child = subprocess.Popen(
            [sys.executable, "-c", code, str(known.root), nik(2)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True,
        )  # fmt: skip
        with child:
            assert child.stdout.readline() == "ready\n"
            time.sleep(0.1 * moment)
            child.kill()
        rows = [ref.rows for ref in list_snapshots(known)]
        assert rows in ([2, 3], [1, 2])
        examine(known)
        assert [len(read_snapshot(ref)) for ref in list_snapshots(known)] == rows
        with session(known.database, write=False) as database:
            count = database.scalar(select(func.count()).select_from(IdentityRow))
            assert first_broken_event(database) is None
        assert count == sum(rows)


def test_on_the_command_line_the_number_comes_on_standard_input(known, monkeypatch, capsys, tmp_path):
    start = ["-w", str(known.root), "erase"]
    number = tmp_path / "nik.txt"
    number.write_text(f"{nik(2)}\n")
    with number.open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert run_guarded(gisapp, [*start, "--nik-stdin", "--reason", "permintaan keluarga"]) == 0
    out = capsys.readouterr().out
    assert "potret ditulis ulang / snapshots written anew: 2" in out
    assert nik(2) not in out
    assert run_guarded(gisapp, [*start, "--reason", "x"]) == 2
    assert quarantine_path(known, list_snapshots(known)[0].import_id).is_file()
