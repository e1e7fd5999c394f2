"""Density clusters: hamlets that a reader can see, stacks, few points, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.density import cluster_summary, density_clusters
from gisapp.errors import InvalidInputError

EACH = [{"method": "hdbscan"}, {"method": "dbscan", "distance_m": 150.0}]


def hamlet(x, y, n, *, spread=30.0, seed=0):
    return np.random.default_rng(seed).normal((x, y), spread, size=(n, 2))


def two_hamlets():
    """Sixty and forty families three kilometres apart, and six families alone."""
    alone = np.array([[1e4, 0.0], [0.0, 1e4], [1e4, 1e4], [2e4, 0.0], [0.0, 2e4], [2e4, 2e4]])
    return pd.DataFrame(np.vstack([hamlet(0, 0, 40), hamlet(3000, 0, 60, seed=1), alone]), columns=["x", "y"])


@pytest.mark.parametrize("how", EACH)
def test_two_hamlets_are_two_clusters_the_larger_first(how):
    found = density_clusters(two_hamlets(), min_cluster_size=10, **how)
    assert (found.iloc[40:100] == 1).mean() > 0.8
    assert (found.iloc[:40] == 2).mean() > 0.8
    assert found.iloc[100:].isna().all()
    assert found.max() == 2


@pytest.mark.parametrize("how", EACH)
def test_the_order_of_rows_does_not_matter(how):
    points = two_hamlets()
    shuffled = points.sample(frac=1, random_state=3)
    pd.testing.assert_series_equal(
        density_clusters(shuffled, min_cluster_size=10, **how).sort_index(),
        density_clusters(points, min_cluster_size=10, **how),
    )


@pytest.mark.parametrize("how", EACH)
def test_stacks_are_clusters_and_few_points_are_none(how):
    stacks = np.repeat([[0.0, 0.0], [1000.0, 0.0]], [30, 20], axis=0)
    assert density_clusters(stacks, min_cluster_size=10, **how).tolist() == [1] * 30 + [2] * 20
    assert density_clusters(np.zeros((25, 2)), min_cluster_size=10, **how).tolist() == [1] * 25
    assert density_clusters(np.zeros((9, 2)), min_cluster_size=10, **how).isna().all()
    assert density_clusters(np.zeros((1, 2)), min_cluster_size=10, **how).isna().all()


def test_the_summary_counts_and_measures_by_hand():
    corners = pd.DataFrame({"x": [0.0, 1000.0, 1000.0, 0.0, 9e4], "y": [0.0, 0.0, 2000.0, 2000.0, 0.0]})
    summary = cluster_summary(corners, pd.Series([1, 1, 1, 1, None], dtype="Int64"))
    assert summary.to_dict("index") == {1: {"points": 4, "hull_km2": 2.0, "x": 500.0, "y": 1000.0}}


def test_no_cluster_gives_an_empty_summary():
    nothing = cluster_summary(np.zeros((2, 2)), pd.Series([None, None], dtype="Int64"))
    assert nothing.columns.tolist() == ["points", "hull_km2", "x", "y"]
    assert nothing.empty


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (
            lambda: density_clusters(pd.DataFrame({"x": [np.nan], "y": [0.0]}, index=["f7"])),
            "x is not a number in row f7",
        ),
        (lambda: density_clusters([[0.0, np.inf]]), "y is not a number in row 0"),
        (lambda: density_clusters([]), "no rows"),
        (lambda: density_clusters([[0.0, 1.0, 2.0]]), "two columns"),
        (lambda: density_clusters([[0.0, 1.0]], method="kmeans"), "method 'kmeans'"),
        (lambda: density_clusters([[0.0, 1.0]], min_cluster_size=1), "below 2"),
        (lambda: density_clusters([[0.0, 1.0]], method="dbscan"), "distance_m"),
        (lambda: density_clusters([[0.0, 1.0]], method="dbscan", distance_m=0.0), "distance_m"),
        (lambda: density_clusters([[0.0, 1.0]], method="dbscan", distance_m=np.nan), "distance_m"),
        (lambda: density_clusters([[0.0, 1.0]], distance_m=100.0), "distance_m"),
        (lambda: cluster_summary([[0.0, 1.0]], pd.Series([1, 1], dtype="Int64")), "2 rows"),
    ],
)
def test_bad_input_is_refused(call, told):
    with pytest.raises(InvalidInputError, match=told):
        call()


grid = st.integers(0, 12).map(lambda cell: cell * 50.0)


@settings(max_examples=40)
@given(st.lists(st.tuples(grid, grid), min_size=1, max_size=80), st.sampled_from(EACH))
def test_clusters_are_large_enough_numbered_by_size_and_repeatable(points, how):
    xy = np.array(points, dtype=np.float64)
    found = density_clusters(xy, min_cluster_size=5, **how)
    sizes = found.value_counts().sort_index()
    assert sizes.index.tolist() == list(range(1, len(sizes) + 1))
    assert (sizes >= 5).all()
    assert sizes.is_monotonic_decreasing
    pd.testing.assert_series_equal(found, density_clusters(xy, min_cluster_size=5, **how))
