"""What each changing route needs to change something: a body per endpoint, for the sweep in test_permissions.py.

``CHANGES[endpoint](stage)`` prepares what the route needs and returns who sends what where; the sweep sends it, and
asks for one more event in the audit trail.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from gisapp.access.actors import LOCAL
from gisapp.access.users import User, add_user, disable_user
from gisapp.workspace.folder import Workspace

PASSWORD = "empat kata yang mudah"
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Stage:
    """An application, its workspace, and ``log_in(role, area=None, name=None)``."""

    app: Flask
    workspace: Workspace
    log_in: Callable[..., FlaskClient]

    def somebody(self, role: str = "viewer") -> User:
        """A user made for this one test."""
        name = f"orang {next(_NUMBERS)}"
        return add_user(self.workspace, name=name, role=role, password=PASSWORD, actor=LOCAL)


@dataclass(frozen=True)
class Sent:
    """One request that changes something; the sweep adds the token of the form."""

    client: FlaskClient
    path: str
    data: dict[str, Any] = field(default_factory=dict)


def _enter(stage: Stage) -> Sent:
    user = stage.somebody()
    return Sent(stage.app.test_client(), "/login", {"username": user.name, "password": PASSWORD})


def _logout(stage: Stage) -> Sent:
    user = stage.somebody()
    return Sent(stage.log_in("viewer", name=user.name), "/logout")


def _change_password(stage: Stage) -> Sent:
    client = stage.log_in("viewer", name=stage.somebody().name)
    new = "lima kata yang lebih mudah"
    return Sent(client, "/account/password", {"current": PASSWORD, "new": new, "again": new})


def _add(stage: Stage) -> Sent:
    data = {"name": f"orang baru {next(_NUMBERS)}", "role": "viewer"}
    return Sent(stage.log_in("admin"), "/admin/users", data)


def _on_user(action: str, **data: str) -> Callable[[Stage], Sent]:
    def prepare(stage: Stage) -> Sent:
        user = stage.somebody()
        if action == "enable":
            disable_user(stage.workspace, user.name, actor=LOCAL)
        return Sent(stage.log_in("admin"), f"/admin/users/{user.id}/{action}", data)

    return prepare


CHANGES: dict[str, Callable[[Stage], Sent]] = {
    "account.enter": _enter,
    "account.logout": _logout,
    "account.change_password": _change_password,
    "admin.add": _add,
    "admin.reset": _on_user("password"),
    "admin.role": _on_user("role", role="planner"),
    "admin.disable": _on_user("disable"),
    "admin.enable": _on_user("enable"),
}

#: Endpoints whose audit row is asked for by the test named: they need a registry, cases or a job to act upon.
ELSEWHERE: dict[str, str] = {
    "intake.receive": "test_intake.py::test_every_step_is_recorded",
    "intake.choose": "test_intake.py::test_every_step_is_recorded",
    "intake.save_mapping": "test_intake.py::test_every_step_is_recorded",
    "intake.start": "test_intake.py::test_every_step_is_recorded",
    "intake.discard": "test_intake.py::test_every_step_is_recorded",
    "intake.quarantine": "test_intake.py::test_a_corrected_quarantine_comes_back",
    "atlas.start": "test_atlas.py::test_an_atlas_is_made_in_the_background_and_taken_along",
    "publication.decide": "test_publication.py::test_who_may_decides_on_the_page",
    "jobs.cancel": "test_intake.py::test_cancel_in_the_middle_leaves_nothing",
    "registry.records": "test_registry_pages.py::test_records_for_a_statistician",
    "lists.take_in": "test_registry_pages.py::test_a_decree_list_is_taken_in_and_matched",
    "identity.look_up": "test_registry_pages.py::test_looking_a_family_up",
    "identity.erase": "test_registry_pages.py::test_erasing_a_family",
    "duplicates.look": "test_registry_pages.py::test_duplicates_are_proposed_and_decided",
    "duplicates.verdict": "test_registry_pages.py::test_duplicates_are_proposed_and_decided",
    "updates.register": "test_updates.py::test_the_desk_registers_and_shows_the_last_four_digits",
    "updates.take_batch": "test_updates.py::test_a_batch_hands_back_what_it_refuses",
    "updates.take_filled": "test_updates.py::test_a_filled_list_is_read_back",
    "updates.take_meeting": "test_updates.py::test_a_meeting_is_recorded",
    "updates.take_accept": "test_updates.py::test_the_second_person_writes_the_next_snapshot",
    "updates.take_upward": "test_updates.py::test_a_list_upward_is_written_for_a_purpose",
    "updates.together": "test_updates.py::test_several_at_once",
    "updates.identity": "test_updates.py::test_an_identity_is_read_for_a_purpose_and_recorded",
    "updates.visit": "test_updates.py::test_a_visit_with_photo_and_answers",
    "updates.turn_back": "test_updates.py::test_a_case_goes_back_with_a_reason",
    "updates.attach": "test_updates.py::test_a_paper_is_added_to_a_case",
    "updates.take_step": "test_updates.py::test_match_list_submit_approve",
}
