"""Six square desa of 6 km with families spread evenly, one in ten poor, and one round place where half are poor."""

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from gisapp.columns import DEPRIVATIONS
from gisapp.targeting.load import District
from gisapp.workspace.folder import init_workspace, open_workspace

CRS, SIDE = "EPSG:32647", 6000.0
CODES = [f"12.05.01.200{number}" for number in range(1, 7)]
#: The place: a circle that crosses from the first desa into the second.
CENTRE, RADIUS_M = (6000.0, 3000.0), 2200.0


def make_district(*, families=18_000, seed=5, unplaced=60, centre=CENTRE):
    """A district as ``load_district`` makes one; desa 1 to 3 stand in the south, 4 to 6 north of them."""
    shapes = [
        box(SIDE * (at % 3), SIDE * (at // 3), SIDE * (at % 3 + 1), SIDE * (at // 3 + 1)) for at in range(len(CODES))
    ]
    desa = gpd.GeoDataFrame({"code": CODES, "name": [f"Desa {at + 1}" for at in range(6)]}, geometry=shapes, crs=CRS)
    desa = desa.assign(kecamatan_code="12.05.01", kabupaten_code="12.05")
    generator = np.random.default_rng(seed)
    x, y = generator.uniform(0, 3 * SIDE, families), generator.uniform(0, 2 * SIDE, families)
    inside = np.hypot(x - centre[0], y - centre[1]) < RADIUS_M
    frame = pd.DataFrame(
        {
            "x": x, "y": y, "code": [CODES[int(b // SIDE) * 3 + int(a // SIDE)] for a, b in zip(x, y, strict=True)],
            "poor": generator.random(families) < np.where(inside, 0.5, 0.1), "persons": 4,
        }
    )  # fmt: skip
    frame.loc[: unplaced - 1, ["x", "y"]] = np.nan
    frame = frame.assign(kecamatan_code="12.05.01", kabupaten_code="12.05", **dict.fromkeys(DEPRIVATIONS, False))
    nothing = gpd.GeoDataFrame({"kind": []}, geometry=[], crs=CRS)
    return District(
        crs=CRS, desa=desa, kecamatan=nothing, kabupaten=nothing, families=frame, facilities=nothing, roads=nothing,
        rivers=nothing, polygons=nothing, population=None, published=None, bps_codes={},
    )  # fmt: skip


def make_workspace(root, **thresholds):
    """A workspace of default settings with some changed."""
    path = init_workspace(root).root
    text = (path / "gisapp.toml").read_text()
    for name, value in thresholds.items():
        head, _, rest = text.partition(f"[thresholds.{name}]\nvalue = ")
        text = f"{head}[thresholds.{name}]\nvalue = {value!r}".replace("'", '"') + "\n" + rest.partition("\n")[2]
    (path / "gisapp.toml").write_text(text)
    return open_workspace(path)


def as_run(pockets, areas, run_id="before000000"):
    """What ``targeting.runs.Run`` offers of a parent."""
    return SimpleNamespace(run_id=run_id, collection=lambda name: {"pockets": pockets, "areas": areas}[name])
