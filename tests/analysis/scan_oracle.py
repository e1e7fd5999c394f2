"""A plain NumPy scan, written from the papers, to hold the kernel against."""

from __future__ import annotations

import numpy as np


def ratio(c, n, total, everybody, bernoulli):
    """Kulldorff (1997): log-likelihood ratio of c cases among n persons, 0 unless the rate is high."""
    if c * everybody <= total * n * (1 + 1e-12):
        return 0.0

    def term(k, mean):
        return k * np.log(k / mean) if k > 0 else 0.0

    expected, share = total * n / everybody, total / everybody
    value = term(c, expected) + term(total - c, total - expected)
    if bernoulli:
        value += term(n - c, n * (1 - share)) + term(everybody - n - total + c, (everybody - n) * (1 - share))
    return value


def windows(distance, population, share):
    """(centre, members) of every window; equal distances enter together."""
    for centre, far in enumerate(distance):
        for radius in np.unique(far.round(9)):
            members = np.flatnonzero(far.round(9) <= radius)
            if population[members].sum() > share * population.sum() * (1 + 1e-12):
                break
            yield centre, members


def maximum(zones, cases, population, *, bernoulli=False, min_cases=1):
    """Largest ratio over all windows."""
    total, everybody = cases.sum(), population.sum()
    return max(
        (
            ratio(cases[members].sum(), population[members].sum(), total, everybody, bernoulli)
            for _, members in zones
            if cases[members].sum() >= min_cases
        ),
        default=0.0,
    )


def clusters(distance, cases, population, share, *, bernoulli=False):
    """(centre, members in order of distance, ratio) without overlap, most likely first."""
    best = {}
    for centre, members in windows(distance, population, share):
        value = ratio(cases[members].sum(), population[members].sum(), cases.sum(), population.sum(), bernoulli)
        if value > best.get(centre, (0, None))[0] * (1 + 1e-12):
            best[centre] = (value, members[np.argsort(distance[centre][members].round(9), kind="stable")])
    order = sorted(best.items(), key=lambda item: (-round(item[1][0], 9), item[0]))
    listed, taken = [], set()
    for centre, (value, members) in order:
        if not taken & set(members.tolist()):
            taken |= set(members.tolist())
            listed.append((centre, tuple(members.tolist()), value))
    return listed
