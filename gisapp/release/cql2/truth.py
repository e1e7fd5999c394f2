"""Truth of three values, row by row: what is withheld or absent is neither true nor false, and NOT keeps it so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Truth:
    """Rows that are true and rows that are false, shape (n,) each; a row that is neither is unknown."""

    yes: Bools
    no: Bools

    @classmethod
    def of(cls, value: object, missing: object, rows: int) -> Truth:
        """Truth of a comparison (any shape that broadcasts to the rows), unknown where missing."""
        known = ~np.broadcast_to(np.asarray(missing, dtype=bool), (rows,))
        true = np.broadcast_to(np.asarray(value, dtype=bool), (rows,))
        return cls(true & known, ~true & known)

    def __invert__(self) -> Truth:
        return Truth(self.no, self.yes)


def every(parts: Sequence[Truth]) -> Truth:
    """AND: false as soon as one part is."""
    return Truth(np.logical_and.reduce([one.yes for one in parts]), np.logical_or.reduce([one.no for one in parts]))


def some(parts: Sequence[Truth]) -> Truth:
    """OR: true as soon as one part is."""
    return ~every([~one for one in parts])
