"""The map that pockets are looked for on: counts, neighbours and places of its areas, prepared once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from libpysal.graph import Graph

from gisapp.analysis.checks import Complaints, Floats, duplicated_labels, event_counts
from gisapp.analysis.crs import require_layer
from gisapp.analysis.neighbours import adjacency, contiguity


@dataclass(frozen=True)
class DistrictMap:
    """Counts of the areas with what every test and outline needs; rows stand in the order of ``codes``.

    ``places``: a point inside each area, (n, 2), in the units of its CRS. ``adjacency``: sparse 0/1 matrix.
    """

    events: Floats
    population: Floats
    codes: pd.Index
    graph: Graph
    adjacency: Any
    places: Floats

    @property
    def rate(self) -> float:
        """Events per population of the whole district."""
        return float(self.events.sum() / self.population.sum())

    def with_counts(self, events: Any, population: Any) -> DistrictMap:
        """Put other counts on the same map, so that its geometry is worked out only once.

        Raises ``InvalidInputError`` as ``district_map`` does.
        """
        counts, people = checked_counts(events, population)
        if len(counts) != len(self.codes):
            complaints = Complaints("find_pockets")
            complaints.add(
                f"{len(counts)} rows for a map of {len(self.codes)} areas",
                f"{len(counts)} baris untuk peta {len(self.codes)} wilayah",
            )
            complaints.refuse()
        return replace(self, events=counts, population=people)


def district_map(areas: gpd.GeoDataFrame, *, tolerance_m: float = 0.0) -> DistrictMap:
    """Check the areas and prepare their neighbours (queen contiguity) and places.

    ``areas`` has the columns ``code`` (unique text), ``population`` and ``events`` (of which), polygons in metres;
    ``tolerance_m`` is the gap between boundaries that still counts as meeting.
    Raises ``InvalidInputError`` for missing columns, repeated codes, bad counts by row, and no population anywhere.
    """
    complaints = Complaints("find_pockets")
    require_layer(areas)
    missing = [name for name in ("code", "population", "events") if name not in areas.columns]
    if missing:
        complaints.add(f"no column {', '.join(missing)}", f"tidak ada kolom {', '.join(missing)}")
    else:
        twice = duplicated_labels(areas["code"])[:5]
        if twice:
            complaints.add(f"code {', '.join(twice)} occurs twice", f"kode {', '.join(twice)} muncul dua kali")
    complaints.refuse()
    by_code = areas.set_axis(areas["code"].astype(str))
    events, population = checked_counts(by_code["events"], by_code["population"])
    graph = contiguity(by_code, tolerance=tolerance_m)
    places = shapely.get_coordinates(shapely.point_on_surface(by_code.geometry.to_numpy()))
    return DistrictMap(events, population, by_code.index, graph, adjacency(graph), places)


def checked_counts(events: Any, population: Any) -> tuple[Floats, Floats]:
    """Events and population as arrays, or a refusal; somebody must live somewhere."""
    counts, people, _ = event_counts(events, population, subject="find_pockets")
    if people.sum() == 0:
        complaints = Complaints("find_pockets")
        complaints.add("the population is zero everywhere", "population nol di semua baris")
        complaints.refuse()
    return counts, people
