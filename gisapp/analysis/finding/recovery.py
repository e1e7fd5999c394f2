"""How much of what was planted was found, counted in families."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.checks import Complaints, as_numbers, need_rows, need_same_rows, row_index


def recovery(found: Any, truth: Any, *, families: Any) -> pd.DataFrame:
    """Precision, recall and F1 in families, over all and by strength of the planted pockets.

    Parameters
    ----------
    found : bool per area: inside a pocket that was found.
    truth : planted relative risk per area; 1 or missing means nothing was planted.
    families : families per area.

    Returns
    -------
    Rows "all" and one per strength (text such as "1.5", rising): planted_families, found_families,
    precision, recall, f1. What was found outside every planted pocket belongs to no strength, so precision
    and F1 of one strength count it in full: found there / (found there + found where nothing was planted).
    NaN where nothing was planted, or nothing found.

    Raises ``InvalidInputError`` for rows that do not align, negative families, or a planted risk below 1.
    """
    complaints = Complaints("recovery")
    need_rows(found, complaints, "found")
    need_same_rows(found, truth, complaints, "truth")
    need_same_rows(found, families, complaints, "families")
    risk = np.nan_to_num(as_numbers(truth, complaints, "truth", allow_missing=True), nan=1.0)
    weight = as_numbers(families, complaints, "families")
    complaints.rows(weight < 0, row_index(families), "families is negative", "families negatif")
    complaints.rows(risk < 1, row_index(truth), "planted risk is below 1", "risiko yang ditanam di bawah 1")
    flag = np.nan_to_num(as_numbers(found, complaints, "found", allow_missing=True))
    complaints.rows(~np.isin(flag, (0, 1)), row_index(found), "found is not true or false", "found bukan ya atau tidak")
    complaints.refuse()
    inside = flag == 1
    false = float(weight[inside & (risk == 1)].sum())
    rows = {"all": _scores(weight, inside, risk > 1, false)}
    for strength in sorted(set(risk[risk > 1])):
        rows[f"{strength:g}"] = _scores(weight, inside, risk == strength, false)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("strength")


def _scores(weight: Any, inside: Any, planted: Any, false: float) -> dict[str, float]:
    """Scores of one group of planted areas, with the families found where nothing was planted."""
    right = float(weight[inside & planted].sum())
    wanted = float(weight[planted].sum())
    precision = right / (right + false) if right + false > 0 else np.nan
    recall = right / wanted if wanted > 0 else np.nan
    both = right + false + wanted
    return {
        "planted_families": wanted,
        "found_families": right,
        "precision": precision,
        "recall": recall,
        "f1": 2 * right / both if both > 0 else np.nan,
    }
