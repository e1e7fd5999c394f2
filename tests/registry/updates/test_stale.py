"""A newer snapshot arrives while cases are on their way: what it left alone goes on, what it changed is looked at."""

from __future__ import annotations

import pytest

from gisapp.registry.ingest import ingest
from gisapp.registry.snapshots import latest_snapshot
from gisapp.registry.tables import DuplicateRow
from gisapp.registry.updates.acceptance import accept
from gisapp.registry.updates.matching import match
from gisapp.registry.updates.model import Proposal, StepRefusedError
from gisapp.registry.updates.queue import case, cases, count_cases
from gisapp.registry.updates.registration import register
from gisapp.store.database import session
from tests.registry.conftest import family
from tests.registry.updates.conftest import CHAIR, HERE, OPERATOR, STAFF, STAFF_2, THERE, about, families


@pytest.fixture
def newer(five, files):
    """Take in the file again with changes to some families, as a later period."""

    def take(changed: dict[int, dict[str, str]], without: tuple[int, ...] = (), period: str = "2025-06"):
        rows = [family(n, desil=str(6 - n), **changed.get(n, {})) for n in range(1, 6) if n not in without]
        rows += [family(n, desil="9", **row) for n, row in changed.items() if n > 5]
        ingest(five, files.csv(rows, f"{period}.csv"), period=period)
        return latest_snapshot(five)

    return take


def test_a_new_snapshot_makes_open_cases_stale(five, walk, newer):
    found = walk.on(walk.register("change", 1, floor="8"), "submitted")
    assert not walk.now(found.id).stale
    newer({})
    assert walk.now(found.id).stale
    assert [one.id for one in cases(five, STAFF, stale=True)] == [found.id]
    assert count_cases(five, STAFF)["stale"] == 1


def test_a_closed_case_is_never_stale(five, walk, newer):
    found = walk.on(walk.register("change", 1, floor="8"), "accepted")
    newer({})
    assert not walk.now(found.id).stale


def test_an_unchanged_family_is_moved_to_the_newer_snapshot_with_a_step(five, walk, newer):
    found = walk.on(walk.register("change", 1, floor="8"))
    newest = newer({})  # every decile is another, which comes from above and is not what the case is about
    done = accept(five, CHAIR, [found.id])
    assert (done.accepted, done.stale, done.period) == ((found.id,), (), "2025-06")
    steps = case(five, STAFF, found.id).steps
    assert [step.action for step in steps[-2:]] == ["rebase", "accept"]
    assert steps[-2].document == f"snapshot {newest.hash[:12]}"
    after = families(five)
    assert after["housing"].tolist() == [True, False, False, False, False]
    assert after["decile"].tolist() == [5, 4, 3, 2, 1]


def test_a_changed_family_is_not_accepted_and_begins_again(five, walk, newer):
    found = walk.on(walk.register("change", 1, floor="8"))
    newest = newer({1: {"jumlah_anggota": "7"}})
    done = accept(five, CHAIR, [found.id])
    assert (done.accepted, done.stale, done.snapshot) == ((), (found.id,), None)
    assert latest_snapshot(five) == newest
    still = walk.now(found.id)
    assert (still.state, still.stale) == ("submitted", True)
    again = match(five, STAFF, found.id, still.version)
    assert (again.state, again.stale, again.approved_by, again.result) == ("matched", False, None, None)
    assert again.notes.warnings == ("changed_since",)
    walk.on(again, "accepted")
    assert families(five)["persons"].tolist()[0] == 7


def test_a_family_that_is_gone_is_unmatched(five, walk, newer):
    found = walk.on(walk.register("change", 1, floor="8"))
    newer({}, without=(1,))
    assert accept(five, CHAIR, [found.id]).stale == (found.id,)
    again = match(five, STAFF, found.id, found.version)
    assert (again.state, again.family_id) == ("unmatched", None)
    assert again.notes.warnings == ("not_registered", "changed_since")


def test_a_new_family_that_the_newer_snapshot_lists_is_looked_at(five, walk, newer):
    proposal = Proposal(kind="new", area=HERE, identity=about(77), answers={"persons": "3"})
    found = walk.on(register(five, OPERATOR, proposal))
    newer({77: {}})
    assert accept(five, CHAIR, [found.id]).stale == (found.id,)
    assert match(five, STAFF, found.id, found.version).notes.warnings == ("already_registered", "changed_since")


def test_matching_again_keeps_an_unchanged_case_where_it_was(five, walk, newer):
    found = walk.on(walk.register("change", 1, floor="8"), "visited")
    newer({})
    again = match(five, STAFF, found.id, found.version)
    assert (again.state, again.result, again.stale, again.version) == ("visited", "finished", False, found.version)


def test_what_is_not_stale_needs_no_matching(five, walk):
    found = walk.on(walk.register("change", 1, floor="8"), "listed")
    with pytest.raises(StepRefusedError) as refused:
        match(five, STAFF, found.id, found.version)
    assert refused.value.code == "not_stale"


def test_an_acceptance_does_not_make_the_others_stale(five, walk):
    first = walk.on(walk.register("change", 1, floor="8"))
    others = [walk.on(walk.register("change", 2, floor="8"), "visited"), walk.register("leave", 3)]
    versions = [walk.now(one.id).version for one in others]
    accept(five, CHAIR, [first.id])
    assert [walk.now(one.id).stale for one in others] == [False, False]
    assert [walk.now(one.id).version for one in others] == versions


def test_an_acceptance_holds_up_another_case_about_the_same_family(five, walk):
    first, second = walk.on(walk.register("change", 1, floor="8")), walk.on(walk.register("move", 1, area=THERE))
    accept(five, CHAIR, [first.id])
    assert walk.now(second.id).stale
    assert accept(five, CHAIR, [second.id]).stale == (second.id,)


def test_two_new_cases_of_one_family_do_not_both_enter(five, walk):
    ids = []
    for persons in ("3", "4"):
        proposal = Proposal(kind="new", area=HERE, identity=about(77), answers={"persons": persons})
        ids.append(walk.on(register(five, OPERATOR, proposal)).id)
    with pytest.raises(StepRefusedError) as refused:
        accept(five, CHAIR, ids)
    assert refused.value.code == "same_family"
    assert accept(five, CHAIR, ids[:1]).accepted == (ids[0],)
    assert accept(five, CHAIR, ids[1:]).stale == (ids[1],)
    assert len(families(five)) == 6


def test_only_the_ready_ones_are_accepted(five, walk, newer):
    ids = [walk.on(walk.register("change", n, floor="8")).id for n in (1, 2)]
    newer({2: {"jumlah_anggota": "9"}})
    done = accept(five, CHAIR, ids)
    assert (done.accepted, done.stale) == ((ids[0],), (ids[1],))
    assert walk.now(ids[1]).state == "submitted"
    assert STAFF_2.name == walk.now(ids[1]).approved_by


def test_a_family_that_may_be_two_is_pointed_at(five, walk):
    base = latest_snapshot(five)
    with session(five.database) as db:
        db.add(DuplicateRow(root_import_id=base.root_import_id, family_a="0000002", family_b="0000003", score=0.9,
                            area_code=HERE, reasons="[]", state="proposed", created_at=base.accepted_at))  # fmt: skip
    found = walk.on(walk.register("change", 1, floor="8"), "matched")
    assert found.notes.warnings == ("probable_duplicate",)
    assert found.notes.differs == ("housing",)
