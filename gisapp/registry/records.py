"""Family records for statisticians: no identity, no position, no id, no family that its neighbours can find.

A neighbour knows in which desa a family lives, how many it is and about how old its children are. Where fewer than
``k_staff`` families of a snapshot share that, it is left blank step by step until so many share what is left. What is
asked about the dwelling and the aid stays as it is: the records are for a statistician's desk, not to be published.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from gisapp.access.actors import Actor
from gisapp.access.permissions import require
from gisapp.columns import SNAPSHOT
from gisapp.registry.snapshots import find_snapshot, read_snapshot
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.workspace.folder import Workspace

#: An expenditure is personal finance (UU 27/2022, article 4) and tells a family apart more than all the rest.
_LEFT_OUT = ("family_id", "longitude", "latitude", "coordinate_status", "expenditure_idr")
#: Columns of the download.
COLUMNS = tuple(name for name in SNAPSHOT if name not in _LEFT_OUT)
_CHILDREN = ("children_0_5", "children_7_12", "children_13_15")
#: What neighbours know of a family.
KNOWN = ("code", "persons", *_CHILDREN)
#: What is left blank of a family that stands out, one step after the other.
_BLANKED: tuple[tuple[str, ...], ...] = ((), _CHILDREN, (*_CHILDREN, "persons"), KNOWN)


@dataclass(frozen=True, kw_only=True)
class Records:
    """A CSV of anonymous records (UTF-8), how many it holds, and how many were left out with how many desa."""

    content: bytes
    rows: int
    withheld_rows: int
    withheld_desa: int


def anonymous_records(ws: Workspace, period: str, *, actor: Actor) -> Records:
    """Records of a period's newest snapshot; NotFoundError where there is none. That they were taken is recorded.

    Desa with fewer than ``k_staff`` families are left out whole, and what sets a family apart is blank. Rows are in the
    order of their values, so that their order does not tell where a family stood in its file.
    """
    require(actor, "registry.records")
    ref = find_snapshot(ws, period)
    families = read_snapshot(ref)[list(COLUMNS)]
    sizes = families["code"].map(families["code"].value_counts())
    few = sizes < ws.settings.k_staff
    shown = hidden_in_a_crowd(families[~few], ws.settings.k_staff)
    shown = shown.sort_values(list(COLUMNS), kind="stable", na_position="last")
    found = Records(
        content=shown.to_csv(index=False, lineterminator="\r\n").encode(), rows=len(shown),
        withheld_rows=len(families) - len(shown), withheld_desa=int(families.loc[few, "code"].nunique()),
    )  # fmt: skip
    with session(ws.database) as database:
        detail = {"period": ref.period, "rows": found.rows, "withheld": found.withheld_rows}
        append_event(database, action="registry.records", subject=ref.hash, detail=detail, actor=actor.name)
    return found


def hidden_in_a_crowd(families: pd.DataFrame, k: int) -> pd.DataFrame:
    """The families with ``KNOWN`` blanked so far that each shares what is left of it with at least k - 1 others.

    Those for whom even that is not enough are left out.
    """
    rest = families.astype({name: "Int64" for name in KNOWN if name != "code"})
    crowds = []
    for blanked in _BLANKED:
        rest = rest.assign(**dict.fromkeys(blanked, pd.NA))
        sizes = rest.groupby(list(KNOWN), dropna=False)["code"].transform("size")
        crowds.append(rest[sizes >= k])
        rest = rest[sizes < k]
    shown = pd.concat([one.astype(object) for one in crowds])
    return shown[list(families.columns)]
