"""Which kinds of intervention answer the needs of one pocket, for which of its families, and at which sites."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.facilities.gaps import AccessStandard
from gisapp.analysis.suggesting.costs import volume_of
from gisapp.analysis.suggesting.indicated_sites import indicate_sites
from gisapp.analysis.suggesting.kind import InterventionKind
from gisapp.analysis.suggesting.links import links_of
from gisapp.analysis.suggesting.needs import Need, ranked
from gisapp.analysis.suggesting.reasons import Figures
from gisapp.analysis.suggesting.suggestion import SITED, Suggestion

Ints = npt.NDArray[np.intp]

#: Needs that are answered for their excess alone; below them every strategy may add its own best.
NEEDS_ANSWERED = 3
_DELIVERS = (2, 3, 5)
_OWN_GROUP = ("no_pkh", "no_bpnt", "no_pbi", "all", "coverage")


@dataclass(frozen=True, kw_only=True)
class District:
    """All families of the district as arrays, and what can be done with them; read only."""

    needs: Mapping[str, Need]
    kinds: tuple[InterventionKind, ...]
    standards: Mapping[str, AccessStandard]
    positions: npt.NDArray[np.float64]
    codes: npt.NDArray[Any]
    persons: npt.NDArray[np.int64]
    poor: npt.NDArray[np.bool_]
    road_m: npt.NDArray[np.float64] | None
    candidates: pd.DataFrame
    excluded: int
    unknown: frozenset[tuple[Any, Any]]
    sites_per_pocket: int
    coverage: float | None
    links: pd.DataFrame | None = None


def suggestions_for(district: District, pocket: Mapping[str, Any], rows: Ints) -> list[Suggestion]:
    """Suggestions of one pocket (its families are ``rows``): the needs that stand out, then each strategy's best."""
    order = ranked(district.needs, rows)
    found: list[Suggestion] = []
    answered: list[str] = []
    for need, excess in order:
        if len(answered) < NEEDS_ANSWERED and (not answered or excess > 0):
            new = _answer(district, pocket, rows, need, _DELIVERS, found)
            found += new
            answered += [need] if new else []
    for strategy in (2, 3, 5, 6):
        if not any(suggestion.kind.strategy == strategy for suggestion in found):
            names = answered if strategy == 6 else [need for need, excess in order if excess > 0]
            found += next(filter(None, (_answer(district, pocket, rows, n, (strategy,), found) for n in names)), [])
    programmes = [name for name in ("no_pkh", "no_bpnt", "no_pbi") if name in district.needs]
    programmes.sort(key=lambda name: -int(district.needs[name].lacking[rows].sum()))
    for name in programmes[:1]:
        found += _answer(district, pocket, rows, name, (4,), found)
    found += _unlisted(district, pocket, rows)
    found += links_of(
        district.kinds, district.links, district.codes[rows], pocket_id=str(pocket["pocket_id"]), registered=len(rows)
    )
    for name, strategy in (("unverified", 1), ("all", 7)):
        found += _answer(district, pocket, rows, name, (strategy,), found)
    return found or _everyone(district, pocket, rows)


def _answer(
    district: District,
    pocket: Mapping[str, Any],
    rows: Ints,
    name: str,
    strategies: Collection[int],
    found: list[Suggestion],
) -> list[Suggestion]:
    """Return what answers this need here: the first kind where the lack is known, a field check for the other families.

    In a desa where nobody knows whether the service is absent a check comes first, whatever is suggested beside it.
    """
    need = district.needs[name]
    lacking = rows[need.lacking[rows]]
    known = np.ones(len(lacking), dtype=bool)
    if need.service is not None:
        known = np.array([(code, need.service) not in district.unknown for code in district.codes[lacking]], dtype=bool)
    new: list[Suggestion] = []
    for wanted, people in ((name, lacking[known]), ("absence", lacking[~known])):
        if len(people):
            new += _first_kind(district, pocket, rows, need, (wanted, people), strategies, [*found, *new])
    return new


def _first_kind(
    district: District,
    pocket: Mapping[str, Any],
    rows: Ints,
    need: Need,
    asked: tuple[str, Ints],
    strategies: Collection[int],
    found: list[Suggestion],
) -> list[Suggestion]:
    """Return the suggestions of the first kind, not taken yet, that answers what is ``asked`` for these families."""
    wanted, people = asked
    taken = {suggestion.kind.kind for suggestion in found}
    for kind in district.kinds:
        may = kind.strategy in strategies or wanted == "absence"
        if not may or wanted not in kind.answers or kind.kind in taken:
            continue
        if need.lacking[rows].sum() < kind.least_share * need.asked[rows].sum():
            continue
        if kind.sited:
            new = _sited(district, kind, need, rows, people)
        else:
            new = _unsited(district, kind, need, rows, people, pocket, absence_unknown=wanted == "absence")
        if new:
            return new
    return []


def _sited(district: District, kind: InterventionKind, need: Need, rows: Ints, people: Ints) -> list[Suggestion]:
    placed = people[np.isfinite(district.positions[people]).all(axis=1)]
    reach, source = _reach(district, kind)
    near = _candidates_near(district, need, placed, reach)
    sites = indicate_sites(
        district.positions[placed],
        near[["x", "y"]].to_numpy(dtype=float),
        reach_m=reach,
        sites=district.sites_per_pocket,
        minimum=kind.minimum_families,
    )
    if sites is None:
        return []
    figures = _figures(district, need, rows)
    found = []
    for number, candidate in enumerate(sites.candidates):
        members = placed[sites.site_of_family == number]
        spot = near.iloc[candidate]
        found.append(
            Suggestion(
                kind=kind,
                figures=figures,
                excess=need.excess(rows),
                members=members,
                families=len(members),
                persons=int(district.persons[members].sum()),
                decile_1_share=float(district.poor[members].mean()),
                volume=volume_of(kind, len(members), areas=1, road_km=0.0),
                x=float(spot["x"]),
                y=float(spot["y"]),
                sites=sites,
                reach_m=reach,
                reach_source=source,
                code=str(spot["code"]),
                place=f"{SITED}: {spot['source']}",
                with_position=len(placed),
                candidates=len(near),
                excluded=district.excluded,
            )
        )
    return sorted(found, key=lambda suggestion: -suggestion.families)


def _reach(district: District, kind: InterventionKind) -> tuple[float, str]:
    standard = district.standards.get(kind.service) if kind.service else None
    if standard is not None and standard.distance_m is not None:
        return float(standard.distance_m), f"{standard.source} ({standard.date})"
    return float(kind.standard_m or 0.0), f"katalog intervensi, {kind.cost_year}"


def _candidates_near(district: District, need: Need, people: Ints, reach_m: float) -> pd.DataFrame:
    """Return candidates in the families' box, widened by the reach, where absence of the service is known."""
    frame = district.candidates
    if not len(people) or not len(frame):
        return frame.iloc[:0]
    low = district.positions[people].min(axis=0) - reach_m
    high = district.positions[people].max(axis=0) + reach_m
    inside = frame["x"].between(low[0], high[0]) & frame["y"].between(low[1], high[1])
    frame = frame[inside]
    if need.service is not None:
        frame = frame[[(code, need.service) not in district.unknown for code in frame["code"]]]
    return frame


def _unsited(
    district: District,
    kind: InterventionKind,
    need: Need,
    rows: Ints,
    people: Ints,
    pocket: Mapping[str, Any],
    *,
    absence_unknown: bool,
) -> list[Suggestion]:
    if len(people) < kind.minimum_families:
        return []
    areas, road_km = len(set(district.codes[people])), _road_km(district, people)
    return [
        Suggestion(
            kind=kind,
            figures=_figures(district, need, rows),
            excess=need.excess(rows),
            members=people,
            families=len(people),
            persons=int(district.persons[people].sum()),
            decile_1_share=float(district.poor[people].mean()),
            volume=volume_of(kind, len(people), areas=areas, road_km=road_km),
            areas=areas,
            road_km=road_km,
            x=float(pocket["x"]),
            y=float(pocket["y"]),
            absence_unknown=absence_unknown,
        )
    ]


def _figures(district: District, need: Need, rows: Ints) -> Figures:
    lacking, asked = int(need.lacking[rows].sum()), int(need.asked[rows].sum())
    standard = district.standards.get(need.service) if need.service else None
    return Figures(
        need=need.name,
        lacking=lacking,
        asked=asked,
        share=lacking / asked if asked else 0.0,
        district_share=need.share,
        decile_1=None if need.name in _OWN_GROUP else int((need.lacking & district.poor)[rows].sum()),
        standard_m=standard.distance_m if standard is not None else None,
    )


def _road_km(district: District, people: Ints) -> float:
    """Kilometres from the road, straight line: the median of the families of each desa, summed over the desa."""
    if district.road_m is None:
        return 0.0
    metres = pd.Series(district.road_m[people]).groupby(district.codes[people]).median().sum()
    return float(metres) / 1000


def _unlisted(district: District, pocket: Mapping[str, Any], rows: Ints) -> list[Suggestion]:
    """Families that the population table counts and the registry does not list."""
    everyone = pocket.get("population_families")
    if everyone is None or pd.isna(everyone) or everyone <= len(rows):
        return []
    count = int(everyone) - len(rows)
    share = count / int(everyone)
    elsewhere = None if district.coverage is None else 1 - district.coverage
    figures = Figures(
        need="coverage",
        lacking=count,
        asked=int(everyone),
        share=share,
        district_share=elsewhere,
        decile_1=None,
        standard_m=None,
    )
    kinds = [kind for kind in district.kinds if "coverage" in kind.answers and count >= kind.minimum_families]
    return [
        Suggestion(
            kind=kind,
            figures=figures,
            excess=None,
            members=rows[:0],
            families=count,
            persons=None,
            volume=volume_of(kind, count, areas=len(set(district.codes[rows])), road_km=0.0),
            areas=len(set(district.codes[rows])),
            x=float(pocket["x"]),
            y=float(pocket["y"]),
        )
        for kind in kinds[:1]
    ]


def _everyone(district: District, pocket: Mapping[str, Any], rows: Ints) -> list[Suggestion]:
    """Where nothing else applies: what is done for all registered families of the pocket."""
    need = district.needs["all"]
    kinds = [kind for kind in district.kinds if "all" in kind.answers]
    return [s for kind in kinds[:1] for s in _unsited(district, kind, need, rows, rows, pocket, absence_unknown=False)]
