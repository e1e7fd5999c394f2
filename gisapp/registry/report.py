"""What an intake tells."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from gisapp.registry.tables import IntakeRow


@dataclass(frozen=True, kw_only=True)
class IngestReport:
    """Counts of one intake: ``rows`` (data rows) = ``accepted`` + ``quarantined``.

    ``reasons`` and ``warnings`` are rows (coordinates: families) by code; a row may carry several. ``snapshot`` is
    the content hash, None where no row was accepted. ``quarantine`` is the import's id. ``unchanged``: the same file
    had been taken in for this period before, and nothing was written. ``corrects`` is the import that the rows were
    added to.
    """

    snapshot: str | None
    period: str
    rows: int
    accepted: int
    quarantined: int
    families: int
    reasons: dict[str, int]
    warnings: dict[str, int]
    quarantine: str
    form: str
    codes: str
    unchanged: bool = False
    corrects: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON-ready values."""
        return asdict(self)


def report_of(row: IntakeRow, *, unchanged: bool = False) -> IngestReport:
    """Report of an intake from its row."""
    return IngestReport(
        snapshot=row.snapshot_hash, period=row.period, rows=row.rows, accepted=row.accepted,
        quarantined=row.quarantined, families=row.families, reasons=json.loads(row.reasons),
        warnings=json.loads(row.warnings), quarantine=row.import_id, form=row.form, codes=row.codes,
        unchanged=unchanged, corrects=row.root_import_id if row.root_import_id != row.import_id else None,
    )  # fmt: skip
