"""Where a job stands, as a page or a program reads it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal, cast

from gisapp.jobs.tables import JobRow

State = Literal["queued", "running", "done", "failed", "cancelled", "interrupted"]

#: States in which the same input is not taken a second time.
UNFINISHED: Final = ("queued", "running")


@dataclass(frozen=True, kw_only=True)
class JobError:
    """Why a job failed: a stable code, the sentence twice, and a reference number for whoever is asked."""

    code: str
    id: str
    en: str
    reference: str


@dataclass(frozen=True, kw_only=True)
class JobStatus:
    """One job. ``done`` of ``total`` units of ``step``; ``total`` 0 where nobody knows how many there will be.

    ``ahead`` is how many unfinished jobs were queued before this one, of whomever; 0 for one that runs or has ended.
    """

    id: str
    kind: str
    title: str
    owner: str
    state: State
    step: str
    done: int
    total: int
    parameters: dict[str, Any]
    result: dict[str, Any] | None
    error: JobError | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    ahead: int = 0

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state not in UNFINISHED

    @property
    def share(self) -> float | None:
        """Part of the step that is done (0 to 1), or None where that is not known."""
        return min(self.done / self.total, 1.0) if self.total > 0 else None

    def as_dict(self) -> dict[str, Any]:
        """Return the status as JSON-ready values."""
        times = {name: _text(getattr(self, name)) for name in ("created_at", "started_at", "finished_at")}
        return {**asdict(self), **times, "finished": self.finished, "share": self.share}


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def status_of(row: JobRow, *, ahead: int = 0, live: tuple[str, int, int] | None = None) -> JobStatus:
    """Status of a stored job; ``live`` is step, done and total where this process knows newer ones."""
    step, done, total = live if live and row.state == "running" else (row.step, row.done, row.total)
    return JobStatus(
        id=row.id, kind=row.kind, title=row.title, owner=row.owner, state=cast(State, row.state),
        step=step, done=done, total=total, parameters=json.loads(row.parameters),
        result=json.loads(row.result) if row.result else None,
        error=JobError(**json.loads(row.error)) if row.error else None,
        created_at=row.created_at, started_at=row.started_at, finished_at=row.finished_at, ahead=ahead,
    )  # fmt: skip
