"""Facilities as a run counts them: each once, those of other districts aside, and where the unplaced ones may stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.codes import digits
from gisapp.analysis.facilities.duplicates import counted_once
from gisapp.analysis.facilities.presence import alike, plain_name, standing_areas
from gisapp.workspace.settings import WorkspaceSettings

#: Positions that a distance may be measured from; many facilities on one point are reported, and still stand there.
USABLE_POSITIONS = ("known", "stacked")
#: What may become of a row, as warnings and problems name it.
CODES = (
    "facility_repeated", "facility_elsewhere", "facility_unplaced", "facility_area_misspelt", "facility_area_unknown",
    "facility_crowded",
)  # fmt: skip
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What became of every row of the facilities: ``rows`` has a flag per code of ``CODES``, and where it may stand."""

    rows: pd.DataFrame

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of a measured service were what, and how many rows there are."""
        return {"rows": len(self.rows), **{code: int(self.rows[code].sum()) for code in CODES}}


def settle_facilities(
    facilities: gpd.GeoDataFrame,
    desa: gpd.GeoDataFrame,
    kecamatan: gpd.GeoDataFrame,
    *,
    district: str,
    settings: WorkspaceSettings,
) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Facilities that count, with ``stands_in`` (codes, a tuple) and ``doubtful``, and how many rows were what.

    ``doubtful``: the row's service may stand anywhere in ``stands_in`` (in the whole district where that is empty),
    because its position is not usable, or because it shares one point with too many of its kind. Rows that repeat
    another layer's facility, and rows of another district, are left out of what is returned.

    ``district`` is the name of the district; geometries are in metres.
    """
    if facilities.empty:
        return facilities.assign(stands_in=pd.Series(dtype="object"), doubtful=pd.Series(dtype=bool)), {}
    settled = judge_facilities(facilities, desa, kecamatan, district=district, settings=settings)
    rows = settled.rows
    kept = facilities.assign(stands_in=rows["stands_in"], doubtful=rows["doubtful"])
    return kept[~(rows["elsewhere"] | rows["facility_repeated"])].reset_index(drop=True), settled.counts


def judge_facilities(
    facilities: gpd.GeoDataFrame,
    desa: gpd.GeoDataFrame,
    kecamatan: gpd.GeoDataFrame,
    *,
    district: str,
    settings: WorkspaceSettings,
) -> Settled:
    """Judge every row of ``facilities`` (metres), one row or more; see ``settle_facilities``."""
    words = standing_areas(
        pd.DataFrame(facilities.drop(columns="geometry")), desa, kecamatan, likeness=settings.area_name_likeness
    )
    usable = (facilities["position"].isin(USABLE_POSITIONS) & facilities.geometry.notna()).to_numpy()
    around = _areas_around(facilities, desa, usable)
    elsewhere = _of_another_district(facilities, words, desa, district, settings.area_name_likeness)
    repeated = _repeated(facilities, words, around, usable, settings.facility_duplicate_m) & ~elsewhere
    crowded = _crowded(facilities, usable, settings.facility_stack_threshold)
    served = facilities["service"].notna().to_numpy()
    lost = served & ~usable & ~elsewhere & ~repeated
    rows = words.assign(
        stands_in=[
            codes or (near[1:] if sure else ())
            for codes, near, sure in zip(words["codes"], around, usable, strict=True)
        ],
        doubtful=~usable | crowded,
        elsewhere=elsewhere,
        facility_repeated=repeated,
        facility_elsewhere=served & elsewhere,
        facility_unplaced=lost,
        facility_area_misspelt=lost & words["how"].eq("misspelt").to_numpy(),
        facility_area_unknown=lost & words["how"].isin(["unknown", "blank"]).to_numpy(),
        facility_crowded=served & crowded & ~repeated,
    )
    return Settled(rows=rows)


def unplaced_facilities(facilities: gpd.GeoDataFrame) -> pd.DataFrame:
    """Rows ``service``, ``area_code`` of facilities that may stand anywhere in that area (null: in the district)."""
    if facilities.empty or "doubtful" not in facilities:
        return pd.DataFrame({"service": pd.Series(dtype="object"), "area_code": pd.Series(dtype="object")})
    doubtful = facilities[facilities["doubtful"] & facilities["service"].notna()]
    rows = [
        (service, code)
        for service, codes in zip(doubtful["service"], doubtful["stands_in"], strict=True)
        for code in (codes or (None,))
    ]
    return pd.DataFrame(rows, columns=["service", "area_code"]).drop_duplicates(ignore_index=True)


def presence_warnings(counts: Mapping[str, int]) -> dict[str, int]:
    """What of the facilities somebody should know, by code; only what occurred."""
    counted = {
        "facility_repeated": counts.get("facility_repeated", 0),
        "facility_elsewhere": counts.get("facility_elsewhere", 0),
        "facility_unplaced": counts.get("facility_unplaced", 0),
        "facility_area_misspelt": counts.get("facility_area_misspelt", 0),
        "facility_area_unknown": counts.get("facility_area_unknown", 0),
        "facility_crowded": counts.get("facility_crowded", 0),
    }
    return {code: count for code, count in counted.items() if count}


def _areas_around(facilities: gpd.GeoDataFrame, desa: gpd.GeoDataFrame, usable: Bools) -> list[tuple[str, ...]]:
    """Codes of the desa and the kecamatan that hold each usable position; nothing elsewhere."""
    placed = facilities.loc[usable, ["geometry"]]
    columns = [name for name in ("code", "kecamatan_code") if name in desa.columns]
    within = placed.sjoin(desa[[*columns, "geometry"]], predicate="intersects").sort_values("code")
    first = within.groupby(level=0)[columns].first()
    held = {row: tuple(str(code) for code in codes if pd.notna(code)) for row, *codes in first.itertuples()}
    return [held.get(row, ()) for row in facilities.index]


def _of_another_district(
    facilities: gpd.GeoDataFrame, words: pd.DataFrame, desa: gpd.GeoDataFrame, district: str, likeness: float
) -> Bools:
    """Rows whose good coordinate and whose words both say that they stand in another district, or whose code does."""
    own = {digits(str(code))[:4] for code in desa["code"]}
    codes = [digits(str(code)) for code in facilities["area_code"]]
    by_code = np.array([len(code) >= 4 and code[:4] not in own for code in codes], dtype=bool)
    by_code &= np.array([not found for found in words["codes"]], dtype=bool)
    outside = facilities["position"].eq("outside").to_numpy()
    here = plain_name(district)
    names = [plain_name(name) for name in facilities["kabupaten_hint"]]
    ours = np.array([bool(name) and bool(here) and alike(name, here, likeness=likeness) for name in names], dtype=bool)
    theirs = np.array([bool(name) and bool(here) for name in names], dtype=bool) & ~ours
    nowhere = np.array([not found for found in words["codes"]], dtype=bool)
    foreign: Bools = (outside & (theirs | (nowhere & ~ours))) | (by_code & (outside | theirs))
    return foreign


def _repeated(
    facilities: gpd.GeoDataFrame,
    words: pd.DataFrame,
    around: list[tuple[str, ...]],
    usable: Bools,
    within_m: float,
) -> Bools:
    points = facilities.geometry.where(usable)
    codes = [held or tuple(found) for held, found in zip(around, words["codes"], strict=True)]
    frame = pd.DataFrame(
        {
            "layer": facilities["layer"], "kind": facilities["kind"], "name": facilities["name"].fillna(""),
            "x": points.x, "y": points.y, "codes": codes,
        }
    )  # fmt: skip
    found: Bools = counted_once(frame, within_m=within_m).notna().to_numpy()
    return found


def _crowded(facilities: gpd.GeoDataFrame, usable: Bools, threshold: int) -> Bools:
    """Rows on a point that more than ``threshold`` rows of their own service share: an office's, most often."""
    placed = facilities.loc[usable & facilities["service"].notna().to_numpy()]
    spots = pd.DataFrame({"x": placed.geometry.x, "y": placed.geometry.y, "service": placed["service"]})
    together = spots.groupby(["x", "y", "service"])["x"].transform("size")
    crowded = pd.Series(False, index=facilities.index)
    crowded[together.index[together > threshold]] = True
    found: Bools = crowded.to_numpy(dtype=bool)
    return found
