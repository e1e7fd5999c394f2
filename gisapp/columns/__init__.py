"""Every column that this service hands to others: its unit, its meaning, and whether families can be read from it.

Inside, ratios are 0..1; screens print percent. ``from_families`` marks what disclosure control must withhold
together with the counts, because a count could be turned back from it.
"""

from __future__ import annotations

from gisapp.columns.areas import AREAS, INTERNAL_AREAS
from gisapp.columns.column import Column, Kind
from gisapp.columns.interventions import INTERVENTIONS
from gisapp.columns.names import CAPACITY_SERVICES, DEPRIVATIONS, SERVICES, TIMED_SERVICES
from gisapp.columns.places import CELLS, GAPS, POCKETS
from gisapp.columns.snapshot import OPTIONAL_SNAPSHOT, SNAPSHOT

__all__ = [
    "AREAS", "CAPACITY_SERVICES", "CELLS", "COLLECTIONS", "DEPRIVATIONS", "GAPS", "ID_COLUMNS", "INTERNAL_AREAS",
    "INTERVENTIONS", "OPTIONAL_SNAPSHOT", "POCKETS", "SERVICES", "SNAPSHOT", "STATUSES", "TIMED_SERVICES", "Column",
    "Kind", "columns_of",
]  # fmt: skip

#: The collections of a run, with the column that identifies a row.
ID_COLUMNS = {
    "areas": "code",
    "cells": "cell_id",
    "pockets": "pocket_id",
    "interventions": "intervention_id",
    "gaps": "gap_id",
}

STATUSES = ("present", "suppressed", "no_data")

COLLECTIONS: dict[str, tuple[Column, ...]] = {
    "areas": AREAS,
    "cells": CELLS,
    "pockets": POCKETS,
    "interventions": INTERVENTIONS,
    "gaps": GAPS,
}


def columns_of(collection: str) -> dict[str, Column]:
    """Columns of one collection by name, in print order."""
    return {column.name: column for column in COLLECTIONS[collection]}
