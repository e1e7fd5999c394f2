"""The same documents as pages for people."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, render_template

from gisapp.columns import Column
from gisapp.release.coordinates import name_of
from gisapp.web import shell
from gisapp.web.language import texts
from gisapp.web.ogc.links import here
from gisapp.web.ogc.offers import Offer

#: Columns that the table of items shows beside the id; the page of one item shows all.
_MAIN: Final = {
    "areas": ("name", "level", "status", "families", "poor_families", "headcount_ratio"),
    "pockets": ("label", "member_names", "status", "families", "poor_families", "headcount_ratio"),
    "interventions": ("pocket_id", "kind", "title_{lang}", "status", "families", "cost_idr"),
    "gaps": ("name", "service", "status", "families", "families_measured"),
    "cells": ("code", "status", "class"),
}


def page(template: str, document: dict[str, Any], found: Offer | None = None) -> Response:
    """A page from a document (of a collection, where one is given); its other rendition is one link away."""
    more = {} if found is None else {"found": found, "titles": _titles(found), "main": _main(found)}
    words = {"doc": document, "json_href": here(f="json"), "name_of": name_of, "shown": shown, **more, **shell.around()}
    return Response(render_template(f"ogc/{template}.html", **words))


def _titles(found: Offer) -> dict[str, str]:
    """Names of the columns of a collection in the reader's language."""
    return {name: texts().pick((one.id, one.en)) for name, one in found.fields.items()}


def _main(found: Offer) -> list[str]:
    """Columns of the table of items, as far as the collection has them."""
    wanted = (name.format(lang=texts().lang) for name in _MAIN[found.base])
    return [name for name in wanted if name in found.fields]


def shown(value: Any, column: Column) -> str:
    """A value as text in a table; a dash where it is withheld or unknown, never a zero."""
    t = texts()
    if value is None:
        return "–"
    if column.kind == "boolean":
        return t("ogc_yes" if value else "ogc_no")
    if column.kind == "ratio":
        return t.percent(value)
    if column.kind == "number" or (column.kind == "integer" and column.unit):
        return t.number(value, 0 if column.kind == "integer" or column.unit == "IDR" else 2)
    return str(value)
