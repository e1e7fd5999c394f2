"""A family that is erased goes from the updates, too; those of others rest on the new snapshot."""

from sqlalchemy import select

from gisapp.registry.erasure import erase_family
from gisapp.registry.snapshots import latest_snapshot
from gisapp.registry.updates.queue import case
from gisapp.registry.updates.tables import CaseRow
from gisapp.store.database import session
from tests.registry.conftest import nik
from tests.registry.updates.conftest import STAFF


def test_the_cases_of_a_family_are_emptied_and_those_of_others_go_on(walk):
    mine = walk.on(walk.register(number=1, floor="8"), "visited")
    other = walk.on(walk.register(number=2, floor="8"), "visited")
    assert erase_family(walk.ws, nik=nik(1), reason="permintaan").updates == 1
    with session(walk.ws.database, write=False) as database:
        rows = {row.id: row for row in database.scalars(select(CaseRow))}
    assert (rows[mine.id].sealed, rows[mine.id].nik_hash, rows[mine.id].state) == (None, None, "refused")
    assert rows[other.id].base_snapshot == latest_snapshot(walk.ws).hash
    assert not case(walk.ws, STAFF, other.id).case.stale
    walk.on(other, "accepted")
    assert latest_snapshot(walk.ws).rows == 4


def test_a_family_that_an_update_brought_is_erased_from_its_snapshot(walk):
    walk.on(walk.register("new", 31, persons="3", floor="6"), "accepted")
    assert latest_snapshot(walk.ws).rows == 6
    done = erase_family(walk.ws, nik=nik(31), reason="permintaan")
    assert (done.identities, done.snapshots, done.updates) == (1, 1, 1)
    assert latest_snapshot(walk.ws).rows == 5
