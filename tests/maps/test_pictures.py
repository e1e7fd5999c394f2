"""Rasters as pictures, and the still map of a sheet."""

import io

import matplotlib.image
import numpy as np
import pytest

from gisapp.maps.drawing import fonts_folder
from gisapp.maps.overlay import picture
from gisapp.maps.still import draw_inset, draw_pocket
from gisapp.release.mapview import map_view

BOUNDS = (10_900_000.0, 400_000.0, 10_910_000.0, 410_000.0)


def _pixels(found):
    return matplotlib.image.imread(io.BytesIO(found.png))


def test_nothing_and_nobody_are_transparent():
    found = picture(np.array([[np.nan, 0.0], [5.0, 10.0]]), bounds_3857=BOUNDS, kind="population")
    alpha = _pixels(found)[..., 3]
    assert alpha.tolist() == [[0.0, 0.0], [1.0, 1.0]]
    assert found.legend[0]["label"].startswith("5")
    (south, west), (north, east) = found.bounds
    assert 97.9 < west < east < 98.1
    assert 3.5 < south < north < 3.7


def test_land_cover_is_named_in_both_languages():
    codes = np.array([[10, 50], [0, 80]], dtype="uint8")
    found = picture(codes, bounds_3857=BOUNDS, kind="land_cover", nodata=0)
    assert [row["label"] for row in found.legend] == ["Pohon", "Terbangun", "Air"]
    english = picture(codes, bounds_3857=BOUNDS, kind="land_cover", lang="en", nodata=0)
    assert [row["label"] for row in english.legend] == ["Trees", "Built-up", "Water"]
    assert _pixels(found)[1, 0, 3] == 0


@pytest.mark.parametrize("values", [np.full((2, 2), np.nan), np.full((2, 2), 3.0)])
def test_empty_and_constant_rasters_render(values):
    first = picture(values, bounds_3857=BOUNDS, kind="elevation", palette=("#ffffff", "#000000"))
    assert first.png == picture(values, bounds_3857=BOUNDS, kind="elevation", palette=("#ffffff", "#000000")).png


def test_the_still_map_is_the_same_bytes_and_has_the_asked_size(workspace, run):
    view = map_view(workspace, run)
    first = draw_pocket(view.manifest, view.frames, "p-a", size_mm=(100.0, 50.0))
    assert first == draw_pocket(view.manifest, view.frames, "p-a", size_mm=(100.0, 50.0))
    height, width, _ = matplotlib.image.imread(io.BytesIO(first)).shape
    assert width == pytest.approx(2 * height, rel=0.01)
    assert draw_inset(view.frames, "p-b", size_mm=(40.0, 30.0)).startswith(b"\x89PNG")


def test_the_fonts_are_there():
    assert (fonts_folder() / "DejaVuSans.ttf").is_file()
