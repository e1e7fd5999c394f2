"""Whole collections as files."""

from __future__ import annotations

from flask import Response, request
from werkzeug.datastructures import MultiDict

from gisapp.errors import InvalidParameterError
from gisapp.web.language import current_language
from gisapp.web.ogc.offers import offer
from gisapp.web.ogc.renditions import require_known
from gisapp.web.planner import documents
from gisapp.web.source import district
from gisapp.web.texts import LANGUAGES


def download(collection: str) -> Response:
    """A whole collection as a file in one of the formats of the contract."""
    name = offer(collection).id
    require_known(request.args, {"format", "crs", "area", "lang"})
    file_format, lang = parse_download(request.args)
    crs, area = request.args.get("crs") or None, request.args.get("area") or None
    body = documents.export(district(), name, file_format=file_format, crs=crs, area=area, lang=lang)
    ending, mimetype = documents.FORMATS[file_format]
    return documents.attachment(body, name=f"gisapp-{name}{ending}", mimetype=mimetype)


def parse_download(arguments: MultiDict[str, str]) -> tuple[str, str]:
    """Format and language of a download."""
    file_format = arguments.get("format", "geojson")
    if file_format not in documents.FORMATS:
        names = ", ".join(documents.FORMATS)
        raise InvalidParameterError(f"format is one of {names}.", f"format adalah salah satu dari {names}.")
    lang = arguments.get("lang", current_language())
    if lang not in LANGUAGES:
        raise InvalidParameterError("lang is id or en.", "lang adalah id atau en.")
    return file_format, lang
