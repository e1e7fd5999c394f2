"""What an intake tells."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from gisapp.registry.tables import IntakeRow

#: What an intake did: the period's first snapshot, nothing new, the period's new snapshot, rows added to it, no row.
OutcomeKind = Literal["new", "unchanged", "replaced", "joined", "nothing"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an intake did to the period.

    ``source`` is the file of the snapshot that was replaced or joined, or that stands now where nothing changed;
    ``families`` is how many families the period's snapshot holds now.
    """

    kind: OutcomeKind
    source: str | None = None
    families: int = 0


@dataclass(frozen=True, kw_only=True)
class IngestReport:
    """Counts of one intake: ``rows`` (data rows) = ``accepted`` + ``quarantined``.

    ``reasons`` and ``warnings`` are rows (coordinates: families) by code; a row may carry several. ``snapshot`` is
    the content hash, None where no row was accepted. ``quarantine`` is the import's id. ``unchanged``: the same file
    had been taken in for this period before, and nothing was written. ``corrects`` is the import that the rows were
    added to. For people, and not in ``as_dict``: ``outcome``, and the numbers of the first rows of each reason and
    warning (empty where nothing was read).
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
    outcome: Outcome = field(compare=False)
    reason_rows: dict[str, list[int]] = field(default_factory=dict, compare=False)
    warning_rows: dict[str, list[int]] = field(default_factory=dict, compare=False)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON-ready values."""
        return {name: value for name, value in asdict(self).items() if name not in _FOR_PEOPLE}


_FOR_PEOPLE = ("outcome", "reason_rows", "warning_rows")


def report_of(
    row: IntakeRow,
    outcome: Outcome,
    *,
    reason_rows: dict[str, list[int]] | None = None,
    warning_rows: dict[str, list[int]] | None = None,
) -> IngestReport:
    """Report of an intake from its row, and what it did."""
    return IngestReport(
        snapshot=row.snapshot_hash, period=row.period, rows=row.rows, accepted=row.accepted,
        quarantined=row.quarantined, families=row.families, reasons=json.loads(row.reasons),
        warnings=json.loads(row.warnings), quarantine=row.import_id, form=row.form, codes=row.codes,
        unchanged=outcome.kind == "unchanged",
        corrects=row.root_import_id if row.root_import_id != row.import_id else None,
        outcome=outcome, reason_rows=reason_rows or {}, warning_rows=warning_rows or {},
    )  # fmt: skip
