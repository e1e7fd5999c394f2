"""What stands around every page: the district, the places that the one who asks may open, the badges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request

from gisapp.access.permissions import matrix
from gisapp.web.auth import current_user, may
from gisapp.web.source import district, source

#: The places of the service, by address and text; shown where they exist and the role may open them.
PLACES = (
    ("/", "place_map"),
    ("/interventions", "place_suggestions"),
    ("/explore", "place_explore"),
    ("/scenarios", "place_scenarios"),
    ("/statistics", "place_statistics"),
    ("/updates", "place_updates"),
    ("/review", "place_review"),
    ("/monitoring", "place_monitoring"),
)
#: What stands in the menu of one who is logged in.
MENU = (
    ("/admin/intake", "place_intake"),
    ("/admin/registry", "place_registry"),
    ("/admin/identity", "identity"),
    ("/jobs", "place_jobs"),
    ("/admin", "place_admin"),
    ("/admin/publication", "place_publication"),
    ("/admin/audit", "place_audit"),
    ("/account", "place_account"),
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """One entry of the header."""

    href: str
    text: str
    here: bool


def around() -> dict[str, Any]:
    """District and headline at the head of a page, where there is a run to tell them from."""
    try:
        found = district()
        return {"district": found, "headline": found.headline}
    except Exception:
        return {}


def offered(entries: tuple[tuple[str, str], ...]) -> list[Place]:
    """Those of the entries that this application has and that the one who asks may open."""
    endpoints = {
        rule.rule.rstrip("/") or "/": rule.endpoint
        for rule in current_app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    }
    routes, found = matrix().routes, []
    for path, text in entries:
        permission = routes.get(endpoints.get(path, ""))
        if permission is not None and may(permission):
            found.append(Place(href=path, text=text, here=request.path == path))
    return found


def _context() -> dict[str, Any]:
    settings = source().workspace.settings
    return {
        "district_name": settings.name,
        "is_synthetic": bool(settings.synthetic),
        "is_training": bool(getattr(settings, "training", False)),
        "places": offered(PLACES),
        "menu": offered(MENU) if current_user() else [],
    }


def register(app: Flask) -> None:
    """Tell every template what stands around it."""
    app.context_processor(_context)
