"""The family that a case is about, as the snapshot holds it: without identity, read once per snapshot."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gisapp.errors import GisappError
from gisapp.registry.snapshots import SnapshotRef, find_snapshot, read_snapshot
from gisapp.workspace.folder import Workspace

if TYPE_CHECKING:
    import pandas as pd


@lru_cache(maxsize=2)
def _families(ref: SnapshotRef) -> pd.DataFrame:
    return read_snapshot(ref).set_index("family_id", drop=False)


def family_of(ws: Workspace, snapshot: str | None, family_id: str | None) -> dict[str, Any] | None:
    """The row of a family in a snapshot; None where nothing is known of it (a new family, an erased one)."""
    if not snapshot or not family_id:
        return None
    try:
        frame = _families(find_snapshot(ws, snapshot))
    except GisappError:
        return None
    if family_id not in frame.index:
        return None
    return {str(name): value for name, value in frame.loc[family_id].items()}
