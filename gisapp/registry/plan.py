"""What an intake is about to do: the file, how it is read, where it came from and what it may be used for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from gisapp.registry.forms import Form
from gisapp.registry.snapshots import SnapshotRef

#: ``full``: the district may pass by-name lists on. ``end_user``: it may use the set and pass nothing by name on.
PermittedUse = Literal["full", "end_user"]


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where a file came from and what it may be used for, as its hand-over minutes (BAST) say."""

    bast_number: str = ""
    received_from: str = ""
    purpose: str = ""
    permitted_use: PermittedUse = "full"
    expires_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A file that was looked at but not yet read: what it is, and what it will be called.

    ``unread_sheets``: how many visible sheets of the workbook are not read.
    """

    file: Path
    source_sha256: str
    period: str
    form: Form
    header: list[str]
    columns: dict[str, str]
    codes: str | None
    base: SnapshotRef | None
    import_id: str
    provenance: Provenance
    unread_sheets: int = 0
