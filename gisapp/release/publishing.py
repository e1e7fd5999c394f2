"""Which run, which collections and at which k strangers may see: decided by somebody, recorded, and taken back."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from gisapp.access.permissions import require
from gisapp.errors import InvalidParameterError, NotFoundError
from gisapp.release.collections import smallest_count
from gisapp.release.published import PUBLISHABLE, PUBLISHED, Publication
from gisapp.release.tables import PublicationRow
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.tables import utc_now
from gisapp.targeting.runs import MANIFEST, list_sealed, load_run

if TYPE_CHECKING:
    from gisapp.access.actors import Actor
    from gisapp.targeting.runs import Sealed
    from gisapp.workspace.folder import Workspace

PERMISSION = "publication.decide"
#: Nobody needs a larger one: the same bound as that of the threshold ``k_public``.
LARGEST_K = 1000


def floor_of(workspace: Workspace) -> int:
    """The smallest k that strangers may be given: the dated threshold ``k_public``, and never below ``k_staff``."""
    return smallest_count(workspace, "public")


def published(workspace: Workspace) -> Publication:
    """What holds now: the newest decision, with the k that the settings ask for by now where that is larger."""
    with session(workspace.database, write=False) as database:
        row = database.scalars(select(PublicationRow).order_by(PublicationRow.number.desc()).limit(1)).first()
    default = _default(workspace)
    if row is None or row.run_id is None:
        return default
    if _baseline(workspace, row.run_id) is None:
        return dataclasses.replace(default, lost=row.run_id)
    return Publication(run_id=row.run_id, collections=tuple(row.collections.split(",")), k=max(row.k, default.k))


def publish(
    workspace: Workspace,
    *,
    run_id: str | None = None,
    collections: Iterable[str] = (),
    k: int | None = None,
    actor: Actor,
) -> Publication:
    """Let strangers see collections of one sealed run (the newest baseline where none is named) from k families on.

    Areas are always among them: they are the ground of every map. Raises NotFoundError for a run that is not there (any
    more), InvalidParameterError for a scenario, an unknown collection, and a k below ``floor_of``.
    """
    require(actor, PERMISSION)
    chosen, least = _chosen(collections), floor_of(workspace)
    k = least if k is None else k
    if not least <= k <= LARGEST_K:
        raise InvalidParameterError(
            f"k = {k} is not from {least} to {LARGEST_K}: strangers never see counts below {least} families "
            "(thresholds k_public and k_staff of gisapp.toml).",
            f"k = {k} di luar {least} sampai {LARGEST_K}: umum tidak pernah melihat angka di bawah {least} keluarga "
            "(ambang k_public dan k_staff di gisapp.toml).",
            code="k_too_small" if k < least else "k_too_large",
        )
    wanted = _require_baseline(workspace, run_id)
    found = Publication(run_id=wanted.run_id, collections=chosen, k=k)
    _record(workspace, found, actor, "release.published", wanted.run_id)
    return found


def unpublish(workspace: Workspace, *, actor: Actor) -> Publication:
    """Go back to the default: areas of the newest baseline, at the floor."""
    require(actor, PERMISSION)
    default, before = _default(workspace), published(workspace)
    if not before.is_default or before.lost:
        _record(workspace, default, actor, "release.unpublished", before.run_id or before.lost or "")
    return default


def baselines(workspace: Workspace) -> list[Sealed]:
    """Sealed runs that can be published, the newest first."""
    return [sealed for sealed in list_sealed(workspace) if sealed.scenario is None]


def _baseline(workspace: Workspace, run_id: str) -> Sealed | None:
    return next((sealed for sealed in baselines(workspace) if sealed.run_id == run_id), None)


def _default(workspace: Workspace) -> Publication:
    return Publication(run_id=None, collections=tuple(sorted(PUBLISHED)), k=floor_of(workspace))


def _chosen(collections: Iterable[str]) -> tuple[str, ...]:
    asked = {name.strip() for name in collections} | PUBLISHED
    if unknown := sorted(asked - set(PUBLISHABLE)):
        names = ", ".join(PUBLISHABLE)
        raise InvalidParameterError(
            f"{unknown[0]!r} cannot be published: choose from {names}. The rest is for those who log in.",
            f"{unknown[0]!r} tidak dapat diumumkan: pilih dari {names}. Selebihnya hanya untuk yang masuk.",
            code="not_publishable",
        )
    return tuple(name for name in PUBLISHABLE if name in asked)


def _require_baseline(workspace: Workspace, run_id: str | None) -> Sealed:
    wanted = load_run(workspace, run_id)
    found = _baseline(workspace, wanted.run_id)
    if found is None:
        raise InvalidParameterError(
            f"{run_id} is a scenario: what might be is never published. `gisapp runs` lists the baselines.",
            f"{run_id} adalah skenario: pengandaian tidak pernah diumumkan. Lihat hasil dasar dengan `gisapp runs`.",
            code="scenario_not_publishable",
        )
    if not (wanted.folder / MANIFEST).is_file():
        raise NotFoundError(
            f"The files of run {wanted.run_id} are gone: run `gisapp doctor`, then `gisapp run`.",
            f"Berkas hasil {wanted.run_id} sudah tidak ada: jalankan `gisapp doctor`, lalu `gisapp run`.",
            code="run_lost",
        )
    return found


def _record(workspace: Workspace, decided: Publication, actor: Actor, action: str, subject: str) -> None:
    names = ",".join(decided.collections)
    detail: dict[str, Any] = {"collections": names, "k": decided.k}
    with session(workspace.database) as database:
        database.add(
            PublicationRow(at=utc_now(), actor=actor.name, run_id=decided.run_id, collections=names, k=decided.k)
        )
        append_event(database, action=action, subject=subject, detail=detail, actor=actor.name)
