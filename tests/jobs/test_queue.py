"""Work in the background: states, fairness, cancelling, duplicates, restarts."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gisapp.errors import FileRefusedError, NotFoundError, PermissionRefusedError, QueueFullError
from gisapp.jobs import ledger
from gisapp.jobs.ledger import Ledger
from gisapp.jobs.queue import Builder, JobQueue
from gisapp.jobs.tables import JobRow
from gisapp.progress import Progress
from gisapp.store.database import Place, create_database, session
from gisapp.store.places import create_identity, place_of
from gisapp.store.tables import AuditEvent

LONG_S = 30.0


@pytest.fixture
def place(tmp_path: Path) -> Place:
    create_identity(tmp_path)
    place = place_of(tmp_path)
    create_database(place)
    return place


@pytest.fixture
def make_queue(place: Place) -> Iterator[Callable[..., JobQueue]]:
    made: list[JobQueue] = []

    def make(builders: dict[str, Builder] | None = None) -> JobQueue:
        made.append(JobQueue(place, builders=builders))
        return made[-1]

    yield make
    for queue in made:
        queue.stop(patience_s=LONG_S)


@pytest.fixture
def queue(make_queue: Callable[..., JobQueue]) -> JobQueue:
    return make_queue()


def quick(progress: Progress) -> dict[str, Any]:
    progress("rows", 3, 3)
    return {"rows": 3}


class Held:
    """Work that stands still until it is let go, and then tells its progress."""

    def __init__(self) -> None:
        self.started, self.go = threading.Event(), threading.Event()

    def __call__(self, progress: Progress) -> dict[str, Any]:
        progress("rows", 1, 4)
        self.started.set()
        assert self.go.wait(LONG_S)
        progress("rows", 4, 4)
        return {"rows": 4}


def submit(queue: JobQueue, work: Any, *, owner: str = "ani", about: str = "a", kind: str = "intake") -> str:
    return queue.submit(kind, f"Berkas {about}", work, owner=owner, input_hash=about)


def actions(place: Place) -> list[str]:
    with session(place, write=False) as db:
        return list(db.scalars(select(AuditEvent.action).order_by(AuditEvent.number)))


def test_a_job_from_queued_to_done(queue: JobQueue, place: Place) -> None:
    done = queue.wait(submit(queue, quick), LONG_S)
    assert (done.state, done.result, done.error) == ("done", {"rows": 3}, None)
    assert (done.step, done.done, done.total, done.share) == ("rows", 3, 3, 1.0)
    assert done.finished
    assert done.started_at is not None
    assert done.finished_at is not None
    assert actions(place) == ["job.queued", "job.done"]


def test_progress_is_seen_while_it_runs(queue: JobQueue) -> None:
    held = Held()
    job = submit(queue, held)
    assert held.started.wait(LONG_S)
    status = queue.status(job)
    assert (status.state, status.step, status.done, status.total, status.share) == ("running", "rows", 1, 4, 0.25)
    assert status.as_dict()["share"] == 0.25
    held.go.set()
    assert queue.wait(job, LONG_S).state == "done"


def test_progress_never_waits_for_the_database(queue: JobQueue, place: Place) -> None:
    """An intake tells its progress while its own last transaction holds the write lock."""

    def inside_a_transaction(progress: Progress) -> dict[str, Any]:
        with session(place):
            for number in range(5_000):
                progress("rows", number, 5_000)
        return {}

    assert queue.wait(submit(queue, inside_a_transaction), LONG_S).state == "done"


def test_the_same_input_twice_is_one_job(queue: JobQueue) -> None:
    held = Held()
    first = submit(queue, held, about="same")
    assert submit(queue, quick, about="same", owner="budi") == first
    held.go.set()
    assert queue.wait(first, LONG_S).result == {"rows": 4}
    assert submit(queue, quick, about="same") != first


def test_cancelling_a_running_job(queue: JobQueue, place: Place) -> None:
    held = Held()
    job = submit(queue, held)
    assert held.started.wait(LONG_S)
    queue.cancel(job, actor="ani")
    held.go.set()
    status = queue.wait(job, LONG_S)
    assert (status.state, status.result, status.done) == ("cancelled", None, 4)
    assert actions(place)[-1] == "job.cancelled"


def test_a_queued_job_that_is_cancelled_never_starts(queue: JobQueue) -> None:
    held, ran = Held(), []
    first = submit(queue, held)
    second = submit(queue, lambda _: ran.append(1) or {}, about="b")
    assert queue.status(second).ahead == 1
    assert queue.cancel(second, actor="ani").state == "cancelled"
    held.go.set()
    queue.wait(first, LONG_S)
    assert queue.wait(submit(queue, quick, about="c"), LONG_S).state == "done"
    assert ran == []


def test_cancelling_what_is_finished_changes_nothing(queue: JobQueue) -> None:
    job = submit(queue, quick)
    queue.wait(job, LONG_S)
    assert queue.cancel(job, actor="ani").state == "done"


def test_anothers_job_is_not_ones_own_to_cancel(queue: JobQueue) -> None:
    held = Held()
    job = submit(queue, held)
    with pytest.raises(PermissionRefusedError):
        queue.cancel(job, actor="budi")
    queue.cancel(job, actor="budi", any_owner=True)
    held.go.set()
    assert queue.wait(job, LONG_S).state == "cancelled"


def test_errors_of_ours_are_told_with_a_reference(queue: JobQueue) -> None:
    def refused(progress: Progress) -> dict[str, Any]:
        raise FileRefusedError("It is no table.", "Bukan tabel.")

    error = queue.wait(submit(queue, refused), LONG_S).error
    assert error is not None
    assert (error.code, error.id, error.en) == ("file_refused", "Bukan tabel.", "It is no table.")
    assert len(error.reference) == 8


def test_a_mistake_of_ours_quotes_nothing(queue: JobQueue, caplog: pytest.LogCaptureFixture) -> None:
    nik = "9901010101700011"

    def broken(progress: Progress) -> dict[str, Any]:
        raise ValueError(f"cannot convert {nik}")

    status = queue.wait(submit(queue, broken), LONG_S)
    assert status.state == "failed"
    assert status.error is not None
    assert status.error.code == "unexpected"
    assert nik not in str(status.as_dict()) + caplog.text
    assert status.error.reference in caplog.text
    assert "ValueError at broken" in caplog.text
    assert queue.wait(submit(queue, quick), LONG_S).state == "done"


def test_owners_take_turns(queue: JobQueue) -> None:
    order: list[str] = []
    held = Held()
    first = submit(queue, held, about="first")
    assert held.started.wait(LONG_S)
    jobs = [
        submit(queue, lambda _, name=name: order.append(name) or {}, owner=name[:3], about=name)
        for name in ("ani1", "ani2", "ani3", "bud1", "cit1", "bud2")
    ]
    held.go.set()
    for job in (first, *jobs):
        assert queue.wait(job, LONG_S).state == "done"
    assert order == ["bud1", "cit1", "ani1", "bud2", "ani2", "ani3"]


def test_one_owner_cannot_flood_the_queue(queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "LARGEST_PER_OWNER", 2)
    held = Held()
    first = submit(queue, held, about="1")
    second = submit(queue, quick, about="2")
    with pytest.raises(QueueFullError):
        submit(queue, quick, about="3")
    assert submit(queue, quick, about="2") == second
    other = submit(queue, quick, about="3", owner="budi")
    held.go.set()
    for job in (first, second, other):
        assert queue.wait(job, LONG_S).state == "done"
    assert queue.wait(submit(queue, quick, about="3"), LONG_S).state == "done"


def test_an_unknown_job(queue: JobQueue) -> None:
    with pytest.raises(NotFoundError):
        queue.status("nothing")


def test_lists_by_owner(queue: JobQueue) -> None:
    jobs = [submit(queue, quick, about=name, owner=name) for name in ("ani", "budi")]
    for job in jobs:
        queue.wait(job, LONG_S)
    assert [job.owner for job in queue.jobs()] == ["budi", "ani"]
    assert [job.owner for job in queue.jobs("ani")] == ["ani"]


def test_stopping_marks_the_running_job_interrupted(make_queue: Callable[..., JobQueue], place: Place) -> None:
    queue, held = make_queue(), Held()
    job = submit(queue, held)
    assert held.started.wait(LONG_S)
    threading.Timer(0.05, held.go.set).start()
    queue.stop(patience_s=LONG_S)
    assert Ledger(place).status(job).state == "interrupted"


def test_stopping_does_not_wait_for_a_job_that_says_nothing(make_queue: Callable[..., JobQueue], place: Place) -> None:
    queue, held = make_queue(), Held()
    job = submit(queue, held)
    assert held.started.wait(LONG_S)
    queue.stop(patience_s=0)
    assert Ledger(place).status(job).state == "interrupted"
    held.go.set()


def _left_behind(place: Place, *, kind: str, about: str, state: str, worker: str) -> str:
    job, _ = Ledger(place).add(kind, "Berkas", owner="ani", input_hash=about, parameters={"about": about})
    with session(place) as db:
        row = db.scalars(select(JobRow).where(JobRow.id == job)).one()
        row.state, row.worker, row.heartbeat_at = state, worker, row.created_at
    return job


def _ended_process() -> str:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return f"{ledger.this_worker().rpartition('/')[0]}/{process.pid}"


def test_after_a_restart(make_queue: Callable[..., JobQueue], place: Place) -> None:
    """What ran is interrupted, what waited is taken up where it can be rebuilt, the rest is told apart."""
    ran = _left_behind(place, kind="intake", about="ran", state="running", worker=_ended_process())
    waited = _left_behind(place, kind="intake", about="waited", state="queued", worker="")
    strange = _left_behind(place, kind="strange", about="strange", state="queued", worker="")
    queue = make_queue({"intake": lambda parameters: lambda progress: {"again": parameters["about"]}})
    queue.start()
    assert queue.status(ran).state == "interrupted"
    assert queue.status(strange).state == "interrupted"
    assert queue.wait(waited, LONG_S).result == {"again": "waited"}


def test_a_job_of_a_process_that_lives_is_left_alone(make_queue: Callable[..., JobQueue], place: Place) -> None:
    alive = f"{ledger.this_worker().rpartition('/')[0]}/{os.getppid()}"
    job = _left_behind(place, kind="intake", about="alive", state="running", worker=alive)
    queue = make_queue()
    queue.start()
    assert queue.status(job).state == "running"


def test_a_job_of_another_machine_is_dead_when_it_is_silent(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    job = _left_behind(place, kind="intake", about="far", state="running", worker="another-machine/1")
    Ledger(place).sort_out((), first=True)
    assert Ledger(place).status(job).state == "running"
    monkeypatch.setattr(ledger, "STALE_S", -1)
    Ledger(place).sort_out((), first=False)
    assert Ledger(place).status(job).state == "interrupted"
