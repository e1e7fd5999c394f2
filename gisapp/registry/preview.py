"""A look at a household file before it is taken in: what each column becomes, and what is wrong in which cell.

Nothing is stored and nothing is written down, and every cell that could name a person is masked.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from gisapp.errors import FileRefusedError, GisappError
from gisapp.readers.table import iter_text_table, table_sheets
from gisapp.registry.columns_seen import PreviewColumn, columns_seen, headings_only
from gisapp.registry.ground import Ground, read_ground
from gisapp.registry.intake import Intake, without_notes
from gisapp.registry.masking import mask
from gisapp.registry.quarantine import REASONS_COLUMN
from gisapp.registry.reasons import Sets
from gisapp.registry.recognise import Recognised, recognise, require_columns, require_deciles
from gisapp.registry.row_problems import RowProblem, common_answers, row_problems
from gisapp.registry.snapshots import SnapshotRef, codes_of, latest_snapshot
from gisapp.registry.typed import Repeats
from gisapp.workspace.folder import Workspace

#: A preview reads this many data rows of a file and no more.
MOST_ROWS = 5_000


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a file would become; ``refusal`` (English, Indonesian, code) where it could not be taken in as it stands.

    ``complete``: the whole file was looked at, not only its first ``MOST_ROWS`` rows. ``missing`` are variables that
    the form knows and the file does not have. ``head`` are the first rows, masked, aligned with ``columns``.
    """

    file: str
    form: str | None = None
    form_title: str | None = None
    unit: str | None = None
    codes: str | None = None
    rows_read: int = 0
    accepted: int = 0
    families: int = 0
    complete: bool = True
    columns: tuple[PreviewColumn, ...] = ()
    head: list[list[str]] = field(default_factory=list)
    problems: tuple[RowProblem, ...] = ()
    reasons: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    sheet: str | None = None
    refusal: tuple[str, str, str] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the preview as JSON-ready values."""
        return asdict(self)


class _Nowhere:
    """Takes rejected rows and forgets them."""

    def add(self, rejected: pd.DataFrame, reasons: Sets) -> None:
        """Keep nothing."""


def preview(
    ws: Workspace,
    file: Path,
    *,
    codes: str | None = None,
    form: str | None = None,
    mapping: Path | None = None,
    rows: int = 20,
    sheet: str | None = None,
    period: str | None = None,
) -> Preview:
    """Look at the first ``MOST_ROWS`` rows of a household file as ``ingest`` would, and store nothing.

    Parameters
    ----------
    codes, form, mapping, sheet, period : as for ``ingest``; the period only chooses the dated part of a crosswalk.
    rows : how many rows ``head`` shows.
    """
    seen = Preview(file=Path(file).name)
    try:
        sheets = table_sheets(file)
        seen = replace(seen, sheets=sheets, sheet=sheet or (sheets[0] if sheets else None))
        frame, complete = _first_rows(Path(file), sheet)
        seen = replace(seen, rows_read=len(frame), complete=complete)
    except GisappError as error:
        return replace(seen, refusal=_refusal(error))
    return _look(ws, Path(file), frame, seen, codes=codes, form=form, mapping=mapping, rows=rows, period=period)


def _first_rows(file: Path, sheet: str | None) -> tuple[pd.DataFrame, bool]:
    chunks = list(islice(iter_text_table(file, MOST_ROWS, sheet=sheet), 2))
    frame = chunks[0]
    if REASONS_COLUMN in frame.columns:
        attrs = {**frame.attrs, "correction": True}
        frame = frame.drop(columns=[REASONS_COLUMN])
        frame.attrs = attrs
    return frame, len(chunks) == 1


def _look(
    ws: Workspace,
    file: Path,
    frame: pd.DataFrame,
    seen: Preview,
    *,
    codes: str | None,
    form: str | None,
    mapping: Path | None,
    rows: int,
    period: str | None,
) -> Preview:
    try:
        known = recognise(file, frame.columns, form=form, mapping=mapping)
    except GisappError as error:
        plain = headings_only([str(name) for name in frame.columns])
        return replace(seen, columns=plain, head=_head(frame, {}, rows), refusal=_refusal(error))
    by_source = {source: variable for variable, source in known.columns.items()}
    seen = replace(
        seen, form=known.form.name, form_title=known.form.title, unit=known.form.unit, codes=codes,
        columns=columns_seen(known), head=_head(frame, by_source, rows, known),
        missing=[*known.missing, *(v for v in known.form.columns if v not in (*known.columns, *known.missing))],
    )  # fmt: skip
    try:
        require_columns(file, known)
        base = latest_snapshot(ws, period) if frame.attrs.get("correction") else None
        return _judge(ws, frame, seen, known, read_ground(ws, period), codes, base)
    except GisappError as error:
        return replace(seen, refusal=_refusal(error))


def _judge(
    ws: Workspace,
    frame: pd.DataFrame,
    seen: Preview,
    known: Recognised,
    ground: Ground,
    codes: str | None,
    base: SnapshotRef | None,
) -> Preview:
    intake = Intake(
        form=known.form, columns=known.columns, ground=ground, quarantine=_Nowhere(), repeats=Repeats(known.form),
        declared=codes, correcting=base is not None,
        translate=codes_of(ws, base) != ground.book.system if base and codes is None else None,
    )  # fmt: skip
    intake.named_rows = _NAMED_ROWS
    intake.warnings["sheet_unread"] = max(len(seen.sheets) - 1, 0)
    intake.take(frame)
    if not intake.rows:
        raise FileRefusedError(
            "There are no data rows under the header.", "Tidak ada baris data di bawah judul kolom.", code="empty"
        )
    refusal, families = None, 0
    try:
        finished = intake.finish(stack_threshold=ws.settings.stack_threshold)
        families = len(finished)
        if seen.complete and not frame.attrs.get("correction"):
            require_deciles(Path(seen.file), known.form, known.header, finished)
    except GisappError as error:
        refusal = _refusal(error)
    data, _ = without_notes(frame, known.columns, first=True)
    other = "bps" if ground.book.system == "kemendagri" else "kemendagri"
    return replace(
        seen, codes=other if intake.translate else ground.book.system, rows_read=intake.rows, accepted=intake.accepted,
        families=families, problems=row_problems(data, known, intake), reasons=_positive(intake.reasons),
        warnings=_positive(intake.warnings), refusal=refusal,
    )  # fmt: skip


#: How many rows of each reason and warning are shown by cell.
_NAMED_ROWS = 20


def _head(
    frame: pd.DataFrame, by_source: dict[str, str], rows: int, known: Recognised | None = None
) -> list[list[str]]:
    common = common_answers(frame, known) if known else {}
    first = frame.iloc[:rows]
    ragged = set(frame.attrs.get("ragged", ()))
    return [
        [
            mask(
                None if number in ragged else by_source.get(source),
                cell,
                listed=cell in common.get(source, ()),
            )
            for source, cell in zip(first.columns, cells, strict=True)
        ]
        for number, cells in zip(first.index, first.to_numpy(dtype=object).tolist(), strict=True)
    ]


def _positive(counts: dict[str, int]) -> dict[str, int]:
    return {code: count for code, count in sorted(counts.items()) if count}


def _refusal(error: GisappError) -> tuple[str, str, str]:
    return error.en, error.id, error.code
