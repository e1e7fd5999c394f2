"""Replicates of the scan statistic under its null hypothesis, conditional on the total number of cases."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gisapp.analysis.checks import Floats
from gisapp.analysis.kernels.scan import LANES
from gisapp.analysis.kernels.scan_draws import draw_cases

Counts = npt.NDArray[np.uint8] | npt.NDArray[np.uint16] | npt.NDArray[np.int32]

# Above so many cases per row a draw per row is faster than a draw per case.
_MANY = 60


def replicate_cases(
    population: Floats, total: int, *, replicates: int, seed: int, overdispersion: float, bernoulli: bool
) -> Counts:
    """Draw ``total`` cases anew in each replicate.

    Poisson: multinomial by population; Bernoulli: persons without replacement (multivariate hypergeometric).
    With ``overdispersion`` v every row of every replicate first draws its own risk from a gamma distribution of
    mean 1 and variance v; v = 0 is Kulldorff's null.

    Returns
    -------
    Counts as (blocks, n, LANES), replicate r in block r // LANES, lane r % LANES; lanes left over are 0.
    """
    generator = np.random.default_rng(seed)
    size = len(population)
    counts = np.zeros((-(-replicates // LANES), size, LANES), dtype=np.int32)
    many = total > _MANY * size and (not bernoulli or (not overdispersion and population.sum() < 1e9))
    if many:
        _draw_per_row(counts, population, total, replicates, generator, overdispersion, bernoulli)
    else:
        risk = np.ones((1, size), dtype=np.float32)
        if overdispersion:
            risk = generator.standard_gamma(1 / overdispersion, (replicates, size), dtype=np.float32)
        stream = generator.integers(0, 2**64, dtype=np.uint64)
        draw_cases(population, risk, total, replicates, bernoulli, stream, counts)
    # Fewer bytes are read faster.
    largest = counts.max(initial=0)
    return counts.astype(np.uint8) if largest < 2**8 else counts.astype(np.uint16) if largest < 2**16 else counts


def _draw_per_row(
    counts: npt.NDArray[np.int32],
    population: Floats,
    total: int,
    replicates: int,
    generator: np.random.Generator,
    overdispersion: float,
    bernoulli: bool,
) -> None:
    """Fill counts with NumPy's multinomial or hypergeometric draws."""
    for block in range(counts.shape[0]):
        lanes = min(LANES, replicates - block * LANES)
        if bernoulli:
            persons = population.astype(np.int64)
            drawn = generator.multivariate_hypergeometric(persons, total, lanes, method="marginals")
        else:
            weight = np.broadcast_to(population, (lanes, len(population)))
            if overdispersion:
                weight = weight * generator.standard_gamma(1 / overdispersion, weight.shape)
                weight = np.where(weight.sum(axis=1, keepdims=True) > 0, weight, population)
            drawn = generator.multinomial(total, weight / weight.sum(axis=1, keepdims=True))
        counts[block, :, :lanes] = drawn.T
