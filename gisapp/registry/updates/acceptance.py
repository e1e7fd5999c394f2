"""Acceptance: the second person says yes, and the next snapshot exists in the same transaction.

The files are written first, under names of their content; one transaction then makes them exist together with the
states of the cases, the identities and the audit. Whoever pulls the plug finds the old state or the new one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from gisapp.access.actors import Actor
from gisapp.errors import InvalidParameterError
from gisapp.registry.quarantine import QuarantineWriter, quarantine_path
from gisapp.registry.snapshots import snapshot_bytes
from gisapp.registry.spool import Identified, store_identities
from gisapp.registry.tables import IntakeRow, SnapshotRow
from gisapp.registry.updates.applying import Accepted, Applied, apply
from gisapp.registry.updates.decisions import require_acceptable, require_two_people
from gisapp.registry.updates.judging import form_of
from gisapp.registry.updates.ledger import find_cases, is_stale, move, newest_snapshot
from gisapp.registry.updates.matching import Matcher
from gisapp.registry.updates.model import Acceptance, ConflictError
from gisapp.registry.updates.people import identities_after, keys_of
from gisapp.registry.updates.sealing import unseal
from gisapp.registry.updates.states import CLOSED
from gisapp.registry.updates.tables import CaseRow
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.files import atomic_path, atomic_write_bytes, make_private_folder, workspace_lock
from gisapp.store.hashing import canonical_json, sha256_bytes, sha256_json
from gisapp.store.tables import utc_now
from gisapp.workspace.folder import Workspace

#: As an intake wants it: a year, with more behind it where needed.
_PERIOD = re.compile(r"\d{4}[0-9A-Za-z._-]{0,15}")


@dataclass(frozen=True, kw_only=True)
class _Next:
    """The next snapshot as it lies on disk, not yet existing."""

    import_id: str
    period: str
    snapshot: SnapshotRow
    applied: Applied
    identities: list[Identified]


def accept(ws: Workspace, actor: Actor, case_ids: Iterable[int], period: str | None = None) -> Acceptance:
    """Accept approved cases as the second person; what they change becomes the next snapshot of ``period``.

    ``period`` is the newest one where it is not said, and never an earlier one. A stale case whose family a newer
    snapshot left as it was is moved to that snapshot first, with a step that says so; another stale case is left as it
    is and named in ``stale``: match it again. All other refusals (state, two people, meeting, visit) hold for the whole
    call.
    """
    wanted = sorted(set(case_ids))
    with session(ws.database, write=False) as db:
        _require(db, actor, wanted)
    with workspace_lock(ws.root):
        matcher = Matcher(ws)
        with session(ws.database, write=False) as db:
            rows = _require(db, actor, wanted)
            versions = {row.id: row.version for row in rows}
            ready = [row for row in rows if not _is_stuck(db, matcher, row)]
            accepted = [_accepted(ws, matcher, db, row) for row in ready]
        changing = [one for one in accepted if one.kind != "objection"]
        made = _write(ws, matcher, changing, _period(matcher, period)) if changing else None
        with session(ws.database) as db:
            _commit(db, matcher, actor, versions, ready, made)
    ids = tuple(row.id for row in ready)
    return Acceptance(
        snapshot=made.snapshot.hash if made else None, period=made.period if made else None, accepted=ids,
        stale=tuple(one for one in wanted if one not in ids), path=ws.root / made.snapshot.path if made else None,
    )  # fmt: skip


def _require(db: Session, actor: Actor, wanted: list[int]) -> list[CaseRow]:
    rows = find_cases(db, actor, wanted, "accept")
    for row in rows:
        require_two_people(row, actor, second=True)
        require_acceptable(row)
    return rows


def _is_stuck(db: Session, matcher: Matcher, row: CaseRow) -> bool:
    """Whether a case rests on an older snapshot, and the newest says something else of its family."""
    return is_stale(row, matcher.now.ref.hash) and not matcher.unchanged(db, row)


def _accepted(ws: Workspace, matcher: Matcher, db: Session, row: CaseRow) -> Accepted:
    family_id = matcher.family(db, row) if is_stale(row, matcher.now.ref.hash) else row.family_id
    return Accepted(
        id=row.id, kind=row.kind, area=row.area, family_id=family_id, form=form_of(ws, row.form),
        contents=unseal(matcher.vault, row),
    )  # fmt: skip


def _period(matcher: Matcher, period: str | None) -> str:
    newest = matcher.now.ref.period
    if not period:
        return newest
    if not _PERIOD.fullmatch(period) or period < newest:
        raise InvalidParameterError(
            f"Period {period[:40]!r} must begin with a year and not come before the newest, {newest}.",
            f"Periode {period[:40]!r} harus diawali tahun dan tidak mendahului yang terbaru, {newest}.",
            code="period_past",
        )
    return period


def _write(ws: Workspace, matcher: Matcher, accepted: list[Accepted], period: str) -> _Next:
    """Write the snapshot and its (empty) quarantine; without the rows that follow they are left-overs."""
    applied = apply(matcher.now, accepted, matcher.district, stack_threshold=ws.settings.stack_threshold)
    with session(ws.database, write=False) as db:
        identities = identities_after(db, matcher.vault, matcher.now, accepted)
    content, digest = snapshot_bytes(applied.families.reset_index(drop=True), period)
    path = f"registry/{period}-{digest[:12]}.parquet"
    atomic_write_bytes(ws.root / path, content)
    import_id = sha256_json(["updates", matcher.now.ref.import_id, digest, [one.id for one in accepted]])[:16]
    _write_quarantine(ws, matcher, import_id, identities)
    snapshot = SnapshotRow(
        hash=digest, period=period, path=path, rows=len(applied.families), file_sha256=sha256_bytes(content),
        created_at=utc_now(),
    )  # fmt: skip
    return _Next(import_id=import_id, period=period, snapshot=snapshot, applied=applied, identities=identities)


def _write_quarantine(ws: Workspace, matcher: Matcher, import_id: str, identities: list[Identified]) -> None:
    path = quarantine_path(ws, import_id)
    make_private_folder(path.parent)
    with atomic_path(path) as temporary, temporary.open("wb") as stream:
        writer = QuarantineWriter(stream, matcher.vault, import_id, [])
        for kind, keys in keys_of(identities).items():
            writer.add_kept(kind, keys)
        writer.end()


def _commit(
    db: Session, matcher: Matcher, actor: Actor, versions: dict[int, int], ready: list[CaseRow], made: _Next | None
) -> None:  # fmt: skip
    """Make everything exist at once; ConflictError where anything has moved since it was read."""
    now = newest_snapshot(db)
    rows = [db.get_one(CaseRow, one.id) for one in ready]
    if now != matcher.now.ref.hash or any(row.version != versions[row.id] for row in rows):
        raise ConflictError(
            "A case or the registry was changed at this moment. Nothing was accepted; try again.",
            "Usulan atau data terpadu diubah saat ini juga. Tidak ada yang diterima; coba lagi.",
        )
    for row in rows:
        if is_stale(row, now):
            matcher.rebase(db, row, actor)
    if made is not None:
        _store(db, matcher, made, rows)
    for row in rows:
        row.accepted_snapshot = made.snapshot.hash if made and row.kind != "objection" else None
        move(db, matcher.vault, row, "accept", "accepted", actor, document=_document(made, row))
    if made is not None:
        carried = _carry_on(db, matcher, made)
        append_event(
            db, action="registry.updates", actor=actor.name, subject=made.import_id,
            detail={
                "period": made.period, "snapshot": made.snapshot.hash, "cases": [row.id for row in rows],
                "new": len(made.applied.added), "changed": len(made.applied.touched), "left": len(made.applied.left),
                "carried": carried,
            },
        )  # fmt: skip


def _document(made: _Next | None, row: CaseRow) -> str | None:
    return f"snapshot {made.snapshot.hash[:12]}" if made and row.kind != "objection" else None


def _store(db: Session, matcher: Matcher, made: _Next, rows: list[CaseRow]) -> None:
    db.merge(made.snapshot)
    db.flush()
    base = db.scalars(select(IntakeRow).where(IntakeRow.import_id == matcher.now.ref.import_id)).one()
    counted = sum(row.kind != "objection" for row in rows)
    own = {
        "import_id": made.import_id, "kind": "updates", "period": made.period, "created_at": utc_now(),
        "source": f"MPM: {counted} pemutakhiran", "snapshot_hash": made.snapshot.hash, "rows": counted,
        "source_sha256": sha256_json([made.import_id, [row.id for row in rows]]), "accepted": counted,
        "quarantined": 0, "families": len(made.applied.added), "reasons": canonical_json({}),
        "warnings": canonical_json({}), "quarantine_path": f"registry/quarantine/{made.import_id}.enc", "erased": 0,
    }  # fmt: skip
    names = [column.key for column in inspect(IntakeRow).column_attrs if column.key != "number"]
    db.add(IntakeRow(**{name: own.get(name, getattr(base, name)) for name in names}))
    store_identities(db, matcher.vault, made.import_id, made.identities)
    db.flush()


def _carry_on(db: Session, matcher: Matcher, made: _Next) -> int:
    """Open cases about families that this acceptance left alone rest on its snapshot from now on.

    Without it every acceptance would make all other cases stale. A case about a family that it touched, and one that
    finds itself among the new families, stays behind and has to be looked at.
    """
    touched = made.applied.touched | made.applied.left
    known = {value for one in made.identities for value in matcher.hashes(one.person)}
    waiting = db.scalars(
        select(CaseRow).where(CaseRow.base_snapshot == matcher.now.ref.hash, CaseRow.state.not_in(CLOSED))
    )
    carried = 0
    for row in waiting:
        if row.family_id in touched or {row.nik_hash, row.family_hash} & known:
            continue
        row.base_period, row.base_snapshot = made.period, made.snapshot.hash
        carried += 1
    db.flush()
    return carried
