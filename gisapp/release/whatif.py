"""What may be shown of a trial: the rules of the collections, and that no trial less the run gives a few families.

A figure of a trial stands beside the run's own figure, so that their difference can be read off. Two settings of the
deciles differ by whole deciles: an area is shown only where each decile that the trial adds or takes away may be known
of it (``trial_cells``), which holds for every combination of trials. Deprivation figures at other weights or another
cutoff are told in steps that are at least k families wide. See docs/methods.md, "Patterns", for what that leaves open.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.disclosure import family_columns, suppress
from gisapp.release.collections import disclosed, member_codes, smallest_count
from gisapp.release.facts import RunData
from gisapp.release.trial_cells import DECILES, movable
from gisapp.targeting.trial import Trial
from gisapp.targeting.whatif import DEPRIVATION_FIGURES, Answer, Basis, decile_counts

#: Steps that a deprivation share may be told in, 0..1: the finest that is k families wide is taken.
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
#: Step of intensity and contributions, which are shares of a few of the families only.
COARSE_STEP = 0.05
_SHARES_OF_FAMILIES = ("multidimensional_headcount", "adjusted_headcount")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What trials of one run may show: ``movable`` says per area and decile whether it may be added or taken away."""

    k: int
    usual: Trial
    withheld: frozenset[str]
    movable: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class DisclosedAnswer:
    """Areas and pockets as staff may see them; ``coarse``: deprivation figures are told in steps."""

    areas: pd.DataFrame
    pockets: pd.DataFrame
    suppressed: int
    k: int
    coarse: bool


def rule_of(workspace: Any, run: RunData, basis: Basis) -> Rule:
    """Decide, once per run, what its trials may show."""
    k = smallest_count(workspace, "staff")
    own = disclosed(workspace, run, "areas").frame
    withheld = frozenset(own.loc[own["status"].eq("suppressed"), "code"])
    areas = pd.concat([basis.levels[level].reset_index() for level in basis.levels], ignore_index=True)
    counts = pd.concat([decile_counts(basis, DECILES, basis.groups(level)) for level in basis.levels])
    cells = counts.set_axis(list(DECILES), axis=1).reindex(areas["code"]).fillna(0)
    patterns = basis.patterns
    families = pd.concat([patterns["families"].groupby(basis.groups(level)).sum() for level in basis.levels])
    areas = areas.assign(families=areas["code"].map(families).fillna(0))
    shown = movable(areas, cells, usual=basis.usual.poor_deciles, k=k, withheld=withheld)
    return Rule(k=k, usual=basis.usual, withheld=withheld, movable=shown)


def disclosed_answer(rule: Rule, answer: Answer) -> DisclosedAnswer:
    """Withhold of an answer what the run withholds, what is small in it, and what its difference to others would show.

    Staff only: strangers are shown no trial.
    """
    moved = sorted(set(answer.trial.poor_deciles) ^ set(rule.usual.poor_deciles))
    coarse = deprivation_of(answer.trial) != deprivation_of(rule.usual)
    held = rule.movable.index[~rule.movable[moved].all(axis=1)]
    areas = _areas(answer, rule, also=rule.withheld | set(held))
    pockets = _pockets(answer, rule, hidden=set(areas.loc[areas["status"].eq("suppressed"), "code"]))
    if coarse:
        areas, pockets = in_steps(areas, rule.k), in_steps(pockets, rule.k)
    suppressed = int(areas["status"].eq("suppressed").sum())
    return DisclosedAnswer(areas=areas, pockets=pockets, suppressed=suppressed, k=rule.k, coarse=coarse)


def deprivation_of(trial: Trial) -> tuple[Any, ...]:
    """Cutoff and weights of a trial, alike where the weights are alike in another order."""
    return trial.deprivation_cutoff, tuple(sorted(trial.deprivation_weights))


def in_steps(frame: pd.DataFrame, k: int) -> pd.DataFrame:
    """Round deprivation figures to steps at least k families wide; leave out what rests on fewer than k families."""
    shown = frame.copy()
    families = shown["families"].to_numpy(dtype="float64", na_value=np.nan)
    step = pd.Series(_step(families, k), index=shown.index)
    deprived = shown["multidimensional_headcount"].astype("float64") * families * (1 - shown["share_unknown"])
    few = ~(deprived >= k)
    for name in DEPRIVATION_FIGURES:
        values = shown[name].astype("float64")
        if name in _SHARES_OF_FAMILIES:
            shown[name] = (values / step).round() * step
        else:
            shown[name] = ((values / COARSE_STEP).round() * COARSE_STEP).mask(few)
    return shown


def _step(families: Any, k: int) -> Any:
    """Finest of ``STEPS`` that is at least k of so many families; 1 where none is."""
    wide = np.array(STEPS)[:, None] * np.nan_to_num(families)[None, :] >= k
    return np.where(wide.any(axis=0), np.array(STEPS)[wide.argmax(axis=0)], 1.0)


def _areas(answer: Answer, rule: Rule, *, also: Collection[str]) -> pd.DataFrame:
    """Areas of every level after disclosure control."""
    frame = answer.areas.assign(status="present")
    empty = frame["families"].eq(0)
    derived = [name for name in family_columns("areas") if name in frame]
    frame[derived] = frame[derived].astype("object").mask(empty)
    for name in ("families", "poor_families"):
        frame[name] = frame[name].astype("float64")
    return suppress(
        frame,
        counts={"poor_families": "families"},
        k=rule.k,
        derived=derived,
        parent="parent_code",
        also=frame["code"].isin(set(also)).to_numpy(),
    )


def _pockets(answer: Answer, rule: Rule, *, hidden: Collection[str]) -> pd.DataFrame:
    """Pockets after disclosure control; ``member_codes`` names the members that are not withheld."""
    frame, members = answer.pockets, member_codes(answer.pockets)
    if frame.empty:
        return frame.assign(status=pd.Series(dtype="string"))
    shown = suppress(
        frame,
        counts={"poor_families": "families"},
        k=rule.k,
        derived=[name for name in family_columns("pockets") if name in frame],
        code="pocket_id",
        also=np.array([bool(set(codes) & set(hidden)) for codes in members], dtype=bool),
    )
    return shown.assign(member_codes=["; ".join(code for code in codes if code not in hidden) for codes in members])
