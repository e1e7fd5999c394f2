"""A workspace made once and changed by many tests: each gets a copy of its own, tables included."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from gisapp.settings import database_url
from gisapp.workspace.backup import backup
from gisapp.workspace.folder import open_workspace
from gisapp.workspace.restore import restore


def copy_workspace(source: Path, target: Path) -> Path:
    """Copy a workspace; on a server its tables go into a schema of their own, which copying files would not do."""
    if database_url() is None:
        return Path(shutil.copytree(source, target))
    with tempfile.TemporaryDirectory(prefix="gisapp-copy-") as folder:
        file = Path(folder) / "copy.backup"
        backup(open_workspace(source), file)
        restore(file, target)
    return target
