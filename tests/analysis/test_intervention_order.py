"""How many families would change the order of a pocket's needs: put in, the order changes there and not before."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from test_interventions import CANDIDATES, KINDS, LAYERS, POCKETS, district

from gisapp.analysis.interventions import suggest
from gisapp.analysis.suggesting.needs import Need
from gisapp.analysis.suggesting.order import order_changes
from gisapp.analysis.suggesting.reasons import Figures
from gisapp.analysis.suggesting.suggestion import Suggestion


def need(name, lacking, *, asked=100, share=0.1, spread=0.2):
    """A suggestion for a need that ``lacking`` of 100 families have, 10 % of the district, spread 0.2."""
    figures = Figures(
        need=name, lacking=lacking, asked=asked, share=lacking / asked, district_share=share, decile_1=None,
        standard_m=None,
    )  # fmt: skip
    excess = (2 * np.arcsin(np.sqrt(lacking / asked)) - 2 * np.arcsin(np.sqrt(share))) / spread
    return Suggestion(
        kind=KINDS[0], figures=figures, excess=float(excess), members=np.arange(lacking), families=lacking,
        persons=None, volume=1.0, x=0.0, y=0.0,
    )  # fmt: skip


def test_with_equal_shares_and_spreads_the_counts_themselves_decide():
    """60 and 40 of 100: the second passes with 61, the first falls behind with 39."""
    first, second = order_changes([need("water", 60), need("work", 40)])
    assert (first.place, first.place_then, first.now, first.then) == (1, 2, 60, 39)
    assert (second.place, second.place_then, second.now, second.then) == (2, 1, 40, 61)


def test_the_number_that_is_told_turns_the_order_and_one_less_does_not():
    one, two = need("water", 70, share=0.3), need("work", 30, share=0.1, spread=0.4)
    change = order_changes([one, two])[1]
    assert need("work", change.then, share=0.1, spread=0.4).excess > one.excess
    assert need("work", change.then - 1, share=0.1, spread=0.4).excess <= one.excess


def test_a_cause_that_goes_first_loses_its_place_where_it_is_no_longer_clearly_farther():
    """h = 0.5 above 10 %: sin²((0.6435 + 0.5) / 2) = 0.2929; with 29 of 100 the rule no longer holds."""
    cause, follows, third = need("gap:primary_school", 40), need("schooling", 60), need("work", 30)
    changes = order_changes([cause, follows, third])
    assert (changes[0].place, changes[0].place_then, changes[0].then) == (1, 2, 29)
    assert changes[1] is None
    assert (changes[2].place, changes[2].then) == (3, 61)


def test_nothing_is_told_of_one_need_or_of_small_counts():
    assert order_changes([need("water", 60)]) == [None]
    assert order_changes([need("water", 60), need("work", 3)], least=5) == [None, None]
    assert order_changes([]) == []
    without = replace(need("all", 50), excess=None)
    assert order_changes([need("water", 60), without, need("work", 40)])[1] is None


def test_a_need_that_no_number_of_families_could_bring_first_says_nothing():
    assert order_changes([need("water", 99), need("work", 20, share=0.6)])[1] is None


def test_the_words_stand_in_the_counterfactual():
    frame = district()
    inside = np.flatnonzero(frame["pocket_id"] == "P1")
    frame.loc[inside, ["water", "work"]] = False
    frame.loc[inside[:100], "water"] = True
    frame.loc[inside[:70], "work"] = True
    found = suggest(POCKETS, frame, CANDIDATES, KINDS, **LAYERS)
    assert found.iloc[0]["need"] == "water"
    text = found.iloc[0]["counterfactual_id"]
    assert "Kebutuhan yang paling menonjol di wilayah ini" in text
    fewest = int(text.split("paling banyak ")[-1].split(" keluarga")[0])
    assert 0 < fewest < 100
    assert "kini 100; kabupaten dianggap tetap" in text
    assert "if at most" in found.iloc[0]["counterfactual_en"]


def test_a_need_keeps_its_meaning():
    answered = pd.Series([True, False]).to_numpy()
    assert Need(name="x", asked=answered, lacking=answered, share=0.5, spread=0.1).excess(
        np.array([0])
    ) == pytest.approx(np.pi / 2 / 0.1)
