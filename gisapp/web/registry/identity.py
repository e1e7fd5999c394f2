"""One family by its number: who it is, for a recorded purpose; and its erasure everywhere."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from gisapp.errors import GisappError, InvalidParameterError, NotFoundError, RegistryError
from gisapp.registry.erasure import erase_family
from gisapp.registry.identities import find_family, purposes, read_identity
from gisapp.web import shell
from gisapp.web.auth import current_actor
from gisapp.web.errors import status_of
from gisapp.web.source import source
from gisapp.web.updates import places as updates_places

#: What is typed to confirm an erasure, in either language.
CONFIRMATIONS = ("HAPUS", "ERASE")

blueprint = Blueprint("identity", __name__, url_prefix="/admin")


def _form(error: GisappError | None = None, **found: Any) -> str:
    return render_template(
        "registry/identity.html", error=error, purposes=purposes(), given=request.form, **found, **shell.around()
    )


@blueprint.get("/identity")
def form() -> str:
    """The form; the number is sent in the body, never in an address."""
    return _form()


@blueprint.post("/identity")
def look_up() -> ResponseReturnValue:
    """Who a family is: of NIK and KK the last four digits; the look is recorded with its purpose."""
    ws, actor, purpose = source().workspace, current_actor(), request.form.get("purpose", "")
    try:
        ref = find_family(ws, **_number(), actor=actor, purpose=purpose)
        if ref is None:
            raise _nobody()
        identity = read_identity(ws, ref.family_id, ref.snapshot_hash, actor=actor, purpose=purpose)
    except (InvalidParameterError, NotFoundError) as error:
        return _form(error), status_of(error)
    place = updates_places.village(ws, identity.area)
    return _form(identity=identity.masked(), family=ref, place=place)


def _number() -> dict[str, str | None]:
    number, kind = request.form.get("number", "").strip(), request.form.get("kind")
    if not number:
        raise InvalidParameterError("Write the number.", "Tulis nomornya.")
    return {"nik": None, "family_number": number} if kind == "family_number" else {"nik": number, "family_number": None}


def _nobody() -> NotFoundError:
    return NotFoundError(
        "No family of this number is registered in your area.",
        "Tidak ada keluarga bernomor ini yang terdaftar di wilayah kerja Anda.",
        code="family_unknown",
    )


@blueprint.get("/erasure")
def erasure() -> str:
    """The form that erases one family."""
    return render_template("registry/erasure.html", error=None, done=None, **shell.around())


@blueprint.post("/erasure")
def erase() -> ResponseReturnValue:
    """Erase a family whose number was written twice, after the word was typed."""
    reason = request.form.get("reason", "").strip()
    try:
        _require_confirmed()
        done = erase_family(source().workspace, **_number(), actor=current_actor(), reason=reason)
    except (InvalidParameterError, NotFoundError, RegistryError) as error:
        page = render_template("registry/erasure.html", error=error, done=None, reason=reason, **shell.around())
        return page, status_of(error)
    return render_template("registry/erasure.html", error=None, done=done, **shell.around())


def _require_confirmed() -> None:
    if request.form.get("number", "").strip() != request.form.get("again", "").strip():
        raise InvalidParameterError(
            "The two numbers differ; nothing was erased.", "Kedua nomor tidak sama; tidak ada yang dihapus."
        )
    if request.form.get("confirm", "").strip().upper() not in CONFIRMATIONS:
        raise InvalidParameterError(
            "Type ERASE to confirm; nothing was erased.", "Ketik HAPUS untuk memastikan; tidak ada yang dihapus."
        )
