"""What the database knows to exist in the workspace's folder, so that files without a row can be told apart."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, text

from gisapp.store.audit import first_broken_event
from gisapp.store.database import Place, session


@dataclass(frozen=True)
class Inventory:
    """Paths relative to the workspace: snapshots with their SHA-256, quarantine files, run folders, attachments."""

    snapshots: dict[str, str]
    quarantine: frozenset[str]
    runs: frozenset[str]
    attachments: frozenset[str]


def read_inventory(database: Engine | Place, *, settled: bool = False) -> Inventory:
    """Read the paths of every snapshot, quarantine file, sealed run and attachment that has a row.

    ``settled`` waits for the writer of the moment, so that a file without a row will not get one any more: a server may
    still be committing for a process that was killed.
    """
    with session(database, write=settled) as opened:
        snapshots = opened.execute(text("SELECT path, file_sha256 FROM registry_snapshot")).all()
        quarantine = opened.execute(text("SELECT quarantine_path FROM registry_intake")).scalars().all()
        runs = opened.execute(text("SELECT path FROM targeting_run")).scalars().all()
        attachments = opened.execute(text("SELECT path FROM update_attachment")).scalars().all()
    return Inventory(
        {row.path: row.file_sha256 for row in snapshots}, frozenset(filter(None, quarantine)), frozenset(runs),
        frozenset(attachments),
    )  # fmt: skip


def integrity(database: Place) -> str:
    """Return "ok" where every page and every reference of the database can be followed, else the first complaint."""
    with session(database, write=False) as opened:
        if opened.connection().dialect.name == "sqlite":
            complaint = str(opened.execute(text("PRAGMA quick_check(1)")).scalar())
            lost = opened.execute(text("PRAGMA foreign_key_check")).first() if complaint == "ok" else None
            return f"a row of {lost[0]} refers to a row of {lost[2]} that is not there" if lost else complaint
        names = opened.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")).scalars()
        for name in names.all():  # the server checks its pages when they are read, and its references by itself
            opened.execute(text(f'SELECT count(*) FROM "{name}"'))  # noqa: S608 - the server's own name
    return "ok"


def audit_break(database: Place) -> int | None:
    """Number of the first event of the audit trail that was changed, removed or inserted, or None."""
    with session(database, write=False) as opened:
        return first_broken_event(opened)
