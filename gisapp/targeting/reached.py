"""Which families each suggestion reaches, so that a plan counts each once and two plans can be set side by side.

Internal to the run folder, like the patterns: never a collection, never exported, never sent to a browser. A family
is the number of its row in the run's families, not its id: numbers mean the same only in runs of one snapshot, and
after an erasure there is no snapshot left in which they could be looked up.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.intp]

COLUMNS = ("intervention_id", "family", "kecamatan_code", "poor")


def make_reached(suggestions: Sequence[str], members: Sequence[Ints], families: pd.DataFrame) -> pd.DataFrame:
    """One row per suggestion and family that it reaches, sorted by both.

    Parameters
    ----------
    suggestions, members : ids of the suggestions, and the rows of ``families`` that each reaches.
    families : ``kecamatan_code`` (missing where the family has none) and ``poor`` (of the deciles that count).

    Returns
    -------
    ``intervention_id`` (text), ``family`` (int32, row from 0), ``kecamatan_code`` (text or None), ``poor`` (bool).
    """
    size = [len(rows) for rows in members]
    rows = np.concatenate([*members, np.array([], dtype=np.intp)]).astype(np.int32)
    codes = families["kecamatan_code"].astype("object").to_numpy()[rows]
    table = pd.DataFrame(
        {
            "intervention_id": np.repeat(np.array(list(suggestions), dtype=object), size),
            "family": rows,
            "kecamatan_code": pd.Series(codes, dtype="object").where(pd.notna(codes), None),
            "poor": families["poor"].to_numpy(dtype=bool)[rows],
        }
    )
    return table.sort_values(["intervention_id", "family"], ignore_index=True)
