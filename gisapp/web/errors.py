"""One table from error to status; a page for people, their own language first; JSON for programs."""

from __future__ import annotations

import logging
import secrets
import traceback

from flask import Flask, Response, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from gisapp.access.scrub import scrub
from gisapp.errors import (
    ConfigurationError,
    CRSMismatchError,
    FileRefusedError,
    GisappError,
    InvalidInputError,
    InvalidParameterError,
    NotFoundError,
    PermissionRefusedError,
    QueueFullError,
    RegistryError,
    WorkspaceError,
)
from gisapp.registry.updates.model import ConflictError, StepRefusedError
from gisapp.web import shell
from gisapp.web.language import texts
from gisapp.web.paths import API, wants_json
from gisapp.web.source import source
from gisapp.web.texts import LANGUAGES

_LOG = logging.getLogger(__name__)

#: The first class that fits decides; a subclass stands above its base.
STATUS_OF: dict[type[GisappError], int] = {
    NotFoundError: 404,
    InvalidParameterError: 400,
    CRSMismatchError: 400,
    InvalidInputError: 422,
    FileRefusedError: 422,
    RegistryError: 422,
    PermissionRefusedError: 403,
    QueueFullError: 429,
    ConflictError: 409,
    StepRefusedError: 422,
    ConfigurationError: 503,
    WorkspaceError: 503,
    GisappError: 500,
}

_HTTP_TEXT = {
    400: ("Permintaan tidak dapat dibaca.", "The request cannot be read."),
    401: ("Masuk dahulu untuk melihat ini.", "Log in first to see this."),
    403: ("Peran Anda tidak boleh melihat ini.", "Your role may not see this."),
    404: ("Halaman ini tidak ada.", "There is no such page."),
    405: ("Cara meminta ini tidak dilayani.", "This way of asking is not served."),
    408: (
        "Kiriman terlalu lama dan diputus. Ulangi dengan sambungan yang lebih baik.",
        "Sending took too long and was ended. Try again on a better connection.",
    ),
    413: ("Yang dikirim terlalu besar.", "What was sent is too large."),
    429: (
        "Terlalu banyak permintaan. Tunggu sebentar, lalu ulangi.",
        "Too many requests. Wait a moment, then try again.",
    ),
}
#: Said instead of where the workspace lies on this machine.
NO_RUN = ("Belum ada hasil hitung di ruang kerja ini.", "This workspace holds no run yet.")
_OTHER_HTTP = ("Permintaan tidak dapat dilayani.", "The request cannot be served.")
_UNEXPECTED = (
    "Terjadi kesalahan yang tidak terduga. Ulangi; bila tetap gagal, sampaikan nomor rujukan ini kepada admin.",
    "Something unexpected went wrong. Try again; if it stays, give this reference number to the administrator.",
)


def status_of(error: GisappError) -> int:
    """HTTP status of an error of ours."""
    return next(status for kind, status in STATUS_OF.items() if isinstance(error, kind))


def _answer(status: int, code: str, sentences: tuple[str, str]) -> Response:
    reference = secrets.token_hex(4).upper()
    here = f"{source().workspace.root}/"
    sentences = (scrub(sentences[0].replace(here, "")), scrub(sentences[1].replace(here, "")))
    message_id, message_en = sentences
    _LOG.warning("%s %s %s %s", reference, status, code, scrub(request.path))
    if wants_json(request) or isinstance(request.routing_exception, SecurityError):
        told = {"code": code, "reference": reference, "message_id": message_id, "message_en": message_en}
        response = _problem(status, told) if request.path.startswith(API) else jsonify(told)
    else:
        said = list(zip(LANGUAGES, NO_RUN if code == "no_run" else sentences, strict=True))
        said.sort(key=lambda pair: pair[0] != texts().lang)
        page = render_template("error.html", status=status, reference=reference, said=said, **shell.around())
        response = Response(page)
    response.status_code = status
    return response


def _problem(status: int, told: dict[str, str]) -> Response:
    """Problem details (RFC 9457) for programs: the sentence in their language, and both beside it."""
    phrase = _HTTP_TEXT.get(status, _OTHER_HTTP)[LANGUAGES.index(texts().lang)]
    detail = told[f"message_{texts().lang}"]
    response = jsonify(type="about:blank", title=phrase, status=status, detail=detail, **told)
    response.mimetype = "application/problem+json"
    return response


def _ours(error: GisappError) -> Response:
    return _answer(status_of(error), error.code, (error.id, error.en))


_FORM_OLD = (
    "Formulir ini sudah kedaluwarsa. Kembali, muat ulang halaman, lalu kirim lagi.",
    "This form is too old. Go back, load the page again, and send it once more.",
)


def _form(error: CSRFError) -> Response:
    del error
    return _answer(400, "csrf", _FORM_OLD)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    response = _answer(status, error.name.lower().replace(" ", "_"), _HTTP_TEXT.get(status, _OTHER_HTTP))
    if isinstance(error, MethodNotAllowed):
        response.allow.update(error.valid_methods or ())
    return response


def _unexpected(error: Exception) -> Response:
    where = "".join(traceback.format_tb(error.__traceback__)).rstrip()
    _LOG.error("unexpected %s; its message may quote a family and is left out\n%s", type(error).__name__, where)
    return _answer(500, "unexpected", _UNEXPECTED)


def register(app: Flask) -> None:
    """Answer every error in one shape."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.register_error_handler(GisappError, _ours)
    app.register_error_handler(CSRFError, _form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)
