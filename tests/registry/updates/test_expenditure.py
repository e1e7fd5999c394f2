"""An update leaves what a family spends as its survey measured it; nobody can propose another figure."""

from __future__ import annotations

import pandas as pd
import pytest

from gisapp.access.actors import LOCAL
from gisapp.errors import RegistryError
from gisapp.registry.ingest import ingest
from gisapp.registry.mappings import compose_mapping, mapping_path, save_mapping
from tests.registry.conftest import family
from tests.registry.updates.conftest import HERE, THERE, Walk, families


@pytest.fixture
def surveyed(workspace, files):
    save_mapping(
        workspace, "survei", compose_mapping("regsosek2022k", "family", {"expenditure_idr": ["belanja"]}), LOCAL
    )
    rows = [family(number) | {"belanja": f"{number}00000"} for number in range(1, 6)]
    ingest(workspace, files.csv(rows), period="2025", mapping=mapping_path(workspace, "survei"))
    return workspace


def test_it_survives_changes_moves_and_new_families(surveyed):
    walk = Walk(surveyed)
    walk.on(walk.register("change", 2, floor="8", persons="6"), "accepted")
    walk.on(walk.register("move", 3, area=THERE), "accepted")
    walk.on(walk.register("new", 77, area=HERE, persons="3"), "accepted")
    found = families(surveyed)["expenditure_idr"]
    assert found.tolist()[:5] == [1e5, 2e5, 3e5, 4e5, 5e5]
    assert len(found) == 6
    assert pd.isna(found.iloc[5])


def test_nobody_proposes_what_a_family_spends(surveyed):
    with pytest.raises(RegistryError):
        Walk(surveyed).register("change", 2, expenditure_idr="1")
