"""What the table of jobs is asked and told; every change is one transaction, and writers take turns."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gisapp.errors import NotFoundError, QueueFullError
from gisapp.jobs.status import UNFINISHED, JobError, JobStatus, State, status_of
from gisapp.jobs.tables import JobRow
from gisapp.store.audit import append_event
from gisapp.store.database import Place, session
from gisapp.store.hashing import canonical_json
from gisapp.store.tables import utc_now

#: One person may have this many jobs waiting or running.
LARGEST_PER_OWNER = 10
#: A running job that its process has not confirmed for so long is taken for dead.
STALE_S = 30

_LISTED = 100


def this_worker() -> str:
    """Name of this process: machine and process id."""
    return f"{socket.gethostname()[:180]}/{os.getpid()}"


def _is_dead(worker: str) -> bool:
    """Whether a worker of this machine has ended, or was this process itself in an earlier queue."""
    host, _, process = worker.rpartition("/")
    if host != socket.gethostname()[:180] or not process.isdigit():
        return False
    if int(process) == os.getpid():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False


class Ledger:
    """The stored side of a queue."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def add(
        self, kind: str, title: str, *, owner: str, input_hash: str, parameters: dict[str, Any]
    ) -> tuple[str, bool]:
        """Queue a job and return its id and True; of the same unfinished input, the id of that job and False."""
        with session(self.place) as db:
            same = select(JobRow).where(
                JobRow.kind == kind, JobRow.input_hash == input_hash, JobRow.state.in_(UNFINISHED)
            )
            known = db.scalars(same).first()
            if known is not None:
                return known.id, False
            mine = select(func.count()).where(JobRow.owner == owner, JobRow.state.in_(UNFINISHED))
            if (db.scalar(mine) or 0) >= LARGEST_PER_OWNER:
                raise _full()
            row = JobRow(
                id=secrets.token_hex(8), kind=kind, title=title[:300], owner=owner, state="queued", step="", done=0,
                total=0, parameters=canonical_json(parameters), input_hash=input_hash, worker="", turn=0,
                created_at=utc_now(),
            )  # fmt: skip
            db.add(row)
            append_event(db, action="job.queued", subject=row.id, detail={"kind": kind}, actor=owner)
            return row.id, True

    def claim(self, ready: Iterable[str]) -> JobStatus | None:
        """Start the next of some queued jobs: its owner has waited longest for a turn; None where there is none."""
        with session(self.place) as db:
            waiting = list(db.scalars(_queued().where(JobRow.id.in_(list(ready)))))
            if not waiting:
                return None
            turns = _turns(db)
            row = min(waiting, key=lambda one: (turns.get(one.owner, 0), one.number))
            row.state, row.worker, row.turn = "running", this_worker(), max(turns.values()) + 1
            row.started_at = row.heartbeat_at = utc_now()
            return status_of(row)

    def beat(self, job_id: str, live: tuple[str, int, int]) -> None:
        """Note that a job runs on, and how far it is."""
        with session(self.place) as db:
            row = db.scalars(_one(job_id)).one()
            if row.state == "running":
                row.step, row.done, row.total = live[0][:100], live[1], live[2]
                row.heartbeat_at = utc_now()

    def end(
        self,
        job_id: str,
        state: State,
        *,
        live: tuple[str, int, int] | None = None,
        result: dict[str, Any] | None = None,
        error: JobError | None = None,
        actor: str | None = None,
    ) -> bool:
        """Finish a job that is not finished; returns whether it was this call that did."""
        with session(self.place) as db:
            row = db.scalars(_one(job_id)).one()
            if row.state not in UNFINISHED:
                return False
            row.state, row.finished_at = state, utc_now()
            if live is not None:
                row.step, row.done, row.total = live[0][:100], live[1], live[2]
            row.result = canonical_json(result) if result is not None else None
            row.error = canonical_json(vars(error)) if error else None
            detail = {"kind": row.kind, **({"reference": error.reference, "code": error.code} if error else {})}
            append_event(db, action=f"job.{state}", subject=row.id, detail=detail, actor=actor or row.owner)
            return True

    def sort_out(self, kinds: Iterable[str], *, first: bool) -> list[JobStatus]:
        """Interrupt running jobs whose process is gone, and at a first look queued ones nobody can rebuild.

        Returns the queued jobs that can be taken up.
        """
        limit = utc_now() - timedelta(seconds=STALE_S)
        with session(self.place) as db:
            for row in db.scalars(select(JobRow).where(JobRow.state == "running")):
                if (first and _is_dead(row.worker)) or row.heartbeat_at is None or row.heartbeat_at < limit:
                    _interrupt(db, row)
            queued = list(db.scalars(_queued()))
            known = set(kinds)
            for row in queued:
                if first and row.kind not in known:
                    _interrupt(db, row)
            return [status_of(row) for row in queued if row.kind in known]

    def status(self, job_id: str, live: tuple[str, int, int] | None = None) -> JobStatus:
        """Where a job stands; NotFoundError for an id that no job has."""
        with session(self.place, write=False) as db:
            row = db.scalars(_one(job_id)).first()
            if row is None:
                raise NotFoundError(
                    "There is no such job.", "Tidak ada pekerjaan dengan nomor itu.", code="job_unknown"
                )
            before = select(func.count()).where(JobRow.state.in_(UNFINISHED), JobRow.number < row.number)
            return status_of(row, live=live, ahead=db.scalar(before) or 0 if row.state == "queued" else 0)

    def listed(self, owner: str | None) -> list[JobStatus]:
        """The newest jobs of one owner, or of everybody."""
        wanted = select(JobRow).order_by(JobRow.number.desc()).limit(_LISTED)
        if owner is not None:
            wanted = wanted.where(JobRow.owner == owner)
        with session(self.place, write=False) as db:
            return [status_of(row) for row in db.scalars(wanted)]


def _one(job_id: str) -> Any:
    return select(JobRow).where(JobRow.id == job_id)


def _queued() -> Any:
    return select(JobRow).where(JobRow.state == "queued").order_by(JobRow.number)


def _turns(db: Session) -> dict[str, int]:
    """Last turn of each owner."""
    found = db.execute(select(JobRow.owner, func.max(JobRow.turn)).group_by(JobRow.owner))
    return {row[0]: row[1] for row in found}


def _interrupt(db: Session, row: JobRow) -> None:
    row.state, row.finished_at = "interrupted", utc_now()
    append_event(db, action="job.interrupted", subject=row.id, detail={"kind": row.kind}, actor=row.owner)


def _full() -> QueueFullError:
    return QueueFullError(
        f"You have {LARGEST_PER_OWNER} jobs waiting or running. Wait for one to finish, or cancel one, then try again.",
        f"Anda punya {LARGEST_PER_OWNER} pekerjaan yang menunggu atau berjalan. Tunggu satu selesai atau batalkan "
        "satu, lalu coba lagi.",
    )
