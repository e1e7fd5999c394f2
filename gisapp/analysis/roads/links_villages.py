"""Villages that lack signal or electricity, told from what their families answered."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gisapp.analysis.checks import Complaints, as_number, as_numbers, need_rows, need_share, refuse
from gisapp.analysis.small_numbers.intervals import wilson_interval

_COLUMNS = ("families", "without")


def villages_without(
    answers: pd.DataFrame, *, least_share: float, least_families: float, least_known: float, level: float = 0.95
) -> pd.DataFrame:
    """Which villages lack a service, by the share of their families without it.

    Parameters
    ----------
    answers : one row per village: ``families`` (registered, 0 or more), ``without`` (families that have none), and if
        known ``unanswered`` (families whose answer is missing) and ``poor_without`` (the poor among ``without``).
    least_share : share (0..1) from which a village counts as without; a dated threshold.
    least_families : fewest answers from which anything is said.
    least_known : smallest share (0..1) of families with an answer from which anything is said.

    Returns
    -------
    frame aligned with ``answers``: known (families with an answer), without, poor_without (NaN where not given), share,
    share_lower and share_upper (Wilson 1927), status: ``without`` (share of ``least_share`` or more), ``some``,
    ``served`` (nobody is without) or ``unknown`` (too few answers), and rank among those without: most poor families
    without, then most families, then the order of the rows.

    Raises
    ------
    InvalidInputError : missing columns, negative or missing counts, parts above their whole, by row.
    """
    for name, value in (("least_share", least_share), ("least_known", least_known)):
        need_share(value, subject="villages_without", name=name) if value != 1 else None
    if not as_number(least_families) >= 1:
        refuse(
            "villages_without",
            f"least_families is {least_families}, not 1 or more",
            f"least_families {least_families}, seharusnya 1 atau lebih",
        )
    families, without, unanswered, poor = _counts(answers)
    known = families - unanswered
    heard = (known >= least_families) & (known >= least_known * families)
    interval = wilson_interval(pd.Series(without, answers.index), pd.Series(known, answers.index), level=level)
    share = np.divide(without, known, out=np.full(len(known), np.nan), where=known > 0)
    status = np.select([~heard, share >= least_share, without > 0], ["unknown", "without", "some"], "served")
    found = pd.DataFrame(
        {
            "known": known, "without": without, "poor_without": poor, "share": share,
            "share_lower": interval["lower"], "share_upper": interval["upper"], "status": status.astype(object),
        },
        index=answers.index,
    )  # fmt: skip
    lacking = np.flatnonzero(status == "without")
    order = lacking[np.lexsort((lacking, -without[lacking], -np.nan_to_num(poor[lacking])))]
    rank = np.full(len(found), np.nan)
    rank[order] = np.arange(1, len(order) + 1)
    return found.assign(rank=pd.array(rank, dtype="Float64").astype("Int64"))


def _counts(answers: pd.DataFrame) -> tuple[np.ndarray, ...]:
    """Check the counts of families and that parts are no more than their whole."""
    complaints = Complaints("villages_without")
    need_rows(answers, complaints, "answers")
    absent = [name for name in _COLUMNS if name not in getattr(answers, "columns", ())]
    if absent:
        named = ", ".join(absent)
        complaints.add(f"no column {named}", f"tidak ada kolom {named}")
    complaints.refuse()
    found = {name: as_numbers(answers[name], complaints, name) for name in _COLUMNS}
    nothing = np.zeros(len(answers))
    unanswered = as_numbers(answers["unanswered"], complaints, "unanswered") if "unanswered" in answers else nothing
    given = "poor_without" in answers
    poor = as_numbers(answers["poor_without"], complaints, "poor_without") if given else nothing
    for name, values in (*found.items(), ("unanswered", unanswered), ("poor_without", poor)):
        complaints.rows(values < 0, answers.index, f"{name} is negative", f"{name} negatif")
    over = found["without"] + unanswered > found["families"]
    complaints.rows(over, answers.index, "more answers than families", "jawaban melebihi keluarga")
    complaints.rows(
        poor > found["without"], answers.index, "poor_without exceeds without", "poor_without melebihi without"
    )
    complaints.refuse()
    return found["families"], found["without"], unanswered, poor if given else np.full(len(answers), np.nan)
