"""A trial over the patterns of a run answers what a run with those thresholds holds."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from gisapp.columns import DEPRIVATIONS
from gisapp.errors import InvalidParameterError, NotFoundError
from gisapp.targeting.run import run
from gisapp.targeting.runs import load_run
from gisapp.targeting.trial import settings_of, trial_of
from gisapp.targeting.whatif import AREA_FIGURES, POCKET_FIGURES, basis_of, try_out
from gisapp.workspace.folder import open_workspace
from tests.copies import copy_workspace

HALF_WATER = {name: (0.5 if name == "water" else 0.5 / 7) for name in DEPRIVATIONS}


@pytest.fixture(scope="module")
def copy(small_demo, tmp_path_factory):
    return copy_workspace(small_demo, tmp_path_factory.mktemp("whatif") / "copy")


def same(ours: pd.DataFrame, theirs: pd.DataFrame, key: str, names: tuple[str, ...]) -> None:
    ours, theirs = ours.set_index(key).sort_index(), theirs.set_index(key).sort_index()
    assert list(ours.index) == list(theirs.index)
    for name in names:
        if name == key:
            continue
        left, right = ours[name].astype("object"), theirs[name].astype("object")
        assert left.isna().equals(right.isna()), name
        if pd.api.types.is_numeric_dtype(theirs[name].dtype):
            assert left.dropna().astype(float).tolist() == pytest.approx(right.dropna().astype(float).tolist()), name
        else:
            assert left.dropna().astype(str).tolist() == right.dropna().astype(str).tolist(), name


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"poor_deciles": [1, 2]},
        {"deprivation_cutoff": 0.5},
        {"significance_level": 0.1},
        {"min_methods": 2},
        {"deprivation_weights": HALF_WATER},
    ],
    ids=lambda changed: next(iter(changed), "as it is"),
)
def test_the_answer_is_what_a_run_with_these_thresholds_holds(small_demo, copy, changed):
    workspace = open_workspace(small_demo)
    basis = basis_of(load_run(workspace), workspace.settings)
    sealed = rerun(copy, changed)
    answer = try_out(basis, trial_of(settings_of(sealed.manifest, workspace.settings)))
    areas, pockets = sealed.collection("areas"), sealed.collection("pockets")
    same(answer.areas, pd.DataFrame(areas), "code", AREA_FIGURES)
    same(answer.pockets, pd.DataFrame(pockets), "pocket_id", POCKET_FIGURES)
    assert not changed or sealed.run_id != load_run(workspace).run_id


def edited(text, changed):
    """The text of gisapp.toml with some values changed, as a planner changes them."""
    for name, value in changed.items():
        for inner, part in value.items() if isinstance(value, dict) else [("value", value)]:
            table = f"[thresholds.{name}.value]" if isinstance(value, dict) else f"[thresholds.{name}]"
            head, _, rest = text.partition(table)
            text = head + table + re.sub(rf"(?m)^{inner} = .*$", f"{inner} = {part!r}", rest, count=1)
    return text


def rerun(copy, changed):
    """The copy's run with some thresholds changed; the copy itself is left as it was."""
    path = copy / "gisapp.toml"
    before = path.read_text()
    try:
        path.write_text(edited(before, changed))
        workspace = open_workspace(copy)
        return load_run(workspace, run(workspace).run_id)
    finally:
        path.write_text(before)


def test_the_small_demo_has_a_pocket_so_that_the_comparison_is_of_something(small_demo):
    workspace = open_workspace(small_demo)
    basis = basis_of(load_run(workspace), workspace.settings)
    assert len(try_out(basis, basis.usual).pockets) > 0


def test_a_level_that_takes_too_long_and_a_threshold_that_is_none_are_refused(small_demo):
    usual = trial_of(open_workspace(small_demo).settings)
    for change in ({"significance_level": 0.001}, {"min_methods": 5}, {"poor_deciles": ()}, {"share_cut": -1.0}):
        with pytest.raises(InvalidParameterError):
            replace(usual, **change)


def test_pockets_of_cells_are_not_tried(small_demo):
    workspace = open_workspace(small_demo)
    sealed = load_run(workspace)
    sealed.manifest["parameters"]["pocket_unit"] = "grid"
    with pytest.raises(NotFoundError, match="made of desa"):
        basis_of(sealed, workspace.settings)
