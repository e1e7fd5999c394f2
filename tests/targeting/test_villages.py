"""Villages without electricity or signal, counted by hand; too few answers are never a served village."""

from __future__ import annotations

import pandas as pd
import pytest

from gisapp.targeting.runs import load_run
from gisapp.targeting.villages import lacking_villages
from gisapp.workspace.folder import init_workspace, open_workspace


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return open_workspace(init_workspace(tmp_path_factory.mktemp("villages") / "w").root).settings


def families(**villages):
    """Families of each village: (lacks it, has it, did not answer); every second one that lacks it is poor."""
    rows = []
    for code, (without, served, silent) in villages.items():
        rows += [{"code": code, "electricity": True, "poor": row % 2 == 0} for row in range(without)]
        rows += [{"code": code, "electricity": False, "poor": False}] * served
        rows += [{"code": code, "electricity": pd.NA, "poor": True}] * silent
    return pd.DataFrame(rows).astype({"electricity": "boolean", "poor": bool})


def test_villages_are_told_apart_and_the_poorest_comes_first(settings):
    told = lacking_villages(
        families(a=(15, 15, 0), b=(20, 5, 0), c=(1, 40, 0), d=(0, 30, 0), e=(10, 9, 0), f=(30, 0, 40)), settings
    )
    # a: 15 of 30 is the half; e: 19 answers are too few; f: 30 of 70 families answered, less than half.
    assert told == {"electricity": {"without": ["b", "a"], "some": 1, "served": 1, "unknown": 2}}


def test_a_question_that_nobody_was_asked_says_nothing(settings):
    assert lacking_villages(families(a=(0, 0, 30)), settings) == {}
    assert lacking_villages(families(a=(20, 0, 0)).drop(columns="electricity"), settings) == {}


def test_the_run_keeps_what_its_families_answered(small_demo):
    sealed = load_run(open_workspace(small_demo))
    found = sealed.manifest["site_checks"]["villages_without"]["electricity"]
    desa = sealed.collection("areas").query("level == 'desa'").set_index("code")
    assert len(found["without"]) + sum(found[name] for name in ("some", "served", "unknown")) <= len(desa)
    assert (desa.loc[found["without"], "deprived_share_electricity"] >= 0.5).all()
