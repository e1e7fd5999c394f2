"""A collection as an audience may see it: the one place where a run's rows are opened for leaving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import pandas as pd

from gisapp.analysis.codes import digits
from gisapp.analysis.disclosure import family_columns, suppress, touches_withheld
from gisapp.columns import ID_COLUMNS, columns_of
from gisapp.errors import NotFoundError
from gisapp.release.beyond import withhold_beyond, withhold_beyond_in_pockets
from gisapp.release.cell_classes import with_class
from gisapp.release.comparisons import without_withheld
from gisapp.release.facts import RunData
from gisapp.release.fine import containers, parts_of, touched_by, withheld_with
from gisapp.release.published import Publication, may_be_seen, without_traces
from gisapp.release.ranks import among_shown
from gisapp.release.reasons import without_small_counts
from gisapp.release.welfare import withhold_welfare
from gisapp.writers.values import PARTS, base_collection

Audience = Literal["staff", "public"]
AUDIENCES: tuple[Audience, ...] = ("staff", "public")

#: Columns that a collection is sorted by where that is not its id: what answers a pocket best comes first.
ORDER = {"interventions": ("pocket_id", "sequence", "intervention_id")}

#: Makes the complement of a plain count large, where only the count itself needs protection.
_PLENTY = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Disclosed:
    """What may be shown: ``suppressed`` counts rows with a withheld value; ``rule`` says in one line what was done."""

    frame: gpd.GeoDataFrame
    suppressed: int
    k: int
    rule: str


def smallest_count(workspace: Any, audience: Audience, publication: Publication | None = None) -> int:
    """Smallest number of families that the audience may see; strangers never see smaller ones than staff."""
    settings = workspace.settings
    if audience == "staff":
        return int(settings.k_staff)
    return max(int(settings.k_public), int(settings.k_staff), 0 if publication is None else publication.k)


def disclosed(
    workspace: Any,
    run: RunData,
    collection: str,
    *,
    audience: Audience = "staff",
    area: str | None = None,
    publication: Publication | None = None,
) -> Disclosed:
    """Return a collection of a run, or one geometry type of it (``interventions_point``), after disclosure control.

    Small rows, and the rows that would give them back, lose every value that families could be read from and have
    status ``suppressed``; they stay. ``area`` keeps what lies in an area of that code: withholding comes before, so
    that no choice of areas can undo it. Strangers see as a ``publication`` says: at its k, and where pockets are not
    in it, areas without what pockets could be drawn from again. Raises NotFoundError for an unknown collection or area.
    """
    base = _known(collection)
    k = smallest_count(workspace, audience, publication)
    lower = {smallest_count(workspace, one) for one in AUDIENCES} if audience == "public" else set()
    frame = _nested(run, base, sorted(lower | {k}))
    if base == "cells":
        frame = with_class(frame, k, counted=audience == "staff")
    if base == "areas" and audience == "public" and not may_be_seen("pockets", publication):
        frame = without_traces(frame)
    if area is not None:
        frame = frame[_inside(run, frame, base, area)]
    if collection != base:
        frame = frame[frame.geometry.geom_type.isin(PARTS[collection.removeprefix(f"{base}_")])]
    order = [name for name in ORDER.get(base, (ID_COLUMNS[base],)) if name in frame.columns]
    frame = frame.sort_values(order, ignore_index=True, kind="stable")
    if base == "areas":
        frame = _by_level(frame)
    count = int(frame["status"].eq("suppressed").sum())
    rule = f"rows with fewer than {k} families, and rows that would give them back, are withheld"
    return Disclosed(frame=frame, suppressed=count, k=k, rule=rule)


def _nested(run: RunData, base: str, steps: list[int]) -> gpd.GeoDataFrame:
    """Rows at the last k, without whatever is withheld at a smaller one.

    What is withheld beside a small row is chosen anew at each k: of a table at k = 5 and one at k = 10, the one could
    give back what the other withholds. Here the larger k only ever takes more away.
    """
    frame = _withheld(run, base, steps[-1])
    if len(steps) == 1:
        return frame
    for k in steps[:-1]:
        less = _withheld(run, base, k)
        frame = hide(frame, less["status"].eq("suppressed"), base)
        for name in (name for name in family_columns(base) if name in frame.columns):
            frame[name] = frame[name].mask(less[name].isna())
    numbered = among_shown(frame) if base in ("areas", "pockets") else frame
    return gpd.GeoDataFrame(numbered, geometry=frame.geometry.name, crs=frame.crs)


def _known(collection: str) -> str:
    base = base_collection(collection)
    if base not in ID_COLUMNS:
        known = ", ".join(ID_COLUMNS)
        raise NotFoundError(
            f"No collection {collection!r}: choose one of {known}.",
            f"Tidak ada koleksi {collection!r}: pilih salah satu dari {known}.",
        )
    return base


def _withheld(run: RunData, base: str, k: int) -> gpd.GeoDataFrame:
    areas = _areas(run, k)
    if base == "areas":
        return areas
    hidden_areas = set(areas.loc[areas["status"].eq("suppressed"), "code"])
    if base == "cells":
        return _cells(run, k, areas)
    if base == "gaps":
        return _gaps(run, k, hidden_areas)
    pockets = _pockets(run, k, areas, hidden_areas)
    return pockets if base == "pockets" else _interventions(run, k, pockets)


def _own(run: RunData, base: str) -> gpd.GeoDataFrame:
    """Rows of a run with the declared columns only."""
    frame = run.collection(base)
    return frame[[name for name in columns_of(base) if name in frame.columns] + [frame.geometry.name]]


def _areas(run: RunData, k: int) -> gpd.GeoDataFrame:
    frame = _own(run, "areas")
    derived = family_columns("areas")
    unknown = frame["status"].eq("no_data")
    if unknown.any():
        frame = hide(frame, unknown, "areas", status="no_data")
    counts = {"poor_families": "families"}
    shown = suppress(frame, counts=counts, k=k, derived=derived, code="code", parent="parent_code")
    shown = withhold_welfare(shown, run.collection("areas"), k=k)
    shown = withhold_beyond(shown, pd.DataFrame(frame), k=k)
    return gpd.GeoDataFrame(among_shown(shown), geometry=frame.geometry.name, crs=frame.crs)


def _cells(run: RunData, k: int, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Cells in two steps: all counts of cells with few families, then the poor of cells with few poor (or few others).

    The desa stand in both tables as containing rows, so that a desa's total does not give a cell back.
    """
    frame = _own(run, "cells").assign(status="present")
    counts = ["poor_families", "families"]
    mine = pd.DataFrame(frame[["cell_id", "code", *counts]]).rename(columns={"code": "within", "cell_id": "code"})
    if parts_of(run) is None:
        desa = areas.loc[areas["level"].eq("desa"), ["code", *counts]].dropna(subset=counts).assign(within=None)
    else:
        mine["within"] = containers(frame, run.collection("pockets"))
        desa = mine.groupby("within")[counts].sum().rename_axis("code").reset_index().assign(within=None)
    tree = pd.concat([desa, mine.assign(code="cell " + mine["code"])], ignore_index=True)
    tree["plenty"] = tree["families"] + _PLENTY
    few = suppress(tree, counts={"families": "plenty"}, k=k, parent="within")["status"].eq("suppressed")
    few_poor = suppress(tree, counts={"poor_families": "families"}, k=k, parent="within", also=few)["status"]
    mine_only = slice(len(desa), None)
    frame = hide(frame, pd.Series(few.to_numpy()[mine_only], index=frame.index), "cells")
    poor_hidden = pd.Series(few_poor.eq("suppressed").to_numpy()[mine_only], index=frame.index)
    return hide(frame, poor_hidden, "cells", only=("poor_families", "poor_persons", "class"))


def _gaps(run: RunData, k: int, hidden_areas: set[str]) -> gpd.GeoDataFrame:
    """Gaps: none or all families beyond a standard is geography, not a secret; a few of them is.

    Where nothing was measured there is nothing to withhold: the row says ``no_data``.
    """
    frame = _own(run, "gaps")
    beyond, measured = frame["families"], frame["families_measured"]
    few = beyond.between(1, k - 1) | (measured - beyond).between(1, k - 1) | (measured < k)
    unmeasured = beyond.isna() & measured.eq(0)
    return hide(frame, (few.fillna(False) | frame["code"].isin(hidden_areas)) & ~unmeasured, "gaps")


def _pockets(run: RunData, k: int, areas: gpd.GeoDataFrame, hidden_areas: set[str]) -> gpd.GeoDataFrame:
    frame, parts = _own(run, "pockets"), parts_of(run)
    members = {str(key): codes for key, codes in zip(frame["pocket_id"], member_codes(frame), strict=True)}
    members = members if parts is None else touched_by(parts)
    touched = touches_withheld(members, withheld=hidden_areas)
    also = frame["pocket_id"].astype(str).map(touched).fillna(False).to_numpy(dtype=bool)
    derived, counts = family_columns("pockets"), {"poor_families": "families"}
    shown = suppress(frame, counts=counts, k=k, derived=derived, code="pocket_id", also=also)
    if parts is not None:
        hidden = shown.loc[shown["status"].eq("suppressed"), "pocket_id"].astype(str)
        gone = frame["pocket_id"].astype(str).isin(withheld_with(parts, areas, k=k, withheld=set(hidden)))
        shown = suppress(frame, counts=counts, k=k, derived=derived, code="pocket_id", also=gone.to_numpy())
    shown = withhold_beyond_in_pockets(
        shown, pd.DataFrame(frame), pd.DataFrame(_own(run, "areas")), pd.DataFrame(areas),
        members=members, whole=parts is None, k=k,
    )  # fmt: skip
    return gpd.GeoDataFrame(among_shown(shown), geometry=frame.geometry.name, crs=frame.crs)


def _interventions(run: RunData, k: int, pockets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    frame = _own(run, "interventions")
    small = (frame["families"] < k).fillna(False)
    hidden = pockets.loc[pockets["status"].eq("suppressed"), "pocket_id"]
    shown = hide(frame, small | frame["pocket_id"].isin(hidden), "interventions")
    return without_small_counts(without_withheld(shown, frame), k)


def member_codes(pockets: pd.DataFrame) -> list[list[str]]:
    """Codes of the member areas of each pocket."""
    return [str(codes).replace(",", ";").replace(" ", "").split(";") for codes in pockets["member_codes"].fillna("")]


def hide(
    frame: gpd.GeoDataFrame,
    rows: pd.Series,
    collection: str,
    *,
    status: str = "suppressed",
    only: tuple[str, ...] | None = None,
) -> gpd.GeoDataFrame:
    """Take every value that families could be read from (or ``only`` some) out of some rows; say so in ``status``."""
    gone = rows.astype(bool)
    shown = frame.copy()
    for name in family_columns(collection) if only is None else only:
        if name in shown.columns:
            column = shown[name]
            if pd.api.types.is_bool_dtype(column.dtype) or pd.api.types.is_integer_dtype(column.dtype):
                column = column.convert_dtypes()
            shown[name] = column.mask(gone)
    shown["status"] = shown["status"].mask(gone, status)
    return shown


def _inside(run: RunData, frame: gpd.GeoDataFrame, base: str, area: str) -> pd.Series:
    wanted = digits(area)
    known = {digits(code) for code in run.collection("areas")["code"]}
    if not wanted or wanted not in known:
        raise NotFoundError(
            f"--area {area}: this run has no area of that code.",
            f"--area {area}: tidak ada wilayah dengan kode itu pada hasil ini.",
            code="area",
        )
    if base == "pockets":
        inside = [any(digits(code).startswith(wanted) for code in codes) for codes in member_codes(frame)]
        return pd.Series(inside, index=frame.index, dtype=bool)
    codes = frame["code"].astype("object").fillna("")
    inside = pd.Series([digits(code).startswith(wanted) for code in codes], index=frame.index, dtype=bool)
    if base == "interventions":
        pockets = run.collection("pockets")
        inside |= frame["pocket_id"].isin(pockets.loc[_inside(run, pockets, "pockets", area), "pocket_id"])
    return inside


def _by_level(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    order = {"desa": 0, "kecamatan": 1, "kabupaten": 2}
    return areas.sort_values(
        ["level", "code"], key=lambda column: column.map(order) if column.name == "level" else column, ignore_index=True
    )
