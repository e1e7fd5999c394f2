"""A place for tables, on whichever database this run is."""

from __future__ import annotations

from pathlib import Path

import pytest

from gisapp.store.database import Place, engine
from gisapp.store.places import create_identity, place_of


@pytest.fixture
def path(tmp_path: Path) -> Place:
    """An empty place: a SQLite file without tables, or a schema of its own."""
    create_identity(tmp_path)
    place = place_of(tmp_path)
    engine(place).dispose()
    return place
