"""What to do in each pocket, where, for whom and at what example cost: pocket × need × catalogue of kinds.

The first suggestion of a pocket answers the need in which it stands out most from the district
(`suggesting.needs`). The others stand beside it, under each of the seven strategies that has something to answer there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.facilities.gaps import AccessStandard
from gisapp.analysis.suggesting.answers import District, suggestions_for
from gisapp.analysis.suggesting.comparison import compare
from gisapp.analysis.suggesting.costs import CostRules
from gisapp.analysis.suggesting.funded_works import PRE_EMPTED_FROM, funded_by
from gisapp.analysis.suggesting.inputs import CONTEXT_LAYERS, check_frames, check_numbers
from gisapp.analysis.suggesting.kind import InterventionKind
from gisapp.analysis.suggesting.links import checked_links
from gisapp.analysis.suggesting.needs import district_needs, is_poor
from gisapp.analysis.suggesting.plan_budget import BudgetChoice
from gisapp.analysis.suggesting.plan_totals import plan_totals
from gisapp.analysis.suggesting.suggestion import Suggestion, row_of
from gisapp.analysis.suggesting.weights import Weighing
from gisapp.analysis.suggesting.words import WITHOUT_RECORDS
from gisapp.columns import columns_of
from gisapp.errors import InvalidInputError

#: Strategies whose suggestions a budget chooses among; data, partnership and monitoring are not bought with it.
BUDGETED = (2, 3, 4, 5)

__all__ = ["BUDGETED", "CONTEXT_LAYERS", "Comparing", "suggest"]


@dataclass(frozen=True, kw_only=True)
class Comparing:
    """How suggestions are priced and compared: dated rules of the district.

    Suggestions of fewer than ``least`` families are not compared with others, nor counted in totals. ``records`` names
    what is known of partners (``mitra``) and running programmes (``program``); what is not is said, never made up.
    """

    rules: CostRules = field(default_factory=CostRules)
    weighing: Weighing = field(default_factory=Weighing)
    seed: int = 0
    least: int = 1
    records: tuple[str, ...] = ()


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
    links: pd.DataFrame | None = None,
    comparing: Comparing | None = None,
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
        Works with a budget (`suggesting.funded_works`): a suggestion of whose families they answer at least this share
        is ``pre_empted``, and no budget is spent on it again.
    links
        Missing roads and bridges (`analysis.suggesting.links.checked_links` says what they hold).
    comparing
        Prices, weights, seed and records; the defaults of `Comparing` where absent.

    Totals in which each family is counted once stand in ``attrs["plan"]`` (`suggesting.plan_totals`), the rows of
    the families that each suggestion reaches in ``attrs["members"]``.

    Raises
    ------
    InvalidInputError
        A missing column, a pocket without families or named twice, a number out of range, an unknown layer.
    """
    check_frames(pockets, families, candidates, kinds, layers_checked)
    check_numbers(sites_per_pocket, district_coverage, budget_idr)
    how = comparing or Comparing()
    district = _district(
        families, candidates, kinds, standards, gaps, poor_deciles, sites_per_pocket, district_coverage, links
    )
    rows_of_pocket = families.reset_index(drop=True).groupby("pocket_id", sort=False).indices
    found = [
        (str(pocket["pocket_id"]), _told(suggestions_for(district, pocket, rows_of_pocket[pocket["pocket_id"]]), how))
        for pocket in pockets.to_dict("records")
    ]
    rows = [row for pocket_id, part in found for row in _numbered(pocket_id, part, how.rules)]
    suggestions = [suggestion for _, part in found for suggestion in part]
    members = [suggestion.members for suggestion in suggestions]
    frame = _framed(rows, layers_checked, crs)
    if len(frame):
        beside = compare(
            suggestions, frame["pocket_id"].tolist(), rules=how.rules, weighing=how.weighing, seed=how.seed,
            least=how.least,
        )  # fmt: skip
        frame = frame.assign(**{str(name): beside[name].array for name in beside})
    if works is not None and len(frame):
        found_by = funded_by(
            frame["need"].tolist(), members, families, works, standards=standards, pre_empted_from=pre_empted_from
        )
        frame = frame.assign(**{str(name): found_by[name].array for name in found_by})
    if budget_idr is not None and len(frame):
        frame = frame.assign(**_within_budget(frame, members, float(budget_idr), how.least))
    frame.attrs["members"] = members
    frame.attrs["plan"] = {"least": how.least, "totals": plan_totals(frame, members, least=how.least)}
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
    links: pd.DataFrame | None,
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
        links=None if links is None else checked_links(links),
    )


def _told(found: list[Suggestion], how: Comparing) -> list[Suggestion]:
    """Let suggestions that rest on records which nobody supplied say so."""
    without = {
        strategy: (words_id, words_en)
        for strategy, (name, words_id, words_en) in WITHOUT_RECORDS.items()
        if name not in how.records
    }
    return [replace(one, missing_records=without.get(one.kind.strategy, ("", ""))) for one in found]


def _numbered(pocket_id: str, found: list[Suggestion], rules: CostRules) -> list[dict[str, Any]]:
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
        rows.append(
            {"intervention_id": f"i-{mark}", "pocket_id": pocket_id, "sequence": place, **row_of(suggestion, rules)}
        )
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
    frame: pd.DataFrame, members: list[npt.NDArray[np.intp]], budget_idr: float, least: int
) -> dict[str, Any]:
    """Mark the suggestions that together reach most families within the budget, and what each of them keeps out."""
    known = frame["families"].fillna(0).to_numpy(dtype=int) == np.array([len(rows) for rows in members], dtype=int)
    answered = frame["pre_empted"].fillna(False).to_numpy(dtype=bool)
    bought = np.flatnonzero(frame["strategy"].isin(BUDGETED).to_numpy(dtype=bool) & ~answered & known)
    choice = BudgetChoice(
        [members[i] for i in bought], frame["cost_idr"].to_numpy(dtype=float)[bought], float(budget_idr)
    )
    chosen = pd.Series(pd.NA, index=frame.index, dtype="boolean")
    chosen.iloc[bought] = False
    chosen.iloc[bought[list(choice.plan().chosen)]] = True
    displaces = pd.Series(None, index=frame.index, dtype=object)
    fewer = pd.Series(pd.NA, index=frame.index, dtype="Int64")
    names = frame["intervention_id"].to_numpy(dtype=object)[bought]
    for at, row in enumerate(bought):
        other = choice.displaced(at)
        if other.affordable and frame["families"].iloc[row] >= least:
            displaces.iloc[row] = "; ".join(sorted(names[i] for i in other.rows))
            fewer.iloc[row] = other.families if other.families == 0 or other.families >= least else pd.NA
    return {"in_budget": chosen, "displaces": displaces, "displaced_families": fewer}
