from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import Point

from gisapp.analysis.crs import require_projected, require_same_crs
from gisapp.errors import CRSMismatchError


def layer(crs):
    return gpd.GeoSeries([Point(98, 3)], crs=crs)


def test_same_crs_passes():
    require_same_crs(layer("EPSG:4326"), layer("EPSG:4326"))


@pytest.mark.parametrize(("left", "right"), [("EPSG:4326", "EPSG:32647"), (None, "EPSG:4326"), (None, None)])
def test_other_or_undeclared_crs_is_refused(left, right):
    with pytest.raises(CRSMismatchError, match="differ"):
        require_same_crs(layer(left), layer(right))


def test_metres_pass():
    require_projected(layer("EPSG:32647"))


@pytest.mark.parametrize("crs", [None, "EPSG:4326", "EPSG:2225"])
def test_degrees_feet_and_nothing_are_refused(crs):
    with pytest.raises(CRSMismatchError, match="metres"):
        require_projected(layer(crs))
