"""The table of publications."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from gisapp.store.tables import Base, UtcDateTime


class PublicationRow(Base):
    """What somebody decided that strangers may see; rows are only ever added, and the newest one holds.

    ``run_id`` is empty where the decision was to go back to the default. ``collections`` are names with commas.
    """

    __tablename__ = "release_publication"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(200))
    run_id: Mapped[str | None] = mapped_column(String(64))
    collections: Mapped[str] = mapped_column(String(200))
    k: Mapped[int]
