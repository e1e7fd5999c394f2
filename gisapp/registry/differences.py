"""What happened to families between two snapshots: counts per desa, never who.

Families are matched by the keyed hash of the KK number, else of the NIK. Where a source gives neither, a family is the
same one only inside one chain of intakes (a snapshot and its corrections and updates), where ids go on.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
from sqlalchemy import func, select

from gisapp.columns import SNAPSHOT
from gisapp.registry.snapshots import SnapshotRef, read_snapshot
from gisapp.registry.tables import IdentityRow, IntakeRow
from gisapp.store.database import session
from gisapp.workspace.folder import Workspace

_COMPARED = tuple(name for name in SNAPSHOT if name not in ("family_id", "code"))


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Families of one desa or of all: of before, ``gone + moved_out + changed + unchanged + unmatched_before``.

    Of after, ``new + moved_in + changed + unchanged + unmatched_after``. Unmatched are families without an id that
    could be compared.
    """

    code: str
    before: int = 0
    after: int = 0
    new: int = 0
    gone: int = 0
    moved_in: int = 0
    moved_out: int = 0
    changed: int = 0
    unchanged: int = 0
    unmatched_before: int = 0
    unmatched_after: int = 0


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Two snapshots compared: every desa of either, by code, and the whole district."""

    before: SnapshotRef
    after: SnapshotRef
    total: Changes
    desa: tuple[Changes, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready counts."""
        sides = {name: {"period": ref.period, "hash": ref.hash, "families": ref.rows} for name, ref in self._sides()}
        return {**sides, "total": asdict(self.total), "desa": [asdict(one) for one in self.desa]}

    def _sides(self) -> tuple[tuple[str, SnapshotRef], ...]:
        return ("before", self.before), ("after", self.after)


def compare(ws: Workspace, before: SnapshotRef, after: SnapshotRef) -> Difference:
    """Compare two snapshots of a workspace; WorkspaceError where a snapshot is damaged."""
    left, right = _families(ws, before), _families(ws, after)
    if before.root_import_id != after.root_import_id:
        left["own_id"], right["own_id"] = "", ""
    pairs = _pairs(left, right)
    one, two = left.loc[pairs["left"]].reset_index(drop=True), right.loc[pairs["right"]].reset_index(drop=True)
    moved = (one["code"] != two["code"]).to_numpy()
    changed = ~moved & _differs(one, two)
    alone_left, alone_right = left.drop(pairs["left"]), right.drop(pairs["right"])
    counted = pd.DataFrame(
        {
            "before": left["code"].value_counts(),
            "after": right["code"].value_counts(),
            "new": alone_right.loc[_identified(alone_right), "code"].value_counts(),
            "gone": alone_left.loc[_identified(alone_left), "code"].value_counts(),
            "moved_in": two.loc[moved, "code"].value_counts(),
            "moved_out": one.loc[moved, "code"].value_counts(),
            "changed": two.loc[changed, "code"].value_counts(),
            "unchanged": two.loc[~moved & ~changed, "code"].value_counts(),
            "unmatched_before": alone_left.loc[~_identified(alone_left), "code"].value_counts(),
            "unmatched_after": alone_right.loc[~_identified(alone_right), "code"].value_counts(),
        }
    )
    counted = counted.fillna(0).astype(int).sort_index()
    desa = tuple(Changes(code=str(code), **row) for code, row in counted.to_dict("index").items())
    return Difference(before=before, after=after, total=Changes(code="", **counted.sum().to_dict()), desa=desa)


def _families(ws: Workspace, ref: SnapshotRef) -> pd.DataFrame:
    """Families of a snapshot with their keyed hashes (``kk``, ``nik``; empty where unknown) and their id."""
    hashes = family_hashes(ws, ref)
    families = read_snapshot(ref).merge(hashes, on="family_id", how="left", validate="one_to_one")
    families[["kk", "nik"]] = families[["kk", "nik"]].fillna("")
    families["own_id"] = families["family_id"]
    return families


def family_hashes(ws: Workspace, ref: SnapshotRef) -> pd.DataFrame:
    """Keyed hashes (``kk``, ``nik``) by ``family_id``, as the newest intake of the snapshot's chain has them."""
    wanted = (
        select(
            IntakeRow.number, IdentityRow.family_id, func.min(IdentityRow.family_hash), func.min(IdentityRow.nik_hash)
        )
        .join(IntakeRow, IntakeRow.import_id == IdentityRow.import_id)
        .where(IntakeRow.root_import_id == ref.root_import_id, IntakeRow.number <= ref.number)
        .group_by(IntakeRow.number, IdentityRow.family_id)
    )
    with session(ws.database, write=False) as database:
        rows = [tuple(row) for row in database.execute(wanted)]
    found = pd.DataFrame(rows, columns=["number", "family_id", "kk", "nik"], dtype="str")
    found["number"] = found["number"].astype(int)
    newest = found.sort_values("number", kind="stable").drop_duplicates("family_id", keep="last")
    return newest.drop(columns="number")


def _pairs(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Row labels of the same family on both sides: by KK, then of the rest by NIK, then of the rest by own id."""
    found: list[pd.DataFrame] = []
    for key in ("kk", "nik", "own_id"):
        sides = []
        for side in (left, right):
            keys = side[key]
            if key == "own_id":
                keys = keys.where(~_identified(side), "")
            keys = keys[keys != ""].drop_duplicates()
            sides.append(pd.DataFrame({"key": keys.to_numpy(), "row": keys.index}))
        both = sides[0].merge(sides[1], on="key", suffixes=("_left", "_right"))
        both = both.rename(columns={"row_left": "left", "row_right": "right"})[["left", "right"]]
        found.append(both)
        left, right = left.drop(both["left"]), right.drop(both["right"])
    return pd.concat(found, ignore_index=True).astype("int64")


def _identified(families: pd.DataFrame) -> pd.Series:
    return (families["kk"] != "") | (families["nik"] != "")


def _differs(one: pd.DataFrame, two: pd.DataFrame) -> Any:
    """Rows of which any value differs; unknown on both sides is no difference."""
    differs = pd.Series(False, index=one.index)
    for name in _COMPARED:
        unknown = one[name].isna() | two[name].isna()
        same = (one[name] == two[name]).fillna(False).astype(bool)
        differs |= ~((same & ~unknown) | (one[name].isna() & two[name].isna()))
    return differs.to_numpy()
