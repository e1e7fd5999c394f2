"""What a registry may be used for: who may pass it on by name, and until when."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from gisapp.errors import PermissionRefusedError, Problem, some
from gisapp.registry.snapshots import SnapshotRef
from gisapp.registry.tables import IntakeRow
from gisapp.store.database import session
from gisapp.store.tables import utc_now
from gisapp.workspace.folder import Workspace


def require_by_name(ws: Workspace, ref: SnapshotRef, *, today: date | None = None) -> None:
    """Refuse to pass a snapshot on by name where an intake of its chain is for an end user, or has expired.

    Raises
    ------
    PermissionRefusedError : codes ``end_user_set`` and ``set_expired``.
    """
    wanted = select(IntakeRow).where(IntakeRow.root_import_id == ref.root_import_id, IntakeRow.number <= ref.number)
    with session(ws.database, write=False) as database:
        chain = list(database.scalars(wanted.order_by(IntakeRow.number)))
    for row in chain:
        if row.permitted_use == "end_user":
            raise PermissionRefusedError(
                f"{row.source} was handed over to an end user (BAST {row.bast_number or '-'}): nothing of it may be "
                "passed on by name.",
                f"{row.source} diserahkan untuk pengguna akhir (BAST {row.bast_number or '-'}): tidak boleh diteruskan "
                "dengan nama.",
                code="end_user_set",
            )
    day = today or utc_now().date()
    for row in chain:
        if row.expires_on is not None and row.expires_on < day:
            raise PermissionRefusedError(
                f"{row.source} was to be used until {row.expires_on} (BAST {row.bast_number or '-'}); ask for a new "
                "hand-over before anything of it leaves by name.",
                f"{row.source} boleh dipakai sampai {row.expires_on} (BAST {row.bast_number or '-'}); minta penyerahan "
                "baru sebelum meneruskan dengan nama.",
                code="set_expired",
            )


def expiry_problems(ws: Workspace, *, today: date | None = None) -> tuple[Problem, ...]:
    """A warning where intakes stand behind a snapshot although their permitted use has ended."""
    day = today or utc_now().date()
    wanted = select(IntakeRow).where(IntakeRow.expires_on < day, IntakeRow.snapshot_hash.is_not(None))
    with session(ws.database, write=False) as database:
        rows = list(database.scalars(wanted.order_by(IntakeRow.number)))
    if not rows:
        return ()
    named = some(f"{row.source} ({row.period}, {row.expires_on})" for row in rows)
    return (
        Problem(
            code="set_expired",
            severity="warning",
            count=len(rows),
            detail=f"Their permitted use has ended: {named}. Ask for a new hand-over, or erase them.",
            detail_id=f"Masa pemakaiannya sudah lewat: {named}. Minta penyerahan baru, atau hapus.",
        ),
    )
