"""What the pages of the registry are given: plain values, with small numbers withheld."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from gisapp.access.actors import Actor
from gisapp.analysis.withholding.flows import withheld_rows
from gisapp.registry import overview
from gisapp.registry.differences import Difference, compare
from gisapp.registry.list_matching import ListCounts, ListMatch
from gisapp.registry.snapshots import find_snapshot
from gisapp.web.updates import places as updates_places
from gisapp.workspace.folder import Workspace

#: Kinds of change, in the order of the bars.
FLOWS: Final = ("unchanged", "changed", "moved_in", "new", "gone", "moved_out")
_UNMATCHED: Final = ("unmatched_before", "unmatched_after")
LIST_COUNTS: Final = ("found", "not_found", "damaged", "eligible", "eligible_not_on_list")

Row = dict[str, Any]


def overview_page(ws: Workspace, actor: Actor, asked: Mapping[str, str]) -> Row:
    """The overview; with two periods asked for, what changed between them."""
    found = overview.intakes(ws, actor)
    standing = [one for one in found if one.stands]
    before, after = asked.get("before", ""), asked.get("after", "")
    page: Row = {"intakes": found, "standing": standing, "before": before, "after": after, "difference": None}
    if before and after:
        difference = compare(ws, find_snapshot(ws, before), find_snapshot(ws, after))
        page["difference"] = difference_page(ws, difference)
    return page


def difference_page(ws: Workspace, difference: Difference) -> Row:
    """Changes per desa and in all: small numbers, and what would give them back, are None."""
    k, counts = ws.settings.k_staff, (*FLOWS, *_UNMATCHED)
    rows = _shown(ws, [asdict(one) for one in difference.desa], counts, "after", k)
    total = {name: _large(value, k) for name, value in asdict(difference.total).items() if name != "code"}
    return {
        "total": total, "rows": rows, "k": k, "withheld": sum(row["withheld"] for row in rows),
        "flows": FLOWS, "before": difference.before, "after": difference.after,
    }  # fmt: skip


def match_page(ws: Workspace, match: ListMatch) -> Row:
    """How a decree list agrees with the registry, per desa: small numbers withheld."""
    k = ws.settings.k_staff
    counted = [asdict(one) | _worked_out(one) for one in match.desa]
    rows = _shown(ws, counted, (*LIST_COUNTS, *_worked_out(match.total)), "entries", k)
    total = {name: _large(value, k) for name, value in asdict(match.total).items() if name != "code"}
    if any(0 < value < k for value in _worked_out(match.total).values()):
        total["eligible_not_on_list"] = None
    return {"total": total, "rows": rows, "k": k, "withheld": sum(row["withheld"] for row in rows), "match": match}


def _worked_out(counts: ListCounts) -> dict[str, int]:
    """What anybody can subtract from what is shown: who is eligible and on the list, who is on it and not eligible."""
    both = counts.eligible - counts.eligible_not_on_list
    return {"eligible_on_list": both, "found_not_eligible": max(counts.found - both, 0)}


def _shown(ws: Workspace, rows: Sequence[Row], counts: Collection[str], size: str, k: int) -> list[Row]:
    hidden = withheld_rows(rows, counts=counts, size=size, k=k)
    return [
        {
            **(row if place not in hidden else {"code": row["code"]}),
            "name": updates_places.village(ws, row["code"]).name, "withheld": place in hidden,
        }
        for place, row in enumerate(rows)
    ]  # fmt: skip


def _large(value: int, k: int) -> int | None:
    return None if 0 < value < k else value


def bar(row: Row, names: Sequence[str]) -> list[tuple[str, float, float]]:
    """Parts of a bar of width 100: (kind, start, width)."""
    total = sum(row[name] or 0 for name in names) or 1
    parts, start = [], 0.0
    for name in names:
        width = 100 * (row[name] or 0) / total
        parts.append((name, round(start, 2), round(width, 2)))
        start += width
    return parts
