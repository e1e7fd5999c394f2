"""Decree lists: sent, kept sealed, and matched with the registry per desa."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from gisapp.errors import FileRefusedError, GisappError, InvalidParameterError, RegistryError
from gisapp.registry.list_matching import match_list
from gisapp.registry.lists import list_lists, take_in_list
from gisapp.registry.uploads import private_folder, safe_name
from gisapp.web import shell
from gisapp.web.answers import go_to
from gisapp.web.auth import current_actor
from gisapp.web.errors import status_of
from gisapp.web.moments import moments
from gisapp.web.registry import pages as registry_pages
from gisapp.web.source import source

#: The largest decree list that a browser may send.
LARGEST_LIST_BYTES = 100_000_000
_FIELDS = ("name", "number", "date", "criteria", "programme")

blueprint = Blueprint("lists", __name__, url_prefix="/admin/lists")
blueprint.context_processor(moments)


@blueprint.record
def _room_for_uploads(state: BlueprintSetupState) -> None:
    state.app.config["UPLOAD_LIMITS"] |= {"lists.take_in": LARGEST_LIST_BYTES}


@blueprint.teardown_request
def _close_files(_: BaseException | None) -> None:
    request.close()


@blueprint.get("")
def index() -> str:
    """Every list, and the form that sends one."""
    return _index()


def _index(error: GisappError | None = None) -> str:
    found = list_lists(source().workspace, current_actor())
    return render_template("registry/lists.html", lists=found, error=error, given=request.form, **shell.around())


@blueprint.post("")
def take_in() -> ResponseReturnValue:
    """Take a list; the file in the clear is gone when this returns."""
    sent, said = request.files.get("file"), {name: request.form.get(name, "").strip() for name in _FIELDS}
    try:
        if sent is None or not sent.filename:
            raise FileRefusedError("Choose a file.", "Pilih sebuah berkas.", code="file_missing")
        with private_folder() as folder:
            path = folder / safe_name(sent.filename)
            sent.save(path)
            taken = take_in_list(
                source().workspace, path, name=said["name"], number=said["number"], date=said["date"],
                criteria=said["criteria"], programme=said["programme"], actor=current_actor(),
            )  # fmt: skip
    except (FileRefusedError, InvalidParameterError, RegistryError) as error:
        return _index(error), status_of(error)
    return go_to("lists.match", name=taken.name)


@blueprint.get("/match")
def match() -> str:
    """How a list agrees with the newest snapshot of a period, or of the latest."""
    ws = source().workspace
    found = match_list(ws, request.args.get("name", ""), request.args.get("period") or None, actor=current_actor())
    return render_template("registry/match.html", **registry_pages.match_page(ws, found), **shell.around())
