"""Collections for programs: items as GeoJSON page by page, and whole collections as files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import Unauthorized

from gisapp.columns import ID_COLUMNS, columns_of
from gisapp.errors import InvalidParameterError, NotFoundError
from gisapp.release.published import PUBLISHED
from gisapp.web.answers import as_json
from gisapp.web.auth import audience
from gisapp.web.language import current_language
from gisapp.web.planner import documents
from gisapp.web.planner.geometry import features
from gisapp.web.source import district
from gisapp.web.texts import LANGUAGES

blueprint = Blueprint("ogc", __name__, url_prefix="/api")

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 1000


@dataclass(frozen=True, kw_only=True)
class Page:
    """Which part of a collection is asked for."""

    limit: int
    offset: int


def require_known(arguments: MultiDict[str, str], known: set[str]) -> None:
    """Refuse a parameter that is not in the list, as OGC API asks."""
    unknown = sorted(set(arguments) - known)
    if unknown:
        names = ", ".join(sorted(known))
        raise InvalidParameterError(
            f"Unknown parameter {unknown[0]!r}; known are {names}.",
            f"Parameter {unknown[0]!r} tidak dikenal; yang ada: {names}.",
        )


def whole_number(arguments: MultiDict[str, str], name: str, *, default: int, least: int) -> int:
    """A whole number of the address, at least ``least``."""
    text = arguments.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
        raise InvalidParameterError(
            f"{name} is a whole number from {least}.", f"{name} adalah bilangan bulat mulai {least}."
        )
    return int(text)


def parse_page(arguments: MultiDict[str, str]) -> Page:
    """Limit and offset; a limit beyond the largest is cut down, not refused."""
    require_known(arguments, {"limit", "offset", "f"})
    limit = whole_number(arguments, "limit", default=DEFAULT_LIMIT, least=1)
    return Page(limit=min(limit, LARGEST_LIMIT), offset=whole_number(arguments, "offset", default=0, least=0))


def known_collection(name: str) -> str:
    """The collection's name where there is one, else NotFoundError; 401 where it is not published."""
    if name not in ID_COLUMNS:
        names = ", ".join(ID_COLUMNS)
        raise NotFoundError(f"No collection {name!r}: {names}.", f"Tidak ada koleksi {name!r}: {names}.")
    if audience() == "public" and name not in PUBLISHED:
        raise Unauthorized
    return name


def _links(name: str, page: Page, matched: int) -> list[dict[str, str]]:
    def link(rel: str, offset: int) -> dict[str, str]:
        href = url_for("ogc.items", collection=name, limit=page.limit, offset=offset, _external=True)
        return {"rel": rel, "type": "application/geo+json", "href": href}

    links = [link("self", page.offset)]
    if page.offset + page.limit < matched:
        links.append(link("next", page.offset + page.limit))
    return links


@blueprint.get("/collections/<collection>/items")
def items(collection: str) -> Response:
    """One page of a collection as GeoJSON (RFC 7946)."""
    name = known_collection(collection)
    page = parse_page(request.args)
    frame = district().released(name).frame.sort_values(ID_COLUMNS[name], ignore_index=True)
    part = frame.iloc[page.offset : page.offset + page.limit]
    columns = [column for column in columns_of(name) if column in frame.columns]
    document: dict[str, Any] = features(part, key=ID_COLUMNS[name], columns=columns)
    counts = {"numberMatched": len(frame), "numberReturned": len(part), "links": _links(name, page, len(frame))}
    return as_json(document | counts, mimetype="application/geo+json")


@blueprint.get("/collections/<collection>/download")
def download(collection: str) -> Response:
    """A whole collection as a file in one of the formats of the contract."""
    name = known_collection(collection)
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
