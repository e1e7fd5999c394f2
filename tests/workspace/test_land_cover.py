"""Land cover as a layer: codes without a class are told with their share, what no run can use is refused."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from affine import Affine

from gisapp.errors import FileRefusedError
from gisapp.readers.raster_codes import read_codes
from gisapp.workspace.check import check_workspace

ORIGIN = {"source": "uji", "date": "2025", "licence": "CC0-1.0"}
#: The four desa of the test district: 98.0 to 98.4° E, 3.5 to 3.6° N; 8 × 2 cells of 0.05°.
SIDE = 0.05


@pytest.fixture
def cover(tmp_path):
    """Write a GeoTIFF of 2 × 8 cells over the test district."""

    def write(values, *, name="cover", nodata=0, west=98.0):
        path = tmp_path / f"{name}.tif"
        grid = np.asarray(values)
        with rasterio.open(
            path, "w", driver="GTiff", width=grid.shape[1], height=grid.shape[0], count=1, dtype=grid.dtype,
            crs="EPSG:4326", transform=Affine(SIDE, 0.0, west, 0.0, -SIDE, 3.6), nodata=nodata,
        ) as out:  # fmt: skip
            out.write(grid, 1)
        return path

    return write


def half(code, dtype="float32"):
    """Cropland in one row, another code in the other."""
    return np.array([[40] * 8, [code] * 8], dtype=dtype)


def checked(reopen):
    return next(list(one.problems) for one in check_workspace(reopen()).layers if one.name == "lahan")


def bring(add, path, **more):
    return add(path, role="raster", name="lahan", kind="land_cover", **ORIGIN, **more)


def test_codes_without_a_class_are_told_with_their_share(add, desa, cover, reopen):
    grid = np.array([[40] * 8, [77] * 6 + [12, 12]], dtype="uint8")
    report = bring(add, cover(grid))
    (told,) = report.problems
    assert (told.code, told.severity, told.count) == ("land_cover_unknown", "warning", 8)
    for words in (told.detail, told.detail_id):
        assert "77 (37.5 %), 12 (12.5 %)" in words
        assert "[kind_map]" in words
        assert "lahan.toml" in words
    assert [problem.code for problem in checked(reopen)] == ["land_cover_unknown"]
    assert check_workspace(reopen()).ok


def test_a_code_that_the_layer_names_is_known(add, desa, cover, reopen, root):
    bring(add, cover(half(77)))
    toml = root / "layers" / "lahan.toml"
    toml.write_text(toml.read_text() + '\n[kind_map]\n"77" = "cropland"\n')
    assert checked(reopen) == []
    toml.write_text(toml.read_text().replace('"cropland"', '"sawit"'))
    assert [(one.code, one.count) for one in checked(reopen)] == [("land_cover_unknown", 8)]


@pytest.mark.parametrize(
    ("values", "code", "words"),
    [
        (half(10.5), "land_cover_codes", "10.5 (50 %)"),
        (np.zeros((2, 8), dtype="uint8"), "land_cover_empty", "nodata"),
    ],
)
def test_what_no_run_can_use_is_refused_and_nothing_is_lost(add, desa, cover, reopen, root, values, code, words):
    bring(add, cover(half(10)))
    stored = {path.name: path.read_bytes() for path in (root / "layers").glob("lahan*")}
    with pytest.raises(FileRefusedError) as caught:
        bring(add, cover(values, name="buruk"), replace=True)
    assert caught.value.code == code
    for text in (caught.value.en, caught.value.id):
        assert "buruk.tif" in text
        assert words in text
        assert ".." not in text
        assert "label" not in text
    assert {path.name: path.read_bytes() for path in (root / "layers").glob("lahan*")} == stored
    # The same raster put there by hand is an error of check.
    (root / "layers" / "lahan.tif").write_bytes(cover(values).read_bytes())
    assert [(one.code, one.severity) for one in checked(reopen)] == [(code, "error")]
    assert not check_workspace(reopen()).ok


def test_only_the_district_counts(add, desa, cover):
    """Values beyond the boundary help nobody: 8 columns of nodata over the district, 8 of cropland beside it."""
    with pytest.raises(FileRefusedError) as caught:
        bring(add, cover(np.hstack([np.zeros((2, 8)), np.full((2, 8), 40)]).astype("uint8")))
    assert caught.value.code == "land_cover_empty"
    with pytest.raises(FileRefusedError) as caught:
        bring(add, cover(half(40), west=120.0))
    assert caught.value.code == "raster_outside"


def test_negative_codes_are_told_to_look_like_nodata(add, desa, cover):
    (told,) = bring(add, cover(half(-1, "int16"))).problems
    assert "look like nodata" in told.detail
    assert "mirip nodata" in told.detail_id


def test_codes_are_counted_by_hand(cover):
    path = cover(np.array([[10, 10, 20], [0, 20.5, -9999]], dtype="float32"))
    assert read_codes(path) == {-9999.0: 1, 10.0: 2, 20.0: 1, 20.5: 1}
    assert read_codes(cover([[10, -9999.0]], name="lain", nodata=None)) == {10.0: 1}
    assert read_codes(path, bounds=(98.0, 3.56, 98.09, 3.59)) == {10.0: 2}
