"""Tables of the registry: what was taken in, the snapshots that came of it, and the identities beside them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gisapp.store.tables import Base, UtcDateTime

#: Length of a keyed hash of a NIK or a KK number: 128 bits in hexadecimal.
HASH_LENGTH = 32


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
    """One file or one set of accepted updates that was taken in, with the counts of its report.

    ``number`` is the order of acceptance. ``kind`` is "file" or "updates". ``header`` (JSON list) and ``columns``
    (JSON, column by variable) are the source's own. What follows the counts is where it came from and what it may be
    used for. ``erased``: how many families were erased from it.
    """

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
    kind: Mapped[str] = mapped_column(String(10), default="file", server_default="file")
    header: Mapped[str] = mapped_column(Text, default="[]", server_default="[]")
    columns: Mapped[str] = mapped_column(Text, default="{}", server_default="{}")
    bast_number: Mapped[str] = mapped_column(String(200), default="", server_default="")
    received_from: Mapped[str] = mapped_column(String(300), default="", server_default="")
    purpose: Mapped[str] = mapped_column(String(300), default="", server_default="")
    permitted_use: Mapped[str] = mapped_column(String(20), default="full", server_default="full")
    expires_on: Mapped[date | None]
    retention_until: Mapped[date | None]
    erased: Mapped[int] = mapped_column(default=0, server_default="0")


class IdentityRow(Base):
    """Who an accepted row is, encrypted; found by keyed hashes only.

    ``family_id`` is the family's in the snapshots of the import's chain (``IntakeRow.root_import_id``); where the
    source has a row per person, a family has several rows here. A later import of the chain may say anew who a family
    is: the newest counts.
    """

    __tablename__ = "registry_identity"
    __table_args__ = (
        Index("ix_registry_identity_import_id_family_id", "import_id", "family_id"),
        Index("ix_registry_identity_import_id_area_code", "import_id", "area_code"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    import_id: Mapped[str] = mapped_column(String(32))
    family_id: Mapped[str] = mapped_column(String(40))
    row_number: Mapped[int]
    area_code: Mapped[str] = mapped_column(String(20))
    nik_hash: Mapped[str | None] = mapped_column(String(HASH_LENGTH), index=True)
    family_hash: Mapped[str | None] = mapped_column(String(HASH_LENGTH), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class DuplicateRow(Base):
    """Two families that may be one: proposed by likeness, decided by a person, never merged by themselves."""

    __tablename__ = "registry_duplicate"
    __table_args__ = (UniqueConstraint("root_import_id", "family_a", "family_b"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    root_import_id: Mapped[str] = mapped_column(String(32), index=True)
    family_a: Mapped[str] = mapped_column(String(40))
    family_b: Mapped[str] = mapped_column(String(40))
    area_code: Mapped[str] = mapped_column(String(20))
    score: Mapped[float]
    reasons: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), default="proposed", server_default="proposed")
    decided_by: Mapped[str | None] = mapped_column(String(200))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ListRow(Base):
    """One list of beneficiaries fixed by decree. ``deciles`` (JSON) is what its criteria say, as far as they do."""

    __tablename__ = "registry_list"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    decree_number: Mapped[str] = mapped_column(String(200))
    decree_date: Mapped[date | None]
    criteria: Mapped[str] = mapped_column(Text)
    deciles: Mapped[str] = mapped_column(Text)
    programme: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(300))
    source_sha256: Mapped[str] = mapped_column(String(64))
    entries: Mapped[int]
    damaged: Mapped[int]
    added_by: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ListEntryRow(Base):
    """One line of a decree list, encrypted; ``area_code`` is None where its desa is not in the boundary."""

    __tablename__ = "registry_list_entry"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    list_number: Mapped[int] = mapped_column(ForeignKey("registry_list.number"), index=True)
    row_number: Mapped[int]
    area_code: Mapped[str | None] = mapped_column(String(20))
    nik_hash: Mapped[str | None] = mapped_column(String(HASH_LENGTH), index=True)
    family_hash: Mapped[str | None] = mapped_column(String(HASH_LENGTH), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class TombstoneRow(Base):
    """Where a snapshot stood from which a family was erased, and which snapshot took its place."""

    __tablename__ = "registry_tombstone"

    old_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    new_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
