"""JSON answers with an entity tag and gzip, which waitress does not make, and the way on to another page."""

from __future__ import annotations

import gzip
import hashlib
from typing import Any

import orjson
from flask import Response, make_response, redirect, request, url_for

#: Below this many bytes, packing costs more than it saves.
SMALLEST_PACKED = 700


def tagged(body: bytes, *, mimetype: str) -> Response:
    """Return bytes under the hash of their content: 304 where the browser has them, gzip where it asks for it."""
    tag = hashlib.sha256(body).hexdigest()[:32]
    packed = len(body) >= SMALLEST_PACKED and request.accept_encodings["gzip"] > 0
    response = Response(mimetype=mimetype)
    if packed:
        response.data = gzip.compress(body, compresslevel=6, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response.data = body
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(f"{tag}-gzip" if packed else tag)
    response.make_conditional(request)
    return response


def as_json(value: Any, *, mimetype: str = "application/json") -> Response:
    """Return a JSON document; a number that is not finite becomes null."""
    return tagged(orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY), mimetype=mimetype)


def go_to(endpoint: str, *, code: int = 303, **values: Any) -> Response:
    """Lead to a page; after something was changed by 303, so that loading it again repeats nothing."""
    return make_response(redirect(url_for(endpoint, **values), code))
