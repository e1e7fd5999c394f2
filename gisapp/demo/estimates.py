"""Two made-up tables of estimates: how many families of decile 1 a model expects, and what a small survey found."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.demo.population import Population
from gisapp.demo.profiles import parameters, stream

#: Relative error of the made-up model, and what it expects more where the registry lists least.
_MODEL_ERROR, _SILENT, _UNLISTED = 0.08, 0.1, 1.3
#: Households that the made-up survey reaches per kecamatan, and how much clustering inflates its variance.
_SAMPLE, _DESIGN_EFFECT = (80, 400), 1.8
CONCEPT = "pengeluaran per kapita rendah (survei tiruan)"


def expected_families(areas: gpd.GeoDataFrame, people: Population, *, source: str, seed: int) -> pd.DataFrame:
    """Expected families of decile 1 per desa: the true rate with an error, more where few families are listed."""
    rng = stream(seed, "expected families")
    expected = people.families * people.rate * np.exp(rng.normal(0, _MODEL_ERROR, len(areas)))
    share = people.listed / people.families
    silent = share <= np.quantile(share, _SILENT)
    expected = np.rint(np.minimum(expected * np.where(silent, _UNLISTED, 1.0), people.families))
    return pd.DataFrame(
        {
            "kode": areas["code"],
            "perkiraan": expected.astype(np.int64),
            # The model misses the rate, and which families there are is chance as well.
            "galat_baku": np.round(np.sqrt((_MODEL_ERROR * expected) ** 2 + expected), 1),
            "konsep": "desil 1",
            "satuan": "keluarga",
            "tahun": int(parameters()["periods"]["latest"]),
            "sumber": source,
        }
    )


def direct_estimates(areas: gpd.GeoDataFrame, people: Population, *, source: str, seed: int) -> pd.DataFrame:
    """Direct estimates of a made-up survey per kecamatan, in percent, with the errors of its few households."""
    rng = stream(seed, "direct estimates")
    frame = pd.DataFrame({"kode": areas["parent"], "poor": people.families * people.rate, "families": people.families})
    sums = frame.groupby("kode", sort=True)[["poor", "families"]].sum()
    truth = (sums["poor"] / sums["families"]).to_numpy()
    sample = rng.integers(*_SAMPLE, len(sums))
    error = np.sqrt(_DESIGN_EFFECT * truth * (1 - truth) / sample)
    found = np.clip(truth + rng.normal(size=len(sums)) * error, 0.005, 0.9)
    return pd.DataFrame(
        {
            "kode": sums.index,
            "taksiran": np.round(100 * found, 2),
            "galat_baku": np.round(100 * error, 2),
            "satuan": "persen",
            "konsep": CONCEPT,
            "tahun": int(parameters()["periods"]["latest"]),
            "sumber": source,
        }
    )
