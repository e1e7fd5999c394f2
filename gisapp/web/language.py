"""Which language a request wants: ``?lang=``, else the cookie, else Indonesian."""

from __future__ import annotations

from flask import Flask, Response, g, request

from gisapp.web.texts import LANGUAGES, Texts

COOKIE = "lang"
_YEAR_S = 365 * 24 * 3600


def current_language() -> str:
    """Language of this request: ``id`` or ``en``; an unknown word means Indonesian."""
    asked = request.args.get("lang") or request.cookies.get(COOKIE) or LANGUAGES[0]
    return asked if asked in LANGUAGES else LANGUAGES[0]


def texts() -> Texts:
    """Texts of this request, made once."""
    if "texts" not in g:
        g.texts = Texts(current_language())
    found: Texts = g.texts
    return found


def remember(response: Response) -> Response:
    """Keep a language that was chosen in the address for the pages that follow."""
    asked = request.args.get("lang")
    if asked in LANGUAGES and not request.path.startswith("/api"):
        response.set_cookie(COOKIE, asked, max_age=_YEAR_S, httponly=True, samesite="Lax")
    return response


def register(app: Flask) -> None:
    """Hand the texts to every template."""
    app.after_request(remember)
    app.context_processor(lambda: {"t": texts(), "lang": current_language()})
