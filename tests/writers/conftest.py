"""Two villages and one withheld, small enough to check by eye."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, Polygon, box

HOSTILE = ["</script><script>alert(1)</script>", "${alert(1)}", "{{7*7}}", '=HYPERLINK("x")']


@pytest.fixture
def areas():
    holed = Polygon(
        [(98.0, 3.0), (98.0, 3.2), (98.2, 3.2), (98.2, 3.0)],
        [[(98.05, 3.05), (98.1, 3.05), (98.1, 3.1), (98.05, 3.1)]],
    )
    return gpd.GeoDataFrame(
        {
            "name": ["Pulau Kampai", "=1+1", "Sei Müsam"],
            "code": ["12.05.01.2001", "12.05.01.2002", "12.05.01.2003"],
            "level": ["desa"] * 3,
            "status": ["present", "suppressed", "present"],
            "families": pd.array([40, None, 60], dtype="Int64"),
            "headcount_ratio": [0.25, float("nan"), float("inf")],
            "gi_star_z": [-1.5, float("nan"), 2.0],
            "gi_star_high": pd.array([True, None, False], dtype="boolean"),
        },
        geometry=[holed, box(98.2, 3.0, 98.3000000004, 3.1), None],
        crs="EPSG:4326",
    )


@pytest.fixture
def interventions():
    return gpd.GeoDataFrame(
        {
            "intervention_id": ["i1", "i2"],
            "pocket_id": ["A", "A"],
            "status": ["present", "present"],
            "strategy": [2, 3],
            "kind": ["water_point", "primary_school"],
            "why_id": ["a" * 300, "b"],
            "cost_idr": [1.5e9, None],
        },
        geometry=[Point(98.1234567, 3.1), Point(98.2, 3.2)],
        crs="EPSG:4326",
    )


METADATA = {"run_id": "abc123", "period": "2025-1", "synthetic": True, "poor_families_outside_pockets": 0.61}
