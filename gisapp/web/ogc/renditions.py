"""JSON or a page: ``f=`` says it, else the Accept header; programs get JSON."""

from __future__ import annotations

from typing import Final, Literal

from flask import Request
from werkzeug.datastructures import MultiDict

from gisapp.errors import InvalidParameterError
from gisapp.web.texts import LANGUAGES

Rendition = Literal["json", "html"]

_JSON: Final = ("application/json", "application/geo+json", "application/schema+json")
#: Parameters that every resource takes.
EVERYWHERE: Final = frozenset({"f", "lang"})


def prefers_page(request: Request) -> bool:
    """Whether a request is a person's: it says ``f=html``, or accepts a page rather than JSON."""
    asked = request.args.get("f")
    if asked is not None:
        return asked == "html"
    accepted = request.accept_mimetypes
    return bool(accepted["text/html"] > max(accepted[kind] for kind in _JSON))


def rendition(request: Request) -> Rendition:
    """Rendition of a resource that is served both ways; InvalidParameterError for an ``f`` that there is not."""
    if request.args.get("f", "json") not in ("json", "html"):
        raise InvalidParameterError("f is json or html.", "f adalah json atau html.", code="f")
    return "html" if prefers_page(request) else "json"


def require_json(arguments: MultiDict[str, str]) -> None:
    """Refuse any ``f`` but json: of a schema there is no page."""
    if arguments.get("f", "json") != "json":
        raise InvalidParameterError("f is json here.", "f di sini hanya json.", code="f")


def require_known(arguments: MultiDict[str, str], known: frozenset[str] | set[str]) -> None:
    """Refuse a parameter that is not in the list, as OGC API asks, one that is given twice, and an unknown language."""
    unknown = sorted(set(arguments) - known)
    if unknown:
        names = ", ".join(sorted(known))
        raise InvalidParameterError(
            f"Unknown parameter {unknown[0][:60]!r}; known are {names}.",
            f"Parameter {unknown[0][:60]!r} tidak dikenal; yang ada: {names}.",
        )
    for name, values in arguments.lists():
        if len(values) > 1:
            raise InvalidParameterError(f"{name} is given twice.", f"{name} ditulis dua kali.")
    if arguments.get("lang", LANGUAGES[0]) not in LANGUAGES:
        raise InvalidParameterError("lang is id or en.", "lang adalah id atau en.")
