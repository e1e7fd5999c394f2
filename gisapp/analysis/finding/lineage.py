"""Pockets followed from one period to the next: who keeps its name, who split, who merged, what is new, what ended.

The transitions (survives, splits, is absorbed, disappears, emerges) are those of MONIC (Spiliopoulou, Ntoutsi,
Theodoridis & Schult 2006): two groups are linked by the share of their members that they have in common.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.checks import Complaints, Floats, as_number, as_numbers, duplicated_labels

#: What can have become of a pocket, in the order in which the first that holds is told.
LABELS = ("new", "merged", "split", "same", "grown", "shrunk", "moved")
#: Share of a pocket's weight that counts as the whole of it.
WHOLE = 0.9


@dataclass(frozen=True)
class Lineage:
    """``pockets``: one row per present pocket; ``ended``: ids of the parent that nothing follows, sorted."""

    pockets: pd.DataFrame
    ended: tuple[str, ...]


def follow(
    pockets: Mapping[str, Iterable[str]],
    parent: Mapping[str, Iterable[str]],
    *,
    weight: pd.Series | None = None,
    least_overlap: float = 0.5,
) -> Lineage:
    """Give every present pocket the id of the earlier pocket that it continues.

    Parameters
    ----------
    pockets, parent : id of a pocket -> labels of its members (areas, or any parts of them that both runs can be cut
        into). A member stands in one pocket of a run at most. The ids of ``parent`` are the ones that are kept.
    weight : families (or m²) of each member, at least 0, by label; every member counts 1 where it is absent.
    least_overlap : two pockets are linked where their common weight is at least this share (0..1, above 0) of the
        smaller one. At one half a pocket is never linked to two that it mostly lies outside of.

    Returns
    -------
    Lineage
        Frame by present id: ``pocket_id`` (kept, or its own where nothing is continued), ``lineage`` (one of
        ``LABELS``), ``parent_ids`` (tuple, largest overlap first), ``overlap`` (Jaccard with the pocket whose id it
        keeps, 0..1, NaN where none). Of several successors the one with the largest common weight keeps the id, then
        the larger Jaccard, then the lower id. No two rows share an id. ``same``, ``grown`` and ``shrunk`` allow for
        a tenth of the weight (``WHOLE``); what is linked one to one and none of these has ``moved``.

    Raises
    ------
    InvalidInputError
        A member in two pockets of a run, a member without weight, a negative weight, least_overlap outside 0..1.
    """
    now, before, common = _overlaps(pockets, parent, weight, least_overlap)
    sizes, earlier = now.to_numpy()[:, None], before.to_numpy()[None, :]
    smaller = np.minimum(sizes, earlier)
    linked = (common > 0) & (common >= least_overlap * smaller - 1e-9)
    jaccard = np.divide(common, sizes + earlier - common, out=np.zeros_like(common), where=common > 0)
    keeps = _keepers(common, jaccard, linked, list(now.index), list(before.index))
    taken = {str(name) for name in before.index}
    rows = []
    for at, name in enumerate(now.index):
        parents = [str(before.index[p]) for p in _by_overlap(common[at], linked[at])]
        kept = keeps.get(at)
        own = str(before.index[kept]) if kept is not None else _unused(str(name), taken)
        taken.add(own)
        label = _label(at, linked, common, now.to_numpy(), before.to_numpy())
        rows.append((own, label, tuple(parents), jaccard[at, kept] if kept is not None else np.nan))
    table = pd.DataFrame(rows, columns=["pocket_id", "lineage", "parent_ids", "overlap"], index=now.index)
    ended = sorted(str(name) for name in before.index[~linked.any(axis=0)])
    return Lineage(table, tuple(ended))


def _keepers(common: Floats, jaccard: Floats, linked: Floats, names: list[str], old: list[str]) -> dict[int, int]:
    """Present row -> parent column whose id it keeps; each of both at most once, the largest overlap first."""
    pairs = sorted(
        zip(*(part.tolist() for part in np.nonzero(linked)), strict=True),
        key=lambda pair: (-common[pair], -jaccard[pair], old[pair[1]], names[pair[0]]),
    )
    kept: dict[int, int] = {}
    for row, column in pairs:
        if row not in kept and column not in kept.values():
            kept[row] = column
    return kept


def _by_overlap(common: Floats, linked: Floats) -> list[int]:
    """Linked parents of one pocket, the largest overlap first, ties by position (ids are sorted)."""
    return [int(column) for column in np.argsort(-common, kind="stable") if linked[column]]


def _label(row: int, linked: Floats, common: Floats, now: Floats, before: Floats) -> str:
    """What became of the parent of one present pocket."""
    parents = np.flatnonzero(linked[row])
    if len(parents) == 0:
        return "new"
    if len(parents) > 1:
        return "merged"
    only = parents[0]
    if linked[:, only].sum() > 1:
        return "split"
    of_now, of_before = common[row, only] / now[row], common[row, only] / before[only]
    if of_now >= WHOLE and of_before >= WHOLE:
        return "same"
    if of_before >= WHOLE:
        return "grown"
    return "shrunk" if of_now >= WHOLE else "moved"


def _unused(name: str, taken: set[str]) -> str:
    """The pocket's own id, or one made from it where an earlier pocket has it already."""
    unused, turn = name, 0
    while unused in taken:
        turn += 1
        unused = "p-" + hashlib.sha256(f"{name}\n{turn}".encode()).hexdigest()[:8]
    return unused


def _overlaps(
    pockets: Mapping[str, Iterable[str]], parent: Mapping[str, Iterable[str]], weight: pd.Series | None, least: float
) -> tuple[pd.Series, pd.Series, Floats]:
    """Weight of each present and each earlier pocket, and what they have in common; ids sorted."""
    complaints = Complaints("follow")
    given: tuple[Any, ...] = (pockets, parent)
    if not all(isinstance(mapping, Mapping) for mapping in given):
        complaints.add("pockets are not given by their id", "wilayah tidak diberikan menurut id")
        complaints.refuse()
    if not 0 < as_number(least) <= 1:
        complaints.add(f"least_overlap is {least}, not in 0..1", f"least_overlap {least} tidak di antara 0 dan 1")
    tables = []
    for mapping, en, id in ((pockets, "present", "sekarang"), (parent, "parent", "induk")):
        rows = [(str(member), str(name)) for name in sorted(mapping, key=str) for member in _members(mapping[name])]
        twice = duplicated_labels([member for member, _ in rows])[:5]
        if twice:
            listed = ", ".join(twice)
            complaints.add(f"{en}: member {listed} stands twice", f"{id}: anggota {listed} muncul dua kali")
        tables.append(pd.Series([name for _, name in rows], index=[member for member, _ in rows], dtype="object"))
    weights = _weights(tables, weight, complaints)
    complaints.refuse()
    both = pd.DataFrame({"now": tables[0], "before": tables[1]}).assign(weight=weights).fillna({"weight": 0.0})
    now = both.groupby("now")["weight"].sum().reindex(sorted(map(str, pockets)), fill_value=0.0)
    before = both.groupby("before")["weight"].sum().reindex(sorted(map(str, parent)), fill_value=0.0)
    common = both.dropna().groupby(["now", "before"])["weight"].sum().unstack(fill_value=0.0)
    table = common.reindex(index=now.index, columns=before.index, fill_value=0.0).to_numpy(dtype=np.float64)
    return now, before, np.nan_to_num(table)


def _members(listed: Iterable[str] | None) -> list[str]:
    """Members of one pocket; nothing is no member."""
    return [] if listed is None else list(listed)


def _weights(tables: list[pd.Series], weight: pd.Series | None, complaints: Complaints) -> pd.Series:
    members = tables[0].index.union(tables[1].index)
    if weight is None:
        return pd.Series(1.0, index=members)
    given = pd.Series(weight)
    given = given.set_axis(given.index.astype(str))
    lost = [str(member) for member in members if member not in given.index][:5]
    if lost:
        complaints.add(f"no weight for member {', '.join(lost)}", f"tidak ada bobot untuk anggota {', '.join(lost)}")
    numbers = pd.Series(as_numbers(given, complaints, "weight"), index=given.index)
    complaints.rows((numbers < 0).to_numpy(), given.index, "weight is negative", "bobot negatif")
    if twice := duplicated_labels(given.index)[:5]:
        complaints.add(f"weight of {', '.join(twice)} stands twice", f"bobot {', '.join(twice)} muncul dua kali")
        return pd.Series(1.0, index=members)
    return numbers.reindex(members)
