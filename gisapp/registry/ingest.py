"""``gisapp ingest``: a household file becomes a snapshot and a quarantine, or nothing at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import pandas as pd
from sqlalchemy import select

from gisapp.access.actors import LOCAL, Actor
from gisapp.errors import InvalidParameterError, RegistryError
from gisapp.progress import Progress, silent
from gisapp.readers.table import iter_text_table, unread_sheets
from gisapp.registry.ground import fingerprint, read_ground
from gisapp.registry.ids import KeySet
from gisapp.registry.intake import Intake
from gisapp.registry.plan import Plan, Provenance
from gisapp.registry.quarantine import (
    REASONS_COLUMN,
    QuarantineWriter,
    quarantine_path,
    read_kept,
    without_apostrophes,
)
from gisapp.registry.recognise import recognise, require_columns, require_deciles
from gisapp.registry.record import standing, store_intake
from gisapp.registry.report import IngestReport, report_of
from gisapp.registry.snapshots import codes_of, latest_snapshot
from gisapp.registry.spool import IdentitySpool, open_spool
from gisapp.registry.tables import IntakeRow, SnapshotRow
from gisapp.registry.typed import Repeats
from gisapp.store.database import session
from gisapp.store.files import atomic_path, make_private_folder, workspace_lock
from gisapp.store.hashing import sha256_file, sha256_json
from gisapp.store.vault import open_vault
from gisapp.workspace.folder import Workspace

#: Changes when the same file would be read differently.
RULES_VERSION = 4
CHUNK_ROWS = 25_000

_PERIOD = re.compile(r"\d{4}[0-9A-Za-z._-]{0,15}")
_CODE_SYSTEMS = ("kemendagri", "bps")


def ingest(
    ws: Workspace,
    file: Path,
    *,
    period: str,
    codes: str | None = None,
    form: str | None = None,
    mapping: Path | None = None,
    sheet: str | None = None,
    provenance: Provenance | None = None,
    actor: Actor = LOCAL,
    progress: Progress = silent,
) -> IngestReport:
    """Take in a household file (CSV, XLSX, Parquet) as the snapshot of a period.

    Rejected rows go whole and encrypted to the quarantine, identities of accepted rows encrypted to the database.
    The same file for the same period, under unchanged boundaries, changes nothing. A file with a ``reasons`` column
    is a corrected quarantine: its rows are added to the period's newest snapshot.

    Parameters
    ----------
    period : a year, with more behind it where needed (``2025``, ``2025-06``); later periods sort later.
    codes : "kemendagri" or "bps"; proved on the boundary layer where None.
    provenance : where the file came from and what it may be used for.
    actor : who takes it in, for the audit trail.
    sheet : which sheet of a workbook; the first visible one where None.
    form, mapping : the form's vocabulary, or a district's own TOML; told from the columns where both are None.

    Raises
    ------
    FileRefusedError, RegistryError, ConfigurationError : nothing was stored, and the message says what to do.
    Cancelled : ``progress`` raised it; nothing was stored.
    """
    _check_parameters(period, codes)
    with workspace_lock(ws.root):
        chunks = iter_text_table(Path(file), CHUNK_ROWS, sheet=sheet)
        head = next(chunks)
        plan = _plan(
            ws, Path(file), head, period=period, codes=codes, form=form, mapping=mapping, sheet=sheet,
            provenance=provenance,
        )  # fmt: skip
        known = _taken_in_before(ws, plan)
        if known is not None:
            return known
        return _take_in(ws, plan, chain([head], chunks), actor, progress)


def _check_parameters(period: str, codes: str | None) -> None:
    if not _PERIOD.fullmatch(period):
        raise InvalidParameterError(
            f"Period {period!r} must begin with a year and hold at most 20 letters, digits, dots or dashes: 2025-06.",
            f"Periode {period!r} harus diawali tahun, paling banyak 20 huruf, angka, titik atau strip: 2025-06.",
        )
    if codes is not None and codes not in _CODE_SYSTEMS:
        raise InvalidParameterError(
            f"Code system {codes!r} must be kemendagri or bps.", f"Sistem kode {codes!r} harus kemendagri atau bps."
        )


def _plan(
    ws: Workspace,
    file: Path,
    head: pd.DataFrame,
    *,
    period: str,
    codes: str | None,
    form: str | None,
    mapping: Path | None,
    sheet: str | None,
    provenance: Provenance | None,
) -> Plan:
    seen = recognise(file, head.columns, form=form, mapping=mapping)
    require_columns(file, seen)
    chosen = seen.form
    base = latest_snapshot(ws, period) if REASONS_COLUMN in head.columns else None
    if base is not None and chosen.unit == "person":
        raise RegistryError(
            f"{file}: a row is a person, and a family cannot be completed from part of its rows. "
            "Correct the rows in the whole file and ingest that.",
            f"{file}: satu baris adalah satu orang, dan keluarga tidak dapat dilengkapi dari sebagian barisnya. "
            "Perbaiki di berkas lengkap lalu terima berkas itu.",
            code="correction_of_persons",
        )
    source = sha256_file(file)
    parts = [RULES_VERSION, source, period, chosen.digest(), codes, fingerprint(ws), base and base.root_import_id]
    parts += [sheet] if sheet is not None else []
    return Plan(
        file=file, source_sha256=source, period=period, form=chosen, header=seen.header, columns=seen.columns,
        codes=codes,
        base=base, import_id=sha256_json(parts)[:16], provenance=provenance or Provenance(),
        unread_sheets=len(unread_sheets(file, sheet)),
    )  # fmt: skip


def _taken_in_before(ws: Workspace, plan: Plan) -> IngestReport | None:
    import_id = plan.import_id
    with session(ws.database, write=False) as database:
        row = database.scalars(select(IntakeRow).where(IntakeRow.import_id == import_id)).first()
        snapshot = database.get(SnapshotRow, row.snapshot_hash) if row and row.snapshot_hash else None
    if row is None or not quarantine_path(ws, import_id).is_file():
        return None
    if snapshot is not None and not (ws.root / snapshot.path).is_file():
        return None
    return report_of(row, standing("unchanged", latest_snapshot(ws, plan.period)))


def _take_in(
    ws: Workspace, plan: Plan, chunks: Iterator[pd.DataFrame], actor: Actor, progress: Progress
) -> IngestReport:
    prefix = f"{plan.import_id[:6]}-" if plan.base else ""
    with open_spool(ws, plan.import_id, plan.form, id_prefix=prefix) as spool:
        intake, families = _read(ws, plan, chunks, spool, prefix, progress)
        return store_intake(ws, plan, intake, families, spool, actor=actor)


def _read(
    ws: Workspace, plan: Plan, chunks: Iterator[pd.DataFrame], spool: IdentitySpool, prefix: str, progress: Progress
) -> tuple[Intake, pd.DataFrame]:
    with _open_quarantine(ws, plan) as quarantine:
        ground = read_ground(ws, plan.period)
        intake = Intake(
            form=plan.form, columns=plan.columns, ground=ground, quarantine=quarantine, repeats=_repeats(ws, plan),
            declared=plan.codes, correcting=plan.base is not None, identities=spool,
            translate=codes_of(ws, plan.base) != ground.book.system if plan.base and plan.codes is None else None,
        )  # fmt: skip
        for frame in chunks:
            intake.take(_source_only(frame, plan))
            progress("ingest", frame.attrs.get("done", intake.rows), frame.attrs.get("total", intake.rows))
        if not intake.rows:
            raise RegistryError(
                f"{plan.file}: there are no data rows under the header.",
                f"{plan.file}: tidak ada baris data di bawah judul kolom.",
                code="empty",
            )
        families = intake.finish(stack_threshold=ws.settings.stack_threshold, id_prefix=prefix)
        intake.warnings["sheet_unread"] = plan.unread_sheets
        if plan.base is None:
            require_deciles(plan.file, plan.form, plan.header, families)
        quarantine.add_kept("nik", intake.repeats.nik.kept)
        quarantine.add_kept("family", intake.repeats.family.kept)
        quarantine.end()
        progress("store", 0, 1)
    return intake, families


@contextmanager
def _open_quarantine(ws: Workspace, plan: Plan) -> Iterator[QuarantineWriter]:
    path = quarantine_path(ws, plan.import_id)
    make_private_folder(path.parent)
    with atomic_path(path) as temporary, temporary.open("wb") as stream:
        yield QuarantineWriter(stream, open_vault(ws.root), plan.import_id, plan.header)


def _repeats(ws: Workspace, plan: Plan) -> Repeats:
    """What rows are compared with: nothing, or for a correction the ids accepted before it."""
    repeats = Repeats(plan.form)
    if plan.base is not None:
        with session(ws.database, write=False) as database:
            chained = select(IntakeRow.import_id).where(IntakeRow.root_import_id == plan.base.root_import_id)
            kept = read_kept(ws, list(database.scalars(chained)))
        repeats.nik.kept, repeats.family.kept = KeySet(kept["nik"]), KeySet(kept["family"])
    return repeats


def _source_only(frame: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    if REASONS_COLUMN not in frame.columns:
        return frame
    source = frame.drop(columns=[REASONS_COLUMN])
    source.attrs = frame.attrs
    return without_apostrophes(source) if plan.base is not None else source
