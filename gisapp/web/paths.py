"""Which requests are a program's."""

from __future__ import annotations

from flask import Request

from gisapp.web.ogc.renditions import prefers_page

API = "/api/"


def wants_json(request: Request) -> bool:
    """Whether a program asks: by the path, and under ``/api/`` unless a page is preferred there."""
    if request.path.startswith(API):
        return not prefers_page(request)
    return request.path.startswith(("/data/", "/healthz"))
