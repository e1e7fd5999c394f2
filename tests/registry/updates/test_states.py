"""The workflow as a whole: every transition against every role, and no sequence that accepts without two people."""

from __future__ import annotations

import itertools

import pytest

from gisapp.access.actors import Actor
from gisapp.access.permissions import ROLES, allowed, matrix
from gisapp.errors import GisappError, NotFoundError, PermissionRefusedError
from gisapp.registry.updates.acceptance import accept
from gisapp.registry.updates.decisions import approve, refuse, send_back
from gisapp.registry.updates.matching import match
from gisapp.registry.updates.meetings import submit
from gisapp.registry.updates.model import ConflictError, Decision, StepRefusedError
from gisapp.registry.updates.queue import case, cases, count_cases
from gisapp.registry.updates.states import ACCEPTABLE, ACTIONS, CLOSED, KINDS, RESULTS, STATES
from gisapp.registry.updates.visits import put_on_list, visit
from tests.registry.updates.conftest import CHAIR, HERE, OPERATOR, STAFF, STAFF_2, THERE, Walk, meet

ROLES_WHO_ACT = [role for role in ROLES if role != "public"]


def act(ws, actor: Actor, action: str, case_id: int, version: int):
    """Take an action with arguments that nothing but the workflow could refuse."""
    steps = {
        "match": lambda: match(ws, actor, case_id, version),
        "list": lambda: put_on_list(ws, actor, [case_id]),
        "visit": lambda: visit(ws, actor, case_id, version, result="finished"),
        "deliberate": lambda: _meet(ws, actor, case_id),
        "submit": lambda: submit(ws, actor, [case_id]),
        "approve": lambda: approve(ws, actor, [case_id]),
        "accept": lambda: accept(ws, actor, [case_id]),
        "return": lambda: send_back(ws, actor, case_id, version, reason="Kurang lengkap"),
        "refuse": lambda: refuse(ws, actor, case_id, version, reason="Tidak sesuai"),
    }
    return steps[action]()


def _meet(ws, actor, case_id):
    from datetime import date

    from gisapp.registry.updates.meetings import deliberate
    from gisapp.registry.updates.model import Minutes

    minutes = Minutes(area=HERE, held_on=date(2026, 3, 9), place="Balai desa", present={"bpd": 1},
                      decisions={case_id: Decision(decision="agree")})  # fmt: skip
    return deliberate(ws, actor, [case_id], minutes)


def test_the_table_is_whole():
    assert {name for action in ACTIONS.values() for name in (*action.before, *action.after)} == set(STATES)
    assert all(action.permission in matrix().permissions for action in ACTIONS.values())
    assert not any(set(CLOSED) & set(action.before) for action in ACTIONS.values())
    assert set(ACCEPTABLE) == set(KINDS)
    assert all(set(results) <= set(RESULTS) for results in ACCEPTABLE.values())


def test_accepted_is_reached_from_submitted_only():
    assert [a.name for a in ACTIONS.values() if "accepted" in a.after] == ["accept"]
    assert ACTIONS["accept"].before == ("submitted",)


WAYS = {
    "registered": ("registered", None), "matched": ("matched", None), "listed": ("listed", None),
    "visited": ("visited", None), "deliberated": ("deliberated", None), "submitted": ("submitted", None),
    "accepted": ("accepted", None), "returned": ("submitted", "return"), "refused": ("submitted", "refuse"),
    "unmatched": ("matched", None),
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_every_role_and_every_action_in_every_state(five, walk: Walk, state):
    """All that the matrix and the table do not allow together is refused, and leaves the case as it was."""
    to, then = WAYS[state]
    found = walk.on(walk.register("change", 60 if state == "unmatched" else 1, floor="8"), to)
    if then:
        act(five, STAFF_2, then, found.id, found.version)
    before = walk.now(found.id)
    assert before.state == state
    for role, action in itertools.product(ROLES_WHO_ACT, ACTIONS):
        actor = Actor(name=f"orang {role}", role=role)
        may = allowed(actor, ACTIONS[action].permission)
        if may and state in ACTIONS[action].before:
            continue
        with pytest.raises(GisappError) as refused:
            act(five, actor, action, found.id, before.version)
        expected = PermissionRefusedError if not may else StepRefusedError
        assert isinstance(refused.value, expected), (role, action)
        assert walk.now(found.id) == before


ALLOWED = [
    (state, action.name)
    for action in ACTIONS.values()
    for state in action.before
    if action.name != "match" or state == "registered"  # the others match again, once a newer snapshot is there
]


@pytest.mark.parametrize(("state", "action"), ALLOWED)
def test_every_allowed_step_leads_where_the_table_says(five, walk: Walk, state, action):
    to, then = WAYS[state]
    found = walk.on(walk.register("change", 60 if state == "unmatched" else 1, floor="8"),
                    "approved" if action == "accept" else to)  # fmt: skip
    if then:
        act(five, STAFF_2, then, found.id, found.version)
    before = walk.now(found.id)
    role = min(matrix().permissions[ACTIONS[action].permission].roles & set(ROLES_WHO_ACT))
    act(five, Actor(name="orang ketiga", role=role), action, found.id, before.version)
    after = walk.now(found.id)
    assert after.state in ACTIONS[action].after
    assert after.version == before.version + 1


@pytest.mark.parametrize("action", ["match", "visit", "return", "refuse"])
def test_a_step_on_an_older_version_is_a_conflict(five, walk: Walk, action):
    where = {"match": "registered", "visit": "listed"}.get(action, "submitted")
    found = walk.on(walk.register("change", 1, floor="8"), where)
    role = "verifier" if action == "visit" else "social_office"
    with pytest.raises(ConflictError) as refused:
        act(five, Actor(name="lain", role=role), action, found.id, found.version - 1)
    assert refused.value.code == "conflict"


def test_two_verifiers_who_saw_the_same_page(five, walk: Walk):
    found = walk.on(walk.register("change", 1, floor="8"), "listed")
    first, second = (Actor(name=name, role="verifier") for name in ("a", "b"))
    visit(five, first, found.id, found.version, result="finished")
    with pytest.raises(ConflictError):
        visit(five, second, found.id, found.version, result="not_found")
    assert walk.now(found.id).result == "finished"


def test_anothers_case_is_answered_like_one_that_does_not_exist(five, walk: Walk):
    there = walk.register("change", 1, area=THERE, floor="8")
    with pytest.raises(NotFoundError) as others:
        case(five, OPERATOR, there.id)
    with pytest.raises(NotFoundError) as nobodys:
        case(five, OPERATOR, 999)
    assert str(others.value).replace(there.number, "X") == str(nobodys.value).replace("MPM-000999", "X")
    assert others.value.code == nobodys.value.code
    assert cases(five, OPERATOR) == []
    assert count_cases(five, OPERATOR) == {"stale": 0}


def test_a_returned_case_walks_again_and_needs_two_people_again(five, walk: Walk):
    found = walk.on(walk.register("change", 1, floor="8"), "approved")
    back = send_back(five, STAFF_2, found.id, found.version, reason="Foto kurang")
    assert (back.state, back.approved_by) == ("returned", None)
    put_on_list(five, STAFF, [found.id])
    again = walk.on(back, "submitted")
    with pytest.raises(StepRefusedError):
        accept(five, CHAIR, [again.id])
    walk.on(again, "accepted")
    steps = case(five, STAFF, found.id).steps
    assert [step.action for step in steps].count("approve") == 2
    assert next(step.reason for step in steps if step.action == "return") == "Foto kurang"


@pytest.mark.parametrize("reason", ["", "   ", "x" * 2001])
def test_a_return_and_a_refusal_say_why(five, walk: Walk, reason):
    found = walk.on(walk.register("change", 1), "submitted")
    with pytest.raises(StepRefusedError):
        refuse(five, STAFF_2, found.id, found.version, reason=reason)


def test_what_the_meeting_rejects_is_not_accepted(five, walk: Walk):
    found = walk.on(walk.register("change", 1, floor="8"), "submitted",
                    decision=Decision(decision="reject", reason="better_off"))  # fmt: skip
    with pytest.raises(StepRefusedError) as refused:
        approve(five, STAFF_2, [found.id])
    assert refused.value.code == "not_agreed"
    assert case(five, CHAIR, found.id).next_actions == ("return", "refuse")


def test_the_next_actions_are_those_that_succeed(five, walk: Walk):
    found = walk.register("change", 1, floor="8")
    for state in ("registered", "matched", "listed", "visited", "deliberated", "submitted", "approved"):
        found = walk.on(found, state) if state != "registered" else found
        offered = {
            name for role in ROLES_WHO_ACT
            for name in _offered(five, Actor(name=f"orang {role}", role=role), found.id)
        }  # fmt: skip
        expected = {
            "registered": {"match"}, "matched": {"list"}, "listed": {"visit"}, "visited": {"visit", "deliberate"},
            "deliberated": {"submit"}, "submitted": {"approve", "return", "refuse"},
            "approved": {"accept", "return", "refuse"},
        }[state]  # fmt: skip
        assert offered == expected, state


def _offered(ws, actor, case_id):
    try:
        return case(ws, actor, case_id).next_actions
    except PermissionRefusedError:
        return ()


def test_every_step_says_who_when_and_from_where_to_where(five, walk: Walk):
    found = walk.on(walk.register("change", 1, floor="8"), "accepted")
    steps = case(five, STAFF, found.id).steps
    assert [step.action for step in steps] == [
        "register", "match", "list", "visit", "deliberate", "submit", "approve", "accept"
    ]  # fmt: skip
    assert [step.to_state for step in steps[:-1]] == [step.from_state for step in steps[1:]]
    assert all(step.at.tzinfo is not None and step.actor and step.role for step in steps)
    assert steps[4].document == "meeting 1"


def test_a_meeting_of_another_desa_takes_no_case_of_this_one(five, walk: Walk):
    found = walk.on(walk.register("change", 1, floor="8"), "visited")
    with pytest.raises(StepRefusedError) as refused:
        meet(five, [found.id], THERE, Decision(decision="agree"))
    assert refused.value.code == "other_desa"
