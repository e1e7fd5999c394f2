"""Snapshots of the registry by period: immutable files named by their content, without any identity."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, select, true

from gisapp.columns import OPTIONAL_SNAPSHOT, SNAPSHOT
from gisapp.errors import NotFoundError, WorkspaceError, some
from gisapp.registry.geoparquet import write_points
from gisapp.registry.tables import IntakeRow, SnapshotRow
from gisapp.store.database import session
from gisapp.store.hashing import sha256_file
from gisapp.workspace.folder import Workspace

if TYPE_CHECKING:
    import pandas as pd

_BOOLEANS = tuple(name for name, meaning in SNAPSHOT.items() if meaning.startswith("nullable boolean"))
_TEXTS = ("family_id", "code", "coordinate_status")
_SHORTEST_HASH = 6
_INTEGERS = ("persons", "decile", "children_7_12", "children_13_15", "children_0_5")


@dataclass(frozen=True, kw_only=True)
class SnapshotRef:
    """A snapshot as the database knows it; ``path`` is absolute, ``source`` the name of the file it came from.

    ``number`` is that of its intake, in the order of acceptance.
    """

    period: str
    hash: str
    path: Path
    rows: int
    source: str
    form: str
    accepted_at: datetime
    import_id: str
    root_import_id: str
    file_sha256: str
    number: int = 0


def latest_snapshot(ws: Workspace, period: str | None = None) -> SnapshotRef | None:
    """Newest accepted snapshot of a period (of the latest period where None); None where there is none."""
    found = _refs(ws, IntakeRow.period == period if period is not None else true(), limit=1)
    return found[0] if found else None


def list_snapshots(ws: Workspace) -> tuple[SnapshotRef, ...]:
    """Every snapshot that an intake stands for, the latest period and the newest intake first."""
    return tuple(_refs(ws, true()))


def find_snapshot(ws: Workspace, name: str) -> SnapshotRef:
    """The newest snapshot of a period, or the snapshot whose hash begins with ``name`` (at least six characters).

    NotFoundError (code ``snapshot_unknown``) where there is none.
    """
    found = _refs(ws, IntakeRow.period == name, limit=1)
    if not found and len(name) >= _SHORTEST_HASH and name.isalnum():
        found = _refs(ws, SnapshotRow.hash.startswith(name), limit=1)
    if not found:
        listed = some(f"{ref.period} ({ref.hash[:12]})" for ref in list_snapshots(ws)) or "-"
        raise NotFoundError(
            f"There is no snapshot {name!r} in {ws.root}. Name a period or the beginning of a hash: {listed}",
            f"Tidak ada potret {name!r} di {ws.root}. Sebutkan periode atau awal sidiknya: {listed}",
            code="snapshot_unknown",
        )
    return found[0]


def _refs(ws: Workspace, condition: ColumnElement[bool], limit: int | None = None) -> list[SnapshotRef]:
    wanted = select(IntakeRow, SnapshotRow).join(SnapshotRow, IntakeRow.snapshot_hash == SnapshotRow.hash)
    wanted = wanted.where(condition).order_by(IntakeRow.period.desc(), IntakeRow.number.desc()).limit(limit)
    with session(ws.database, write=False) as database:
        found = database.execute(wanted).all()
    return [
        SnapshotRef(
            period=intake.period, hash=snapshot.hash, path=ws.root / snapshot.path, rows=snapshot.rows,
            source=intake.source, form=intake.form, accepted_at=intake.created_at, import_id=intake.import_id,
            root_import_id=intake.root_import_id, file_sha256=snapshot.file_sha256, number=intake.number,
        )
        for intake, snapshot in found
    ]  # fmt: skip


def codes_of(ws: Workspace, ref: SnapshotRef) -> str:
    """Code system of the file that a snapshot came from: a correction of its rows is read in the same."""
    with session(ws.database, write=False) as database:
        codes = database.scalar(select(IntakeRow.codes).where(IntakeRow.import_id == ref.import_id))
    return str(codes)


def read_snapshot(ref: SnapshotRef) -> pd.DataFrame:
    """Families of a snapshot with the columns of ``columns.SNAPSHOT``; WorkspaceError where the file was changed.

    Text is str, whole numbers are Int16, yes/no are nullable booleans, coordinates are float64 degrees, an expenditure
    is float64, NaN in a snapshot whose source has none.
    """
    import pandas as pd
    import pyarrow.parquet as parquet

    _require_intact(ref)
    held = set(parquet.read_schema(ref.path).names)
    absent = [name for name in OPTIONAL_SNAPSHOT if name not in held]
    wanted = [name for name in SNAPSHOT if name not in absent]
    table = parquet.read_table(ref.path, columns=wanted, memory_map=False)
    columns: dict[str, Any] = {name: table.column(name).to_pandas() for name in ("longitude", "latitude")}
    columns |= {name: table.column(name).to_pandas().astype("str") for name in _TEXTS}
    columns |= {name: _nullable(table.column(name), "Int16") for name in _INTEGERS}
    columns |= {name: _nullable(table.column(name), "boolean") for name in _BOOLEANS}
    for name in OPTIONAL_SNAPSHOT:
        empty = pd.Series(float("nan"), index=range(table.num_rows))
        columns[name] = empty if name in absent else table.column(name).to_pandas()
    return pd.DataFrame({name: columns[name] for name in SNAPSHOT})


def read_codes(ref: SnapshotRef) -> dict[str, str]:
    """Desa code of each family of a snapshot."""
    import pyarrow.parquet as parquet

    _require_intact(ref)
    table = parquet.read_table(ref.path, columns=["family_id", "code"], memory_map=False)
    return dict(zip(table.column("family_id").to_pylist(), table.column("code").to_pylist(), strict=True))


def _require_intact(ref: SnapshotRef) -> None:
    try:
        intact = sha256_file(ref.path) == ref.file_sha256
    except OSError:
        intact = False
    if not intact:
        raise WorkspaceError(
            f"{ref.path}: the snapshot is missing or was changed. Restore it from a backup or ingest the file again.",
            f"{ref.path}: potret hilang atau berubah. Pulihkan dari cadangan atau terima berkasnya lagi.",
            code="snapshot_damaged",
        )


def _nullable(column: Any, dtype: str) -> pd.Series:
    import pandas as pd

    mapped = {"Int16": pd.Int16Dtype(), "boolean": pd.BooleanDtype()}[dtype]
    return column.to_pandas(types_mapper=lambda _: mapped)


def snapshot_bytes(families: pd.DataFrame, period: str) -> tuple[bytes, str]:
    """GeoParquet bytes of a snapshot and the hash of its content (period and values, whatever wrote the file)."""
    import hashlib

    import pyarrow as pa
    import pyarrow.csv as arrow_csv

    unused = {name for name in OPTIONAL_SNAPSHOT if families[name].isna().all()}
    schema = {name: field for name, field in _schema().items() if name not in unused}
    arrays = [pa.array(families[name], type=field.type, from_pandas=True) for name, field in schema.items()]
    table = pa.Table.from_arrays(arrays, schema=pa.schema(list(schema.values())))
    digest = hashlib.sha256(period.encode() + b"\n")
    with _Digested(digest) as text:
        arrow_csv.write_csv(table, text)
    content = io.BytesIO()
    write_points(table, content)
    return content.getvalue(), digest.hexdigest()


class _Digested(io.RawIOBase):
    """A file of which only the hash is kept: the text of a large snapshot takes more memory than the snapshot."""

    def __init__(self, digest: Any) -> None:
        self._digest = digest

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._digest.update(data)
        return len(data)


def _schema() -> dict[str, Any]:
    import pyarrow as pa

    kinds = dict.fromkeys(_TEXTS, pa.string()) | dict.fromkeys(_INTEGERS, pa.int16())
    kinds |= dict.fromkeys(_BOOLEANS, pa.bool_())
    return {name: pa.field(name, kinds.get(name, pa.float64())) for name in SNAPSHOT}
