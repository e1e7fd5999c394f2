"""How far the order by deprivation hangs on its choices, as an audience may see it."""

from __future__ import annotations

from typing import Any

from gisapp.release.collections import Audience, disclosed, smallest_count
from gisapp.release.facts import RunData

_COUNTS = ("families", "deprived_families", "adjusted_headcount")


def deprivation_order(workspace: Any, run: RunData, *, audience: Audience = "staff") -> dict[str, Any]:
    """Facts of ``targeting.robustness.deprivation_order``, ``headcount_ratio`` added; empty for an older run.

    Orders of all desa say nothing of a family and stay. The district's figures at a cutoff go where few families are
    deprived, or few are not, or where few stand between it and another cutoff that is shown (the chosen one first), and
    all of them where the district's own row is withheld.
    """
    found = run.manifest.get("tests", {}).get("deprivation_order", {})
    if not found:
        return {}
    k = smallest_count(workspace, audience)
    areas = disclosed(workspace, run, "areas", audience=audience).frame
    hidden = bool((areas["level"].eq("kabupaten") & areas["status"].ne("present")).any())
    nearest = sorted(found["cutoffs"], key=lambda row: (abs(row["cutoff"] - found["cutoff"]), row["cutoff"]))
    shown: list[int] = []
    rows = {}
    for row in nearest:
        poor, rest = row["deprived_families"], row["families"] - row["deprived_families"]
        apart = all(poor == other or abs(poor - other) >= k for other in shown)
        if not hidden and min(poor, rest) >= k and apart:
            shown.append(poor)
            rows[row["cutoff"]] = row | {"headcount_ratio": poor / row["families"]}
        else:
            rows[row["cutoff"]] = row | dict.fromkeys((*_COUNTS, "headcount_ratio"))
    facts: dict[str, Any] = found | {"cutoffs": [rows[cutoff] for cutoff in sorted(rows)]}
    return facts
