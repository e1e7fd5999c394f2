from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.columns import DEPRIVATIONS
from gisapp.demo.planted import Planted, deprivations_of, members_without, plant, truth_frame
from gisapp.demo.profiles import parameters


def is_connected(members: tuple[int, ...], pairs: np.ndarray) -> bool:
    reached = {members[0]}
    while True:
        more = {int(j) for i, j in pairs if int(i) in reached and int(j) in members} | reached
        if more == reached:
            return reached == set(members)
        reached = more


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), side=st.sampled_from([3, 5, 8, 13, 17]))
def test_pockets_are_connected_apart_and_of_the_declared_size(grid_pairs, seed, side):
    pairs = grid_pairs(side)
    count = side * side
    planted = plant(pairs, count, rural=np.ones(count, dtype=bool), seed=seed)
    members = [member for pocket in planted for member in pocket.members]
    assert len(members) == len(set(members)) <= count / 3
    touching = {(int(i), int(j)) for i, j in pairs}
    for pocket in planted:
        assert 3 <= len(pocket.members) <= 10
        assert is_connected(pocket.members, pairs)
        for other in planted:
            if other is not pocket:
                assert not any((i, j) in touching for i in pocket.members for j in other.members)


def test_a_district_of_277_gets_six_pockets_two_of_each_strength(langkat):
    sizes = langkat.files.truth.groupby(["relative_risk", "pocket"]).size()
    assert sizes.groupby("relative_risk").size().to_dict() == {1.5: 2, 2.0: 2, 3.0: 2}
    assert sizes.between(3, 10).all()
    assert langkat.files.truth.groupby("pocket")["cause"].nunique().eq(1).all()
    assert langkat.files.truth["cause"].nunique() == 6


@pytest.mark.parametrize("seed", range(5))
def test_eighty_areas_also_hold_six(grid_pairs, seed):
    pairs = grid_pairs(9)
    assert len(plant(pairs, 81, rural=np.ones(81, dtype=bool), seed=seed)) == 6


def test_few_areas_get_the_strongest_pockets_first_and_none_get_none(grid_pairs):
    nothing = np.empty((0, 2), dtype=int)
    three = plant(grid_pairs(3), 9, rural=np.ones(9, dtype=bool), seed=1)
    assert [pocket.relative_risk for pocket in three] == [3.0]
    assert plant(nothing, 1, rural=np.ones(1, dtype=bool), seed=1) == ()
    assert plant(nothing, 300, rural=np.ones(300, dtype=bool), seed=1) == ()


def test_pockets_start_in_rural_areas(grid_pairs):
    rural = np.arange(169) % 13 < 6
    planted = plant(grid_pairs(13), 169, rural=rural, seed=4)
    share = np.mean([rural[member] for pocket in planted for member in pocket.members])
    assert share > 0.8


def test_every_cause_raises_known_deprivations():
    causes = {pocket["cause"] for pocket in parameters()["pockets"]}
    assert causes == set(parameters()["causes"])
    for cause in causes:
        assert set(deprivations_of(cause)) <= set(DEPRIVATIONS)


def test_truth_and_the_areas_without_a_service():
    school = Planted(name="K1", relative_risk=3.0, cause="far_primary_school", members=(2, 0))
    work = Planted(name="K2", relative_risk=2.0, cause="no_work", members=(5,))
    codes = np.array(list("abcdef"), dtype=object)
    truth = truth_frame((school, work), codes)
    assert truth.to_numpy().tolist() == [
        ["K1", "a", 3.0, "far_primary_school"],
        ["K1", "c", 3.0, "far_primary_school"],
        ["K2", "f", 2.0, "no_work"],
    ]
    assert members_without((school, work), "sd") == (2, 0)
    assert members_without((school, work), "pasar") == ()
