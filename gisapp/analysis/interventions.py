"""What to do in each pocket, where, for whom and at what example cost: pocket × need × catalogue of kinds.

The first suggestion of a pocket answers the need in which it stands out most from the district (`analysis.needs`).
The others stand beside it, under each of the seven strategies that has something to answer there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from gisapp.analysis.answers import District, suggestions_for
from gisapp.analysis.funded_works import PRE_EMPTED_FROM, funded_by
from gisapp.analysis.gaps import AccessStandard
from gisapp.analysis.indicated_sites import NODE_LIMIT
from gisapp.analysis.intervention_kind import InterventionKind
from gisapp.analysis.needs import district_needs, is_poor
from gisapp.analysis.siting import maximal_coverage
from gisapp.analysis.suggestion import Suggestion, row_of
from gisapp.columns import columns_of
from gisapp.errors import InvalidInputError

#: Layers that forbid or pre-empt a site; each one that the candidates were not checked against is named.
CONTEXT_LAYERS = ("kawasan_hutan", "hgu", "pola_ruang_rtrw", "lp2b", "rawan_bencana", "rencana_kegiatan")
#: Strategies whose suggestions a budget chooses among; data, partnership and monitoring are not bought with it.
BUDGETED = (2, 3, 4, 5)


def suggest(
    pockets: pd.DataFrame,
    families: pd.DataFrame,
    candidates: pd.DataFrame,
    kinds: Sequence[InterventionKind],
    *,
    standards: Mapping[str, AccessStandard],
    gaps: pd.DataFrame | None = None,
    layers_checked: Collection[str] = (),
    poor_deciles: Collection[int] = (1,),
    sites_per_pocket: int = 2,
    district_coverage: float | None = None,
    budget_idr: float | None = None,
    works: gpd.GeoDataFrame | None = None,
    pre_empted_from: float = PRE_EMPTED_FROM,
    crs: Any = None,
) -> gpd.GeoDataFrame:
    """Suggestions of every pocket, in the order of ``pockets``; the columns of ``columns.INTERVENTIONS`` and a point.

    Parameters
    ----------
    pockets
        ``pocket_id``, ``x``, ``y`` (a point inside, metres); ``population_families`` where a population table is known.
    families
        All registered families of the district: ``pocket_id`` (null outside), ``code``, ``x``, ``y`` (metres; NaN
        without a usable position), ``persons``, ``decile``; and as far as known the deprivations, ``children_*``,
        ``receives_*`` and ``distance_m_<service>``.
    candidates
        Possible sites: ``x``, ``y``, ``code``, ``source``; ``excluded_by`` names the layer that forbids one.
    kinds
        The catalogue, in order of preference.
    standards, gaps
        Dated standard per service; ``code``, ``service``, ``absence`` of every desa. Where absence is unknown no
        site is indicated and a field check is suggested instead.
    layers_checked
        Names out of ``CONTEXT_LAYERS`` that the candidates were checked against.
    sites_per_pocket, district_coverage, budget_idr
        Most new sites of one kind in a pocket (0: none is indicated); registered over all families (0..1) of the
        district; with a budget in rupiah ``in_budget`` marks the suggestions of strategies 2 to 5 that reach most
        families, each counted once.
    works, pre_empted_from
        Works with a budget (`analysis.funded_works`): a suggestion of whose families they answer at least this share is
        ``pre_empted``, and no budget is spent on it again.

    Raises
    ------
    InvalidInputError
        A missing column, a pocket without families or named twice, a number out of range, an unknown layer.
    """
    _check(pockets, families, candidates, kinds, layers_checked)
    _check_numbers(sites_per_pocket, district_coverage, budget_idr)
    district = _district(
        families, candidates, kinds, standards, gaps, poor_deciles, sites_per_pocket, district_coverage
    )
    rows_of_pocket = families.reset_index(drop=True).groupby("pocket_id", sort=False).indices
    rows: list[dict[str, Any]] = []
    members: list[npt.NDArray[np.intp]] = []
    for pocket in pockets.to_dict("records"):
        found = suggestions_for(district, pocket, rows_of_pocket[pocket["pocket_id"]])
        rows += _numbered(str(pocket["pocket_id"]), found)
        members += [suggestion.members for suggestion in found]
    frame = _framed(rows, layers_checked, crs)
    if works is not None and len(frame):
        found_by = funded_by(
            frame["need"].tolist(), members, families, works, standards=standards, pre_empted_from=pre_empted_from
        )
        frame = frame.assign(**{str(name): found_by[name].array for name in found_by})
    if budget_idr is not None and len(frame):
        frame["in_budget"] = _within_budget(frame, members, len(families), float(budget_idr))
    return frame


def _district(
    families: pd.DataFrame,
    candidates: pd.DataFrame,
    kinds: Sequence[InterventionKind],
    standards: Mapping[str, AccessStandard],
    gaps: pd.DataFrame | None,
    poor_deciles: Collection[int],
    sites_per_pocket: int,
    coverage: float | None,
) -> District:
    allowed = candidates
    if "excluded_by" in candidates:
        allowed = candidates[candidates["excluded_by"].isna()]
    unknown: frozenset[tuple[Any, Any]] = frozenset()
    if gaps is not None:
        hidden = gaps[gaps["absence"] == "unknown"]
        unknown = frozenset(zip(hidden["code"], hidden["service"], strict=True))
    return District(
        needs=district_needs(families, standards=standards, poor_deciles=poor_deciles),
        kinds=tuple(kinds),
        standards=standards,
        positions=families[["x", "y"]].to_numpy(dtype=float),
        codes=families["code"].to_numpy(dtype=object),
        persons=families["persons"].fillna(0).to_numpy(dtype=np.int64),
        poor=is_poor(families, poor_deciles),
        road_m=families["distance_m_road"].to_numpy(dtype=float) if "distance_m_road" in families else None,
        candidates=allowed.sort_values(["code", "x", "y"], kind="stable", ignore_index=True),
        excluded=len(candidates) - len(allowed),
        unknown=unknown,
        sites_per_pocket=sites_per_pocket,
        coverage=coverage,
    )


def _numbered(pocket_id: str, found: list[Suggestion]) -> list[dict[str, Any]]:
    if not found:
        raise InvalidInputError(
            f"kinds: nothing in the catalogue can be suggested for pocket {pocket_id}; add a kind that answers `all`.",
            f"kinds: tidak ada jenis yang dapat diusulkan untuk {pocket_id}; tambahkan jenis yang menjawab `all`.",
        )
    rows, count = [], dict.fromkeys((suggestion.kind.kind for suggestion in found), 0)
    for place, suggestion in enumerate(found, 1):
        kind = suggestion.kind.kind
        count[kind] += 1
        mark = hashlib.sha256(f"{pocket_id}|{kind}|{count[kind]}".encode()).hexdigest()[:8]
        rows.append({"intervention_id": f"i-{mark}", "pocket_id": pocket_id, "sequence": place, **row_of(suggestion)})
    return rows


def _framed(rows: list[dict[str, Any]], layers_checked: Collection[str], crs: Any) -> gpd.GeoDataFrame:
    names = list(columns_of("interventions"))
    frame = pd.DataFrame(rows, columns=[*names, "x", "y"])
    left = [name for name in CONTEXT_LAYERS if name not in layers_checked]
    frame["not_checked"] = f"belum diperiksa: {'; '.join(left)}" if left else ""
    frame["run_id"] = ""
    for name in ("in_budget", "pre_empted"):
        frame[name] = pd.array([pd.NA] * len(frame), dtype="boolean")
    for name in ("families", "persons", "strategy", "sequence"):
        frame[name] = frame[name].astype("Int64")
    points = gpd.points_from_xy(frame["x"].astype(float), frame["y"].astype(float))
    return gpd.GeoDataFrame(frame[names], geometry=points, crs=crs)


def _within_budget(
    frame: pd.DataFrame, members: list[npt.NDArray[np.intp]], families: int, budget_idr: float
) -> pd.Series:
    """Return the suggestions that together reach most families within the budget, each family counted once."""
    answered = frame["pre_empted"].fillna(False).to_numpy(dtype=bool)
    bought = np.flatnonzero(frame["strategy"].isin(BUDGETED).to_numpy(dtype=bool) & ~answered)
    rows = [members[i] for i in bought]
    column = np.repeat(np.arange(len(bought)), [len(row) for row in rows])
    row = np.concatenate([*rows, np.array([], dtype=np.intp)])
    covers = sparse.csr_array((np.ones(len(row), dtype=bool), (row, column)), shape=(families, len(bought)))
    plan = maximal_coverage(
        np.ones(families),
        covers,
        budget=budget_idr,
        cost=frame["cost_idr"].to_numpy(dtype=float)[bought],
        time_limit_s=float("inf"),
        node_limit=NODE_LIMIT,
    )
    chosen = pd.Series(pd.NA, index=frame.index, dtype="boolean")
    chosen.iloc[bought] = False
    chosen.iloc[bought[list(plan.selected)]] = True
    return chosen


def _check(
    pockets: pd.DataFrame,
    families: pd.DataFrame,
    candidates: pd.DataFrame,
    kinds: Sequence[InterventionKind],
    layers_checked: Collection[str],
) -> None:
    needed = (
        (pockets, "pockets", {"pocket_id", "x", "y"}),
        (families, "families", {"pocket_id", "code", "x", "y", "persons", "decile"}),
        (candidates, "candidates", {"x", "y", "code", "source"}),
    )
    for frame, name, columns in needed:
        absent = ", ".join(sorted(columns - set(frame.columns)))
        if absent:
            raise InvalidInputError(f"{name}: no column {absent}.", f"{name}: tidak ada kolom {absent}.")
    for frame, name in ((pockets, "pockets"), (candidates, "candidates")):
        wrong = np.flatnonzero(~np.isfinite(frame[["x", "y"]].to_numpy(dtype=float)).all(axis=1))
        if len(wrong):
            raise InvalidInputError(
                f"{name}: row {wrong[0]} has no finite x and y.", f"{name}: baris {wrong[0]} tanpa x dan y yang sah."
            )
    unknown = ", ".join(sorted(set(layers_checked) - set(CONTEXT_LAYERS)))
    if unknown:
        raise InvalidInputError(
            f"layers_checked: {unknown} is none of {', '.join(CONTEXT_LAYERS)}.",
            f"layers_checked: {unknown} tidak termasuk {', '.join(CONTEXT_LAYERS)}.",
        )
    if not kinds:
        raise InvalidInputError("kinds: the catalogue is empty.", "kinds: katalog intervensi kosong.")
    _check_pockets(pockets, families)


def _check_pockets(pockets: pd.DataFrame, families: pd.DataFrame) -> None:
    repeated = pockets.loc[pockets["pocket_id"].duplicated(), "pocket_id"]
    if len(repeated):
        raise InvalidInputError(
            f"pockets: {repeated.iloc[0]} stands more than once.",
            f"pockets: {repeated.iloc[0]} muncul lebih dari sekali.",
        )
    empty = pockets.loc[~pockets["pocket_id"].isin(families["pocket_id"]), "pocket_id"]
    if len(empty):
        raise InvalidInputError(
            f"pockets: {empty.iloc[0]} has no row in families ({len(empty)} such).",
            f"pockets: {empty.iloc[0]} tanpa baris pada families ({len(empty)} kasus).",
        )


def _check_numbers(sites_per_pocket: int, district_coverage: float | None, budget_idr: float | None) -> None:
    if sites_per_pocket < 0:
        raise InvalidInputError(
            f"sites_per_pocket is {sites_per_pocket}: give 0 or more.",
            f"sites_per_pocket bernilai {sites_per_pocket}: isi 0 atau lebih.",
        )
    if district_coverage is not None and not 0 <= district_coverage <= 1:
        raise InvalidInputError(
            f"district_coverage is {district_coverage}: give a share from 0 to 1.",
            f"district_coverage bernilai {district_coverage}: isi bagian dari 0 sampai 1.",
        )
    if budget_idr is not None and not (np.isfinite(budget_idr) and budget_idr >= 0):
        raise InvalidInputError(
            f"budget_idr is {budget_idr}: give rupiah, 0 or more.",
            f"budget_idr bernilai {budget_idr}: isi rupiah, 0 atau lebih.",
        )
