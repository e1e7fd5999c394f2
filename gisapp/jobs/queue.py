"""A queue inside the server's own process: threads that take one job after the other, and say where they stand.

What a job does it learns as a function; work that was queued before a restart is rebuilt from its kind and parameters.
Where a job stands is known in memory at once and reaches the table about once a second, by a thread of its own: a
function that holds the database's write lock can tell its progress without waiting for itself.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from gisapp.errors import GisappError, PermissionRefusedError
from gisapp.jobs.ledger import Ledger
from gisapp.jobs.status import JobError, JobStatus
from gisapp.progress import Cancelled, Progress
from gisapp.store.database import Place

_LOG = logging.getLogger(__name__)

#: Does the work, tells its progress, and returns what the finished job shows (JSON, without identities).
Work = Callable[[Progress], dict[str, Any]]
#: Rebuilds the work of one kind from its parameters.
Builder = Callable[[dict[str, Any]], Work]

#: Seconds between two notes of a running job in the table.
BEAT_S = 1.0
#: How long a server that is told to stop waits for its running job to let go.
PATIENCE_S = 8.0


class _Running:
    """A job in hand: how far it is, and whether it is to stop."""

    def __init__(self) -> None:
        self.live = ("", 0, 0)
        self.cancelled_by: str | None = None
        self.stopping = False

    def progress(self, step: str, done: int, total: int) -> None:
        """Take note, and stop the work where somebody asked for that."""
        self.live = (step, int(done), int(total))
        if self.cancelled_by is not None or self.stopping:
            raise Cancelled


class JobQueue:
    """Jobs of one workspace; threads start with the first job, or with ``start`` where jobs may be left over."""

    def __init__(self, place: Place, *, builders: Mapping[str, Builder] | None = None, workers: int = 1) -> None:
        self._ledger = Ledger(place)
        self._builders = dict(builders or {})
        self._workers = workers
        self._functions: dict[str, Work] = {}
        self._running: dict[str, _Running] = {}
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._over = threading.Event()

    def submit(
        self,
        kind: str,
        title: str,
        function: Work,
        *,
        owner: str,
        input_hash: str,
        parameters: dict[str, Any] | None = None,
    ) -> str:
        """Queue a job and return its id; the same input again, while it is unfinished, is the same job.

        QueueFullError where the owner has too many. ``parameters`` are kept, and must hold no identity of a family.
        """
        self.start()
        with self._changed:
            job_id, new = self._ledger.add(kind, title, owner=owner, input_hash=input_hash, parameters=parameters or {})
            if new:
                self._functions[job_id] = function
                self._changed.notify_all()
        return job_id

    def status(self, job_id: str) -> JobStatus:
        """Where a job stands; NotFoundError for an id that no job has."""
        running = self._running.get(job_id)
        return self._ledger.status(job_id, running.live if running else None)

    def jobs(self, owner: str | None = None) -> list[JobStatus]:
        """The newest jobs of one owner, or of everybody, newest first."""
        return self._ledger.listed(owner)

    def cancel(self, job_id: str, *, actor: str, any_owner: bool = False) -> JobStatus:
        """Ask a job to stop: a queued one never starts, a running one rolls back at its next word of progress.

        PermissionRefusedError for another's job unless ``any_owner``. A finished job stays as it is.
        """
        status = self.status(job_id)
        if status.owner != actor and not any_owner:
            raise PermissionRefusedError(
                "Only who started a job, or the administrator, may cancel it.",
                "Hanya yang memulai pekerjaan, atau admin, yang boleh membatalkannya.",
            )
        with self._changed:
            running = self._running.get(job_id)
            if running is not None:
                running.cancelled_by = actor
            elif status.state == "queued":
                self._functions.pop(job_id, None)
                self._ledger.end(job_id, "cancelled", actor=actor)
        return self.status(job_id)

    def wait(self, job_id: str, timeout_s: float) -> JobStatus:
        """Block until a job is finished or the time is up; for tests and commands, never for a page."""
        until = time.monotonic() + timeout_s
        with self._changed:
            while not (status := self.status(job_id)).finished and (left := until - time.monotonic()) > 0:
                self._changed.wait(min(left, 0.2))
        return status

    def start(self) -> None:
        """Start the threads once, and take up what an earlier process has left."""
        with self._changed:
            if self._threads or self._over.is_set():
                return
            self._take_up(first=True)
            names = [f"gisapp-job-{number}" for number in range(self._workers)]
            self._threads = [threading.Thread(target=self._work, name=name, daemon=True) for name in names]
            self._threads.append(threading.Thread(target=self._keep_time, name="gisapp-job-beat", daemon=True))
            for thread in self._threads:
                thread.start()

    def stop(self, patience_s: float = PATIENCE_S) -> None:
        """Let go: running jobs roll back and are marked interrupted, queued ones wait for the next start."""
        with self._changed:
            self._over.set()
            for running in self._running.values():
                running.stopping = True
            self._changed.notify_all()
        until = time.monotonic() + patience_s
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0))
        for job_id, running in list(self._running.items()):
            with suppress(GisappError):
                self._ledger.end(job_id, "interrupted", live=running.live)

    def _take_up(self, *, first: bool) -> None:
        for job in self._ledger.sort_out(self._builders, first=first):
            if job.id not in self._functions:
                self._functions[job.id] = self._rebuilt(job)

    def _rebuilt(self, job: JobStatus) -> Work:
        """Work of a job that another process queued; what it needs is looked up when it runs."""
        return lambda progress: self._builders[job.kind](job.parameters)(progress)

    def _work(self) -> None:
        while (claimed := self._next()) is not None:
            job, function, running = claimed
            self._run(job, function, running)
            with self._changed:
                self._running.pop(job.id, None)
                self._changed.notify_all()

    def _next(self) -> tuple[JobStatus, Work, _Running] | None:
        """Wait for a job and take it in hand; None when the queue stops."""
        with self._changed:
            while not self._over.is_set():
                job = self._claim() if self._functions else None
                if job is not None:
                    running = self._running[job.id] = _Running()
                    return job, self._functions.pop(job.id), running
                self._changed.wait(BEAT_S)
        return None

    def _claim(self) -> JobStatus | None:
        try:
            return self._ledger.claim(self._functions)
        except GisappError as error:
            _LOG.warning("no job can be taken: %s", error.code)
            return None

    def _run(self, job: JobStatus, function: Work, running: _Running) -> None:
        try:
            result = function(running.progress)
        except Cancelled:
            state = "cancelled" if running.cancelled_by is not None else "interrupted"
            self._end(job.id, state, live=running.live, actor=running.cancelled_by)
        except GisappError as error:
            reference = _reference()
            _LOG.warning("%s job %s (%s): %s", reference, job.id, job.kind, error.code)
            found = JobError(code=error.code, id=error.id, en=error.en, reference=reference)
            self._end(job.id, "failed", live=running.live, error=found)
        except BaseException as error:
            self._end(job.id, "failed", live=running.live, error=_unexpected(job, error))
        else:
            self._end(job.id, "done", live=running.live, result=result)

    def _end(self, job_id: str, state: Any, **known: Any) -> None:
        """Store how a job ended; a busy database is asked again, and a dead one leaves the job to the next start."""
        for _ in range(3):
            try:
                self._ledger.end(job_id, state, **known)
            except GisappError as error:
                _LOG.warning("job %s cannot be marked %s: %s", job_id, state, error.code)
            else:
                return

    def _keep_time(self) -> None:
        """Write down how far running jobs are, and look now and then for what other processes have left."""
        rounds = 0
        while not self._over.wait(BEAT_S):
            rounds += 1
            with suppress(GisappError):
                for job_id, running in list(self._running.items()):
                    self._ledger.beat(job_id, running.live)
                if rounds % 30 == 0:
                    with self._changed:
                        self._take_up(first=False)


def _reference() -> str:
    return secrets.token_hex(4).upper()


def _unexpected(job: JobStatus, error: BaseException) -> JobError:
    """A mistake of ours: where it happened goes to the log, without its message, which may quote a row of the file."""
    reference = _reference()
    where = " < ".join(
        f"{frame.name}:{frame.lineno}" for frame in reversed(traceback.extract_tb(error.__traceback__)[-5:])
    )
    _LOG.error("%s job %s (%s): %s at %s", reference, job.id, job.kind, type(error).__name__, where)
    return JobError(
        code="unexpected", reference=reference,
        id="Terjadi kesalahan yang tidak terduga; tidak ada yang disimpan. Ulangi; bila tetap gagal, sampaikan nomor "
        "rujukan ini kepada admin.",
        en="Something unexpected went wrong; nothing was stored. Try again; if it stays, give this reference number to "
        "the administrator.",
    )  # fmt: skip
