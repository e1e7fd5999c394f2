"""Tables of the registry: what was taken in, and the snapshots that came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gisapp.store.tables import Base, UtcDateTime


class SnapshotRow(Base):
    """One immutable snapshot of the registry; it exists from the moment this row commits."""

    __tablename__ = "registry_snapshot"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    period: Mapped[str] = mapped_column(String(20), index=True)
    path: Mapped[str] = mapped_column(String(300))
    rows: Mapped[int]
    file_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class IntakeRow(Base):
    """One file that was taken in, with the counts of its report. ``number`` is the order of acceptance."""

    __tablename__ = "registry_intake"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    import_id: Mapped[str] = mapped_column(String(32), unique=True)
    root_import_id: Mapped[str] = mapped_column(String(32), index=True)
    period: Mapped[str] = mapped_column(String(20), index=True)
    source: Mapped[str] = mapped_column(String(300))
    source_sha256: Mapped[str] = mapped_column(String(64))
    form: Mapped[str] = mapped_column(String(100))
    codes: Mapped[str] = mapped_column(String(20))
    rows: Mapped[int]
    accepted: Mapped[int]
    quarantined: Mapped[int]
    families: Mapped[int]
    reasons: Mapped[str] = mapped_column(Text)
    warnings: Mapped[str] = mapped_column(Text)
    quarantine_path: Mapped[str] = mapped_column(String(300))
    snapshot_hash: Mapped[str | None] = mapped_column(ForeignKey("registry_snapshot.hash"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
