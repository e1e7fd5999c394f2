"""Files that a browser has sent, before they are taken in: encrypted as they arrive, opened only while they are read.

``registry/incoming/<token>.enc`` holds the file in frames of the vault; ``<token>.plan.enc``, written last, makes the
upload exist and keeps what was chosen for it. The file in the clear is in a private temporary folder named after this
process, for as long as a reader has it open; a crash leaves such a folder to the next start.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from gisapp.access.actors import Actor
from gisapp.access.permissions import require
from gisapp.errors import FileRefusedError, GisappError, NotFoundError, WorkspaceError
from gisapp.registry import incoming
from gisapp.registry.incoming import FOLDER, KEPT_HOURS
from gisapp.registry.preview import Preview
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.files import atomic_path, atomic_write_bytes, make_private_folder
from gisapp.store.tables import utc_now
from gisapp.store.vault import Vault, open_vault
from gisapp.workspace.folder import Workspace

_BLOCK = 1 << 20
_TEMPORARY = "gisapp-incoming-"
_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".parquet")
_NOT_NAME = re.compile(r"[^\w .()-]+")
_LONG_NUMBER = re.compile(r"\d{9,}")
_LONGEST_NAME = 80


@dataclass(frozen=True, kw_only=True)
class Upload:
    """One file that was sent. ``lines`` is how many line ends it has; ``choices`` is what the sender chose so far."""

    token: str
    name: str
    owner: str
    size: int
    sha256: str
    lines: int
    frames: int
    at: datetime
    choices: dict[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> int | None:
        """About how many data rows a text file has; None for a workbook."""
        return None if self.name.endswith((".xlsx", ".parquet")) else max(self.lines - 1, 0)


def safe_name(name: str) -> str:
    """The last part of a file's name as it may be kept and shown; only tables have an ending that is taken.

    >>> safe_name("../../Data Desa.CSV"), safe_name("NIK 9901010101700012.csv")
    ('Data Desa.csv', 'NIK.csv')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    stem, _, ending = last.rpartition(".")
    ending = f".{ending.strip().casefold()}"
    if ending not in _ENDINGS:
        raise FileRefusedError(
            "A household file must be CSV, XLSX or Parquet, and its name must end so. Save it as one of these.",
            "Berkas keluarga harus CSV, XLSX atau Parquet, dan namanya berakhir demikian. Simpan ulang seperti itu.",
            code="format_unknown",
        )
    stem = _LONG_NUMBER.sub("", _NOT_NAME.sub(" ", stem))
    return (" ".join(stem.split()).strip(". ")[:_LONGEST_NAME] or "berkas") + ending


def receive(ws: Workspace, stream: IO[bytes], *, name: str, actor: Actor) -> Upload:
    """Encrypt a file as it arrives; FileRefusedError for an empty one or one that is no table by its name."""
    require(actor, "registry.intake")
    sweep(ws)
    token, shown, vault = secrets.token_hex(16), safe_name(name), open_vault(ws.root)
    make_private_folder(ws.root / FOLDER)
    digest, size, lines, frames = hashlib.sha256(), 0, 0, 0
    with atomic_path(incoming.data_path(ws.root, token)) as temporary, temporary.open("wb") as sealed:
        while block := stream.read(_BLOCK):
            digest.update(block)
            size, lines = size + len(block), lines + block.count(b"\n")
            part = vault.encrypt(block, incoming.context(token, frames))
            sealed.write(len(part).to_bytes(4, "big") + part)
            frames += 1
        if not size:
            raise FileRefusedError("The file is empty.", "Berkas kosong.", code="file_empty")
    upload = Upload(
        token=token, name=shown, owner=actor.name, size=size, sha256=digest.hexdigest(), lines=lines, frames=frames,
        at=utc_now(),
    )  # fmt: skip
    _keep(ws, vault, upload)
    _record(ws, "registry.upload", upload, {"bytes": size, "sha256": upload.sha256})
    return upload


def find(ws: Workspace, token: str, *, actor: Actor) -> Upload:
    """An upload of one's own; NotFoundError for another's as for none."""
    require(actor, "registry.intake")
    try:
        upload = _read(ws, open_vault(ws.root), token) if incoming.TOKEN.fullmatch(token) else None
    except (OSError, WorkspaceError, ValueError, TypeError):
        upload = None
    if upload is None or upload.owner != actor.name:
        raise _gone()
    return upload


def choose(ws: Workspace, upload: Upload, **choices: Any) -> Upload:
    """Keep what was chosen for an upload (JSON values), beside what was chosen before."""
    chosen = replace(upload, choices={**upload.choices, **choices})
    _keep(ws, open_vault(ws.root), chosen)
    _record(ws, "registry.upload.choices", chosen, {"period": chosen.choices.get("period")})
    return chosen


def throw_away(ws: Workspace, upload: Upload) -> None:
    """Remove an upload because its sender says so."""
    discard(ws, upload.token)
    _record(ws, "registry.upload.discard", upload, {})


def _record(ws: Workspace, action: str, upload: Upload, detail: dict[str, Any]) -> None:
    with session(ws.database) as db:
        append_event(db, action=action, subject=upload.token, detail=detail, actor=upload.owner)


@contextmanager
def in_the_clear(ws: Workspace, upload: Upload) -> Iterator[Path]:
    """The file under its own name in a private folder, which goes at every exit.

    Messages of errors raised inside name the file without that folder. NotFoundError where it was removed meanwhile.
    """
    vault, data = open_vault(ws.root), incoming.data_path(ws.root, upload.token)
    with private_folder() as folder:
        path = folder / upload.name
        try:
            sealed = data.open("rb")
        except FileNotFoundError:
            raise _gone() from None
        with sealed, path.open("xb") as plain:
            for number in range(upload.frames):
                part = sealed.read(int.from_bytes(sealed.read(4), "big"))
                plain.write(vault.decrypt(part, incoming.context(upload.token, number)))
        yield path


@contextmanager
def private_folder() -> Iterator[Path]:
    """A temporary folder only this user can enter; errors that name a file in it name it without the folder."""
    folder = Path(tempfile.mkdtemp(prefix=f"{_TEMPORARY}{os.getpid()}-"))
    try:
        yield folder
    except GisappError as error:
        error.en, error.id = (text.replace(f"{folder}/", "") for text in (error.en, error.id))
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def without_folder(seen: Preview, folder: Path) -> Preview:
    """A preview whose refusal names the file without the folder that it lay in."""
    if seen.refusal is None:
        return seen
    en, id, code = seen.refusal
    return replace(seen, refusal=(en.replace(f"{folder}/", ""), id.replace(f"{folder}/", ""), code))


def discard(ws: Workspace, token: str) -> None:
    """Remove an upload; one that is gone already is no fault."""
    incoming.discard(ws.root, token)


def sweep(ws: Workspace) -> None:
    """Remove uploads that are too old or half written, and folders in the clear that a dead process has left."""
    incoming.sweep(ws.root)
    sweep_clear()


def sweep_clear() -> None:
    """Remove folders in the clear that a dead process of this user has left."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_TEMPORARY}*"):
        process = folder.name.removeprefix(_TEMPORARY).partition("-")[0]
        try:
            if not process.isdigit() or folder.stat().st_uid != os.getuid():
                continue
            os.kill(int(process), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue


def _keep(ws: Workspace, vault: Vault, upload: Upload) -> None:
    text = json.dumps({**vars(upload), "at": upload.at.isoformat()}, ensure_ascii=False)
    atomic_write_bytes(
        incoming.plan_path(ws.root, upload.token), vault.encrypt(text.encode(), incoming.context(upload.token, "plan"))
    )


def _read(ws: Workspace, vault: Vault, token: str) -> Upload:
    kept = json.loads(vault.decrypt(incoming.plan_path(ws.root, token).read_bytes(), incoming.context(token, "plan")))
    return Upload(**{**kept, "at": datetime.fromisoformat(kept["at"])})


def _gone() -> NotFoundError:
    return NotFoundError(
        f"This upload is not there (any more): it is kept for {KEPT_HOURS} hours. Send the file again.",
        f"Unggahan ini tidak ada (lagi): disimpan {KEPT_HOURS} jam. Kirim berkasnya lagi.",
        code="upload_gone",
    )
