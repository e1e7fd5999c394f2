"""Answers about the run that is served: kept while it is served, computed one at a time, compared with the run."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.maps import shapes
from gisapp.release.collections import member_codes
from gisapp.release.whatif import DisclosedAnswer, Rule, disclosed_answer, rule_of
from gisapp.targeting.trial import Trial
from gisapp.targeting.whatif import Basis, basis_of, try_out
from gisapp.web.planner.geometry import plain, thinned
from gisapp.web.source import District

#: Answers that are kept; somebody who slides back and forth asks for the same ones.
KEPT = 64


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A disclosed answer beside the run: ``place`` of each desa is both, in, out or none (pockets before and after)."""

    answer: DisclosedAnswer
    desa: pd.DataFrame
    place: list[str]


@dataclass(kw_only=True, eq=False)
class Explorer:
    """What trials of one district need, read once."""

    district: District
    basis: Basis
    _kept: OrderedDict[Trial, Compared] = field(default_factory=OrderedDict)
    _one_at_a_time: Lock = field(default_factory=Lock)

    @cached_property
    def rule(self) -> Rule:
        """What may be shown of trials of this run."""
        return rule_of(self.district.workspace, self.district.run, self.basis)

    @cached_property
    def drawn(self) -> gpd.GeoDataFrame:
        """Desa as the page draws them, by code."""
        return thinned(self.district.areas("desa")).set_index("code")

    @cached_property
    def run_members(self) -> set[str]:
        """Codes of the desa inside the run's pockets."""
        return {code for codes in member_codes(self.district.released("pockets").frame) for code in codes}

    @cached_property
    def kecamatan(self) -> dict[str, str]:
        """Name of the kecamatan of each desa."""
        areas = self.district.released("areas").frame
        names = areas.set_index("code")["name"]
        desa = areas[areas["level"].eq("desa")]
        return {
            str(code): str(names.get(parent, ""))
            for code, parent in zip(desa["code"], desa["parent_code"], strict=True)
        }

    def now(self, column: str) -> dict[str, Any]:
        """One column of each desa as the run has it; None where withheld, empty for a run that lacks the column."""
        desa = self.district.areas("desa")
        return dict(zip(desa["code"], plain(desa[column]), strict=True)) if column in desa else {}

    def answer(self, trial: Trial) -> Compared:
        """The answer to a trial; the compiled tests are not safe to run twice at a time, so others wait."""
        with self._one_at_a_time:
            if trial not in self._kept:
                self._kept[trial] = self._compared(disclosed_answer(self.rule, try_out(self.basis, trial)))
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(trial)
            return self._kept[trial]

    def _compared(self, answer: DisclosedAnswer) -> Compared:
        desa = answer.areas[answer.areas["level"].eq("desa")].sort_values("code", ignore_index=True)
        now, then = self.run_members, {code for codes in member_codes(answer.pockets) for code in codes}
        hidden = set(desa.loc[desa["status"].eq("suppressed"), "code"])
        place = [_place(code in now, code in then, withheld=code in hidden) for code in desa["code"]]
        return Compared(answer=answer, desa=desa, place=place)

    def outlines(self, compared: Compared) -> gpd.GeoDataFrame:
        """Outlines of the answer's pockets on the borders that the page draws."""
        pockets = compared.answer.pockets
        drawn = np.asarray(self.drawn.geometry.array, dtype=object)
        found = np.empty(len(pockets), dtype=object)
        for row, codes in enumerate(member_codes(pockets)):
            found[row] = shapes.together(drawn[self.drawn.index.isin(codes)], None)
        return gpd.GeoDataFrame(pockets, geometry=gpd.GeoSeries(found, index=pockets.index, crs=self.drawn.crs))


def _place(now: bool, then: bool, *, withheld: bool) -> str:
    if withheld:
        return "withheld"
    return {(True, True): "both", (False, True): "in", (True, False): "out", (False, False): "none"}[now, then]


@lru_cache(maxsize=2)
def explorer_of(district: District) -> Explorer:
    """The explorer of a district as it is served; NotFoundError (code no_patterns) where its run keeps no counts."""
    run: Any = district.run
    return Explorer(district=district, basis=basis_of(run, district.workspace.settings))
