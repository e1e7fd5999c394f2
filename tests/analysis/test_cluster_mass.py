"""Cluster mass: by hand, under chance, and where each member alone would be missed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.stats import norm

from gisapp.analysis.finding.cluster_mass import cluster_mass
from gisapp.analysis.kernels.cluster_mass import permuted_masses
from gisapp.errors import InvalidInputError


def lattice(side: int) -> csr_array:
    rows, columns = np.divmod(np.arange(side * side), side)
    near = (abs(rows[:, None] - rows) + abs(columns[:, None] - columns)) == 1
    return csr_array(near.astype(float))


def chain(size: int) -> csr_array:
    near = abs(np.arange(size)[:, None] - np.arange(size)) == 1
    return csr_array(near.astype(float))


def test_the_mass_is_the_sum_above_the_forming_threshold():
    # 0 1 2 meet in a row; 1 and 2 are above, 4 is above alone.
    z = np.array([0.0, 2.0, 3.0, 0.0, 2.5])
    table = cluster_mass(z, chain(5), forming_share=norm.sf(1.0), permutations=99, seed=1)
    assert table["group"].tolist()[1:3] == [0, 0]
    assert table["mass"][1] == pytest.approx((2 - 1) + (3 - 1))


def test_every_order_of_three_values_is_a_shuffle():
    # Heights 1, 1, -1 on a chain: together (mass 2) in two of three places of the low one, apart (mass 1) in one.
    graph = chain(3)
    masses = permuted_masses(
        np.array([1.0, 1.0, -1.0]), graph.indptr.astype(np.int64), graph.indices.astype(np.int64), 6000, 7
    )
    assert set(masses) == {1.0, 2.0}
    assert (masses == 2.0).mean() == pytest.approx(2 / 3, abs=0.03)


def test_a_group_of_moderately_high_areas_is_found_whole():
    z = np.random.default_rng(3).normal(size=400)
    block = [side * 20 + column for side in range(5, 8) for column in range(5, 8)]
    z[block] = 1.9
    found = cluster_mass(z, lattice(20), permutations=499, seed=1)
    assert found.loc[block, "high"].all()
    assert (found["p_value"].dropna() <= 0.05).any()


def test_under_chance_the_family_wise_error_holds():
    graph = lattice(12)
    generator = np.random.default_rng(11)
    errors = sum(
        bool(cluster_mass(generator.normal(size=144), graph, permutations=199, seed=number)["high"].any())
        for number in range(300)
    )
    # 5 % of 300 is 15; 29 is beyond the 99.9 % point of Binomial(300, 0.05).
    assert errors < 29


def test_a_second_group_is_found_after_the_first_is_taken_out():
    z = np.full(400, 0.0) + np.linspace(-0.5, 0.5, 400)
    strong, weak = [21, 22, 41, 42], [377, 378, 357, 358]
    z[strong], z[weak] = 8.0, 3.0
    found = cluster_mass(z, lattice(20), permutations=499, seed=2)
    assert found.loc[strong, "group"].eq(0).all()
    assert found.loc[weak, "group"].eq(1).all()
    assert found.loc[strong + weak, "high"].all()


def test_the_same_seed_gives_the_same_answer_and_missing_is_never_in_a_group():
    z = np.random.default_rng(5).normal(size=100)
    z[7] = np.nan
    first = cluster_mass(z, lattice(10), permutations=99, seed=9)
    assert first.equals(cluster_mass(z, lattice(10), permutations=99, seed=9))
    assert first["group"][7] == -1


@pytest.mark.parametrize(
    ("z", "graph", "options"),
    [
        ([], csr_array((0, 0)), {}),
        ([1.0, np.inf], chain(2), {}),
        ([1.0, 2.0], chain(3), {}),
        ([1.0, 2.0], chain(2), {"level": 0}),
        ([1.0, 2.0], chain(2), {"forming_share": 1.5}),
    ],
)
def test_bad_input_is_refused(z, graph, options):
    with pytest.raises(InvalidInputError, match="cluster_mass"):
        cluster_mass(np.array(z), graph, seed=1, **options)
