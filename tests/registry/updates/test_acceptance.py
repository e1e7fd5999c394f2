"""Five families, updated by hand: what the next snapshot must hold can be redone on paper."""

from __future__ import annotations

import pandas as pd
import pytest

from gisapp.errors import InvalidParameterError, PermissionRefusedError
from gisapp.registry.snapshots import latest_snapshot
from gisapp.registry.updates.acceptance import accept
from gisapp.registry.updates.decisions import approve
from gisapp.registry.updates.model import IdentityInput, Proposal, StepRefusedError
from gisapp.registry.updates.registration import register
from tests.registry.updates.conftest import CHAIR, HERE, OPERATOR, STAFF, STAFF_2, THERE, about, families

FIRST = ["0000002", "0000003", "0000004", "0000005", "0000006"]


def new_family(ws, number=77, **answers):
    proposal = Proposal(kind="new", area=HERE, identity=about(number), answers={"persons": "3", **answers})
    return register(ws, OPERATOR, proposal)


def test_the_five_families_stand_as_they_were_taken_in(five):
    stands = families(five)
    assert list(stands.index) == FIRST
    assert stands["decile"].tolist() == [1, 2, 3, 4, 5]
    assert stands["housing"].tolist() == [False] * 5


def test_a_change_touches_what_was_answered_and_nothing_else(five, walk):
    before = families(five)
    case = walk.on(walk.register("change", 2, floor="8", persons="6"), "accepted")
    after = families(five)
    assert case.state == "accepted"
    assert after.at["0000003", "housing"] is True or bool(after.at["0000003", "housing"])
    assert after.at["0000003", "persons"] == 6
    same = before.drop(index="0000003")
    pd.testing.assert_frame_equal(after.loc[same.index], same)
    rest = [name for name in before.columns if name not in ("housing", "persons")]
    pd.testing.assert_series_equal(after.loc["0000003", rest], before.loc["0000003", rest])


def test_a_new_family_is_appended_without_a_decile(five, walk):
    case = walk.on(new_family(five, floor="8", longitude="98.05", latitude="3.55"), "accepted")
    after = families(five)
    assert list(after.index) == [*FIRST, f"u{case.id}"]
    row = after.loc[f"u{case.id}"]
    assert (row["code"], row["persons"], bool(row["housing"]), row["coordinate_status"]) == (HERE, 3, True, "ok")
    assert pd.isna(row["decile"])
    assert pd.isna(row["water"])


def test_a_move_changes_the_desa_and_drops_the_old_position(five, walk):
    walk.on(walk.register("move", 3, area=THERE), "accepted")
    row = families(five).loc["0000004"]
    assert (row["code"], row["coordinate_status"], row["decile"]) == (THERE, "missing", 3)
    assert pd.isna(row["longitude"])


def test_a_leave_removes_the_family(five, walk):
    walk.on(walk.register("leave", 5), "accepted", result="not_found")
    assert list(families(five).index) == FIRST[:-1]


def test_an_objection_changes_nothing_but_is_accepted(five, walk):
    before = latest_snapshot(five)
    case = walk.on(walk.register("objection", 1, floor="8"), "accepted")
    assert case.state == "accepted"
    assert latest_snapshot(five) == before


def test_four_at_once_make_one_snapshot(five, walk):
    opened = [new_family(five), walk.register("change", 1, floor="8"), walk.register("move", 2, area=THERE),
              walk.register("leave", 3), walk.register("objection", 4)]  # fmt: skip
    ids = [walk.on(one).id for one in opened]
    done = accept(five, CHAIR, ids)
    assert (done.accepted, done.stale) == (tuple(ids), ())
    after = families(five)
    assert list(after.index) == ["0000002", "0000003", "0000005", "0000006", f"u{ids[0]}"]
    assert after["code"].tolist() == [HERE, THERE, HERE, HERE, HERE]
    assert done.snapshot == latest_snapshot(five).hash
    assert done.period == "2025"


def test_the_order_of_the_ids_does_not_matter_for_the_hash(tmp_path, five, walk):
    ids = [walk.on(walk.register("change", n, floor="8")).id for n in (1, 2)]
    first = accept(five, CHAIR, reversed(ids))
    back = [walk.on(walk.register("change", n, floor="6", wall="1", roof="3", floor_area_m2="36")).id for n in (1, 2)]
    accept(five, CHAIR, back)
    again = [walk.on(walk.register("change", n, floor="8")).id for n in (1, 2)]
    assert accept(five, CHAIR, again).snapshot == first.snapshot


def test_accepted_into_a_later_period_the_earlier_one_stays(five, walk):
    case = walk.on(walk.register("leave", 1))
    assert accept(five, CHAIR, [case.id], period="2025-09").period == "2025-09"
    assert latest_snapshot(five).period == "2025-09"
    assert latest_snapshot(five, "2025").rows == 5


@pytest.mark.parametrize("period", ["2024", "besok", "2025/../x"])
def test_an_earlier_or_senseless_period_is_refused(five, walk, period):
    case = walk.on(walk.register("leave", 1))
    with pytest.raises(InvalidParameterError):
        accept(five, CHAIR, [case.id], period=period)
    assert walk.now(case.id).state == "submitted"


def test_a_new_family_that_is_registered_already_is_refused(five, walk):
    proposal = Proposal(kind="new", area=HERE, identity=about(1), answers={"persons": "4"})
    case = walk.on(register(five, OPERATOR, proposal), "submitted")
    assert case.notes.warnings == ("already_registered",)
    with pytest.raises(StepRefusedError, match="already") as refused:
        approve(five, STAFF_2, [case.id])
    assert refused.value.code == "already_registered"


def test_a_change_of_a_family_that_nobody_knows_is_refused(five, walk):
    case = walk.on(walk.register("change", 50, floor="8"), "submitted")
    assert (case.family_id, case.notes.warnings) == (None, ("not_registered",))
    with pytest.raises(StepRefusedError) as refused:
        approve(five, STAFF_2, [case.id])
    assert refused.value.code == "not_registered"


def test_two_cases_about_one_family_are_not_accepted_together(five, walk):
    ids = [walk.on(walk.register(kind, 2)).id for kind in ("change", "leave")]
    with pytest.raises(StepRefusedError) as refused:
        accept(five, CHAIR, ids)
    assert refused.value.code == "same_family"
    assert {walk.now(one).state for one in ids} == {"submitted"}


def test_a_new_family_without_a_number_of_persons_is_refused(five, walk):
    proposal = Proposal(kind="new", area=HERE, identity=about(60), answers={"floor": "8"})
    case = walk.on(register(five, OPERATOR, proposal))
    with pytest.raises(StepRefusedError) as refused:
        accept(five, CHAIR, [case.id])
    assert refused.value.code == "persons_missing"


def test_the_first_person_is_not_the_second(five, walk):
    case = walk.on(walk.register("leave", 1))
    with pytest.raises(StepRefusedError) as refused:
        accept(five, STAFF_2, [case.id])
    assert refused.value.code == "two_people"


def test_without_a_first_person_there_is_no_second(five, walk):
    case = walk.on(walk.register("leave", 1), "submitted")
    with pytest.raises(StepRefusedError) as refused:
        accept(five, CHAIR, [case.id])
    assert refused.value.code == "two_people"


def test_whoever_registered_decides_nothing(five, walk):
    proposal = Proposal(kind="leave", area=HERE, identity=about(1))
    case = walk.on(register(five, STAFF, proposal), "submitted")
    with pytest.raises(StepRefusedError) as refused:
        approve(five, STAFF, [case.id])
    assert refused.value.code == "two_people"
    walk.on(case)
    with pytest.raises(StepRefusedError):
        accept(five, STAFF, [case.id])


def test_a_role_that_may_not_decide_is_refused(five, walk):
    case = walk.on(walk.register("leave", 1))
    with pytest.raises(PermissionRefusedError):
        accept(five, OPERATOR, [case.id])


@pytest.mark.parametrize(("kind", "result"), [("change", "not_found"), ("move", "moved"), ("change", "duplicate")])
def test_what_nobody_saw_is_not_accepted(five, walk, kind, result):
    area = THERE if kind == "move" else HERE
    case = walk.on(walk.register(kind, 1, area=area), "submitted", result=result)
    with pytest.raises(StepRefusedError) as refused:
        approve(five, STAFF_2, [case.id])
    assert refused.value.code == "not_seen"


def test_a_later_correction_of_the_file_knows_the_new_family(five, walk, files):
    from gisapp.registry.ingest import ingest
    from tests.registry.conftest import family

    walk.on(new_family(five, 77), "accepted")
    rows = [{**family(77), "reasons": ""}, {**family(78), "reasons": ""}]
    report = ingest(five, files.csv(rows, "perbaikan.csv"), period="2025")
    assert (report.accepted, report.reasons) == (1, {"kk_duplicate": 1, "nik_duplicate": 1})
    assert len(families(five)) == 7


def test_the_new_family_is_found_by_its_nik_and_the_next_proposal_matches(five, walk):
    first = walk.on(new_family(five, 77), "accepted")
    proposal = Proposal(kind="change", area=HERE, identity=IdentityInput(name="N", nik=about(77).nik),
                        answers={"persons": "4"})  # fmt: skip
    case = walk.on(register(five, OPERATOR, proposal), "accepted")
    assert case.family_id == f"u{first.id}"
    assert families(five).at[f"u{first.id}", "persons"] == 4
