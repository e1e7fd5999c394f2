"""Rejected rows, whole and encrypted: written while a file is taken in, handed out as CSV with their reasons.

A quarantine file is a sequence of frames, each a length (4 bytes, big-endian) and a token of the vault bound to the
import and to its place. The last frame says how many rows there are, so that a cut file is noticed.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import select

from gisapp.errors import NotFoundError, WorkspaceError
from gisapp.registry.reasons import Sets, listed
from gisapp.registry.tables import IntakeRow
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.files import atomic_write_bytes
from gisapp.store.vault import Vault, open_vault
from gisapp.workspace.folder import Workspace
from gisapp.writers.table import inert

#: Column that ``write_quarantine`` adds; a file that has it is a correction of earlier rows.
REASONS_COLUMN = "reasons"
SEPARATOR = ";"

_LISTED = 5
_KEYS_PER_FRAME = 1 << 20


class QuarantineWriter:
    """Writes the frames of one import to an open file."""

    def __init__(self, stream: IO[bytes], vault: Vault, import_id: str, columns: list[str]) -> None:
        self._stream, self._vault, self._import_id = stream, vault, import_id
        self._frames = 0
        self.rows = 0
        self._frame(json.dumps({"columns": columns}, ensure_ascii=False).encode())

    def add(self, rejected: pd.DataFrame, reasons: Sets) -> None:
        """Store rows whole, as text; ``reasons`` is aligned with them."""
        if rejected.empty:
            return
        rows = [
            [int(number), listed(int(bits)), *cells]
            for number, bits, cells in zip(
                rejected.index, reasons, rejected.astype(object).to_numpy().tolist(), strict=True
            )
        ]
        self.rows += len(rows)
        self._frame(json.dumps({"rows": rows}, ensure_ascii=False).encode())

    def add_kept(self, kind: str, keys: set[int]) -> None:
        """Store the ids of the accepted rows as 64-bit hashes, so that a correction can be compared with them."""
        values = np.array(sorted(keys), dtype="<u8")
        for start in range(0, len(values), _KEYS_PER_FRAME):
            part = values[start : start + _KEYS_PER_FRAME]
            self._frame(json.dumps({"kept": kind, "hex": part.tobytes().hex()}).encode())

    def end(self) -> None:
        """Write the frame that closes the file."""
        self._frame(json.dumps({"end": self.rows}).encode())

    def _frame(self, data: bytes) -> None:
        token = self._vault.encrypt(data, _context(self._import_id, self._frames))
        self._stream.write(len(token).to_bytes(4, "big") + token)
        self._frames += 1


def _context(import_id: str, frame: int) -> str:
    return f"quarantine {import_id} {frame}"


def _frames(path: Path, vault: Vault, import_id: str) -> Iterator[dict[str, Any]]:
    position, ended = 0, False
    with path.open("rb") as stream:
        while head := stream.read(4):
            token = stream.read(int.from_bytes(head, "big"))
            frame: dict[str, Any] = json.loads(vault.decrypt(token, _context(import_id, position)))
            ended = "end" in frame
            position += 1
            yield frame
    if not ended:
        raise _damaged(path)


def _damaged(path: Path) -> WorkspaceError:
    return WorkspaceError(
        f"{path}: the quarantine file is missing or cut short. Restore it from a backup.",
        f"{path}: berkas karantina hilang atau terpotong. Pulihkan dari cadangan.",
        code="quarantine_damaged",
    )


def read_kept(ws: Workspace, import_ids: list[str]) -> dict[str, set[int]]:
    """Hashes of the ids that some imports have accepted, by kind (``nik``, ``family``)."""
    vault = open_vault(ws.root)
    kept: dict[str, set[int]] = {"nik": set(), "family": set()}
    for import_id in import_ids:
        path = quarantine_path(ws, import_id)
        if not path.is_file():
            raise _damaged(path)
        for frame in _frames(path, vault, import_id):
            if "kept" in frame:
                values: npt.NDArray[np.uint64] = np.frombuffer(bytes.fromhex(frame["hex"]), dtype="<u8")
                kept[frame["kept"]].update(values.tolist())
    return kept


def quarantine_path(ws: Workspace, import_id: str) -> Path:
    """Where the rejected rows of an import lie."""
    return ws.registry_folder / "quarantine" / f"{import_id}.enc"


def write_quarantine(ws: Workspace, import_id: str, out: Path) -> int:
    """Write the rejected rows of one import to a CSV (mode 0600) and record that it was done; returns their number.

    The columns are the source's, in its order and with its text, and ``reasons`` (codes joined by ``;``). A text that
    a spreadsheet would run gets an apostrophe before it, which ``ingest`` takes away again.
    """
    with session(ws.database, write=False) as database:
        intakes = list(database.scalars(select(IntakeRow).order_by(IntakeRow.number.desc())))
    if import_id not in {intake.import_id for intake in intakes}:
        listed = ", ".join(f"{one.import_id} ({one.period}, {one.source})" for one in intakes[:_LISTED]) or "-"
        raise NotFoundError(
            f"There is no import {import_id!r} in {ws.root}. The report of `gisapp ingest` names it. Newest: {listed}.",
            f"Tidak ada penerimaan {import_id!r} di {ws.root}. Laporan `gisapp ingest` menyebutkannya. "
            f"Terbaru: {listed}.",
            code="import_unknown",
        )
    path = quarantine_path(ws, import_id)
    if not path.is_file():
        raise _damaged(path)
    text, rows = _as_csv(_frames(path, open_vault(ws.root), import_id))
    with session(ws.database) as database:
        append_event(database, action="quarantine.read", subject=import_id, detail={"rows": rows})
    atomic_write_bytes(Path(out), text.encode("utf-8-sig"))
    return rows


def _as_csv(frames: Iterator[dict[str, Any]]) -> tuple[str, int]:
    text, rows = io.StringIO(newline=""), 0
    sheet = csv.writer(text)
    for frame in frames:
        if "columns" in frame:
            sheet.writerow([*frame["columns"], REASONS_COLUMN])
        for _, reasons, *cells in frame.get("rows", ()):
            sheet.writerow([*(inert(cell) for cell in cells), SEPARATOR.join(reasons)])
            rows += 1
    return text.getvalue(), rows


def without_apostrophes(frame: pd.DataFrame) -> pd.DataFrame:
    """Take back the apostrophes that ``write_quarantine`` put before texts."""
    result = frame.copy(deep=False)
    for column in result.columns:
        marked = result[column].str.startswith("'")
        if marked.any():
            texts = [_take_back(text) for text in result.loc[marked, column]]
            result[column] = result[column].mask(marked, pd.Series(texts, index=result.index[marked], dtype="str"))
    result.attrs = frame.attrs
    return result


def _take_back(text: str) -> str:
    return text[1:] if inert(text[1:]) != text[1:] else text
