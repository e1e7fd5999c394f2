"""Tables of the MPM: cases, the steps of each, verification lists, village meetings, attachments.

Who a case is about, what was answered and every free text lie sealed; the plain columns name nobody.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gisapp.registry.tables import HASH_LENGTH
from gisapp.store.tables import Base, UtcDateTime


class CaseRow(Base):
    """One update on its way. ``version`` grows with every step; ``family_id`` is the family's in ``base_snapshot``."""

    __tablename__ = "update_case"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), index=True)
    area: Mapped[str] = mapped_column(String(20), index=True)
    form: Mapped[str] = mapped_column(String(100))
    base_period: Mapped[str | None] = mapped_column(String(20))
    base_snapshot: Mapped[str | None] = mapped_column(String(64), index=True)
    family_id: Mapped[str | None] = mapped_column(String(40))
    content_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    nik_hash: Mapped[str | None] = mapped_column(String(HASH_LENGTH), index=True)
    family_hash: Mapped[str | None] = mapped_column(String(HASH_LENGTH), index=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    notes: Mapped[str] = mapped_column(Text)
    result: Mapped[str | None] = mapped_column(String(20))
    visited_on: Mapped[str | None] = mapped_column(String(10))
    decision: Mapped[str | None] = mapped_column(String(10))
    decision_reason: Mapped[str | None] = mapped_column(String(20))
    list_id: Mapped[int | None] = mapped_column(ForeignKey("update_list.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("update_meeting.id"), index=True)
    registered_by: Mapped[str] = mapped_column(String(200))
    approved_by: Mapped[str | None] = mapped_column(String(200))
    accepted_snapshot: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StepRow(Base):
    """One step of a case: who, when, from which state to which, why (sealed), and the document behind it."""

    __tablename__ = "update_step"

    case_id: Mapped[int] = mapped_column(ForeignKey("update_case.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str | None] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    sealed_reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    document: Mapped[str | None] = mapped_column(String(100))


class VisitListRow(Base):
    """One verification list of one desa."""

    __tablename__ = "update_list"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    area: Mapped[str] = mapped_column(String(20), index=True)
    cases: Mapped[int]
    created_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MeetingRow(Base):
    """One village meeting (musdes/muskel); place, attendance and remarks lie sealed."""

    __tablename__ = "update_meeting"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    area: Mapped[str] = mapped_column(String(20), index=True)
    held_on: Mapped[str] = mapped_column(String(10))
    present: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DecisionRow(Base):
    """What one meeting decided about one case."""

    __tablename__ = "update_decision"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("update_meeting.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("update_case.id"), primary_key=True)
    decision: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(20))


class AttachmentRow(Base):
    """One photo or scan: its file lies encrypted under a random name, its own name encrypted here."""

    __tablename__ = "update_attachment"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("update_case.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("update_meeting.id"), index=True)
    area: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    media_type: Mapped[str] = mapped_column(String(40))
    path: Mapped[str] = mapped_column(String(300), unique=True)
    size: Mapped[int]
    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)
    added_by: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
