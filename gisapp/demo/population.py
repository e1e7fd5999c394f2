"""How many families live in each area, how many of them are listed, and how many of these are of decile 1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gisapp.demo.planted import Planted
from gisapp.demo.profiles import Profile, parameters, stream

Array = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Population:
    """Per area, aligned with the areas: whole numbers, and the rates that they were drawn from."""

    urban: npt.NDArray[np.bool_]
    families: Counts
    persons: Counts
    listed: Counts
    poor: Counts
    background: Array
    rate: Array


def urban_areas(area_km2: Array, kelurahan: npt.NDArray[np.bool_], share: float, *, seed: int) -> npt.NDArray[np.bool_]:
    """Areas of BPS's urban class: mostly small ones and kelurahan, but neither is a substitute for the class."""
    rng = stream(seed, "urban")
    score = -np.log(area_km2) + 0.9 * kelurahan + rng.normal(0, 0.5, len(area_km2))
    chosen = np.zeros(len(area_km2), dtype=bool)
    chosen[np.argsort(-score, kind="stable")[: round(share * len(area_km2))]] = True
    return chosen


def background_rates(pairs: npt.NDArray[np.intp], count: int, *, seed: int) -> Array:
    """Factors of mean 1 and the declared coefficient of variation, log-normal, mildly shared by neighbours."""
    given = parameters()["background"]
    rng = stream(seed, "background")
    own, raw = rng.normal(size=count), rng.normal(size=count)
    around = np.bincount(pairs[:, 0], raw[pairs[:, 1]], count) + raw
    shared = around / np.sqrt(np.bincount(pairs[:, 0], minlength=count) + 1)
    score = np.sqrt(1 - given["spatial_share"]) * own + np.sqrt(given["spatial_share"]) * shared
    score = (score - score.mean()) / (score.std() or 1.0)
    factor = np.exp(np.sqrt(np.log1p(given["coefficient_of_variation"] ** 2)) * score)
    # Sampling of a skewed law misses its spread in few areas; power and mean are set to the declared values.
    for _ in range(20 if count > 2 else 0):
        factor = factor ** (given["coefficient_of_variation"] / (factor.std() / factor.mean()))
    return np.asarray(factor / factor.mean())


def populate(
    profile: Profile,
    background: Array,
    planted: tuple[Planted, ...],
    urban: npt.NDArray[np.bool_],
    *,
    households: int,
    seed: int,
) -> Population:
    """Draw families, listed families and families of decile 1 per area; ``households`` is the number listed."""
    given = parameters()["background"]
    rng = stream(seed, "population")
    scale = households / profile.listed_families
    weight = np.exp(rng.normal(0, given["families_log_sd"], len(urban)))
    weight = weight * np.where(urban, given["urban_families_factor"], 1.0)
    families = np.maximum(shared_out(round(profile.families * scale), weight), 1)
    rate = _rates(profile, background, planted, families.astype(float))
    poor = rng.binomial(families, rate)
    completeness = families * np.exp(rng.normal(0, given["listed_log_sd"], len(urban)))
    listed = poor + _others(families - poor, completeness, households - int(poor.sum()))
    persons = shared_out(round(profile.persons * scale), families * rng.normal(1, 0.03, len(urban)))
    return Population(
        urban=urban, families=families, persons=persons, listed=listed, poor=poor, background=background, rate=rate
    )


def shared_out(total: int, weight: Array) -> Counts:
    """Whole numbers that add up to ``total``, in proportion to ``weight`` (largest remainders, then lowest row)."""
    exact = total * weight / weight.sum()
    whole = np.floor(exact).astype(np.int64)
    whole[np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]] += 1
    return np.asarray(whole)


def _rates(profile: Profile, background: Array, planted: tuple[Planted, ...], families: Array) -> Array:
    """Rate of decile 1 per area; a pocket's mean rate is its relative risk times the mean rate outside."""
    given = parameters()["background"]
    factor = background.copy()
    outside = np.ones(len(factor), dtype=bool)
    for pocket in planted:
        outside[list(pocket.members)] = False
    factor[outside] /= np.average(factor[outside], weights=families[outside])
    for pocket in planted:
        members = list(pocket.members)
        factor[members] *= pocket.relative_risk / np.average(factor[members], weights=families[members])
    poor_families = profile.poor_share * (profile.persons / profile.families) / given["persons_per_poor_family"]
    return np.asarray(np.minimum(factor * poor_families / np.average(factor, weights=families), 0.8))


def _others(room: Counts, weight: Array, wanted: int) -> Counts:
    """Listed families that are not of decile 1: ``wanted`` in all, never more than there is room for."""
    taken = np.zeros_like(room)
    for _ in range(30):
        left = max(wanted, 0) - int(taken.sum())
        if left <= 0:
            break
        taken = np.minimum(taken + shared_out(left, np.where(taken < room, weight, 1e-9)), room)
    return taken
