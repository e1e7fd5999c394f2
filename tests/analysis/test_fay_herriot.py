"""Fay-Herriot: by hand, the published milk example, the likelihood itself as witness, calibration, refusals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from drawn_maps import series
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from gisapp.analysis.small_numbers.fay_herriot import fay_herriot, fit_fay_herriot
from gisapp.errors import InvalidInputError

METHODS = ("reml", "ml", "fh")


@pytest.fixture(scope="module")
def milk():
    """Fresh milk expenditure in 43 areas (Arora & Lahiri 1997; major areas of You & Chapman 2006) with the answers.

    reml and ml: EBLUP and MSE of the R package sae, as the packages emdi and samplics test themselves against; fh: the
    answers of sae's Fay-Herriot moment method that samplics tests itself against.
    """
    return pd.read_csv(Path(__file__).with_name("milk.csv"))


def indicators(milk):
    return pd.get_dummies(milk["major_area"], prefix="major", drop_first=True).astype(float)


def test_by_hand():
    """Equal D = 1, y 0, 2, 4, 6, no covariate: s² = 20/3, so A = 17/3, γ = 0.85, estimates 3 + 0.85 (y − 3).

    REML MSE: γ D + (1 − γ)² (A + D)/4 + 2 (1 − γ)² (A + D)^-1 2 (A + D)²/4 = 0.85 + 0.15²·(20/3)/4 + 0.15²·(20/3).
    """
    found = fay_herriot(series(0, 2, 4, 6), series(1, 1, 1, 1), None)
    assert found["shrinkage"].to_numpy() == pytest.approx(0.85)
    assert found["estimate"].tolist() == pytest.approx([0.45, 2.15, 3.85, 5.55])
    assert found["mse"].to_numpy() == pytest.approx(0.85 + 0.0225 * (20 / 3) * 1.25)
    assert found.index.tolist() == ["a", "b", "c", "d"]


def test_without_variance_between_areas_everybody_has_the_synthetic_estimate():
    """Squares about the mean are 2, with 3 degrees of freedom and D = 1: chance leaves more, so A = 0."""
    found = fay_herriot([0.0, 0.0, 1.0, 1.0], [1.0] * 4, None)
    assert found["shrinkage"].tolist() == [0, 0, 0, 0]
    assert found["estimate"].to_numpy() == pytest.approx(0.5)
    assert (found["mse"] > 0).all()


@pytest.mark.parametrize("method", METHODS)
def test_the_published_milk_example(milk, method):
    found = fay_herriot(milk["direct"], milk["deviation"] ** 2, indicators(milk), method=method)
    assert found["estimate"].to_numpy() == pytest.approx(milk[method].to_numpy(), abs=1.5e-6)
    # Fisher scoring stops at a relative precision of 1e-4 of the variance, the root here does not.
    assert found["mse"].to_numpy() == pytest.approx(milk[f"{method}_mse"].to_numpy(), rel=1e-5)


@pytest.mark.parametrize(("method", "variance"), [("reml", 0.0185502223227232), ("ml", 0.0155175502633347)])
def test_the_published_variance_of_milk(milk, method, variance):
    """As `sae` prints it after Fisher scoring with a relative precision of 1e-4."""
    fit = fit_fay_herriot(milk["direct"], milk["deviation"] ** 2, indicators(milk), method=method)
    assert fit.between_area_variance == pytest.approx(variance, rel=1e-5)


def test_the_published_coefficients_of_milk(milk):
    """As the R package saens prints them: estimate and standard error."""
    fit = fit_fay_herriot(milk["direct"], milk["deviation"] ** 2, indicators(milk))
    assert fit.coefficients.round(6).tolist() == [0.968189, 0.132780, 0.226946, -0.241301]
    assert fit.standard_errors.round(6).tolist() == [0.069362, 0.103001, 0.092330, 0.081617]
    assert fit.coefficients.index.tolist() == ["intercept", "major_2", "major_3", "major_4"]


def test_an_array_and_a_frame_are_the_same(milk):
    frame = indicators(milk)
    one = fay_herriot(milk["direct"], milk["deviation"] ** 2, frame)
    other = fay_herriot(milk["direct"].to_numpy(), milk["deviation"].to_numpy() ** 2, frame.to_numpy())
    own = fay_herriot(milk["direct"], milk["deviation"] ** 2, frame.assign(one=1.0), intercept=False)
    assert other.to_numpy() == pytest.approx(one.to_numpy())
    assert own.to_numpy() == pytest.approx(one.to_numpy())


@pytest.mark.parametrize("nothing", [None, np.empty((43, 0)), pd.DataFrame(index=range(43)), []])
def test_no_covariate_leaves_the_intercept(milk, nothing):
    fit = fit_fay_herriot(milk["direct"], milk["deviation"] ** 2, nothing)
    assert fit.coefficients.index.tolist() == ["intercept"]


def drawn(seed, areas=30, spread=0.05):
    generator = np.random.default_rng(seed)
    covariate = generator.normal(size=areas)
    variance = generator.uniform(0.2, 4, areas) * 0.05**2
    truth = 0.2 + 0.05 * covariate + generator.normal(0, spread, areas)
    return truth, truth + generator.normal(size=areas) * np.sqrt(variance), variance, covariate[:, None]


def written_out(direct, variance, columns, *, restricted):
    """Minus twice the (restricted) log-likelihood by its definition with dense matrices (Rao & Molina 2015, 6.1)."""

    def value(between):
        inverse = np.diag(1 / (between + variance))
        information = columns.T @ inverse @ columns
        projected = inverse - inverse @ columns @ np.linalg.inv(information) @ columns.T @ inverse
        determinant = np.log(between + variance).sum() + (np.linalg.slogdet(information)[1] if restricted else 0)
        return determinant + direct @ projected @ direct

    return value


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("method", ["reml", "ml"])
def test_the_variance_is_where_the_likelihood_is_highest(seed, method):
    _, direct, variance, covariate = drawn(seed)
    columns = np.column_stack([np.ones(30), covariate])
    value = written_out(direct, variance, columns, restricted=method == "reml")
    best = minimize_scalar(value, bounds=(0, 0.1), method="bounded", options={"xatol": 1e-12})
    fit = fit_fay_herriot(direct, variance, covariate, method=method)
    assert value(fit.between_area_variance) <= best.fun + 1e-9
    assert fit.between_area_variance == pytest.approx(best.x, abs=1e-7)


def test_the_estimated_error_is_the_error():
    """Over 250 maps of 30 areas the mean squared error told is within 6 % of the one made."""
    told, made = [], []
    for seed in range(250):
        truth, direct, variance, covariate = drawn(seed)
        found = fay_herriot(direct, variance, covariate)
        told.append(found["mse"].mean())
        made.append(((found["estimate"].to_numpy() - truth) ** 2).mean())
    assert np.mean(told) / np.mean(made) == pytest.approx(1, abs=0.06)
    assert np.mean(made) < 0.85 * np.mean([drawn(seed)[2].mean() for seed in range(250)])


@given(st.integers(0, 10_000), st.sampled_from(METHODS), st.sampled_from([0.0, 0.01, 0.1, 3.0]))
@settings(deadline=None)
def test_estimates_lie_between_direct_and_synthetic(seed, method, spread):
    _, direct, variance, covariate = drawn(seed, areas=9, spread=spread)
    fit = fit_fay_herriot(direct, variance, covariate, method=method)
    found = fit.estimates
    synthetic = fit.coefficients.iloc[0] + fit.coefficients.iloc[1] * covariate[:, 0]
    assert (found["estimate"] >= np.minimum(direct, synthetic) - 1e-9).all()
    assert (found["estimate"] <= np.maximum(direct, synthetic) + 1e-9).all()
    assert found["shrinkage"].between(0, 1).all()
    assert (found["mse"] > 0).all()


@given(st.integers(0, 10_000), st.sampled_from(METHODS), st.sampled_from([1e-6, 100.0, 1e9]))
@settings(deadline=None, max_examples=25)
def test_another_unit_changes_nothing_else(seed, method, factor):
    _, direct, variance, covariate = drawn(seed, areas=12)
    one = fay_herriot(direct, variance, covariate, method=method)
    other = fay_herriot(factor * direct, factor**2 * variance, 7 * covariate + 3, method=method)
    assert other["estimate"].to_numpy() == pytest.approx(factor * one["estimate"].to_numpy(), rel=1e-6)
    assert other["mse"].to_numpy() == pytest.approx(factor**2 * one["mse"].to_numpy(), rel=1e-5)
    assert other["shrinkage"].to_numpy() == pytest.approx(one["shrinkage"].to_numpy(), abs=1e-6)


Y, D = series(1, 2, 4, 8, 9), series(1, 1, 1, 1, 1)
X = pd.DataFrame({"forest": [1.0, 2.0, 0.0, 4.0, 3.0], "twice": [2.0, 4.0, 0.0, 8.0, 6.0]}, index=Y.index)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: fay_herriot(series(1, np.nan, 3), series(1, 1, 1), None), "direct is not a number in row b"),
        (lambda: fay_herriot(series(1, 2, 3), series(1, 0, -1), None), "sampling_variance is not above 0 in row b, c"),
        (lambda: fay_herriot(Y, D[:4], None), "sampling_variance has 4 rows where 5"),
        (lambda: fay_herriot(Y, D[::-1], None), "sampling_variance is not aligned"),
        (lambda: fay_herriot(Y, D, X[["forest"]][::-1]), "covariates is not aligned"),
        (lambda: fay_herriot(Y, D, X.assign(forest=np.inf)), "covariate forest is not a number in row a"),
        (lambda: fay_herriot(Y, D, X), "covariate twice is a sum of the other columns"),
        (lambda: fay_herriot(Y, D, X.assign(twice=7.0)), "covariate twice is constant beside the intercept"),
        (lambda: fay_herriot(Y, D, np.zeros((5, 1)), intercept=False), "covariate x1 is a sum"),
        (lambda: fay_herriot(Y, D, np.zeros((5, 1, 1))), "3 dimensions where 2"),
        (lambda: fay_herriot(Y, D, np.zeros((4, 1))), "covariates has 4 rows where 5"),
        (lambda: fay_herriot(Y, D, None, intercept=False), "neither a covariate nor an intercept"),
        (lambda: fay_herriot(Y[:2], D[:2], X[:2][["forest"]]), "2 areas are too few for 2 coefficients"),
        (lambda: fay_herriot([1.0], [1.0], None), "1 areas are too few"),
        (lambda: fay_herriot([], [], None), "direct has no rows"),
        (lambda: fay_herriot(series(3, 3, 3), series(1, 1, 1), None), "all equal"),
        (lambda: fay_herriot(Y, D, None, method="bayes"), "method is 'bayes'"),
        (lambda: fay_herriot(Y, D, X.set_axis(["a", "a"], axis=1)), "name twice"),
    ],
)
def test_bad_input_is_refused(call, told):
    with pytest.raises(InvalidInputError, match=told):
        call()
