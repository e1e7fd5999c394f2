"""Missing links that were found on the network (`analysis.links`) as suggestions of the pockets that they serve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.suggesting.costs import volume_of
from gisapp.analysis.suggesting.kind import InterventionKind
from gisapp.analysis.suggesting.reasons import Figures, number_id
from gisapp.analysis.suggesting.suggestion import SITED, Suggestion
from gisapp.errors import InvalidInputError

NEEDED = ("code", "x", "y", "families", "poor_families", "length_m", "crosses_river", "cost_idr")


def checked_links(links: pd.DataFrame) -> pd.DataFrame:
    """Return the links in an order of their own; InvalidInputError for a missing column or a number out of range.

    ``families`` are those newly within the standard (``poor_families`` of them of decile 1), ``length_m`` is above 0,
    ``cost_idr`` (rupiah of works, before tax) may be missing; ``members`` may hold the rows of the families,
    ``persons`` how many they are, ``pocket_id`` the pocket that has the link, ``link`` what else is told of it (JSON).
    """
    absent = ", ".join(name for name in NEEDED if name not in links)
    if absent:
        raise InvalidInputError(f"links: no column {absent}.", f"links: tidak ada kolom {absent}.")
    for name, least in (("x", -np.inf), ("y", -np.inf), ("families", 0), ("poor_families", 0), ("length_m", 1e-9)):
        values = links[name].to_numpy(dtype=float, na_value=np.nan)
        wrong = np.flatnonzero(~(np.isfinite(values) & (values >= least)))
        if len(wrong):
            raise InvalidInputError(
                f"links: {name} of row {wrong[0]} is {values[wrong[0]]}; give a finite number"
                f"{' of 0 or more' if least >= 0 else ''}.",
                f"links: {name} baris {wrong[0]} bernilai {values[wrong[0]]}; isi angka yang sah"
                f"{' 0 atau lebih' if least >= 0 else ''}.",
            )
    cost = links["cost_idr"].to_numpy(dtype=float, na_value=np.nan)
    wrong = np.flatnonzero((cost <= 0) | np.isinf(cost) | (links["poor_families"] > links["families"]).to_numpy())
    if len(wrong):
        raise InvalidInputError(
            f"links: row {wrong[0]} costs {cost[wrong[0]]}, or holds more poor families than families.",
            f"links: baris {wrong[0]} berbiaya {cost[wrong[0]]}, atau keluarga desil 1 melebihi keluarga.",
        )
    return links.sort_values(["code", "x", "y"], kind="stable", ignore_index=True)


def links_of(
    kinds: Sequence[InterventionKind],
    links: pd.DataFrame | None,
    codes: npt.NDArray[Any],
    *,
    pocket_id: str,
    registered: int,
) -> list[Suggestion]:
    """Return the best bridge and the best road among the links of this pocket: most families per rupiah first.

    A link belongs to the pocket that it names (``pocket_id``), or where links name none to those of its desa.
    """
    if links is None or not len(links):
        return []
    ours = links["pocket_id"].eq(pocket_id) if "pocket_id" in links else links["code"].isin(set(codes))
    here = links[ours & (links["families"] > 0)]
    found = []
    for need, part in (
        ("link:bridge", here[here["crosses_river"].astype(bool)]),
        ("link:road", here[~here["crosses_river"].astype(bool)]),
    ):
        kind = next((kind for kind in kinds if need in kind.answers), None)
        if kind is None or part.empty or part["families"].max() < kind.minimum_families:
            continue
        part = part[part["families"] >= kind.minimum_families]
        each = _works(part, kind) / part["families"].astype(float)
        found.append(_suggestion(kind, need, part.loc[each.idxmin()], registered))
    return found


def _works(links: pd.DataFrame, kind: InterventionKind) -> pd.Series:
    own = links["cost_idr"].astype(float)
    return own.fillna(np.ceil(links["length_m"].astype(float)).clip(lower=1) * kind.unit_cost_idr)


def _suggestion(kind: InterventionKind, need: str, link: pd.Series, registered: int) -> Suggestion:
    families, length = int(link["families"]), float(link["length_m"])
    volume = volume_of(kind, families, areas=1, road_km=0.0, link_m=length)
    known = bool(np.isfinite(link["cost_idr"])) if pd.notna(link["cost_idr"]) else False
    members = link.get("members")
    return Suggestion(
        kind=kind,
        figures=Figures(
            need=need,
            lacking=families,
            asked=max(registered, families),
            share=families / max(registered, families),
            district_share=None,
            decile_1=int(link["poor_families"]),
            standard_m=None,
        ),
        excess=None,
        members=np.asarray(members if isinstance(members, tuple | list) else (), dtype=np.intp),
        families=families,
        persons=int(link["persons"]) if "persons" in link else None,
        volume=volume,
        x=float(link["x"]),
        y=float(link["y"]),
        code=str(link["code"]),
        place=f"{SITED}: ruas {number_id(length)} m",
        link_m=length,
        link=link.get("link"),
        unit_cost_idr=float(link["cost_idr"]) / volume if known else None,
        decile_1_share=int(link["poor_families"]) / families,
    )
