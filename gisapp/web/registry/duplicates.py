"""Probable duplicates: found in the background, looked at side by side, decided by a person, never merged here."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from gisapp.access.actors import Actor
from gisapp.errors import NotFoundError
from gisapp.jobs.queue import Builder, Work
from gisapp.registry.duplicates import Duplicate, decide, probable_duplicates, proposals
from gisapp.registry.identities import Identity, read_identity
from gisapp.registry.snapshots import latest_snapshot
from gisapp.store.hashing import sha256_json
from gisapp.web import shell
from gisapp.web.answers import go_to
from gisapp.web.auth import current_actor, may
from gisapp.web.moments import moments
from gisapp.web.registry.jobs import queue
from gisapp.web.source import source
from gisapp.web.updates import places as updates_places
from gisapp.workspace.folder import Workspace, open_workspace

KIND = "duplicates"
#: Purpose under which the identities of a proposal are read.
PURPOSE = "duplicates"
_SHOWN = 200

blueprint = Blueprint("duplicates", __name__, url_prefix="/admin/duplicates")
blueprint.context_processor(moments)


def builder(ws: Workspace) -> Builder:
    """Makes the work of looking for duplicates from its job's parameters."""
    root = ws.root

    def build(parameters: dict[str, Any]) -> Work:
        actor = Actor(**parameters["actor"])
        return lambda progress: {
            "proposals": len(probable_duplicates(open_workspace(root), actor=actor, progress=progress))
        }

    return build


@blueprint.get("")
def index() -> str:
    """Every proposal of the latest snapshot, the likeliest first; undecided ones before the others."""
    ws = source().workspace
    found = sorted(proposals(ws, actor=current_actor()), key=lambda one: one.state != "proposed")
    rows = [(one, updates_places.village(ws, one.area)) for one in found[:_SHOWN]]
    undecided = sum(one.state == "proposed" for one in found)
    return render_template(
        "registry/duplicates.html", rows=rows, undecided=undecided, total=len(found), **shell.around()
    )


@blueprint.post("")
def look() -> ResponseReturnValue:
    """Look for duplicates in the latest snapshot, in the background."""
    ws, actor = source().workspace, current_actor()
    ref = latest_snapshot(ws)
    if ref is None:
        raise NotFoundError("There is no snapshot yet.", "Belum ada potret data keluarga.", code="no_snapshot")
    parameters = {"actor": {"name": actor.name, "role": actor.role, "area": actor.area}}
    job = queue().submit(
        KIND, ref.period, builder(ws)(parameters), owner=actor.name, input_hash=sha256_json([KIND, ref.hash]),
        parameters=parameters,
    )  # fmt: skip
    return go_to("jobs.page", job_id=job)


@blueprint.get("/<int:number>")
def pair(number: int) -> str:
    """Both families side by side; who they are only for roles that may read identities, which is recorded."""
    ws = source().workspace
    found = _proposal(number)
    sides = [_identity(ws, family) for family in (found.family_a, found.family_b)] if may("identity.read") else []
    place = updates_places.village(ws, found.area)
    return render_template("registry/pair.html", one=found, sides=sides, place=place, **shell.around())


def _proposal(number: int) -> Duplicate:
    for one in proposals(source().workspace, actor=current_actor()):
        if one.number == number:
            return one
    raise NotFoundError("There is no such proposal.", "Tidak ada usulan itu.", code="duplicate_unknown")


def _identity(ws: Workspace, family_id: str) -> Identity:
    ref = latest_snapshot(ws)
    assert ref is not None  # noqa: S101 - a proposal is of a snapshot
    return read_identity(ws, family_id, ref.hash, actor=current_actor(), purpose=PURPOSE).masked()


@blueprint.post("/<int:number>")
def verdict(number: int) -> ResponseReturnValue:
    """Record whether two families are one."""
    decide(source().workspace, number, request.form.get("verdict", ""), actor=current_actor())
    return go_to("duplicates.index")
