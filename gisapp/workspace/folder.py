"""A district's folder: opened, or made new with everything that it needs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gisapp.catalog.load import Catalog, load_catalog
from gisapp.errors import WorkspaceError
from gisapp.settings import default_layers_folder
from gisapp.workspace.settings import FILE_NAME, WorkspaceSettings, default_settings_text, read_settings

if TYPE_CHECKING:
    from gisapp.store.database import ServerPlace

#: Folders that every workspace has.
FOLDERS = ("layers", "layers/original", "registry", "registry/quarantine", "runs", "release")


@dataclass(frozen=True)
class Workspace:
    """An opened workspace: its root, its settings, its catalogue."""

    root: Path
    settings: WorkspaceSettings
    catalog: Catalog

    @property
    def settings_path(self) -> Path:
        """The workspace's gisapp.toml."""
        return self.root / FILE_NAME

    @property
    def layers_folder(self) -> Path:
        """Folder of the layers: one TOML and its data each."""
        return self.root / "layers"

    @property
    def registry_folder(self) -> Path:
        """Folder of the household snapshots and the quarantine."""
        return self.root / "registry"

    @property
    def runs_folder(self) -> Path:
        """Folder of the sealed runs."""
        return self.root / "runs"

    @property
    def release_folder(self) -> Path:
        """Folder of what was made on demand for others."""
        return self.root / "release"

    @property
    def database(self) -> Path | ServerPlace:
        """Where the workspace's tables are: its SQLite file, or its schema on the server of GISAPP_DATABASE_URL."""
        from gisapp.store.places import existing_place

        return existing_place(self.root)


def open_workspace(root: Path) -> Workspace:
    """Open a workspace: read its settings and its catalogue, touch nothing.

    Raises
    ------
    WorkspaceError : there is no workspace at ``root``.
    ConfigurationError : gisapp.toml or a layer's TOML has a wrong key.
    """
    root = Path(root)
    if not (root / FILE_NAME).is_file():
        raise WorkspaceError(
            f"{root} is not a workspace (no {FILE_NAME}). Make one with: gisapp init {root}",
            f"{root} bukan ruang kerja (tidak ada {FILE_NAME}). Buat dengan: gisapp init {root}",
            code="workspace_missing",
        )
    settings = read_settings(root / FILE_NAME)
    return Workspace(root, settings, load_catalog(default_layers_folder(), root / "layers"))


def init_workspace(
    root: Path, *, name: str | None = None, synthetic: bool = False, seed: int | None = None
) -> Workspace:
    """Make an empty workspace: folders (mode 0700), a commented gisapp.toml, keys and database.

    Everything is written beside ``root`` and renamed at the end, so a crash leaves no half workspace.
    ``synthetic`` with a ``seed`` makes keys and random numbers reproducible, for a synthetic district only.

    Raises
    ------
    WorkspaceError : ``root`` is a workspace already (left unchanged), a file, or a folder with other things in it.
    """
    root = Path(root)
    refuse_occupied(root)
    with built_beside(root) as building:
        try:
            text = default_settings_text(name=name or "", synthetic=synthetic, seed=seed)
            _fill(building, text, seed if synthetic else None)
            building.rename(root)
        except OSError:
            _take_back(building)
            raise
    return open_workspace(root)


@contextmanager
def built_beside(root: Path) -> Iterator[Path]:
    """Folder beside ``root`` in which a workspace is made and then renamed; nothing of it is left at the end.

    WorkspaceError where it cannot be written.
    """
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=f".{root.name}-", dir=root.parent))
    except OSError as error:
        raise not_writable(root, error) from error
    try:
        yield building
    except OSError as error:
        raise not_writable(root, error) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)


def refuse_occupied(root: Path) -> None:
    """WorkspaceError unless a workspace can be made at ``root``."""
    if (root / FILE_NAME).exists():
        raise WorkspaceError(
            f"{root} is already a workspace; nothing was changed. Add data with: gisapp add FILE -w {root}",
            f"{root} sudah menjadi ruang kerja; tidak ada yang diubah. Tambah data dengan: gisapp add BERKAS -w {root}",
            code="workspace_exists",
        )
    if root.is_symlink() or (root.exists() and not root.is_dir()):
        raise WorkspaceError(
            f"{root} is not a folder. Name a new or empty folder.",
            f"{root} bukan folder. Sebutkan folder baru atau kosong.",
            code="workspace_not_folder",
        )
    if root.is_dir() and any(root.iterdir()):
        raise WorkspaceError(
            f"{root} is not empty and not a workspace; nothing was changed. Name a new or empty folder.",
            f"{root} tidak kosong dan bukan ruang kerja; tidak ada yang diubah. Sebutkan folder baru atau kosong.",
            code="workspace_not_empty",
        )


def _fill(building: Path, settings_text: str, key_seed: int | None) -> None:
    from gisapp.store.database import create_database
    from gisapp.store.files import atomic_write_bytes
    from gisapp.store.places import create_identity, place_of
    from gisapp.store.vault import create_keys

    for folder in FOLDERS:
        (building / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    create_keys(building, seed=key_seed)
    create_identity(building)
    create_database(place_of(building))
    atomic_write_bytes(building / FILE_NAME, settings_text.encode())


def _take_back(building: Path) -> None:
    """Remove what a workspace that could not be finished has on a server."""
    from gisapp.store.database import drop_database
    from gisapp.store.places import IDENTITY_FILE, place_of

    if (building / IDENTITY_FILE).is_file():
        drop_database(place_of(building))


def not_writable(root: Path, error: OSError) -> WorkspaceError:
    """Say why no workspace could be made."""
    reason = error.strerror or str(error)
    return WorkspaceError(
        f"{root}: the workspace cannot be made ({reason}). Choose another place or fix the permissions.",
        f"{root}: ruang kerja tidak dapat dibuat ({reason}). Pilih tempat lain atau perbaiki izinnya.",
        code="write_failed",
    )
