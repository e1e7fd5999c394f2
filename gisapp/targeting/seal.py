"""Put a finished run under its name: all files first, then the folder, then the row that makes it exist."""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.store.database import session
from gisapp.store.files import fsync_folder, workspace_lock
from gisapp.targeting.runs import MANIFEST, PATTERNS, REACHED, Sealed, asked_now
from gisapp.targeting.tables import RunRow
from gisapp.workspace.folder import Workspace

#: Decimal places kept in a run; finer differences are noise of the platform's mathematics library.
DECIMALS = 10


def seal(
    workspace: Workspace,
    run_id: str,
    *,
    collections: dict[str, gpd.GeoDataFrame],
    patterns: pd.DataFrame,
    reached: pd.DataFrame,
    context: dict[str, gpd.GeoDataFrame],
    rasters: dict[str, bytes],
    manifest: dict[str, Any],
    scenario: str | None = None,
) -> Sealed:
    """Write a run's files beside its final name, rename the folder, and commit its row.

    A folder without a row is left-over that ``doctor`` removes; a row without a folder cannot come to be. The name of
    the ``scenario`` stands in the row alone: two names for the same changes are one run.
    """
    workspace.runs_folder.mkdir(mode=0o700, exist_ok=True)
    with workspace_lock(workspace.root):
        temporary = Path(tempfile.mkdtemp(prefix=".making-", dir=workspace.runs_folder))
        try:
            for name, frame in ((PATTERNS, patterns), (REACHED, reached)):
                frame.to_parquet(temporary / name, index=False, compression="zstd")
            _write_files(temporary, collections, context, rasters, manifest)
            final = workspace.runs_folder / run_id
            if final.exists():
                shutil.rmtree(final)
            temporary.rename(final)
            fsync_folder(workspace.runs_folder)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
        return _commit(workspace, run_id, manifest, scenario)


def _write_files(
    folder: Path,
    collections: dict[str, gpd.GeoDataFrame],
    context: dict[str, gpd.GeoDataFrame],
    rasters: dict[str, bytes],
    manifest: dict[str, Any],
) -> None:
    (folder / "context").mkdir(mode=0o700)
    for name, frame in collections.items():
        _write_parquet(frame, folder / f"{name}.parquet")
    for name, frame in context.items():
        _write_parquet(frame, folder / "context" / f"{name}.parquet")
    for name, content in rasters.items():
        (folder / "context" / f"{name}.tif").write_bytes(content)
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    fsync_folder(folder)


def _write_parquet(frame: gpd.GeoDataFrame, path: Path) -> None:
    numbers = frame.select_dtypes(include=[np.floating]).columns
    rounded = frame.assign(**{name: frame[name].round(DECIMALS) for name in numbers})
    rounded.to_parquet(path, index=False, compression="zstd")


def _commit(workspace: Workspace, run_id: str, manifest: dict[str, Any], scenario: str | None) -> Sealed:
    now = datetime.now(UTC).replace(microsecond=0)
    counts, warnings = manifest["counts"], manifest["warnings"]
    with session(workspace.database) as database:
        database.merge(
            RunRow(
                run_id=run_id, period=manifest["period"], snapshot=manifest["snapshot"], parent=manifest["parent"],
                scenario=scenario, created_at=now, asked_at=asked_now(database), input_hash=run_id,
                path=f"runs/{run_id}", pockets=counts["pockets"], interventions=counts["interventions"],
                warnings=json.dumps(warnings, sort_keys=True),
            )
        )  # fmt: skip
        database.commit()
    return Sealed(
        run_id=run_id, period=manifest["period"], pockets=counts["pockets"],
        interventions=counts["interventions"], warnings=warnings, created_at=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        snapshot=manifest["snapshot"], scenario=scenario,
    )  # fmt: skip
