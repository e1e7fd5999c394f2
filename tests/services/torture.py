"""kill -9 at random instants of an intake and of an acceptance: the workspace is the old one or the new one.

``python tests/services/torture.py --rounds 100`` goes over {sqlite, postgresql} x {intake, acceptance}; the suite does
a few rounds of each (test_torture.py). A round restores the same backup to a new folder, starts the operation in a
process of its own, kills that at its instant, and then asks: is the doctor content, is the audit trail whole, is every
table as it was before or as it is after an undisturbed operation, and does doing it again end where that one did?
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
for _folder in (ROOT, ROOT / "tests"):
    if str(_folder) not in sys.path:
        sys.path.insert(0, str(_folder))

DATABASES = ("sqlite", "postgresql")
OPERATIONS = ("intake", "acceptance")
FAMILIES, NEXT_FAMILIES, CASES = 300, 1500, 6
_URL = "GISAPP_DATABASE_URL"

State = dict[str, Any]


def intake(root: Path) -> None:
    """``gisapp ingest`` of the file that lies beside the backup."""
    from gisapp.cli.main import gisapp
    from gisapp.cli.options import run_guarded

    words = ["-w", str(root), "ingest", str(root / "brought.csv"), "--period", "2026", "--json"]
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):  # noqa: PTH123 - no path
        code = run_guarded(gisapp, words)
    assert code == 0, code


def acceptance(root: Path) -> None:
    """The second person accepts every case that is waiting; where none is, nothing is done."""
    from sqlalchemy import text

    from gisapp.registry.updates.acceptance import accept
    from gisapp.store.database import session
    from gisapp.workspace.folder import open_workspace
    from tests.registry.updates.conftest import CHAIR

    ws = open_workspace(root)
    with session(ws.database, write=False) as database:
        found = database.execute(text("SELECT id FROM update_case WHERE state = 'submitted' ORDER BY id"))
        waiting = list(found.scalars())
    if waiting:
        accept(ws, CHAIR, waiting)


RUN: dict[str, Callable[[Path], None]] = {"intake": intake, "acceptance": acceptance}


def child() -> None:
    """Load everything, say so, read which operation to do where, do it."""
    import gisapp.cli.registry
    import gisapp.registry.ingest
    import gisapp.registry.updates.acceptance  # noqa: F401

    print("ready", flush=True)
    order = json.loads(sys.stdin.readline())
    RUN[order["operation"]](Path(order["root"]))


class Victim:
    """A process that waits for its order."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--child"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def order(self, operation: str, root: Path) -> float:
        """Give the order as soon as the process is ready; returns the time."""
        assert self._process.stdout is not None
        assert self._process.stdin is not None
        assert self._process.stdout.readline() == "ready\n"
        started = time.monotonic()
        self._process.stdin.write(json.dumps({"operation": operation, "root": str(root)}) + "\n")
        self._process.stdin.flush()
        return started

    def kill(self) -> bool:
        """Kill it, and say whether it was still at work."""
        self._process.send_signal(signal.SIGKILL)
        _, said = self._process.communicate()
        assert self._process.returncode in (0, -signal.SIGKILL), said
        return self._process.returncode != 0

    def wait(self) -> None:
        """Let it finish."""
        _, said = self._process.communicate(timeout=300)
        assert self._process.returncode == 0, said


@dataclass(frozen=True)
class Base:
    """A backup to start every round from, the states before and after, and how long the operation takes."""

    operation: str
    backup: Path
    old: State
    new: State
    seconds: float


def state_of(root: Path) -> State:
    """Rows of every table, snapshots, states of cases, and files of the registry."""
    from sqlalchemy import inspect, text

    from gisapp.store.database import session
    from gisapp.workspace.folder import open_workspace

    ws = open_workspace(root)
    with session(ws.database, write=False) as database:
        names = sorted(inspect(database.connection()).get_table_names())
        counts = {name: database.scalar(text(f'SELECT count(*) FROM "{name}"')) for name in names}
        snapshots = database.execute(text("SELECT period, hash, rows FROM registry_snapshot ORDER BY 1, 2")).all()
        cases = database.execute(text("SELECT id, state, version FROM update_case ORDER BY id")).all()
    files = sorted(path.relative_to(root).as_posix() for path in ws.registry_folder.rglob("*") if path.is_file())
    return {"counts": counts, "snapshots": [*map(tuple, snapshots)], "cases": [*map(tuple, cases)], "files": files}


def prepare(operation: str, folder: Path) -> Base:
    """Make a workspace in which the operation can be done, back it up, and do it once undisturbed."""
    from gisapp.workspace.backup import backup

    made = _workspace(operation, folder)
    report = backup(made, folder / f"{operation}.backup")
    with restored(report.file, folder) as root:
        old = state_of(root)
        victim = Victim()
        started = victim.order(operation, root)
        victim.wait()
        seconds = time.monotonic() - started
        new = state_of(root)
    assert old != new
    return Base(operation, report.file, old, new, seconds)


def _workspace(operation: str, folder: Path) -> Any:
    from gisapp.registry.ingest import ingest
    from tests.registry.conftest import DESA, make_workspace, write_boundary, write_csv

    ws = make_workspace(folder / operation, write_boundary(folder / "desa.geojson", DESA))
    ingest(ws, write_csv(folder / "first.csv", _families(FAMILIES)), period="2025")
    brought = _families(NEXT_FAMILIES)
    for row in brought[::50]:
        row["desil"] = "11"  # for the quarantine
    write_csv(ws.root / "brought.csv", brought)
    if operation == "acceptance":
        from tests.registry.updates.conftest import Walk

        walk = Walk(ws)
        for number in range(1, CASES + 1):
            walk.on(walk.register(number=number, persons=str(number + 1)), "approved")
    return ws


def _families(many: int) -> list[dict[str, str]]:
    from tests.registry.conftest import family

    return [
        family(n, lintang=f"{3.51 + n % 80 * 0.001:.4f}", bujur=f"{98.01 + n // 80 * 0.001:.4f}")
        for n in range(1, many + 1)
    ]  # fmt: skip


@contextlib.contextmanager
def restored(backup: Path, folder: Path) -> Iterator[Path]:
    """The backup as a workspace of its own, on whichever database this is, gone afterwards."""
    from gisapp.store.database import ServerPlace
    from gisapp.store.places import place_of
    from gisapp.store.server import drop_schema
    from gisapp.workspace.restore import restore

    root = restore(backup, Path(tempfile.mkdtemp(dir=folder))).workspace
    place = place_of(root)
    try:
        yield root
    finally:
        shutil.rmtree(root)
        if isinstance(place, ServerPlace):
            drop_schema(place)


def torture(base: Base, instants: list[float], folder: Path) -> dict[str, int]:
    """Kill the operation at each instant (a share of its duration) and examine what is left; returns how they ended."""
    ends = {"old": 0, "new": 0, "killed": 0}
    waiting, seconds = Victim(), base.seconds
    for number, instant in enumerate(instants):
        victim, waiting = waiting, Victim()
        with restored(base.backup, folder) as root:
            started = victim.order(base.operation, root)
            time.sleep(max(0.0, started + instant * seconds - time.monotonic()))
            ends["killed"] += victim.kill()
            end = _examine(base, root, f"{base.operation} round {number}, instant {instant:.3f}")
            ends[end] += 1
            # A busy machine is slower than it was when the duration was measured, or faster: follow it.
            seconds *= 1.5 if end == "old" and instant > 0.8 else 0.8 if end == "new" and instant < 0.4 else 1.0
    waiting.kill()
    return ends


def _examine(base: Base, root: Path, where: str) -> str:
    from gisapp.registry.sealed import everything_sealed
    from gisapp.store.inventory import audit_break
    from gisapp.workspace.doctor import examine
    from gisapp.workspace.folder import open_workspace

    ws = open_workspace(root)
    report = examine(ws, sealed=everything_sealed(ws))
    assert report.ok, (where, report.as_dict())
    assert audit_break(ws.database) is None, where
    found = state_of(root)
    assert found in (base.old, base.new), (where, _difference(found, base.old), _difference(found, base.new))
    end = "old" if found == base.old else "new"
    RUN[base.operation](root)
    again = state_of(root)
    assert again == base.new, (where, end, _difference(again, base.new))
    return end


def _difference(found: State, wanted: State) -> dict[str, Any]:
    return {name: (found[name], wanted[name]) for name in wanted if found[name] != wanted[name]}


def instants_of(rounds: int, seed: str) -> list[float]:
    """Instants spread over the duration and a little beyond, one drawn from each of as many equal parts, shuffled."""
    draw = random.Random(seed)
    drawn = [1.1 * (number + draw.random()) / rounds for number in range(rounds)]
    draw.shuffle(drawn)
    return drawn


def main() -> int:
    """Torture every combination and print how the rounds ended."""
    from private_cluster import new_cluster

    parser = argparse.ArgumentParser(description="kill -9 at random instants of an intake and of an acceptance")
    parser.add_argument("--rounds", type=int, default=100, help="over all combinations together")
    parser.add_argument("--seed", default="gisapp")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child()
        return 0
    each = max(1, given.rounds // (len(DATABASES) * len(OPERATIONS)))
    os.environ.pop(_URL, None)
    for database in DATABASES:
        cluster = new_cluster() if database == "postgresql" else None
        if cluster is not None:
            os.environ[_URL] = cluster.url
        for operation in OPERATIONS:
            with tempfile.TemporaryDirectory(prefix="gisapp-torture-") as folder:
                base = prepare(operation, Path(folder))
                ends = torture(base, instants_of(each, f"{given.seed} {database} {operation}"), Path(folder))
            print(
                f"{database} {operation}: {each} rounds over {base.seconds:.2f} s, {ends['killed']} killed at work; "
                f"{ends['old']} the old workspace, {ends['new']} the new one, 0 between",
                flush=True,
            )
        if cluster is not None:
            from gisapp.store.server import disconnect

            disconnect()
            cluster.remove()
            os.environ.pop(_URL)
    return 0


if __name__ == "__main__":
    sys.exit(main())
