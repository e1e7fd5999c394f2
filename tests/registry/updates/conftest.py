"""Five families of one village taken in, six people, and a case walked to where a test wants it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from gisapp.access.actors import Actor
from gisapp.registry.ingest import ingest
from gisapp.registry.snapshots import latest_snapshot, read_snapshot
from gisapp.registry.updates.acceptance import accept
from gisapp.registry.updates.decisions import approve
from gisapp.registry.updates.matching import match
from gisapp.registry.updates.meetings import deliberate, submit
from gisapp.registry.updates.model import Case, Decision, IdentityInput, Minutes, Proposal
from gisapp.registry.updates.queue import case
from gisapp.registry.updates.registration import register
from gisapp.registry.updates.visits import put_on_list, visit
from tests.registry.conftest import family, nik

HERE, THERE = "12.05.01.2001", "12.05.02.2003"

OPERATOR = Actor(name="operator", role="village_operator", area=HERE)
STAFF = Actor(name="staf", role="social_office")
STAFF_2 = Actor(name="staf2", role="social_office")
VERIFIER = Actor(name="verifikator", role="verifier", area="12.05.01")
FACILITATOR = Actor(name="pendamping", role="facilitator")
CAMAT = Actor(name="camat", role="camat", area="12.05.01")
CHAIR = Actor(name="ketua", role="tkpk_chair")
VISITED = date(2026, 3, 2)

ORDER = ("registered", "matched", "listed", "visited", "deliberated", "submitted", "approved", "accepted")


def about(number: int, **changes: str) -> IdentityInput:
    """Who family ``number`` of the file is."""
    who = {"name": f"Nama Rekaan {number}", "nik": nik(number), "family_number": nik(number).replace("9901", "9902")}
    return IdentityInput(**{**who, "address": "Dusun Rekaan", **changes})


@dataclass
class Walk:
    """Takes cases along the workflow, each step by somebody who may."""

    ws: Any

    def register(self, kind: str = "change", number: int = 1, *, area: str = HERE, **answers: str) -> Case:
        actor = OPERATOR if area == HERE else STAFF
        proposal = Proposal(kind=kind, area=area, identity=about(number), answers=answers)
        return register(self.ws, actor, proposal)

    def now(self, case_id: int) -> Case:
        return case(self.ws, STAFF, case_id).case

    def on(
        self, found: Case, to: str = "approved", *, result: str = "finished", decision: Decision | None = None,
        answers: dict[str, str] | None = None,
    ) -> Case:  # fmt: skip
        """Walk a case from where it stands to ``to``."""
        verifier = Actor(name="verifikator", role="verifier")
        camat = Actor(name="camat", role="camat")
        state = self.now(found.id).state
        state = "matched" if state == "unmatched" else state
        steps: dict[str, Callable[[], Any]] = {
            "matched": lambda: match(self.ws, STAFF, found.id, self.now(found.id).version),
            "listed": lambda: put_on_list(self.ws, STAFF, [found.id]),
            "visited": lambda: visit(
                self.ws, verifier, found.id, self.now(found.id).version, result=result, answers=answers,
                visited_on=VISITED,
            ),
            "deliberated": lambda: meet(self.ws, [found.id], found.area, decision or Decision(decision="agree")),
            "submitted": lambda: submit(self.ws, camat, [found.id]),
            "approved": lambda: approve(self.ws, STAFF_2, [found.id]),
            "accepted": lambda: accept(self.ws, CHAIR, [found.id]),
        }  # fmt: skip
        for step in ORDER[ORDER.index(state) + 1 : ORDER.index(to) + 1]:
            steps[step]()
        return self.now(found.id)


def meet(ws: Any, case_ids: list[int], area: str, decision: Decision) -> Any:
    minutes = Minutes(
        area=area, held_on=date(2026, 3, 9), place="Balai desa", decisions=dict.fromkeys(case_ids, decision),
        present={"government": 3, "women": 4},
    )  # fmt: skip
    return deliberate(ws, FACILITATOR, case_ids, minutes)


@pytest.fixture
def five(workspace, files):
    """A workspace with five families in one village, deciles 1 to 5."""
    ingest(workspace, files.csv([family(n, desil=str(n)) for n in range(1, 6)]), period="2025")
    return workspace


@pytest.fixture
def walk(five) -> Walk:
    return Walk(five)


def families(ws: Any) -> Any:
    """Families of the newest snapshot by family_id."""
    return read_snapshot(latest_snapshot(ws)).set_index("family_id")
