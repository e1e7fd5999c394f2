"""What families lack, and how far a pocket stands out from the district in it.

A need is asked of some families (those who answered, those with a child of that age) and some of them lack it. The
excess of a pocket is the difference of its share from the district's on the arcsine scale (Cohen 1988, h), in units of
the spread of that scale between desa: a need that differs from desa to desa anyway must differ more to stand out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.facilities.gaps import AccessStandard
from gisapp.columns import DEPRIVATIONS, SERVICES

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

#: Families of whom a service is asked: those with a child of this age; of the others every family.
CHILDREN = {
    "early_childhood": "children_0_5",
    "posyandu": "children_0_5",
    "primary_school": "children_7_12",
    "junior_school": "children_13_15",
    "senior_school": "children_13_15",
}
#: Lacks that only some districts know of a family; asked of those with an answer, as deprivations are.
OPTIONAL = ("signal",)
PROGRAMMES = {"no_pkh": "receives_pkh", "no_bpnt": "receives_bpnt", "no_pbi": "receives_pbi"}
#: A lack that follows from a service out of reach is answered by that service first, where it is clearly farther.
FOLLOWS = {
    "schooling": ("gap:primary_school", "gap:junior_school"),
    "adult_education": ("gap:primary_school", "gap:junior_school"),
    "cooking_fuel": ("gap:road",),
}
#: A medium effect of Cohen (1988), on the arcsine scale.
CLEARLY = 0.5
_LEAST_SPREAD = 0.1


@dataclass(frozen=True, kw_only=True)
class Need:
    """One need over all families of the district: of whom it is asked, and who lacks it."""

    name: str
    asked: Bools
    lacking: Bools
    share: float
    spread: float

    @property
    def service(self) -> str | None:
        """The service of a gap, or None."""
        return self.name.removeprefix("gap:") if self.name.startswith("gap:") else None

    def effect(self, rows: npt.NDArray[np.intp]) -> float:
        """Cohen's h of the share of these families against the district's."""
        asked = int(self.asked[rows].sum())
        if not asked:
            return 0.0
        return float(_arcsine(self.lacking[rows].sum() / asked) - _arcsine(self.share))

    def excess(self, rows: npt.NDArray[np.intp]) -> float:
        """Return how far the share of these families is above the district's, in spreads between desa."""
        return self.effect(rows) / self.spread


def district_needs(
    families: pd.DataFrame, *, standards: Mapping[str, AccessStandard], poor_deciles: Collection[int]
) -> dict[str, Need]:
    """Needs that the columns of ``families`` can tell, by name: deprivations, ``gap:<service>``, and the others."""
    poor = is_poor(families, poor_deciles)
    found = {name: _answered(families[name]) for name in (*DEPRIVATIONS, *OPTIONAL) if name in families}
    for service in SERVICES:
        standard = standards.get(service)
        if f"distance_m_{service}" in families and standard is not None and standard.distance_m is not None:
            found[f"gap:{service}"] = _beyond(families, service, standard.distance_m)
    for name, column in PROGRAMMES.items():
        if column in families:
            known, receives = _answered(families[column])
            found[name] = (known & poor, known & poor & ~receives)
    everyone = np.ones(len(families), dtype=bool)
    found["unverified"] = (everyone, _unverified(families))
    found["all"] = (everyone, poor)
    areas = pd.factorize(families["code"])[0]
    return {name: _need(name, asked, lacking, areas) for name, (asked, lacking) in found.items()}


def is_poor(families: pd.DataFrame, poor_deciles: Collection[int]) -> Bools:
    """Whether the family's decile counts as poor; an unknown decile does not."""
    return np.asarray(families["decile"].isin(list(poor_deciles)).fillna(False), dtype=bool)


def ranked(needs: Mapping[str, Need], rows: npt.NDArray[np.intp]) -> list[tuple[str, float]]:
    """Deprivations and gaps among ``rows``, greatest excess first; a cause goes before what follows from it."""
    excess = {
        name: need.excess(rows)
        for name, need in needs.items()
        if (name in DEPRIVATIONS or name in OPTIONAL or need.service) and need.lacking[rows].any()
    }
    place = dict(excess)
    for name, causes in FOLLOWS.items():
        for cause in causes:
            if name in excess and cause in excess and needs[cause].effect(rows) >= CLEARLY:
                place[cause] = max(place[cause], excess[name] + 1e-9)
    order = sorted(excess, key=lambda name: (-place[name], -excess[name], list(needs).index(name)))
    return [(name, excess[name]) for name in order]


def _need(name: str, asked: Bools, lacking: Bools, areas: npt.NDArray[np.intp]) -> Need:
    known = areas >= 0
    size = np.bincount(areas[known], weights=asked[known])
    lack = np.bincount(areas[known], weights=lacking[known])
    some = size > 0
    share = float(lacking.sum() / asked.sum()) if asked.any() else 0.0
    if not some.any():
        return Need(name=name, asked=asked, lacking=lacking, share=share, spread=_LEAST_SPREAD)
    scale = _arcsine(lack[some] / size[some])
    middle = np.average(scale, weights=size[some])
    spread = float(np.sqrt(np.average((scale - middle) ** 2, weights=size[some])))
    return Need(name=name, asked=asked, lacking=lacking, share=share, spread=max(spread, _LEAST_SPREAD))


def _arcsine(share: Floats | float) -> Floats:
    return np.asarray(2 * np.arcsin(np.sqrt(share)), dtype=float)


def _answered(values: pd.Series) -> tuple[Bools, Bools]:
    """Whether the answer is known, and whether it is known to be yes."""
    known = values.notna().to_numpy(dtype=bool)
    yes = values.astype("boolean").fillna(False).to_numpy(dtype=bool)
    return known, yes


def asked_of(families: pd.DataFrame, service: str) -> Bools:
    """Of which families a service is asked: those with a distance to it, and a child of its age where it has one."""
    asked: Bools = families[f"distance_m_{service}"].notna().to_numpy(dtype=bool)
    children = CHILDREN.get(service)
    if children in families:
        asked = asked & (families[children].fillna(0).to_numpy(dtype=float) > 0)
    return asked


def _beyond(families: pd.DataFrame, service: str, limit_m: float) -> tuple[Bools, Bools]:
    asked, distance = asked_of(families, service), families[f"distance_m_{service}"].to_numpy(dtype=float)
    return asked, asked & (np.nan_to_num(distance) > limit_m)


def _unverified(families: pd.DataFrame) -> Bools:
    blank = families[["x", "y"]].isna().any(axis=1).to_numpy(dtype=bool)
    for name in DEPRIVATIONS:
        if name in families:
            blank = blank | families[name].isna().to_numpy(dtype=bool)
    return np.asarray(blank, dtype=bool)
