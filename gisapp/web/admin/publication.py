"""What strangers see: shown as it is, decided by those who may, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from gisapp.errors import GisappError, InvalidParameterError, NotFoundError, PermissionRefusedError
from gisapp.release.published import PUBLISHABLE, Publication
from gisapp.release.publishing import LARGEST_K, baselines, floor_of, publish, unpublish
from gisapp.web import shell
from gisapp.web.answers import go_to
from gisapp.web.auth import current_actor, gate
from gisapp.web.errors import status_of
from gisapp.web.source import District, source

blueprint = Blueprint("publication", __name__, url_prefix="/admin/publication")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One collection that can be published: how many rows strangers see, and how many of these without figures.

    ``then`` are the collections that the row's button would publish: with this one, or without it.
    """

    name: str
    shown: bool
    rows: int
    withheld: int
    then: tuple[str, ...]


@blueprint.get("")
def page() -> str:
    """What strangers see now, and what would change it."""
    return _page()


@blueprint.post("")
def decide() -> ResponseReturnValue:
    """Publish what the form says, or go back to the default."""
    form = request.form
    try:
        if form.get("default"):
            unpublish(gate().workspace, actor=current_actor())
        else:
            publish(
                gate().workspace, run_id=form.get("run") or None, collections=form.getlist("collections"),
                k=_whole(form.get("k", "")), actor=current_actor(),
            )  # fmt: skip
    except (InvalidParameterError, NotFoundError, PermissionRefusedError) as error:
        return _page(error=error), status_of(error)
    return go_to("publication.page", done=1)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise InvalidParameterError("k is a whole number.", "k adalah bilangan bulat.", code="k")
    return int(text)


def _page(error: GisappError | None = None) -> str:
    now, workspace = source().publication(), gate().workspace
    try:
        strangers = source().district("public")
    except NotFoundError:  # nothing was run yet
        return render_template("admin/publication.html", seen=[], error=error, **shell.around())
    return render_template(
        "admin/publication.html", now=now, seen=[_row(strangers, now, name) for name in PUBLISHABLE],
        strangers=strangers.run.run_id, period=strangers.period, runs=baselines(workspace), floor=floor_of(workspace),
        largest=LARGEST_K, done=request.args.get("done") and not error, error=error, **shell.around(),
    )  # fmt: skip


def _row(strangers: District, now: Publication, name: str) -> Seen:
    frame: Any = strangers.released(name).frame
    shown = name in now.collections
    then = tuple(one for one in PUBLISHABLE if (one in now.collections) != (one == name))
    withheld = int(frame["status"].eq("suppressed").sum())
    return Seen(name=name, shown=shown, rows=len(frame), withheld=withheld, then=then)
