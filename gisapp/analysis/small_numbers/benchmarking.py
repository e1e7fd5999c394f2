"""Make rates agree with a published total."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.checks import (
    LARGEST,
    Complaints,
    Floats,
    as_number,
    as_numbers,
    need_rows,
    need_same_rows,
    refuse,
    row_index,
)


def benchmark(rate: Any, population: Any, *, total: float) -> pd.Series:
    """Rates scaled by one factor so that Σ rate × population is ``total``.

    Ratio benchmarking; where rates are shares (all ≤ 1) and the factor would lift some above 1, those
    stay at 1 and the factor of the others rises, so the total still holds. Raises ``InvalidInputError``
    for missing or negative values and for a total that cannot be reached.
    """
    complaints = Complaints("benchmark")
    need_rows(rate, complaints, "rate")
    need_same_rows(rate, population, complaints, "population")
    rates, people = as_numbers(rate, complaints, "rate"), as_numbers(population, complaints, "population")
    complaints.rows(rates < 0, row_index(rate), "rate is negative", "rate negatif")
    complaints.rows(people < 0, row_index(population), "population is negative", "population negatif")
    complaints.refuse()
    shares = bool((rates <= 1).all())
    reachable = float(people[rates > 0].sum()) if shares else np.inf
    wanted = as_number(total)
    if not (0 <= wanted <= reachable * (1 + 1e-12) and wanted < np.inf) or (wanted > 0 and not (rates * people).any()):
        refuse("benchmark", f"the total {total} cannot be reached", f"total {total} tidak dapat dicapai")
    return pd.Series(
        _scaled(_relative(rates, people), people, wanted, capped=shares), index=row_index(rate), name="benchmark"
    )


def _relative(rates: Floats, people: Floats) -> Floats:
    """Rates over the largest rate of anybody, so that a factor never overflows."""
    top = float(rates[people > 0].max(initial=0.0))
    with np.errstate(over="ignore"):
        return np.minimum(rates / top, LARGEST) if top > 0 else rates


def _scaled(rates: Floats, people: Floats, total: float, *, capped: bool) -> Floats:
    """Multiply all rates by one factor; with ``capped``, those that would pass 1 are held at 1."""
    held = np.zeros(len(rates), dtype=bool)
    while True:
        free = float((rates * people)[~held].sum())
        factor = (total - float(people[held].sum())) / free if free > 0 else 0.0
        scaled = np.where(held, 1.0, rates * factor)
        over = (scaled > 1) & ~held & (people > 0)
        if not capped or not over.any():
            return np.minimum(scaled, 1.0) if capped else scaled
        held |= over
