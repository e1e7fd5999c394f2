"""An intake that is cancelled leaves nothing, and says on the way how far it is."""

from __future__ import annotations

import pytest

from gisapp.progress import Cancelled
from gisapp.registry import ingest as module
from gisapp.registry.ingest import ingest
from gisapp.registry.snapshots import latest_snapshot
from tests.registry.conftest import everything, family


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(module, "CHUNK_ROWS", 10)


@pytest.fixture
def file(files):
    return files.csv([family(1, desil="99"), *(family(number) for number in range(2, 45))])


class Stop:
    """Raises at the n-th call."""

    def __init__(self, at):
        self.left, self.calls = at, []

    def __call__(self, step, done, total):
        self.calls.append((step, done, total))
        self.left -= 1
        if self.left == 0:
            raise Cancelled


@pytest.mark.parametrize("at", [1, 3, 5, 6])
def test_cancelled_at_any_step_nothing_is_stored(workspace, file, at):
    before = everything(workspace.root)
    stop = Stop(at)
    with pytest.raises(Cancelled):
        ingest(workspace, file, period="2025", progress=stop)
    assert len(stop.calls) == at
    assert everything(workspace.root) == before
    assert latest_snapshot(workspace) is None
    assert ingest(workspace, file, period="2025").accepted == 43


def test_progress_counts_the_bytes_of_the_file(workspace, file):
    stop = Stop(-1)
    ingest(workspace, file, period="2025", progress=stop)
    steps = [call for call in stop.calls if call[0] == "ingest"]
    assert {total for _, _, total in steps} == {file.stat().st_size}
    assert [done for _, done, _ in steps] == sorted(done for _, done, _ in steps)
    assert steps[-1][1] == file.stat().st_size
    assert stop.calls[-1] == ("store", 0, 1)
