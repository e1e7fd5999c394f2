"""After a rotation of keys everything that was under seal is found, opened and counted as before, by the new key."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import select, text

from gisapp.access.actors import Actor
from gisapp.cli.main import gisapp
from gisapp.cli.options import run_guarded
from gisapp.registry.identities import find_family, read_identity
from gisapp.registry.ingest import ingest
from gisapp.registry.list_matching import match_list
from gisapp.registry.lists import take_in_list
from gisapp.registry.quarantine import write_quarantine
from gisapp.registry.sealed import everything_sealed
from gisapp.registry.tables import IdentityRow
from gisapp.registry.updates.attachments import attach, open_attachment
from gisapp.registry.updates.queue import case
from gisapp.store.database import session
from gisapp.store.keyring import KEY_FILE, read_ring
from gisapp.store.rotation import Sealed, rotate
from gisapp.store.vault import token_key
from gisapp.workspace.doctor import examine
from tests.registry.conftest import family, nik
from tests.registry.updates.conftest import STAFF, Walk

SEALED_COLUMNS = {
    "registry_identity.sealed", "registry_list_entry.sealed", "update_case.sealed", "update_step.sealed_reason",
    "update_meeting.sealed", "update_attachment.sealed_name",
}  # fmt: skip
OFFICE = Actor(name="dinsos", role="social_office")


@pytest.fixture
def full(workspace, files):
    """Intakes with a quarantine, a list, a case walked to its end with an attachment."""
    ingest(workspace, files.csv([*(family(n) for n in range(1, 8)), family(9, desil="11")]), period="2025")
    file = files.csv([{"NIK": nik(2), "Nama": "Nama Rekaan 2", "Kode Desa": "12.05.01.2001"}], "daftar.csv")
    take_in_list(workspace, file, name="sk1", criteria="desil 1")
    walk = Walk(workspace)
    found = walk.register(number=3, persons="5")
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    picture.seek(0)
    attach(workspace, STAFF, stream=picture, filename="rumah.png", kind="photo", case_id=found.id)
    walk.on(found, "submitted")
    return workspace


def answers(ws, out):
    """Everything that only the right key can say."""
    found = find_family(ws, nik=nik(4), actor=OFFICE, purpose="matching")
    who = read_identity(ws, found.family_id, "2025", actor=OFFICE, purpose="objection")
    with session(ws.database, write=False) as database:
        intake = database.execute(text("SELECT import_id FROM registry_intake")).scalar()
        attachment = database.execute(text("SELECT id FROM update_attachment")).scalar()
    write_quarantine(ws, intake, out)
    detail = case(ws, STAFF, 1)
    opened = open_attachment(ws, STAFF, attachment)
    return who.nik, out.read_bytes(), repr(match_list(ws, "sk1", "2025")), repr(detail), opened.body, opened.name


def keys_in_use(ws) -> set[bytes]:
    """Keys that anything in the database or among the registry's files is sealed with."""
    used = set()
    with session(ws.database, write=False) as database:
        for table, column in (name.split(".") for name in SEALED_COLUMNS):
            tokens = database.execute(text(f"SELECT {column} FROM {table}")).scalars().all()
            used |= {token_key(bytes(token)) for token in tokens if token}
    used |= {path.read_bytes()[9:17] for path in (ws.registry_folder / "quarantine").glob("*.enc")}
    return used | {token_key(path.read_bytes()) for path in (ws.registry_folder / "attachments").glob("*.enc")}


def test_everything_answers_as_before_and_only_the_new_key_is_in_use(full, tmp_path, capsys):
    before = answers(full, tmp_path / "a.csv")
    assert keys_in_use(full) == {read_ring(full.root / KEY_FILE).current.id}
    assert run_guarded(gisapp, ["-w", str(full.root), "keys", "rotate"]) == 0
    assert read_ring(full.root / KEY_FILE).current.text not in capsys.readouterr().out
    assert answers(full, tmp_path / "b.csv") == before
    assert keys_in_use(full) == {read_ring(full.root / KEY_FILE).current.id}
    assert examine(full, sealed=everything_sealed(full)).ok
    assert run_guarded(gisapp, ["-w", str(full.root), "keys", "show"]) == 0
    shown = capsys.readouterr().out
    assert read_ring(full.root / KEY_FILE).current.id.hex() in shown
    assert read_ring(full.root / KEY_FILE).current.text not in shown


def test_an_interrupted_rotation_is_finished_by_the_doctor(full, tmp_path, capsys):
    class Killed(BaseException):
        pass

    def die(*args):
        raise Killed

    before = answers(full, tmp_path / "a.csv")
    with pytest.raises(Killed):
        rotate(full.root, full.database, (*everything_sealed(full), Sealed(name="x", files=die)))
    assert answers(full, tmp_path / "b.csv") == before
    assert run_guarded(gisapp, ["-w", str(full.root), "backup", str(tmp_path / "c"), "--json"]) == 1
    assert "rotation_unfinished" in capsys.readouterr().out
    assert [problem.code for problem in examine(full).problems] == ["rotation_unfinished"]
    report = examine(full, sealed=everything_sealed(full))
    assert [problem.code for problem in report.problems] == ["rotation_finished"]
    assert answers(full, tmp_path / "d.csv") == before
    assert keys_in_use(full) == {read_ring(full.root / KEY_FILE).current.id}


def test_every_sealed_column_is_known_to_the_rotation(full):
    """A table that gets a sealed column needs its re-sealer: this list is compared with what the tables declare."""
    from gisapp.store.tables import Base

    columns = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.type.python_type is bytes
    }
    assert columns == SEALED_COLUMNS
    with session(full.database, write=False) as database:
        assert database.scalars(select(IdentityRow.number)).first() is not None
