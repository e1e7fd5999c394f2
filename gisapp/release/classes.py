"""Measures by urban/rural class as an audience may see them: classes cut across the kecamatan, so both are attacked."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import pandas as pd

from gisapp.analysis.disclosure import suppress
from gisapp.analysis.withholding.ranges import attacker_ranges
from gisapp.errors import NotFoundError
from gisapp.release.collections import Audience, disclosed
from gisapp.release.facts import RunData
from gisapp.release.welfare import EXTREME, POVERTY
from gisapp.targeting.classes import NO_CLASS, measure_classes
from gisapp.targeting.trial import settings_of
from gisapp.targeting.welfare import class_welfare

#: What of a class is no family's secret.
_OPEN = ("urban_rural", "areas", "class_date", "population_families", "population_persons", "status")
_WHOLE = "whole"


class PatternRun(RunData, Protocol):
    """A run that keeps its patterns; ``targeting.runs.Run`` is one."""

    def patterns(self) -> pd.DataFrame:
        """Families by area, decile and pattern."""


def by_class(workspace: Any, run: PatternRun, *, audience: Audience = "staff") -> pd.DataFrame:
    """Counts, shares and deprivations per dated urban/rural class of a run, after disclosure control.

    A row per class, ``urban_rural`` "" for desa without one; columns of ``targeting.classes.measure_classes`` and
    ``status``. Classes with few families are withheld with what would give them back; all are withheld where a class
    less its shown desa would bound a withheld desa or kecamatan to fewer than k families. Empty where no class was
    supplied, or where an earlier gisapp made the run.
    """
    areas = pd.DataFrame(run.collection("areas"))
    desa = areas.loc[areas["level"].eq("desa")].reset_index(drop=True)
    if "urban_rural" not in desa.columns:
        return pd.DataFrame(columns=["urban_rural", "areas", "status"])
    try:
        patterns = run.patterns()
    except NotFoundError:
        return pd.DataFrame(columns=["urban_rural", "areas", "status"])
    classes = measure_classes(patterns, desa, settings_of(run.manifest, workspace.settings))
    if classes.empty:
        return classes.assign(status=pd.Series(dtype="object"))
    shown = disclosed(workspace, run, "areas", audience=audience)
    withheld = set(shown.frame.loc[shown.frame["status"].eq("suppressed"), "code"])
    return with_welfare(withhold_classes(classes, areas, withheld, k=shown.k), areas, shown.frame, k=shown.k)


def with_welfare(classes: pd.DataFrame, areas: pd.DataFrame, shown: pd.DataFrame, *, k: int) -> pd.DataFrame:
    """Add the measures of monetary poverty to the classes that show their counts, protected as these are.

    ``areas`` are all levels with ``INTERNAL_AREAS``, ``shown`` the same rows as they are released. As they were where
    no expenditure was recorded.
    """
    desa = areas.loc[areas["level"].eq("desa")]
    if "welfare_families" not in desa.columns:
        return classes
    measured = class_welfare(desa, desa["urban_rural"].astype("object").fillna(NO_CLASS)).reindex(
        classes["urban_rural"]
    )
    hidden = classes["status"].eq("suppressed").to_numpy()
    released = shown.set_index("code")
    for names, parts in ((POVERTY, ("below_line",)), (EXTREME, ("low", "high"))):
        secret = set(released.index[released[names[-1]].isna()])
        for part in parts:
            hidden = hidden | _withheld_part(measured, areas, secret, part, k)
        columns = {name: measured[name].to_numpy() for name in names}
        gone = pd.Series(hidden, index=classes.index)
        classes = classes.assign(
            **{name: pd.Series(of, index=classes.index).mask(gone) for name, of in columns.items()}
        )
    return classes


def _withheld_part(measured: pd.DataFrame, areas: pd.DataFrame, secret: set[str], part: str, k: int) -> Any:
    """Classes that may not show one count of families; ``secret`` are the codes of areas that do not show it."""
    frames = []
    for frame in (measured.reset_index(), areas):
        count = frame[f"{part}_families"]
        whole = frame["line_families"] if part == "below_line" else count + frame["between_families"]
        frames.append(pd.DataFrame(frame).assign(families=whole, poor_families=count).loc[whole > 0])
    found = withhold_classes(frames[0], frames[1], secret, k=k).set_index("urban_rural")["status"]
    return found.reindex(measured.index).eq("suppressed").to_numpy()


def withhold_classes(classes: pd.DataFrame, areas: pd.DataFrame, withheld: set[str], *, k: int) -> pd.DataFrame:
    """Classes with ``status``; ``areas`` are all levels before, ``withheld`` the codes that are not shown of them."""
    whole = classes[["families", "poor_families"]].sum().to_frame().T.assign(urban_rural=_WHOLE)
    tree = pd.concat([classes[["urban_rural", "families", "poor_families"]].assign(within=_WHOLE), whole])
    tree = tree.reset_index(drop=True)
    rule = suppress(tree, counts={"poor_families": "families"}, k=k, code="urban_rural", parent="within")
    hidden = rule["status"].eq("suppressed").to_numpy()[: len(classes)]
    if not _holds(areas, withheld, set(classes.loc[hidden, "urban_rural"]), k):
        hidden = np.ones(len(classes), dtype=bool)
    gone = pd.Series(hidden, index=classes.index)
    columns = {name: classes[name].convert_dtypes().mask(gone) for name in classes.columns if name not in _OPEN}
    return classes.assign(**columns, status=np.where(hidden, "suppressed", "present"))


def _holds(areas: pd.DataFrame, withheld: set[str], hidden_classes: set[str], k: int) -> bool:
    """Whether no withheld area, and no withheld class, is bounded to fewer than k families by all that is shown."""
    desa = areas.loc[areas["level"].eq("desa")].reset_index(drop=True)
    secret = desa.loc[desa["code"].isin(withheld)].reset_index(drop=True)
    if secret.empty:
        return True
    classes = secret["urban_rural"].astype("object").fillna(NO_CLASS)
    parents = areas.set_index("code")["parent_code"]
    groups = [secret["parent_code"], secret["parent_code"].map(parents)]
    totals: list[list[int]] = []
    asked = [[at] for at in range(len(secret))]
    for group in groups:
        for code, members in _members(group).items():
            (asked if code in withheld else totals).append(members)
    for name, members in _members(classes).items():
        (asked if name in hidden_classes else totals).append(members)
    poor = secret["poor_families"].to_numpy(dtype=np.float64)
    rest = secret["families"].to_numpy(dtype=np.float64) - poor
    return all(_wide(attacker_ranges(counts, totals, asked), k) for counts in (poor, rest))


def _members(group: pd.Series) -> dict[str, list[int]]:
    return {str(code): [int(at) for at in rows] for code, rows in group.groupby(group).groups.items()}


def _wide(ranges: Any, k: int) -> bool:
    return bool((ranges[:, 1] - ranges[:, 0] >= k - 1e-6).all())
