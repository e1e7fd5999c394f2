"""Rejected rows, whole and encrypted: written while a file is taken in, handed out as CSV with their reasons.

A quarantine file is a sequence of frames, each a length (4 bytes, big-endian) and a token of the vault bound to the
import and to its place. The last frame says how many rows there are, so that a cut file is noticed.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import select

from gisapp.access.actors import LOCAL, Actor
from gisapp.access.permissions import require
from gisapp.errors import NotFoundError, WorkspaceError
from gisapp.registry.ids import KeySet
from gisapp.registry.reasons import Sets, listed
from gisapp.registry.tables import IntakeRow
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.files import atomic_path
from gisapp.store.vault import Vault, open_vault
from gisapp.workspace.folder import Workspace
from gisapp.writers.table import inert

#: Column that ``write_quarantine`` adds; a file that has it is a correction of earlier rows.
REASONS_COLUMN = "reasons"
SEPARATOR = ";"
#: Names the newest intake of a file, where an import is asked for.
LATEST = "latest"

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
        self.add_listed(rows)

    def add_listed(self, rows: list[list[Any]]) -> None:
        """Store rows as a frame holds them: number, codes of the reasons, cells."""
        if rows:
            self.rows += len(rows)
            self._frame(json.dumps({"rows": rows}, ensure_ascii=False).encode())

    def add_kept(self, kind: str, keys: Iterable[int]) -> None:
        """Store the ids of the accepted rows as 64-bit hashes, so that a correction can be compared with them."""
        values = (keys if isinstance(keys, KeySet) else KeySet(keys)).array().astype("<u8")
        for start in range(0, len(values), _KEYS_PER_FRAME):
            part = values[start : start + _KEYS_PER_FRAME]
            self._frame(json.dumps({"kept": kind, "hex": part.tobytes().hex()}).encode())

    def end(self) -> None:
        """Write the frame that closes the file."""
        self._frame(json.dumps({"end": self.rows}).encode())

    def _frame(self, data: bytes) -> None:
        token = self._vault.encrypt(data, frame_context(self._import_id, self._frames))
        self._stream.write(len(token).to_bytes(4, "big") + token)
        self._frames += 1


def frame_context(import_id: str, frame: int) -> str:
    """What a frame of an import's quarantine is bound to."""
    return f"quarantine {import_id} {frame}"


def _frames(path: Path, vault: Vault, import_id: str) -> Iterator[dict[str, Any]]:
    position, ended = 0, False
    with path.open("rb") as stream:
        while head := stream.read(4):
            token = stream.read(int.from_bytes(head, "big"))
            frame: dict[str, Any] = json.loads(vault.decrypt(token, frame_context(import_id, position)))
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
                kept[frame["kept"]] |= _keys_in(frame)
    return kept


def quarantine_path(ws: Workspace, import_id: str) -> Path:
    """Where the rejected rows of an import lie: as its intake says, else where a first intake puts them."""
    with session(ws.database, write=False) as database:
        told = database.scalars(select(IntakeRow.quarantine_path).where(IntakeRow.import_id == import_id)).first()
    return ws.root / (told or f"registry/quarantine/{import_id}.enc")


def keep_rows(
    ws: Workspace,
    import_id: str,
    wanted: Callable[[list[str]], bool],
    *,
    out: Path | None = None,
    forget: frozenset[int] = frozenset(),
) -> int:
    """Write the quarantine of an import anew with only the rows whose cells are wanted; returns how many went.

    It takes the old one's place, or goes to ``out``. ``forget`` are hashes of accepted ids that are left out.
    """
    path, vault, gone = quarantine_path(ws, import_id), open_vault(ws.root), 0
    with atomic_path(out or path) as temporary, temporary.open("wb") as stream:
        frames = _frames(path, vault, import_id)
        writer = QuarantineWriter(stream, vault, import_id, next(frames)["columns"])
        for frame in frames:
            if "rows" in frame:
                kept = [row for row in frame["rows"] if wanted(row[2:])]
                gone += len(frame["rows"]) - len(kept)
                writer.add_listed(kept)
            elif "kept" in frame:
                writer.add_kept(frame["kept"], _keys_in(frame) - forget)
        writer.end()
    return gone


def holds(ws: Workspace, import_id: str, sought: Callable[[list[str]], bool], keys: frozenset[int]) -> bool:
    """Whether an import's quarantine has a row whose cells are sought, or one of these hashes of accepted ids."""
    path = quarantine_path(ws, import_id)
    if not path.is_file():
        return False
    return any(
        any(sought(row[2:]) for row in frame.get("rows", ()))
        or ("kept" in frame and not keys.isdisjoint(_keys_in(frame)))
        for frame in _frames(path, open_vault(ws.root), import_id)
    )


def _keys_in(frame: dict[str, Any]) -> set[int]:
    values: npt.NDArray[np.uint64] = np.frombuffer(bytes.fromhex(frame["hex"]), dtype="<u8")
    return set(values.tolist())


def resolve_import(ws: Workspace, import_id: str) -> str:
    """The import of this id, or the newest file taken in for ``latest``; NotFoundError (code ``import_unknown``)."""
    with session(ws.database, write=False) as database:
        newest = select(IntakeRow).where(IntakeRow.kind == "file").order_by(IntakeRow.number.desc())
        intakes = list(database.scalars(newest))
    if import_id == LATEST and intakes:
        return intakes[0].import_id
    if import_id not in {intake.import_id for intake in intakes}:
        listed = ", ".join(f"{one.import_id} ({one.period}, {one.source})" for one in intakes[:_LISTED]) or "-"
        raise NotFoundError(
            f"There is no import {import_id!r} in {ws.root}. The report of `gisapp ingest` names it. Newest: {listed}.",
            f"Tidak ada penerimaan {import_id!r} di {ws.root}. Laporan `gisapp ingest` menyebutkannya. "
            f"Terbaru: {listed}.",
            code="import_unknown",
        )
    return import_id


def quarantine_csv(ws: Workspace, import_id: str, actor: Actor = LOCAL) -> tuple[Iterator[bytes], int]:
    """Rejected rows of one import as CSV in pieces, and their number; that they were read is recorded.

    The columns are the source's, in its order and with its text, and ``reasons`` (codes joined by ``;``). A text that
    a spreadsheet would run gets an apostrophe before it, which ``ingest`` takes away again.
    """
    require(actor, "registry.quarantine")
    found = resolve_import(ws, import_id)
    path, vault = quarantine_path(ws, found), open_vault(ws.root)
    if not path.is_file():
        raise _damaged(path)
    rows = sum(len(frame.get("rows", ())) for frame in _frames(path, vault, found))
    with session(ws.database) as database:
        append_event(database, action="quarantine.read", actor=actor.name, subject=found, detail={"rows": rows})
    return _as_csv(_frames(path, vault, found)), rows


def write_quarantine(ws: Workspace, import_id: str, out: Path, *, actor: Actor = LOCAL) -> int:
    """Write what ``quarantine_csv`` gives to a file (mode 0600); returns the number of rows."""
    pieces, rows = quarantine_csv(ws, import_id, actor)
    with atomic_path(Path(out)) as temporary, temporary.open("wb") as stream:
        stream.writelines(pieces)
    return rows


def _as_csv(frames: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    for frame in frames:
        text = io.StringIO(newline="")
        sheet = csv.writer(text)
        if "columns" in frame:
            text.write("\ufeff")
            sheet.writerow([*frame["columns"], REASONS_COLUMN])
        for _, reasons, *cells in frame.get("rows", ()):
            sheet.writerow([*(inert(cell) for cell in cells), SEPARATOR.join(reasons)])
        yield text.getvalue().encode()


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
