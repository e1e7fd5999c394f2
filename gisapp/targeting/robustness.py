"""How far the order of the desa by M0 hangs on the cutoff and on the weights that an office chose."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.deprivation_sensitivity import (
    CONCENTRATION,
    dirichlet_weights,
    order_agreement,
    over_cutoffs,
    over_weights,
    robust_pairs,
)
from gisapp.targeting.patterns import UNKNOWN, by_group, deprived_of
from gisapp.workspace.settings import WorkspaceSettings

#: Cutoffs that the chosen one is compared with: a fifth, a quarter, a third (global MPI), two fifths, a half.
CUTOFFS = (0.2, 0.25, 1 / 3, 0.4, 0.5)
WEIGHT_SETS = 100
FIRST = 10
_SAME = 1e-6


def deprivation_order(patterns: pd.DataFrame, settings: WorkspaceSettings) -> dict[str, Any]:
    """JSON-ready facts on the order of the desa by M0 under other cutoffs and weights; empty below two desa.

    ``areas`` compared, ``first`` (how many count as the first ones), ``cutoffs``: per cutoff the families counted,
    those that are poor, M0 of the district, and ``kendall`` and ``first_kept`` against the chosen cutoff;
    ``weights``: median and 5 % quantile of both over ``sets`` Dirichlet draws; ``robust_pairs``: share of ordered pairs
    of desa that no alternative reverses. Before any disclosure control.
    """
    names = list(settings.deprivation_weights)
    group, states, counted = by_group(patterns, patterns["code"], names, families=patterns["families"])
    deprived = deprived_of(states, names)
    given = {"weight": counted, "by": group}
    if group.nunique() < 2:
        return {}
    chosen = settings.deprivation_cutoff
    cutoffs = sorted({chosen, *(cut for cut in CUTOFFS if abs(cut - chosen) > _SAME)})
    measured = over_cutoffs(deprived, settings.deprivation_weights, cutoffs=cutoffs, **given)
    by_cutoff = measured["adjusted_headcount"].unstack("cutoff").dropna()
    if len(by_cutoff) < 2:
        return {}
    sets = dirichlet_weights(settings.deprivation_weights, sets=WEIGHT_SETS, seed=settings.seed)
    drawn = over_weights(deprived, sets, cutoff=chosen, **given)["adjusted_headcount"].unstack("set")
    baseline, drawn = by_cutoff[chosen], drawn.reindex(by_cutoff.index)
    others = by_cutoff.drop(columns=chosen)
    everything = pd.concat([others.add_prefix("cutoff "), drawn.add_prefix("set ")], axis=1)
    known = int(counted[(states != UNKNOWN).all(axis=1)].sum())
    whole = over_cutoffs(deprived, settings.deprivation_weights, cutoffs=cutoffs, weight=counted).droplevel(1)
    against = order_agreement(baseline, by_cutoff, first=FIRST)
    return {
        "areas": len(baseline),
        "first": min(FIRST, len(baseline)),
        "cutoff": chosen,
        "cutoffs": [
            {
                "cutoff": cut,
                "families": known,
                "deprived_families": round(float(whole.loc[cut, "headcount_ratio"]) * known),
                "adjusted_headcount": _plain(whole.loc[cut, "adjusted_headcount"]),
                "kendall": _plain(against.loc[cut, "kendall"]),
                "first_kept": _plain(against.loc[cut, "first_kept"]),
            }
            for cut in cutoffs
        ],
        "weights": {
            "sets": WEIGHT_SETS,
            "concentration": CONCENTRATION,
            **_spread(order_agreement(baseline, drawn, first=FIRST)),
        },
        "robust_pairs": _plain(robust_pairs(baseline, everything)),
    }


def _spread(found: pd.DataFrame) -> dict[str, float | None]:
    return {
        f"{name}_{word}": _plain(np.quantile(found[name].to_numpy(dtype=np.float64), share))
        for name in ("kendall", "first_kept")
        for word, share in (("median", 0.5), ("low", 0.05))
    }


def _plain(value: Any) -> float | None:
    """A number as JSON writes it, rounded to what any platform repeats; None where there is none."""
    return None if np.isnan(value) else round(float(value), 8)
