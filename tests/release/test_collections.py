"""What leaves: small rows, what would give them back, and everything that could be turned back into a count."""

import pandas as pd
import pytest

from gisapp.analysis.disclosure import family_columns
from gisapp.errors import NotFoundError
from gisapp.release.collections import disclosed


def _by(found, key):
    return found.frame.set_index(key)


def test_a_small_desa_and_one_more_are_withheld_whole(workspace, run):
    areas = _by(disclosed(workspace, run, "areas"), "code")
    hidden = areas.index[areas["status"] == "suppressed"].tolist()
    assert hidden == ["12.05.02.2001", "12.05.02.2004"]  # the small one has 3; the other would give it back
    for name in family_columns("areas"):
        if name in areas:
            assert areas.loc[hidden, name].isna().all(), name
    assert areas.loc["12.05.02.2002", "poor_families"] == 22
    assert areas.loc["12.05.02", "poor_families"] == 75


def test_a_desa_without_families_is_no_data_and_never_zero(workspace, run):
    areas = _by(disclosed(workspace, run, "areas"), "code")
    assert areas.loc["12.05.03.2004", "status"] == "no_data"
    assert pd.isna(areas.loc["12.05.03.2004", "families"])


def test_no_subtraction_from_published_totals_gives_a_desa_back(workspace, run):
    areas = disclosed(workspace, run, "areas").frame
    desa = areas[areas["level"] == "desa"]
    for _, above in areas[areas["level"] == "kecamatan"].iterrows():
        inside = desa[desa["parent_code"] == above["code"]]
        hidden = inside[inside["status"] == "suppressed"]
        rest = above["poor_families"] - inside["poor_families"].sum()
        assert len(hidden) != 1
        assert len(hidden) == 0 or rest >= 5


def test_the_public_has_a_higher_bound(workspace, run):
    staff, public = (disclosed(workspace, run, "interventions", audience=who) for who in ("staff", "public"))
    assert (staff.k, public.k) == (5, 10)
    assert staff.suppressed == 1
    assert "fewer than 10" in public.rule


def test_an_intervention_for_a_few_families_keeps_its_row_without_its_numbers(workspace, run):
    rows = _by(disclosed(workspace, run, "interventions"), "intervention_id")
    assert rows.loc["i2", "status"] == "suppressed"
    for name in ("families", "persons", "volume", "cost_idr", "why_id", "why_en", "evidence"):
        assert pd.isna(rows.loc["i2", name]), name
    assert rows.loc["i2", "title_id"] == "Sambungan air minum"
    assert rows.loc["i3", "status"] == "present"


def test_pockets_that_hold_a_withheld_desa_are_withheld(workspace, run):
    assert disclosed(workspace, run, "pockets").suppressed == 0
    areas = run.collections["areas"]
    areas.loc[areas["code"] == "12.05.01.2003", "poor_families"] = 2
    pockets = _by(disclosed(workspace, run, "pockets"), "pocket_id")
    assert pockets.loc["p-a", "status"] == "suppressed"
    assert pd.isna(pockets.loc["p-a", "poor_families"])
    assert pd.isna(pockets.loc["p-a", "rank"])
    interventions = _by(disclosed(workspace, run, "interventions"), "intervention_id")
    assert interventions.loc["i1", "status"] == "suppressed"


def test_gaps_of_a_few_families_or_of_a_withheld_desa_are_withheld(workspace, run):
    gaps = _by(disclosed(workspace, run, "gaps"), "gap_id")
    assert gaps["status"].to_dict() == {
        "g1": "present",  # none beyond the standard: geography, not a secret
        "g2": "suppressed",  # three
        "g3": "present",  # all
        "g4": "suppressed",  # its desa is withheld
        "g5": "present",
    }
    assert pd.isna(gaps.loc["g4", "families_measured"])


def test_cells_are_classes_outside_the_staff(workspace, run):
    staff = _by(disclosed(workspace, run, "cells"), "cell_id")
    assert staff.loc["c3", "status"] == "suppressed"
    assert staff.loc["c2", "status"] == "suppressed"
    assert staff.loc["c2", "families"] == 9
    assert pd.isna(staff.loc["c2", "poor_families"])  # six of nine: the three others are few
    assert pd.isna(staff.loc["c2", "poor_persons"])
    assert staff.loc["c0", "class"] == "25–49"
    public = disclosed(workspace, run, "cells", audience="public").frame
    assert "families" not in public
    assert "poor_families" not in public
    assert public.set_index("cell_id").loc["c0", "class"] == "25–49"


def test_an_area_keeps_what_lies_in_it_after_withholding(workspace, run):
    whole, part = disclosed(workspace, run, "areas"), disclosed(workspace, run, "areas", area="120502")
    assert part.frame["code"].tolist() == [f"12.05.02.200{n}" for n in range(1, 5)] + ["12.05.02"]
    assert (
        part.frame["status"].tolist() == whole.frame[whole.frame["code"].str.startswith("12.05.02")]["status"].tolist()
    )
    assert disclosed(workspace, run, "pockets", area="12.05.03").frame["pocket_id"].tolist() == ["p-b"]
    assert disclosed(workspace, run, "interventions", area="12.05.03").frame["intervention_id"].tolist() == ["i3"]
    with pytest.raises(NotFoundError, match="99"):
        disclosed(workspace, run, "areas", area="99")


def test_one_geometry_type_of_the_interventions(workspace, run):
    assert disclosed(workspace, run, "interventions_point").frame["intervention_id"].tolist() == ["i1", "i2"]
    assert disclosed(workspace, run, "interventions_line").frame.empty
    with pytest.raises(NotFoundError, match="areas, cells"):
        disclosed(workspace, run, "households")


def test_columns_that_are_not_declared_do_not_leave(workspace, run):
    run.collections["areas"]["secret"] = 1
    assert "secret" not in disclosed(workspace, run, "areas").frame


def test_the_run_itself_is_not_changed(workspace, run):
    before = run.collections["areas"].copy()
    disclosed(workspace, run, "areas")
    pd.testing.assert_frame_equal(pd.DataFrame(before), pd.DataFrame(run.collections["areas"]))


def test_a_cell_with_few_families_loses_every_count_and_is_not_given_back_by_its_desa(workspace, run):
    run.collections["cells"].loc[3, ["families", "poor_families"]] = [3, 3]
    cells = _by(disclosed(workspace, run, "cells"), "cell_id")
    hidden = cells.index[cells["families"].isna()].tolist()
    assert hidden == ["c2", "c3"]  # the next smallest goes too
    assert cells.loc[hidden, ["persons", "poor_families", "class"]].isna().all(axis=None)
