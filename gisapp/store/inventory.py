"""What the database knows to exist in the workspace's folder, so that files without a row can be told apart."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from gisapp.store.database import Place, session


@dataclass(frozen=True)
class Inventory:
    """Paths relative to the workspace: snapshots with their SHA-256, quarantine files, run folders."""

    snapshots: dict[str, str]
    quarantine: frozenset[str]
    runs: frozenset[str]


def read_inventory(database: Place) -> Inventory:
    """Read the paths of every snapshot, quarantine file and sealed run that has a row."""
    with session(database, write=False) as opened:
        snapshots = opened.execute(text("SELECT path, file_sha256 FROM registry_snapshot")).all()
        quarantine = opened.execute(text("SELECT quarantine_path FROM registry_intake")).scalars().all()
        runs = opened.execute(text("SELECT path FROM targeting_run")).scalars().all()
    return Inventory(
        {row.path: row.file_sha256 for row in snapshots}, frozenset(filter(None, quarantine)), frozenset(runs)
    )


def integrity(database: Place) -> str:
    """Return "ok" where SQLite finds no damage, else its first complaint; other databases check themselves."""
    with session(database, write=False) as opened:
        if opened.connection().dialect.name != "sqlite":
            return "ok"
        return str(opened.execute(text("PRAGMA quick_check(1)")).scalar())
