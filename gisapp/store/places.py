"""Where a workspace's tables are: in its own SQLite file, or in its own schema on a PostgreSQL server."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from gisapp.errors import WorkspaceError
from gisapp.settings import database_url
from gisapp.store.database import Place, ServerPlace
from gisapp.store.files import atomic_write_bytes
from gisapp.store.server import bad_address

DATABASE_FILE = "gisapp.sqlite"
#: Tells workspaces apart on a shared server; it is no secret, and a restored workspace gets a new one.
IDENTITY_FILE = "workspace.id"

_IDENTITY = re.compile(r"[0-9a-f]{16}")


def create_identity(root: Path) -> str:
    """Give a workspace an identity of its own, in place of any that it had; returns it (16 hexadecimal characters)."""
    identity = secrets.token_hex(8)
    atomic_write_bytes(root / IDENTITY_FILE, f"{identity}\n".encode())
    return identity


def place_of(root: Path) -> Place:
    """Place of a workspace's tables, as GISAPP_DATABASE_URL says; WorkspaceError where the identity is unreadable."""
    url = database_url()
    if url is None:
        return root / DATABASE_FILE
    if not url.startswith("postgresql+psycopg://"):
        raise bad_address()
    return ServerPlace(url, f"gisapp_{_identity(root)}")


def existing_place(root: Path) -> Place:
    """Place of the tables that a workspace has; WorkspaceError (code ``database_elsewhere``) where they are not there.

    No empty tables may take the place of tables that are elsewhere: every file would look like a left-over then.
    """
    place, file = place_of(root), root / DATABASE_FILE
    if isinstance(place, ServerPlace) and file.exists():
        raise WorkspaceError(
            f"The tables of this workspace are in {file}, but GISAPP_DATABASE_URL names a server. Unset it, or move "
            "the workspace by backup and restore.",
            f"Tabel ruang kerja ini ada di {file}, tetapi GISAPP_DATABASE_URL menunjuk server. Kosongkan, atau "
            "pindahkan ruang kerja lewat cadangan dan pemulihan.",
            code="database_elsewhere",
        )
    if isinstance(place, Path) and not file.exists():
        raise WorkspaceError(
            f"{file} is missing. If the tables are on a server, set GISAPP_DATABASE_URL; else restore a backup.",
            f"{file} tidak ada. Bila tabelnya di server, isi GISAPP_DATABASE_URL; bila tidak, pulihkan cadangan.",
            code="database_elsewhere",
        )
    return place


def _identity(root: Path) -> str:
    path = root / IDENTITY_FILE
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        text = ""
    if not _IDENTITY.fullmatch(text):
        raise WorkspaceError(
            f"{path} is missing or damaged, so the tables of this workspace cannot be found on the server. "
            "Restore the file from a backup.",
            f"{path} hilang atau rusak, jadi tabel ruang kerja ini tidak dapat ditemukan di server. "
            "Pulihkan berkas itu dari cadangan.",
            code="workspace_identity",
        )
    return text
