"""The files of uploads that wait to be taken in, as ``uploads`` writes them: how long they stay, and who removes them.

An upload may hold any family in any form, so nothing looks into one: an erasure removes all that wait.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from gisapp.errors import Problem
from gisapp.store.sealed_files import reseal_frames, reseal_whole
from gisapp.store.tables import utc_now
from gisapp.store.vault import Vault
from gisapp.workspace.folder import Workspace

FOLDER: Final = Path("registry") / "incoming"
#: An upload that nobody has taken in after so many hours is removed.
KEPT_HOURS: Final = 24
TOKEN: Final = re.compile(r"[0-9a-f]{32}")

_PLAN = ".plan.enc"


def data_path(root: Path, token: str) -> Path:
    """The sent file itself, in frames of the vault."""
    return root / FOLDER / f"{token}.enc"


def plan_path(root: Path, token: str) -> Path:
    """What is known of the file; written last, it makes the upload exist."""
    return root / FOLDER / f"{token}{_PLAN}"


def context(token: str, part: int | str) -> str:
    """What a frame, or the plan, is bound to."""
    return f"incoming {token} {part}"


def _tokens(root: Path) -> Iterator[tuple[str, datetime | None]]:
    """Every upload, whole or half, and since when its file lies there; None where the file is gone."""
    found = {path.name.partition(".")[0] for path in (root / FOLDER).glob("*.enc")}
    for token in sorted(found):
        if TOKEN.fullmatch(token):
            try:
                yield token, datetime.fromtimestamp(data_path(root, token).stat().st_mtime, UTC)
            except FileNotFoundError:
                yield token, None


def discard(root: Path, token: str) -> None:
    """Remove an upload; one that is gone already is no fault."""
    if TOKEN.fullmatch(token):
        plan_path(root, token).unlink(missing_ok=True)
        data_path(root, token).unlink(missing_ok=True)


def sweep(root: Path) -> None:
    """Remove uploads that are too old, whole: a choice made later does not keep the file any longer."""
    limit = utc_now() - timedelta(hours=KEPT_HOURS)
    for token, since in _tokens(root):
        if since is None or since < limit:
            discard(root, token)


def discard_all(root: Path) -> int:
    """Remove every upload that waits; returns how many."""
    tokens = [token for token, _ in _tokens(root)]
    for token in tokens:
        discard(root, token)
    return len(tokens)


def waiting_problems(ws: Workspace) -> tuple[Problem, ...]:
    """Remove what is too old, and tell of uploads that still wait."""
    sweep(ws.root)
    moments = [since for _, since in _tokens(ws.root) if since is not None]
    if not moments:
        return ()
    until = f"{max(moments) + timedelta(hours=KEPT_HOURS):%Y-%m-%dT%H:%M:%SZ}"
    return (
        Problem(
            code="uploads_waiting",
            severity="info",
            count=len(moments),
            detail=f"Files sent by browser and not taken in; they go by {until}.",
            detail_id=f"Berkas dari peramban yang belum diterima; terhapus paling lambat {until}.",
        ),
    )


def reseal_files(root: Path, database: Session, old: Vault, new: Vault) -> int:
    """Encrypt every upload anew under the new key; may run again, and skips what is done. None is kept any longer."""
    del database
    done = 0
    for token, since in _tokens(root):
        path = data_path(root, token)
        with suppress(FileNotFoundError):  # taken in or discarded at this moment
            if since is not None and reseal_frames(path, partial(context, token), old, new):
                os.utime(path, (since.timestamp(), since.timestamp()))
                done += 1
            reseal_whole(plan_path(root, token), context(token, "plan"), old, new)
    return done
