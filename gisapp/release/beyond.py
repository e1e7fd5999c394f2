"""Families beyond a standard in minutes as they may leave: none or all is geography, a few are families."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from gisapp.analysis.checks import Bools, Floats
from gisapp.analysis.disclosure import suppress, touches_withheld
from gisapp.columns import TIMED_SERVICES


def withhold_beyond(shown: pd.DataFrame, areas: pd.DataFrame, *, k: int) -> pd.DataFrame:
    """Take the counts and shares out of ``shown`` that tell of 1 to k − 1 families, or would give such a count back.

    ``areas`` are the same rows before any disclosure control. Families beyond and families within are both protected,
    over all levels; a row whose other counts are withheld shows nothing of this either.
    """
    for service in _services(areas):
        gone = _hidden_areas(areas, shown["status"].ne("present").to_numpy(dtype=bool), service, k)
        shown = _without(shown, service, gone)
    return shown


def withhold_beyond_in_pockets(
    shown: pd.DataFrame,
    pockets: pd.DataFrame,
    areas: pd.DataFrame,
    released: pd.DataFrame,
    *,
    members: Mapping[str, Collection[str]],
    whole: bool,
    k: int,
) -> pd.DataFrame:
    """The same for pockets, which are sums of desa (``whole``) or of parts of them.

    ``pockets`` and ``areas`` are the rows before any disclosure control, ``released`` the areas after it, ``members``
    every desa that a pocket has a family in. A pocket is withheld where it holds few, where its desa less the pocket
    would leave few, and where it would tell too much of the withheld desa in it: of whole desa, where these cannot be
    told apart from the others of their kecamatan and still be several with k families; of parts, of any.
    """
    for service in _services(pockets):
        counts = _counts(areas, service).set_axis(areas["code"].astype(str))
        hidden = released.loc[released[f"beyond_minutes_share_{service}"].isna(), "code"].astype(str)
        hidden = hidden[~hidden.isin(counts.index[_nobody(counts)])]
        tells = _telling(members, set(hidden), areas, counts, k) if whole else None
        touched = touches_withheld(members, withheld=set(hidden)) if tells is None else tells
        own = _counts(pockets, service)
        names = pockets["pocket_id"].astype(str)
        around = pd.DataFrame([counts.reindex(list(members[name])).sum() for name in names], index=pockets.index)
        gone = _few(own, k) | _few(around.reindex(columns=own.columns) - own, k)
        shown = _without(shown, service, gone | names.map(touched).fillna(False).to_numpy(dtype=bool))
    return shown


def _telling(
    members: Mapping[str, Collection[str]], hidden: set[str], areas: pd.DataFrame, counts: pd.DataFrame, k: int
) -> pd.Series:
    """Which pockets would cut the withheld desa of a kecamatan into parts that are too small.

    Every total that is shown (kecamatan, kabupaten, pocket) is a sum of such parts, so that nobody knows more than the
    parts' own totals; a part must be several desa with k families on both sides. One pocket after the other is let in.
    """
    parents = areas.set_index(areas["code"].astype(str))["parent_code"].astype(str)
    codes = pd.Series(sorted(hidden), dtype="object")
    parts = [set(part) for _, part in codes.groupby(parents.reindex(codes).to_numpy())]
    found = {}
    for name in sorted(members):
        mine = set(members[name])
        cut = [part for whole in parts for part in (whole & mine, whole - mine) if part]
        new = [part for part in cut if part not in parts]
        inside = [part for part in cut if part <= mine]
        safe = all(len(part) > 1 and (counts.loc[sorted(part)].sum() >= k).all() for part in (*new, *inside))
        parts, found[name] = (cut if safe else parts), not safe
    return pd.Series(found, dtype=bool)


def _services(frame: pd.DataFrame) -> list[str]:
    """Services of which the run counted families beyond minutes."""
    columns = {name: f"beyond_minutes_{name}" for name in TIMED_SERVICES}
    return [name for name, column in columns.items() if column in frame and frame[column].notna().any()]


def _counts(frame: pd.DataFrame, service: str) -> pd.DataFrame:
    """Families ``beyond``, and ``within``, of those whose time is known; 0 where nobody counted."""
    beyond = frame[f"beyond_minutes_{service}"].astype("float64").fillna(0.0)
    unknown = frame[f"minutes_unknown_share_{service}"].astype("float64").fillna(1.0)
    known = (frame["families"].astype("float64").fillna(0.0) * (1 - unknown)).round()
    return pd.DataFrame({"beyond": beyond, "within": (known - beyond).clip(lower=0.0)})


def _nobody(counts: pd.DataFrame) -> Bools:
    empty: Bools = counts.sum(axis=1).eq(0).to_numpy(dtype=bool)
    return empty


def _few(counts: pd.DataFrame, k: int) -> Bools:
    values: Floats = counts.to_numpy(dtype=np.float64)
    whole = values.sum(axis=1)
    few: Bools = ((values > 0.5) & (values < k)).any(axis=1) | ((whole > 0.5) & (whole < k))
    return few


def _hidden_areas(areas: pd.DataFrame, also: Bools, service: str, k: int) -> Bools:
    counts = _counts(areas, service)
    # None or all of many is no secret, and needs no other row to hide behind.
    secret = counts.gt(0).all(axis=1) | _few(counts, k)
    tree = pd.DataFrame(areas[["code", "parent_code"]]).assign(
        beyond=counts["beyond"].where(secret), known=counts.sum(axis=1)
    )
    found = suppress(tree, counts={"beyond": "known"}, k=k, code="code", parent="parent_code", also=also)
    hidden: Bools = found["status"].eq("suppressed").to_numpy(dtype=bool)
    return hidden


def _without(shown: pd.DataFrame, service: str, gone: Bools) -> pd.DataFrame:
    names = (f"beyond_minutes_{service}", f"beyond_minutes_share_{service}")
    mask = pd.Series(gone, index=shown.index)
    return shown.assign(**{name: shown[name].mask(mask) for name in names})
