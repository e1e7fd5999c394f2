"""What a scenario leaves out of a run: kinds of intervention, and areas in which no site may be indicated."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gisapp.analysis.codes import digits
from gisapp.catalog.interventions import InterventionKind
from gisapp.errors import NotFoundError
from gisapp.workspace.scenarios import Scenario

#: Stands in ``excluded_by`` of a candidate in an area that the scenario closes.
CLOSED = "skenario"


def kinds_left(kinds: Sequence[InterventionKind], scenario: Scenario | None) -> tuple[InterventionKind, ...]:
    """The kinds that a scenario does not leave out, in their order."""
    left_out = set() if scenario is None else set(scenario.exclude_kinds)
    return tuple(kind for kind in kinds if kind.kind not in left_out)


def require_areas(desa: pd.DataFrame, scenario: Scenario | None) -> None:
    """NotFoundError for an area that the scenario closes and that no desa of the district has or begins with."""
    closed = () if scenario is None else scenario.exclude_areas
    known = [digits(str(code)) for code in desa["code"]]
    unknown = [code for code in closed if not any(one.startswith(code) for one in known)]
    if unknown:
        raise NotFoundError(
            f"exclude_areas of the scenario: no desa of this district has or begins with {', '.join(unknown)}.",
            f"exclude_areas pada skenario: tidak ada desa berkode atau berawalan {', '.join(unknown)}.",
            code="scenario_area",
        )


def close_areas(candidates: pd.DataFrame, scenario: Scenario | None) -> tuple[pd.DataFrame, int]:
    """Exclude the candidates of the areas that a scenario closes; also how many it took that were still allowed."""
    closed = () if scenario is None else scenario.exclude_areas
    if not closed:
        return candidates, 0
    inside = np.array([digits(str(code)).startswith(closed) for code in candidates["code"]], dtype=bool)
    taken = inside & candidates["excluded_by"].isna().to_numpy()
    marked = candidates["excluded_by"].astype("object").mask(taken, CLOSED)
    return candidates.assign(excluded_by=marked), int(taken.sum())


def open_links(links: pd.DataFrame, scenario: Scenario | None) -> pd.DataFrame:
    """The missing links in no area that a scenario closes."""
    return links[close_areas(links.assign(excluded_by=None), scenario)[0]["excluded_by"].isna().to_numpy()]
