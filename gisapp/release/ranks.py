"""Ranks among the rows that are shown: a gap in the numbering would say where a withheld row stands."""

from __future__ import annotations

import numpy as np
import pandas as pd


def among_shown(frame: pd.DataFrame) -> pd.DataFrame:
    """Number ``rank``, its range and ``rank_group`` anew over the rows that still have a rank; the order stays.

    Between the counts of its two neighbours a missing number would bound a withheld count. With nothing withheld
    every number stays as it is.
    """
    if "rank" not in frame.columns or frame["rank"].notna().sum() == 0:
        return frame
    shown = frame["rank"].notna().to_numpy(dtype=bool)
    ranks = frame.loc[shown, ["rank", "rank_lower", "rank_upper"]].to_numpy(dtype=np.int64)
    order = np.sort(ranks[:, 0])
    new = {
        "rank": np.searchsorted(order, ranks[:, 0], side="right"),
        "rank_lower": np.searchsorted(order, ranks[:, 1], side="left") + 1,
        "rank_upper": np.searchsorted(order, ranks[:, 2], side="right"),
    }
    if "rank_group" in frame.columns:
        groups = frame.loc[shown, "rank_group"].to_numpy(dtype="float64", na_value=np.nan)
        new["rank_group"] = np.unique(groups, return_inverse=True)[1] + 1
    numbered = {name: pd.Series(values, index=frame.index[shown]).reindex(frame.index) for name, values in new.items()}
    return frame.assign(**{name: values.astype("Int64") for name, values in numbered.items()})
