"""However the steps are tried, in whatever order and by whomever: nothing is accepted without two other people."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gisapp.access.actors import Actor
from gisapp.errors import GisappError
from gisapp.registry.ingest import ingest
from gisapp.registry.snapshots import latest_snapshot
from gisapp.registry.updates.model import Proposal
from gisapp.registry.updates.queue import case
from gisapp.registry.updates.registration import register
from gisapp.registry.updates.states import ACTIONS
from gisapp.workspace.folder import open_workspace
from tests.copies import copy_workspace
from tests.registry.conftest import DESA, family, make_workspace, write_boundary, write_csv
from tests.registry.updates.conftest import HERE, STAFF, about
from tests.registry.updates.test_states import act

PEOPLE = [
    Actor(name="staf", role="social_office"),
    Actor(name="staf2", role="social_office"),
    Actor(name="ketua", role="tkpk_chair"),
    Actor(name="verifikator", role="verifier"),
    Actor(name="pendamping", role="facilitator"),
    Actor(name="camat", role="camat"),
]
_prepared: dict[str, Path] = {}


@pytest.fixture(scope="module", autouse=True)
def _forget():
    yield
    for path in _prepared.values():
        shutil.rmtree(path.parent, ignore_errors=True)
    _prepared.clear()


def prepared() -> Path:
    """A workspace with five families, made once and copied for every run."""
    if "root" not in _prepared:
        folder = Path(tempfile.mkdtemp(prefix="gisapp-two-people-"))
        made = make_workspace(folder / "w", write_boundary(folder / "desa.geojson", DESA))
        file = write_csv(folder / "keluarga.csv", [family(n, desil=str(n)) for n in range(1, 6)])
        ingest(made, file, period="2025")
        _prepared["root"] = made.root
    return _prepared["root"]


class Walks(RuleBasedStateMachine):
    """Anybody tries anything; the invariants hold after each try."""

    @initialize()
    def begin(self):
        self.folder = Path(tempfile.mkdtemp(prefix="gisapp-walk-"))
        copy_workspace(prepared(), self.folder / "w")
        self.ws = open_workspace(self.folder / "w")
        proposal = Proposal(kind="change", area=HERE, identity=about(1), answers={"floor": "8"})
        self.case_id = register(self.ws, PEOPLE[0], proposal).id
        self.first = latest_snapshot(self.ws).hash

    @rule(who=st.sampled_from(PEOPLE), action=st.sampled_from(list(ACTIONS)))
    def attempt(self, who, action):
        version = case(self.ws, STAFF, self.case_id).case.version
        with suppress(GisappError):
            act(self.ws, who, action, self.case_id, version)

    @rule()
    def walk_on(self):
        """The next step of the plain way, so that the end is reached often."""
        found = case(self.ws, STAFF, self.case_id).case
        for who in PEOPLE:
            offered = [
                name for name in case(self.ws, who, self.case_id).next_actions if name not in ("return", "refuse")
            ]
            if offered:
                act(self.ws, who, offered[-1], self.case_id, found.version)
                return

    @invariant()
    def accepted_needs_two_others(self):
        detail = case(self.ws, STAFF, self.case_id)
        if detail.case.state != "accepted":
            assert latest_snapshot(self.ws).hash == self.first
            return
        since = max(step.number for step in detail.steps if step.action == "submit")
        late = {step.action: step.actor for step in detail.steps if step.number > since}
        assert late["accept"] != late["approve"]
        assert not {late["accept"], late["approve"]} & {detail.case.registered_by}
        order = [step.action for step in detail.steps]
        for earlier, later in (("match", "list"), ("list", "visit"), ("visit", "deliberate"), ("deliberate", "submit")):
            assert order.index(earlier) < order.index(later)

    def teardown(self):
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder, ignore_errors=True)


TestWalks = Walks.TestCase
TestWalks.settings = settings(
    max_examples=6, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
