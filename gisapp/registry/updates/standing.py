"""The registry as it stands: families of a snapshot, and which of them a keyed hash belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from gisapp.columns import SNAPSHOT
from gisapp.errors import WorkspaceError
from gisapp.registry.snapshots import SnapshotRef, latest_snapshot, read_snapshot
from gisapp.registry.tables import IdentityRow, IntakeRow, SnapshotRow
from gisapp.registry.updates.tables import CaseRow
from gisapp.store.database import session
from gisapp.workspace.folder import Workspace

#: What a newer snapshot may say otherwise of a family that has not changed: the rank comes from above and moves alone.
_NOT_COMPARED = ("family_id", "decile")


@dataclass(frozen=True)
class Standing:
    """One snapshot with its families by family_id, and the imports of its chain in the order of acceptance."""

    ref: SnapshotRef
    families: pd.DataFrame
    chain: Mapping[str, int]

    def row(self, family_id: str | None) -> dict[str, Any] | None:
        """One family's values, or None where the snapshot has no such family."""
        if family_id is None or family_id not in self.families.index:
            return None
        return {**dict(self.families.loc[family_id].items()), "family_id": family_id}

    def find(self, db: Session, hashes: Iterable[tuple[str, str | None]]) -> str | None:
        """Family that the first usable hash belongs to: ("nik", …) before ("family", …)."""
        for kind, value in hashes:
            if value is None:
                continue
            column = IdentityRow.nik_hash if kind == "nik" else IdentityRow.family_hash
            found = db.execute(select(IdentityRow.family_id, IdentityRow.import_id).where(column == value)).all()
            for family_id, import_id in sorted(found):
                if family_id in self.families.index and self._is_newest(db, family_id, import_id):
                    return str(family_id)
        return None

    def _is_newest(self, db: Session, family_id: str, import_id: str) -> bool:
        return import_id in self.chain and self.newest_import(db, family_id) == import_id

    def newest_import(self, db: Session, family_id: str) -> str | None:
        """Import of the chain that said last who a family is."""
        said = set(
            db.scalars(
                select(IdentityRow.import_id)
                .where(IdentityRow.import_id.in_(list(self.chain)), IdentityRow.family_id == family_id)
                .distinct()
            )
        )
        known = [one for one in self.chain if one in said]
        return max(known, key=lambda one: self.chain[one], default=None)

    def find_case(self, db: Session, row: CaseRow) -> str | None:
        """Family that a case is about, by its hashes."""
        return self.find(db, (("nik", row.nik_hash), ("family", row.family_hash)))


def read_standing(ws: Workspace, ref: SnapshotRef) -> Standing:
    """Read a snapshot with its chain."""
    with session(ws.database, write=False) as db:
        chain = db.execute(
            select(IntakeRow.import_id, IntakeRow.number).where(IntakeRow.root_import_id == ref.root_import_id)
        ).all()
    families = read_snapshot(ref)
    families.index = pd.Index(families["family_id"], name=None)
    return Standing(ref, families, {str(import_id): int(number) for import_id, number in chain})


def stands_now(ws: Workspace) -> Standing:
    """The newest snapshot; an update without a registry cannot exist."""
    ref = latest_snapshot(ws)
    if ref is None:
        raise WorkspaceError(
            "The registry is gone. Restore a backup.", "Data terpadu hilang. Pulihkan cadangan.", code="no_snapshot"
        )
    return read_standing(ws, ref)


def stood_then(ws: Workspace, digest: str | None) -> Standing | None:
    """An earlier snapshot, or None where it is no longer kept."""
    with session(ws.database, write=False) as db:
        found = db.execute(
            select(IntakeRow, SnapshotRow)
            .join(SnapshotRow, IntakeRow.snapshot_hash == SnapshotRow.hash)
            .where(SnapshotRow.hash == digest)
            .order_by(IntakeRow.number.desc())
        ).first()
    if found is None:
        return None
    intake, snapshot = found
    ref = SnapshotRef(
        period=intake.period, hash=snapshot.hash, path=ws.root / snapshot.path, rows=snapshot.rows,
        source=intake.source, form=intake.form, accepted_at=intake.created_at, import_id=intake.import_id,
        root_import_id=intake.root_import_id, file_sha256=snapshot.file_sha256,
    )  # fmt: skip
    try:
        return read_standing(ws, ref)
    except WorkspaceError:
        return None


def same_family(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> bool:
    """Whether nothing that a proposal may rest on has changed; two families that are not there are the same."""
    if before is None or after is None:
        return before is after
    return all(same_value(before[name], after[name]) for name in SNAPSHOT if name not in _NOT_COMPARED)


def same_value(one: Any, other: Any) -> bool:
    """Whether two values of a snapshot are the same; unknown is the same as unknown."""
    if pd.isna(one) or pd.isna(other):
        return bool(pd.isna(one) and pd.isna(other))
    return bool(one == other)
