"""Lists of beneficiaries fixed by decree: taken in sealed, matched with the registry by keyed hash.

The brought file is read once and never kept: a line's identity lies encrypted in the database, beside the keyed hashes
of its NIK and KK number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from gisapp.access.actors import LOCAL, Actor
from gisapp.access.permissions import require
from gisapp.errors import InvalidParameterError, NotFoundError, RegistryError, some
from gisapp.readers.table import iter_text_table
from gisapp.registry.area_codes import bare_codes, decide_translation
from gisapp.registry.forms import column_key
from gisapp.registry.ground import read_ground
from gisapp.registry.ids import SeenIds, check_nik
from gisapp.registry.sealing import Person, entry_context, family_hash, nik_hash, seal
from gisapp.registry.tables import ListEntryRow, ListRow
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.files import workspace_lock
from gisapp.store.hashing import canonical_json, sha256_file
from gisapp.store.tables import utc_now
from gisapp.store.vault import Vault, open_vault
from gisapp.workspace.folder import Workspace

#: Headings that decree lists use, as ``column_key`` writes them; the first that is there counts.
HEADINGS = {
    "nik": ("nik", "nomor_induk_kependudukan", "nik_kepala_keluarga", "nik_kpm", "no_nik", "no_ktp", "nomor_nik"),
    "family_number": ("no_kk", "nokk", "nomor_kk", "no_kartu_keluarga", "nomor_kartu_keluarga", "kk"),
    "name": ("nama", "nama_lengkap", "nama_kpm", "nama_penerima", "nama_kepala_keluarga", "nama_pengurus"),
    "address": ("alamat", "alamat_lengkap"),
    "code": (
        "kode_desa", "kode_desa_kelurahan", "kode_kelurahan_desa", "kode_wilayah", "kode_kemendagri", "kode_kemdagri",
        "kode_kelurahan",
    ),
}  # fmt: skip
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z ._/-]{0,99}")
_DECILES = re.compile(r"desil\D{0,20}?(\d+)((?:\s*(?:-|–|/|,|dan|s\.?d\.?|sampai)\s*\d+)*)", re.IGNORECASE)
_ROWS_PER_INSERT = 5_000


@dataclass(frozen=True, kw_only=True)
class DecreeList:
    """A list as its decree says, with how many lines it has and how many of them have a damaged NIK."""

    name: str
    number: str
    date: date | None
    criteria: str
    deciles: tuple[int, ...]
    programme: str
    source: str
    entries: int
    damaged: int
    unchanged: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {**vars(self), "date": self.date.isoformat() if self.date else None, "deciles": list(self.deciles)}


def take_in_list(
    ws: Workspace,
    file: Path,
    *,
    name: str,
    number: str = "",
    date: str = "",
    criteria: str = "",
    programme: str = "",
    replace: bool = False,
    actor: Actor = LOCAL,
) -> DecreeList:
    """Take in a list (CSV, XLSX, Parquet) under a name; the same file again under the same name changes nothing.

    Parameters
    ----------
    number, date, criteria : of the decree; ``date`` is 2025-01-31. Deciles are read from the criteria ("desil 1-4").
    replace : put the file in the place of another list of this name.

    Raises
    ------
    FileRefusedError, RegistryError, InvalidParameterError : nothing was stored.
    """
    require(actor, "lists.manage")
    row = ListRow(
        name=_checked_name(name), decree_number=number, decree_date=_day(date), criteria=criteria,
        deciles=canonical_json(list(deciles_of(criteria, ws.settings.poor_deciles))), programme=programme,
        source=Path(file).name[:300], source_sha256=sha256_file(Path(file)), added_by=actor.name, added_at=utc_now(),
    )  # fmt: skip
    with workspace_lock(ws.root):
        former = _former(ws, row, replace=replace)
        if former is not None:
            return former
        entries, row.damaged = _read_entries(ws, Path(file), row.source_sha256)
        row.entries = len(entries)
        _store(ws, row, entries, actor)
    return _told(row)


def _checked_name(name: str) -> str:
    if _NAME.fullmatch(name):
        return name
    raise InvalidParameterError(
        f"{name!r} is no name for a list: at most 100 letters, digits, blanks, dots, dashes.",
        f"{name!r} bukan nama daftar: paling banyak 100 huruf, angka, spasi, titik, strip.",
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidParameterError(
            f"The date of the decree, {text!r}, must be written as 2025-01-31.",
            f"Tanggal SK, {text!r}, ditulis seperti 2025-01-31.",
        ) from None


def deciles_of(criteria: str, otherwise: tuple[int, ...]) -> tuple[int, ...]:
    """Deciles that the criteria of a decree name.

    >>> deciles_of("keluarga desil 1-4", (1,)), deciles_of("Desil 1 dan 2", (1,)), deciles_of("lansia", (1,))
    ((1, 2, 3, 4), (1, 2), (1,))
    """
    found = _DECILES.search(criteria)
    if not found:
        return otherwise
    numbers = [int(text) for text in re.findall(r"\d+", found[0])]
    if len(numbers) == 2 and re.search(r"-|–|s\.?d|sampai", found[2], re.IGNORECASE):
        numbers = list(range(numbers[0], numbers[1] + 1))
    return tuple(sorted({one for one in numbers if 1 <= one <= 10})) or otherwise


def _former(ws: Workspace, row: ListRow, *, replace: bool) -> DecreeList | None:
    with session(ws.database, write=False) as database:
        former = database.scalars(select(ListRow).where(ListRow.name == row.name)).first()
    if former is None or (replace and former.source_sha256 != row.source_sha256):
        return None
    if former.source_sha256 == row.source_sha256:
        return _told(former, unchanged=True)
    raise RegistryError(
        f"There is a list {row.name!r} already, of another file ({former.source}). Choose another name, or --replace.",
        f"Sudah ada daftar {row.name!r} dari berkas lain ({former.source}). Pilih nama lain, atau --replace.",
        code="list_exists",
    )


def _store(ws: Workspace, row: ListRow, entries: list[dict[str, Any]], actor: Actor) -> None:
    with session(ws.database) as database:
        former = database.scalars(select(ListRow).where(ListRow.name == row.name)).first()
        if former is not None:
            database.execute(delete(ListEntryRow).where(ListEntryRow.list_number == former.number))
            database.delete(former)
            database.flush()
        database.add(row)
        database.flush()
        for start in range(0, len(entries), _ROWS_PER_INSERT):
            part = [{**one, "list_number": row.number} for one in entries[start : start + _ROWS_PER_INSERT]]
            database.execute(insert(ListEntryRow), part)
        detail = {"entries": row.entries, "damaged": row.damaged, "decree": row.decree_number}
        append_event(database, action="list.add", actor=actor.name, subject=row.name, detail=detail)


def _told(row: ListRow, *, unchanged: bool = False) -> DecreeList:
    return DecreeList(
        name=row.name, number=row.decree_number, date=row.decree_date, criteria=row.criteria,
        deciles=tuple(json.loads(row.deciles)), programme=row.programme, source=row.source, entries=row.entries,
        damaged=row.damaged, unchanged=unchanged,
    )  # fmt: skip


def list_lists(ws: Workspace, actor: Actor = LOCAL) -> tuple[DecreeList, ...]:
    """Every list of the workspace, by name."""
    require(actor, "lists.read")
    with session(ws.database, write=False) as database:
        return tuple(_told(row) for row in database.scalars(select(ListRow).order_by(ListRow.name)))


def find_list(database: Session, name: str) -> ListRow:
    """The list of this name; NotFoundError (code ``list_unknown``) that names those there are."""
    row = database.scalars(select(ListRow).where(ListRow.name == name)).first()
    if row is None:
        listed = some(database.scalars(select(ListRow.name).order_by(ListRow.name))) or "-"
        raise NotFoundError(
            f"There is no list {name!r}. Known: {listed}.", f"Tidak ada daftar {name!r}. Yang ada: {listed}.",
            code="list_unknown",
        )  # fmt: skip
    return row


def _read_entries(ws: Workspace, file: Path, digest: str) -> tuple[list[dict[str, Any]], int]:
    """Rows to store (without the number of their list), and how many of them have a damaged NIK."""
    vault, book, seen = open_vault(ws.root), read_ground(ws).book, SeenIds()
    entries: list[dict[str, Any]] = []
    damaged, translate = 0, None
    for frame in iter_text_table(file):
        columns = _recognise(file, frame)
        texts = pd.DataFrame(
            {name: frame[columns[name]].str.strip() if name in columns else "" for name in HEADINGS}, dtype="str"
        )
        texts.index = frame.index
        texts = texts[(texts[["nik", "family_number", "name"]] != "").sum(axis=1) > 0]
        bare = bare_codes(texts["code"])
        if translate is None:
            translate = decide_translation(book, bare, None)
        table = book.crosswalk if translate else book.own
        ids = check_nik(texts["nik"])
        bad = ids.damaged | (seen.look_at_endings(texts["nik"], ids) & bool(seen.rounded))
        damaged += int(bad.sum())
        areas = [table.get(code) for code in bare.tolist()]
        entries += _sealed(vault, digest, texts, areas, bad.tolist())
    if not entries:
        raise RegistryError(f"{file}: the list has no lines.", f"{file}: daftar ini tidak berisi baris.", code="empty")
    return entries, damaged


def _recognise(file: Path, frame: pd.DataFrame) -> dict[str, str]:
    present: dict[str, str] = {}
    for column in frame.columns:
        present.setdefault(column_key(str(column)), str(column))
    found = {
        name: present[next(one for one in names if one in present)]
        for name, names in HEADINGS.items()
        if any(one in present for one in names)
    }
    if "nik" in found or "family_number" in found:
        return found
    wanted = ", ".join((*HEADINGS["nik"], *HEADINGS["family_number"]))
    raise RegistryError(
        f"{file}: a list needs a column of NIKs or KK numbers ({wanted}). Columns: {some(present)}.",
        f"{file}: daftar memerlukan kolom NIK atau No. KK ({wanted}). Kolom: {some(present)}.",
        code="column_missing",
    )


def _sealed(
    vault: Vault, digest: str, texts: pd.DataFrame, areas: list[str | None], bad: list[bool]
) -> Iterator[dict[str, Any]]:
    for row, (nik, number, name, address, _), area, damaged in zip(
        texts.index.tolist(), texts.itertuples(index=False, name=None), areas, bad, strict=True
    ):
        person = Person(name=name, nik=nik, family_number=number, address=address)
        yield {
            "row_number": row,
            "area_code": area,
            "nik_hash": None if damaged else nik_hash(vault, nik),
            "family_hash": family_hash(vault, number),
            "sealed": seal(vault, person, entry_context(digest, row)),
        }
