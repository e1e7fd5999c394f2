"""What goes into the MPM and what it answers, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from gisapp.errors import GisappError


class ConflictError(GisappError):
    """Somebody else has changed the case in the meantime."""

    code = "conflict"


class StepRefusedError(GisappError, ValueError):
    """The workflow does not allow this step now."""

    code = "step"


@dataclass(frozen=True, kw_only=True)
class IdentityInput:
    """Who a family is, as its cards say; everything but the name of its head may be missing."""

    name: str = ""
    nik: str = ""
    family_number: str = ""
    address: str = ""
    birth_date: str = ""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What somebody wants changed.

    ``area`` is the desa that the family lives in now (of a move: has moved to). ``answers`` and each of ``persons``
    are raw answers by variable of the form of origin (``docs/registry.md``); a person may carry ``name``, ``nik``,
    ``birth_date`` and ``relation`` besides.
    """

    kind: str
    area: str
    identity: IdentityInput
    answers: Mapping[str, str] = field(default_factory=dict)
    persons: tuple[Mapping[str, str], ...] = ()
    family_id: str | None = None
    reason_text: str = ""


@dataclass(frozen=True, kw_only=True)
class Notes:
    """What matching noticed, by code and by name of a snapshot's column: nothing here says who."""

    differs: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    same_as: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CaseSummary:
    """One case as a list shows it; it names nobody."""

    id: int
    number: str
    version: int
    kind: str
    state: str
    area: str
    stale: bool
    result: str | None
    decision: str | None
    list_id: int | None
    meeting_id: int | None
    registered_by: str
    approved_by: str | None
    created_at: datetime
    updated_at: datetime
    notes: Notes


@dataclass(frozen=True, kw_only=True)
class Case(CaseSummary):
    """One case with what the workflow needs to know of it; still it names nobody."""

    form: str
    family_id: str | None
    base_period: str | None
    base_snapshot: str | None
    visited_on: str | None
    decision_reason: str | None
    accepted_snapshot: str | None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a case."""

    number: int
    at: datetime
    actor: str
    role: str
    action: str
    from_state: str | None
    to_state: str
    reason: str
    document: str | None


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """One photo or scan, without its bytes."""

    id: int
    case_id: int | None
    meeting_id: int | None
    kind: str
    media_type: str
    size: int
    name: str
    added_by: str
    added_at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseDetail:
    """A case with its history. The identity is masked to the last four digits; ``read_case`` gives it whole, audited.

    ``answers`` are those in force: what the visit found stands over what was registered. ``next_actions`` are the names
    of the actions of ``states.ACTIONS`` that this actor may take now.
    """

    case: Case
    nik_tail: str
    family_number_tail: str
    answers: Mapping[str, str]
    persons: int
    steps: tuple[Step, ...]
    attachments: tuple[Attachment, ...]
    next_actions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class VisitList:
    """A verification list of one desa."""

    id: int
    area: str
    case_ids: tuple[int, ...]
    created_by: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the meeting decided about one case; ``reason`` (``states.REJECTIONS``) is needed for a rejection."""

    decision: str
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """Minutes of a village meeting; ``present`` counts the people there by element (BPD, women, poor families ...)."""

    area: str
    held_on: date
    place: str
    decisions: Mapping[int, Decision]
    present: Mapping[str, int]
    chair: str = ""
    secretary: str = ""
    remarks: str = ""
    attachment_ids: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A village meeting that was recorded."""

    id: int
    area: str
    held_on: str
    place: str
    present: Mapping[str, int]
    chair: str
    secretary: str
    remarks: str
    decisions: Mapping[int, Decision]
    attachments: tuple[Attachment, ...]
    created_by: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class RowRefused:
    """One row of a batch that was not taken, where it stands and why."""

    row: int
    column: str
    code: str
    reason_id: str
    reason_en: str
    cell: str = ""


@dataclass(frozen=True, kw_only=True)
class BatchReport:
    """``rows`` = ``registered`` + ``unchanged`` + rows refused; nothing of a file is passed over in silence."""

    file: str
    rows: int
    registered: tuple[int, ...]
    unchanged: int
    refused: tuple[RowRefused, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {
            "file": self.file, "rows": self.rows, "registered": list(self.registered), "unchanged": self.unchanged,
            "refused": [vars(one) for one in self.refused],
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """What an acceptance did: ``stale`` cases were left as they were and have to be matched again.

    ``snapshot`` is None where no accepted case changes the registry (objections).
    """

    snapshot: str | None
    period: str | None
    accepted: tuple[int, ...]
    stale: tuple[int, ...]
    path: Path | None = None


def case_number(case_id: int) -> str:
    """Number of a case as papers print it.

    >>> case_number(17)
    'MPM-000017'
    """
    return f"MPM-{case_id:06d}"
