"""Files of a workspace that do not exist as far as its database says: what a crash or an interrupted work left."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from gisapp.store.files import PARTIAL
from gisapp.store.inventory import Inventory


def partial_files(root: Path) -> list[Path]:
    """Files and folders that were still being written."""
    return sorted(root.rglob(f".*{PARTIAL}"))


def without_row(root: Path, inventory: Inventory) -> list[Path]:
    """Snapshots, quarantine files, attachments and runs that no row names."""
    registry = root / "registry"
    found = _unknown(root, registry.glob("*.parquet"), inventory.snapshots)
    found += _unknown(root, (registry / "quarantine").glob("*.enc"), inventory.quarantine)
    found += _unknown(root, (registry / "attachments").glob("*.enc"), inventory.attachments)
    runs = root / "runs"
    return found + _unknown(root, runs.iterdir() if runs.is_dir() else (), inventory.runs)


def _unknown(root: Path, paths: Iterable[Path], known: Collection[str]) -> list[Path]:
    return [path for path in sorted(paths) if path.relative_to(root).as_posix() not in known]
