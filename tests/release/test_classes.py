"""Urban/rural classes: their sums, and that no class gives a withheld desa back."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from small_district import FAMILIES, POOR, SmallRun, small_workspace

from gisapp.release.classes import by_class, withhold_classes
from gisapp.targeting.classes import NO_CLASS, measure_classes
from gisapp.targeting.patterns import NO, YES
from gisapp.workspace.thresholds import THRESHOLDS

DEFAULTS = {rule.name: rule.default for rule in THRESHOLDS}
SETTINGS = SimpleNamespace(
    deprivation_weights=DEFAULTS["deprivation_weights"], deprivation_cutoff=DEFAULTS["deprivation_cutoff"]
)
COUNTS = ["families", "poor_families"]


def desa_of(run, urban):
    """The desa with a class: those of ``urban`` (numbers) are urban, the last has none, the others are rural."""
    desa = pd.DataFrame(run.collection("areas").query("level == 'desa'").drop(columns="geometry"))
    names = ["urban" if at in urban else "rural" for at in range(len(desa) - 1)]
    return desa.assign(
        urban_rural=[*names, None], population_families=np.nan, population_persons=np.nan, population_date="2024"
    ).reset_index(drop=True)


def test_a_class_is_the_sum_of_its_desa_and_desa_without_one_stand_last():
    run = SmallRun()
    found = measure_classes(run.patterns(), desa_of(run, {0, 1, 2}), SETTINGS)
    assert found["urban_rural"].tolist() == ["rural", "urban", NO_CLASS]
    assert found["areas"].tolist() == [8, 3, 1]
    assert found["families"].tolist() == [sum(FAMILIES[3:11]), sum(FAMILIES[:3]), 0]
    assert found["poor_families"].tolist() == [sum(POOR[3:11]), sum(POOR[:3]), 0]
    assert found["headcount_ratio"].iloc[1] == pytest.approx(sum(POOR[:3]) / sum(FAMILIES[:3]))


def test_the_deprivation_of_a_class_counts_families_not_desa():
    patterns = pd.DataFrame(
        {"code": ["A", "A", "B"], "decile": 1, "families": [3, 1, 6], "persons": [9, 3, 18]}
    ).assign(**dict.fromkeys(DEFAULTS["deprivation_weights"], NO))
    patterns.loc[patterns["families"] != 1, "work"] = YES  # weight 0.25, below the cutoff alone
    patterns.loc[patterns["families"] == 6, "water"] = YES  # with it 0.375, above
    desa = pd.DataFrame(
        {
            "code": ["A", "B"], "urban_rural": "rural", "families": [4, 6], "poor_families": [4, 6],
            "persons": [12, 18], "poor_persons": [12, 18], "population_families": np.nan,
            "population_persons": np.nan, "population_date": "2024",
        }
    )  # fmt: skip
    found = measure_classes(patterns, desa, SETTINGS).iloc[0]
    assert found["multidimensional_headcount"] == pytest.approx(0.6)
    assert found["adjusted_headcount"] == pytest.approx(0.6 * 0.375)
    assert found["deprived_share_work"] == pytest.approx(0.9)


def areas_of(rows):
    """Desa (code, class, families, poor) of two kecamatan, with their sums."""
    desa = pd.DataFrame(rows, columns=["code", "urban_rural", *COUNTS])
    desa = desa.assign(level="desa", parent_code=[code[0] for code in desa["code"]])
    above = desa.groupby("parent_code")[COUNTS].sum().rename_axis("code").reset_index()
    above = above.assign(level="kecamatan", parent_code="k")
    whole = desa[COUNTS].sum().to_frame().T.assign(code="k", level="kabupaten", parent_code=None)
    return pd.concat([desa, above, whole], ignore_index=True)


def test_a_class_that_cuts_a_withheld_pair_apart_is_not_shown():
    # A1 (3 poor) is withheld, and A2 with it because kecamatan A is shown. A1 alone is urban beside B1, which is
    # shown: urban less B1 would be A1.
    areas = areas_of(
        [("A1", "urban", 100, 3), ("A2", "rural", 100, 20), ("B1", "urban", 100, 30), ("B2", "rural", 100, 30)]
    )
    desa = areas[areas["level"].eq("desa")]
    classes = desa.groupby("urban_rural")[COUNTS].sum().reset_index().assign(areas=2, class_date="2024")
    shown = withhold_classes(classes, areas, {"A1", "A2"}, k=5)
    assert set(shown["status"]) == {"suppressed"}
    assert shown[COUNTS].isna().all().all()
    assert shown["areas"].tolist() == [2, 2]
    both_rural = areas.assign(urban_rural=areas["urban_rural"].mask(areas["code"].eq("A1"), "rural"))
    classes = both_rural[both_rural["level"].eq("desa")].groupby("urban_rural")[COUNTS].sum().reset_index()
    together = withhold_classes(classes.assign(areas=1), both_rural, {"A1", "A2"}, k=5)
    assert set(together["status"]) == {"present"}  # A1 + A2 is what kecamatan A says already


def test_a_small_class_goes_with_the_one_that_would_give_it_back():
    areas = areas_of([("A1", "urban", 100, 3), ("A2", "rural", 100, 20), ("B1", "rural", 100, 30)])
    desa = areas[areas["level"].eq("desa")]
    classes = desa.groupby("urban_rural")[COUNTS].sum().reset_index().assign(areas=1)
    assert set(withhold_classes(classes, areas, {"A1", "A2"}, k=5)["status"]) == {"suppressed"}


def test_without_a_class_there_is_no_row():
    assert by_class(small_workspace(), SmallRun()).empty
