"""A training workspace: the demo with cases in every state, marked LATIHAN, for six people to practise on."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gisapp.errors import NotFoundError

if TYPE_CHECKING:
    from gisapp.access.actors import Actor
    from gisapp.registry.plan import Provenance
    from gisapp.registry.updates.model import IdentityInput
    from gisapp.workspace.folder import Workspace

_PLAN = Path(__file__).parents[1] / "demo" / "training.toml"
_ORDER = ("registered", "matched", "listed", "visited", "deliberated", "submitted", "approved", "accepted")
_PLAIN = re.compile(r"\d{16}")


def training_plan() -> dict[str, Any]:
    """The cases and the provenance of a training workspace."""
    return tomllib.loads(_PLAN.read_text(encoding="utf-8"))


def training_provenance() -> Provenance:
    """Where the newest families of a training workspace come from: a set for an end user, so by-name lists stop."""
    from gisapp.registry.plan import Provenance

    plan = training_plan()
    return Provenance(
        bast_number=plan["bast_number"], received_from=plan["received_from"], permitted_use=plan["permitted_use"],
        purpose="latihan",
    )  # fmt: skip


def declare_training(workspace: Workspace) -> Workspace:
    """Say in gisapp.toml that this workspace is for training; its data are synthetic."""
    from gisapp.store.files import atomic_write_bytes
    from gisapp.workspace.folder import open_workspace
    from gisapp.workspace.settings import fill_settings_text

    text = workspace.settings_path.read_text(encoding="utf-8")
    marked = fill_settings_text(text, {"synthetic": True, "training": True})
    atomic_write_bytes(workspace.settings_path, marked.encode())
    return open_workspace(workspace.root)


def prepare_cases(workspace: Workspace, families: Path) -> dict[str, int]:
    """Make the cases of the exercise where there are none yet; returns how many stand in each state.

    ``families`` is the registry file of the newest period: whose cards the exercise shows.
    """
    from gisapp.access.actors import LOCAL
    from gisapp.registry.updates.queue import cases, count_cases

    if not cases(workspace, LOCAL, limit=1):
        walk = _Walk(workspace, families)
        for number, story in enumerate(training_plan()["cases"], 1):
            walk.through(story, number)
    return {state: count for state, count in count_cases(workspace, LOCAL).items() if count}


class _Walk:
    """Takes a case along the workflow, each step by the user whose role it is."""

    def __init__(self, workspace: Workspace, families: Path) -> None:
        from gisapp.access.users import list_users

        self.ws, self.plan = workspace, training_plan()
        self.actors: dict[str, Actor] = {user.role: user.actor for user in list_users(workspace) if user.demo}
        self.area = str(self.actors["village_operator"].area)
        self.families = _families_of(families, self.area)
        needed = max(story.get("family", 0) for story in self.plan["cases"])
        if len(self.families) < needed:
            raise NotFoundError(
                f"Desa {self.area} has {len(self.families)} families, the exercise needs {needed}: "
                "make it in a new folder with more --households.",
                f"Desa {self.area} punya {len(self.families)} keluarga, latihan memerlukan {needed}: "
                "buat di folder baru dengan --households lebih besar.",
                code="too_few_families",
            )

    def through(self, story: dict[str, Any], number: int) -> None:
        """Make a case and take it to the state that its story ends in."""
        from gisapp.registry.updates.model import Proposal
        from gisapp.registry.updates.registration import register

        proposal = Proposal(
            kind=story["kind"], area=self.area, identity=self._who(story, number), reason_text=story["reason"],
            answers=story.get("answers", {"persons": "3"} if story["kind"] == "new" else {}),
        )  # fmt: skip
        case_id = register(self.ws, self.actors["village_operator"], proposal).id
        goal = story["to"]
        last = {"unmatched": "matched", "returned": "submitted", "refused": "submitted"}.get(goal, goal)
        for step in _ORDER[1 : _ORDER.index(last) + 1]:
            self._steps(story)[step](case_id)
        if goal in ("returned", "refused"):
            self._turn_down(goal, case_id, story["decided"])

    def _who(self, story: dict[str, Any], number: int) -> IdentityInput:
        if story.get("family"):
            registered: IdentityInput = self.families[story["family"] - 1]
            return registered
        like: IdentityInput = self.families[0]
        serial = f"{900 + number}1"
        return replace(
            like, name=f"Peserta Latihan {number}", nik=f"{like.nik[:6]}010190{serial}", birth_date="1990-01-01",
            family_number=f"{like.nik[:6]}010120{serial}",
        )  # fmt: skip

    def _steps(self, story: dict[str, Any]) -> dict[str, Callable[[int], Any]]:
        from gisapp.registry.updates.acceptance import accept
        from gisapp.registry.updates.decisions import approve
        from gisapp.registry.updates.matching import match
        from gisapp.registry.updates.meetings import submit
        from gisapp.registry.updates.visits import put_on_list, visit

        ws, by = self.ws, self.actors
        return {
            "matched": lambda one: match(ws, by["social_office"], one, self._version(one)),
            "listed": lambda one: put_on_list(ws, by["social_office"], [one]),
            "visited": lambda one: visit(
                ws, by["verifier"], one, self._version(one), result=story.get("result", "finished"),
                visited_on=self.plan["visited_on"], note="Kunjungan latihan",
            ),
            "deliberated": lambda one: self._meet(story, one),
            "submitted": lambda one: submit(ws, by["camat"], [one]),
            "approved": lambda one: approve(ws, by["social_office"], [one]),
            "accepted": lambda one: accept(ws, by["tkpk_chair"], [one]),
        }  # fmt: skip

    def _meet(self, story: dict[str, Any], case_id: int) -> None:
        from gisapp.registry.updates.meetings import deliberate
        from gisapp.registry.updates.model import Decision, Minutes

        decision = Decision(decision=story.get("decision", "agree"), reason=story.get("decision_reason"))
        minutes = Minutes(
            area=self.area, held_on=self.plan["held_on"], place="Balai desa (latihan)", decisions={case_id: decision},
            present={"government": 4, "bpd": 3, "women": 6, "poor_families": 5},
        )  # fmt: skip
        deliberate(self.ws, self.actors["facilitator"], [case_id], minutes)

    def _turn_down(self, goal: str, case_id: int, reason: str) -> None:
        from gisapp.registry.updates.decisions import refuse, send_back

        decide = send_back if goal == "returned" else refuse
        decide(self.ws, self.actors["social_office"], case_id, self._version(case_id), reason=reason)

    def _version(self, case_id: int) -> int:
        from gisapp.registry.updates.queue import case

        return case(self.ws, self.actors["social_office"], case_id).case.version


def _families_of(path: Path, area: str) -> list[IdentityInput]:
    """Who the families of a desa are, of those that stand in the file once and without a defect in their numbers."""
    from gisapp.registry.updates.model import IdentityInput

    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    numbers = Counter(row[name] for row in rows for name in ("nik", "no_kk"))
    return [
        IdentityInput(
            name=row["nama_kepala_keluarga"], nik=row["nik"], family_number=row["no_kk"], address=row["alamat"]
        )
        for row in rows
        if row["kode_desa"] == area and _is_plain(row) and numbers[row["nik"]] == numbers[row["no_kk"]] == 1
    ]


def _is_plain(row: dict[str, str]) -> bool:
    numbers = _PLAIN.fullmatch(row["nik"]) and _PLAIN.fullmatch(row["no_kk"])
    sound = (
        row["desil"] in [str(n) for n in range(1, 11)] and row["jumlah_anggota"] != "0" and row["lintang"] != "Infinity"
    )
    return bool(numbers) and sound and not row["alamat"].startswith("=")


def training_lines(counts: dict[str, int]) -> list[str]:
    """What ``gisapp demo --training`` prints about the exercise."""
    listed = ", ".join(f"{state} {count}" for state, count in sorted(counts.items()))
    return [
        f"LATIHAN: usulan siap / cases prepared: {listed}",
        "Langkah untuk enam peran / steps for six roles: docs/training.md",
    ]
