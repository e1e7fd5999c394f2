"""Family records for statisticians: no identity, no position, no id, and nothing of desa with few families."""

from __future__ import annotations

from dataclasses import dataclass

from gisapp.access.actors import Actor
from gisapp.access.permissions import require
from gisapp.columns import SNAPSHOT
from gisapp.registry.snapshots import find_snapshot, read_snapshot
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.workspace.folder import Workspace

_LEFT_OUT = ("family_id", "longitude", "latitude", "coordinate_status")
#: Columns of the download.
COLUMNS = tuple(name for name in SNAPSHOT if name not in _LEFT_OUT)


@dataclass(frozen=True, kw_only=True)
class Records:
    """A CSV of anonymous records (UTF-8), how many it holds, and how many were left out with how many desa."""

    content: bytes
    rows: int
    withheld_rows: int
    withheld_desa: int


def anonymous_records(ws: Workspace, period: str, *, actor: Actor) -> Records:
    """Records of a period's newest snapshot; NotFoundError where there is none. That they were taken is recorded.

    Desa with fewer than ``k_staff`` families are left out whole. Rows are in the order of their values, so that their
    order does not tell where a family stood in its file.
    """
    require(actor, "registry.records")
    ref = find_snapshot(ws, period)
    families = read_snapshot(ref)[list(COLUMNS)]
    sizes = families["code"].map(families["code"].value_counts())
    few = sizes < ws.settings.k_staff
    shown = families[~few].sort_values(list(COLUMNS), kind="stable", na_position="last")
    found = Records(
        content=shown.to_csv(index=False, lineterminator="\r\n").encode(), rows=len(shown),
        withheld_rows=int(few.sum()), withheld_desa=int(families.loc[few, "code"].nunique()),
    )  # fmt: skip
    with session(ws.database) as database:
        detail = {"period": ref.period, "rows": found.rows, "withheld": found.withheld_rows}
        append_event(database, action="registry.records", subject=ref.hash, detail=detail, actor=actor.name)
    return found
