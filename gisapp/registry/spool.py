"""Identities of accepted rows on their way to the database: sealed at once, kept in a file, stored at the very end.

An intake may hold millions of rows and may still be refused at its last step. So each chunk is sealed and appended to
a temporary file, and one transaction stores all of them together with the intake and its snapshot.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from gisapp.registry.forms import Form
from gisapp.registry.ids import SeenIds, check_family_number, check_nik
from gisapp.registry.sealing import Person, family_hash, identity_context, nik_hash, seal
from gisapp.registry.tables import IdentityRow
from gisapp.store.files import PARTIAL
from gisapp.store.vault import Vault, open_vault
from gisapp.workspace.folder import Workspace

_ROWS_PER_INSERT = 5_000
_CACHE_KIB = 65_536
_VARIABLES = ("nik", "family_number", "address", "birth_date", "family_role")


@dataclass(frozen=True, kw_only=True)
class Identified:
    """A person of a family: in which desa, and under which number in its source."""

    family_id: str
    row_number: int
    area_code: str
    person: Person


def identity_values(vault: Vault, import_id: str, one: Identified) -> dict[str, Any]:
    """Values of the row that keeps an identity."""
    return {
        "import_id": import_id,
        "family_id": one.family_id,
        "row_number": one.row_number,
        "area_code": one.area_code,
        "nik_hash": nik_hash(vault, one.person.nik),
        "family_hash": family_hash(vault, one.person.family_number),
        "sealed": seal(vault, one.person, identity_context(import_id, one.row_number)),
    }


def store_identities(database: Session, vault: Vault, import_id: str, many: Iterable[Identified]) -> None:
    """Store the identities of an import in the caller's transaction, in place of any that it had."""
    database.execute(delete(IdentityRow).where(IdentityRow.import_id == import_id))
    _insert(database, [identity_values(vault, import_id, one) for one in many])


def _insert(database: Session, rows: list[dict[str, Any]]) -> None:
    connection = database.connection()
    for start in range(0, len(rows), _ROWS_PER_INSERT):
        connection.execute(insert(IdentityRow.__table__), rows[start : start + _ROWS_PER_INSERT])  # type: ignore[arg-type]


class IdentitySpool:
    """Takes the identities of an intake chunk by chunk (``intake.Identities``) and stores them when it has ended."""

    def __init__(self, stream: IO[bytes], vault: Vault, import_id: str, form: Form, *, id_prefix: str = "") -> None:
        self._stream, self._vault, self._import_id = stream, vault, import_id
        self._by_person, self._prefix = form.unit == "person", id_prefix
        self._first_row: dict[int, int] = {}
        self._seen = {"nik": SeenIds(), "family_number": SeenIds()}

    def add(
        self,
        frame: pd.DataFrame,
        columns: Mapping[str, str],
        numbers: npt.NDArray[np.int64],
        good: npt.NDArray[np.bool_],
        codes: npt.NDArray[np.object_],
        family_keys: npt.NDArray[np.uint64] | None,
    ) -> None:
        """Seal the accepted rows of a chunk and append them to the file."""
        rows = numbers[good].tolist()
        if not rows or not any(name in columns for name in ("nik", "family_number", "head_name", "member_name")):
            return
        firsts = self._first_rows(rows, family_keys[good].tolist() if family_keys is not None else rows)
        places = zip(rows, firsts, codes[good].tolist(), strict=True)
        comparable = zip(*(self._comparable(frame, columns, name)[good].tolist() for name in self._seen), strict=True)
        sealed = [
            self._sealed(place, texts, usable)
            for place, texts, usable in zip(places, self._texts(frame, columns, good), comparable, strict=True)
        ]
        head = json.dumps([[*plain, len(token)] for *plain, token in sealed]).encode()
        body = b"".join(token for *_, token in sealed)
        self._stream.write(len(head).to_bytes(8, "big") + len(body).to_bytes(8, "big") + head + body)

    def _comparable(self, frame: pd.DataFrame, columns: Mapping[str, str], name: str) -> npt.NDArray[np.bool_]:
        """Rows whose id can be told from others: not those of a rounded file that end in 0 (see ``ids.SeenIds``)."""
        if name not in columns:
            return np.ones(len(frame), dtype=bool)
        texts, seen = frame[columns[name]], self._seen[name]
        check = check_nik if name == "nik" else check_family_number
        zero = seen.look_at_endings(texts, check(texts))
        return ~zero if seen.rounded else np.ones(len(frame), dtype=bool)

    def _first_rows(self, rows: list[int], keys: list[int]) -> list[int]:
        if not self._by_person:
            return rows
        return [self._first_row.setdefault(key, row) for row, key in zip(rows, keys, strict=True)]

    def _texts(
        self, frame: pd.DataFrame, columns: Mapping[str, str], good: npt.NDArray[np.bool_]
    ) -> Iterator[tuple[str, ...]]:
        names = ("member_name", "head_name") if self._by_person else ("head_name", "member_name")
        name = next((variable for variable in names if variable in columns), "head_name")
        blank = [""] * int(good.sum())
        lists = [
            frame[columns[variable]].to_numpy(dtype=object)[good].tolist() if variable in columns else blank
            for variable in (name, *_VARIABLES)
        ]
        return zip(*lists, strict=True)

    def _sealed(
        self, place: tuple[int, int, str], texts: tuple[str, ...], comparable: tuple[bool, ...]
    ) -> tuple[Any, ...]:
        row, first, code = place
        name, nik, number, address, birth_date, role = [text.strip().removeprefix("'") for text in texts]
        person = Person(
            name=name, nik=nik, family_number=number, address=address, birth_date=birth_date, role=role
        )  # fmt: skip
        return (
            f"{self._prefix}{first:07d}", row, code,
            nik_hash(self._vault, nik) if comparable[0] else None,
            family_hash(self._vault, number) if comparable[1] else None,
            seal(self._vault, person, identity_context(self._import_id, row)),
        )  # fmt: skip

    def store(self, database: Session) -> None:
        """Store everything in the caller's transaction, in place of what the import had before."""
        database.execute(delete(IdentityRow).where(IdentityRow.import_id == self._import_id))
        self._stream.flush()
        self._stream.seek(0)
        connection = database.connection()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA cache_size=-{_CACHE_KIB}")  # hashes come in no order
        for rows in self._frames():
            _insert(database, rows)

    def _frames(self) -> Iterator[list[dict[str, Any]]]:
        names = ("family_id", "row_number", "area_code", "nik_hash", "family_hash", "sealed")
        while head := self._stream.read(16):
            plain = json.loads(self._stream.read(int.from_bytes(head[:8], "big")))
            body, at, rows = self._stream.read(int.from_bytes(head[8:], "big")), 0, []
            for *values, size in plain:
                rows.append(dict(zip(names, (*values, body[at : at + size]), strict=True), import_id=self._import_id))
                at += size
            yield rows


@contextmanager
def open_spool(ws: Workspace, import_id: str, form: Form, *, id_prefix: str = "") -> Iterator[IdentitySpool]:
    """A spool for one intake; its file goes when the intake has ended, well or not."""
    path = Path(ws.registry_folder) / f".identities.{secrets.token_hex(6)}{PARTIAL}"
    with path.open("xb+") as stream:
        path.chmod(0o600)
        try:
            yield IdentitySpool(stream, open_vault(ws.root), import_id, form, id_prefix=id_prefix)
        finally:
            path.unlink(missing_ok=True)
