"""The table of sealed runs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gisapp.store.tables import Base, UtcDateTime


class RunRow(Base):
    """One sealed run; it exists from the moment this row commits. ``warnings`` is JSON text {code: n}.

    ``asked_at`` is when it was last asked for: of a period's runs, the one asked for last is its baseline.
    """

    __tablename__ = "targeting_run"

    run_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    period: Mapped[str] = mapped_column(String(20), index=True)
    snapshot: Mapped[str] = mapped_column(String(64))
    parent: Mapped[str | None] = mapped_column(String(64))
    scenario: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    input_hash: Mapped[str] = mapped_column(String(64), index=True)
    path: Mapped[str] = mapped_column(String(300))
    pockets: Mapped[int]
    interventions: Mapped[int]
    warnings: Mapped[str] = mapped_column(Text)
