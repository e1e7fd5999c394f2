"""Erase one family everywhere: files are written anew under new names first, then one transaction puts them in place.

After ``kill -9`` at any instant the family is either still whole or gone; ``doctor`` removes files that no row names.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from gisapp.access.actors import LOCAL, Actor
from gisapp.access.permissions import require
from gisapp.errors import InvalidParameterError, NotFoundError, RegistryError
from gisapp.registry import incoming
from gisapp.registry.erasing import Subject, find_subject, rows_of
from gisapp.registry.quarantine import holds, keep_rows, quarantine_path
from gisapp.registry.sealing import clean_family_number, clean_nik
from gisapp.registry.snapshots import SnapshotRef, list_snapshots, read_codes, read_snapshot, snapshot_bytes
from gisapp.registry.tables import DuplicateRow, IdentityRow, IntakeRow, ListEntryRow, ListRow, SnapshotRow
from gisapp.registry.tombstones import bury
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.files import atomic_write_bytes, workspace_lock
from gisapp.store.hashing import sha256_bytes
from gisapp.store.tables import AuditEvent, utc_now
from gisapp.store.vault import open_vault
from gisapp.workspace.folder import Workspace

#: Ten digits and more, also in groups: 9901 0101 7000 0001.
_NUMBER = re.compile(r"\d(?:[ .,/\-]*\d){9,}")


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """What an erasure reached, in counts.

    ``backups`` are the moments at which backups were made that still hold the family. ``unknown_sources`` are intakes
    that were taken in before identities were kept: who is in them cannot be looked up. ``uploads`` are files that
    waited to be taken in: they are removed whatever is in them.
    """

    identities: int
    snapshots: int
    quarantined_rows: int
    list_lines: int
    updates: int
    runs_affected: int
    uploads: int
    backups: tuple[str, ...]
    unknown_sources: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready counts."""
        return {**asdict(self), "backups": list(self.backups), "unknown_sources": list(self.unknown_sources)}


@dataclass(frozen=True, kw_only=True)
class _Rewritten:
    """A snapshot without the family, written under a new name."""

    old: SnapshotRef
    new: SnapshotRow


def erase_family(
    ws: Workspace,
    *,
    nik: str | None = None,
    family_number: str | None = None,
    actor: Actor = LOCAL,
    reason: str,
) -> Erasure:
    """Erase the family of a NIK or a KK number from identities, snapshots, quarantine, lists, updates and duplicates.

    Runs stay as they are (they hold counts only) and say from then on that their source was partly erased. The audit
    trail keeps the event without the family.

    Raises
    ------
    InvalidParameterError : the number is no NIK or KK number, or no reason is given.
    NotFoundError : nobody of this number is known.
    RegistryError : the number belongs to several families of one snapshot.
    """
    require(actor, "identity.erase")
    _check(nik or "", family_number or "", reason)
    with workspace_lock(ws.root):
        with session(ws.database, write=False) as database:
            subject = find_subject(database, open_vault(ws.root), nik=nik or "", family_number=family_number or "")
        rewritten = [made for ref in list_snapshots(ws) if (made := _rewrite(ws, ref, subject)) is not None]
        moved, rows = _rewrite_quarantines(ws, subject)
        with session(ws.database) as database:
            done, files = _commit(ws, database, subject, rewritten, moved, actor)
            if not (done["identities"] or rows or moved or done["list_lines"] or done["updates"]):
                raise _unknown()
            uploads = incoming.discard_all(ws.root)
            done |= {"snapshots": len(rewritten), "quarantined_rows": rows, "uploads": uploads}
            append_event(
                database, action="family.erase", actor=actor.name, subject="-", detail={"reason": reason, **done}
            )  # fmt: skip
        kept = {made.new.path for made in rewritten}
        files += [one.old.path for one in rewritten if _relative(ws, one.old.path) not in kept]
        for path in files:
            path.unlink(missing_ok=True)
    return Erasure(**done, backups=_backups(ws), unknown_sources=_unknown_sources(ws))


def _check(nik: str, family_number: str, reason: str) -> None:
    if not reason.strip():
        raise InvalidParameterError(
            "An erasure needs a reason; it stays in the audit trail. Write no name or number in it.",
            "Penghapusan memerlukan alasan; alasan itu tetap di jejak audit. Jangan menulis nama atau nomor.",
        )
    if _NUMBER.search(reason):
        raise InvalidParameterError(
            "The reason must not hold a number of a person; it stays in the audit trail.",
            "Alasan tidak boleh memuat nomor seseorang; alasan itu tetap di jejak audit.",
        )
    if clean_nik(nik) is None and clean_family_number(family_number) is None:
        raise InvalidParameterError(
            "Give a NIK of 16 digits or a KK number on standard input.",
            "Berikan NIK 16 digit atau No. KK lewat masukan standar.",
        )


def _unknown() -> NotFoundError:
    return NotFoundError(
        "Nobody of this number is known here; nothing was changed.",
        "Nomor ini tidak dikenal di sini; tidak ada yang berubah.",
        code="family_unknown",
    )


def _rewrite(ws: Workspace, ref: SnapshotRef, subject: Subject) -> _Rewritten | None:
    """Write a snapshot anew without the family; None where it does not hold it."""
    gone = subject.of_chain(ref.root_import_id) & set(read_codes(ref)) if subject.families else set()
    if not gone:
        return None
    if len(gone) > 1:
        raise RegistryError(
            f"The number belongs to {len(gone)} families of the snapshot of {ref.period} (a spreadsheet may have "
            "rounded it, or a person has moved). Erase by the family's other number. Nothing was changed.",
            f"Nomor ini milik {len(gone)} keluarga pada potret {ref.period} (mungkin dibulatkan lembar kerja, atau "
            "orangnya pindah). Hapus dengan nomor lain keluarga itu. Tidak ada yang berubah.",
            code="id_not_unique",
        )
    families = read_snapshot(ref)
    kept = families[~families["family_id"].isin(gone)].reset_index(drop=True)
    content, digest = snapshot_bytes(kept, ref.period)
    path = f"registry/{ref.period}-{digest[:12]}.parquet"
    atomic_write_bytes(ws.root / path, content)
    row = SnapshotRow(
        hash=digest, period=ref.period, path=path, rows=len(kept), file_sha256=sha256_bytes(content),
        created_at=utc_now(),
    )  # fmt: skip
    return _Rewritten(old=ref, new=row)


def _rewrite_quarantines(ws: Workspace, subject: Subject) -> tuple[dict[str, str], int]:
    """New path of each quarantine that held the family (relative), and how many of its rows went."""
    with session(ws.database, write=False) as database:
        import_ids = list(database.scalars(select(IntakeRow.import_id).where(IntakeRow.quarantine_path != "")))
    moved, rows, keys = {}, 0, subject.keys()
    for import_id in import_ids:
        if holds(ws, import_id, subject.in_cells, keys):
            out = quarantine_path(ws, import_id).with_name(f"{import_id}-{secrets.token_hex(4)}.enc")
            rows += keep_rows(
                ws, import_id, lambda cells: not subject.in_cells(cells), out=out, forget=keys
            )  # fmt: skip
            moved[import_id] = _relative(ws, out)
    return moved, rows


def _relative(ws: Workspace, path: Path) -> str:
    return path.relative_to(ws.root).as_posix()


def _commit(
    ws: Workspace,
    database: Session,
    subject: Subject,
    rewritten: list[_Rewritten],
    moved: dict[str, str],
    actor: Actor,
) -> tuple[dict[str, Any], list[Path]]:
    """Put everything in its place; returns what was reached, and files to remove once this has committed."""
    runs = _replace_snapshots(database, rewritten)
    files = _replace_quarantines(ws, database, moved)
    identities = 0
    for root, family_id in sorted(subject.families):
        numbers = [row.number for row in rows_of(database, root, family_id)]
        database.execute(delete(IdentityRow).where(IdentityRow.number.in_(numbers)))
        database.execute(update(IntakeRow).where(IntakeRow.import_id == root).values(erased=IntakeRow.erased + 1))
        either = or_(DuplicateRow.family_a == family_id, DuplicateRow.family_b == family_id)
        database.execute(delete(DuplicateRow).where(DuplicateRow.root_import_id == root, either))
        identities += len(numbers)
    subject.replaced.update({one.old.hash: one.new.hash for one in rewritten})
    updates, more = _erase_updates(ws, database, subject, actor)
    done = {
        "identities": identities, "list_lines": _erase_list_lines(database, subject), "updates": updates,
        "runs_affected": runs,
    }  # fmt: skip
    return done, files + more


def _replace_snapshots(database: Session, rewritten: list[_Rewritten]) -> int:
    """Point every intake to the new snapshots and leave tombstones; returns how many runs rest on an old one."""
    runs = 0
    for one in rewritten:
        database.merge(one.new)
        database.flush()
        old = one.old.hash
        database.execute(update(IntakeRow).where(IntakeRow.snapshot_hash == old).values(snapshot_hash=one.new.hash))
        database.execute(delete(SnapshotRow).where(SnapshotRow.hash == old))
        bury(database, old, one.new.hash)
        counted = text("SELECT count(*) FROM targeting_run WHERE snapshot = :old")
        runs += int(database.execute(counted, {"old": old}).scalar() or 0)
    return runs


def _replace_quarantines(ws: Workspace, database: Session, moved: dict[str, str]) -> list[Path]:
    former = []
    for import_id, path in moved.items():
        row = database.scalars(select(IntakeRow).where(IntakeRow.import_id == import_id)).one()
        former.append(ws.root / row.quarantine_path)
        row.quarantine_path = path
    database.flush()
    return former


def _erase_list_lines(database: Session, subject: Subject) -> int:
    either = or_(ListEntryRow.nik_hash.in_(subject.member_hashes), ListEntryRow.family_hash.in_(subject.family_hashes))
    lines = list(database.scalars(select(ListEntryRow).where(either)))
    for line in lines:
        database.get_one(ListRow, line.list_number).entries -= 1
        database.delete(line)
    database.flush()
    return len(lines)


def _erase_updates(ws: Workspace, database: Session, subject: Subject, actor: Actor) -> tuple[int, list[Path]]:
    """Let the updates erase the family from their own tables, in this transaction.

    Returns how many cases it reached, and the files (attachments) to remove once all has committed. Cases of others
    rest on the new snapshots from now on.
    """
    from gisapp.registry.updates.erasure import erase
    from gisapp.registry.updates.tables import CaseRow

    hashes = subject.member_hashes | subject.family_hashes
    either = or_(CaseRow.nik_hash.in_(hashes), CaseRow.family_hash.in_(hashes))
    cases = int(database.scalar(select(func.count()).select_from(CaseRow).where(either)) or 0)
    files = erase(database, ws, hashes, actor=actor)
    for old, new in subject.replaced.items():
        database.execute(update(CaseRow).where(CaseRow.base_snapshot == old).values(base_snapshot=new))
        database.execute(update(CaseRow).where(CaseRow.accepted_snapshot == old).values(accepted_snapshot=new))
    return cases, files


def _backups(ws: Workspace) -> tuple[str, ...]:
    wanted = select(AuditEvent.at).where(AuditEvent.action == "workspace.backup").order_by(AuditEvent.number)
    with session(ws.database, write=False) as database:
        return tuple(f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in database.scalars(wanted))


def _unknown_sources(ws: Workspace) -> tuple[str, ...]:
    """Files that were accepted without any identity kept: taken in by an older version, or without ids at all."""
    known = select(IdentityRow.import_id)
    wanted = select(IntakeRow).where(
        IntakeRow.kind == "file", IntakeRow.families > 0, IntakeRow.import_id.not_in(known)
    )
    with session(ws.database, write=False) as database:
        return tuple(f"{row.import_id} ({row.period}, {row.source})" for row in database.scalars(wanted))
