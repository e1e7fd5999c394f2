import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from gisapp.analysis.interventions import CONTEXT_LAYERS, suggest
from gisapp.catalog.interventions import load_interventions
from gisapp.columns import DEPRIVATIONS, SERVICES, columns_of
from gisapp.errors import InvalidInputError

KINDS = load_interventions()
STANDARD_M = {
    "early_childhood": 2000,
    "primary_school": 3000,
    "junior_school": 6000,
    "senior_school": 6000,
    "health_centre": 5000,
    "posyandu": 1500,
    "market": 8000,
    "road": 2000,
}
STANDARDS = {
    name: SimpleNamespace(distance_m=metres, source="Contoh", date="2025") for name, metres in STANDARD_M.items()
}
LAYERS = {"standards": STANDARDS}


def district(seed=0, *, desa=20, families_per_desa=60):
    """A row of desa, 4 km apart, whose families lack each thing at 10 to 20 % and are near every service."""
    rng = np.random.default_rng(seed)
    n = desa * families_per_desa
    number = np.repeat(np.arange(desa), families_per_desa)
    base = 0.10 + 0.10 * rng.random((desa, len(DEPRIVATIONS)))
    lacks = rng.random((n, len(DEPRIVATIONS))) < base[number]
    frame = pd.DataFrame(
        {
            "code": [f"12.05.01.{2001 + i}" for i in number],
            "pocket_id": pd.Series(np.where(number < 2, "P1", None), dtype=object),
            "x": number * 4000.0 + rng.normal(0, 300, n),
            "y": rng.normal(0, 300, n),
            "persons": rng.integers(1, 7, n),
            "decile": rng.integers(1, 6, n),
            "children_0_5": rng.integers(0, 2, n),
            "children_7_12": rng.integers(0, 3, n),
            "children_13_15": rng.integers(0, 2, n),
        }
    )
    for column, name in enumerate(DEPRIVATIONS):
        frame[name] = pd.array(lacks[:, column], dtype="boolean")
    for name in ("receives_pkh", "receives_bpnt", "receives_pbi"):
        frame[name] = pd.array(rng.random(n) < 0.6, dtype="boolean")
    for name in SERVICES:
        frame[f"distance_m_{name}"] = rng.random(n) * STANDARD_M[name] * 1.1
    return frame


POCKETS = pd.DataFrame({"pocket_id": ["P1"], "x": [2000.0], "y": [0.0], "population_families": [300]})
CANDIDATES = pd.DataFrame(
    {
        "x": [0.0, 4000.0, 8000.0],
        "y": 0.0,
        "code": ["12.05.01.2001", "12.05.01.2002", "12.05.01.2003"],
        "source": "permukiman contoh",
    }
)


def planted(cause, seed=0):
    frame = district(seed)
    inside = frame["pocket_id"] == "P1"
    if cause.startswith("gap:"):
        service = cause.removeprefix("gap:")
        frame.loc[inside, f"distance_m_{service}"] += STANDARD_M[service]
    else:
        ill = inside & (np.random.default_rng(seed + 100).random(len(frame)) < 0.7)
        frame.loc[ill, cause] = True
    return frame


@pytest.mark.parametrize("cause", [*DEPRIVATIONS, *(f"gap:{service}" for service in SERVICES)])
@pytest.mark.parametrize("seed", range(3))
def test_the_first_suggestion_answers_the_planted_cause(cause, seed):
    found = suggest(POCKETS, planted(cause, seed), CANDIDATES, KINDS, **LAYERS)
    first = found.iloc[0]
    assert first["need"] == cause
    assert cause in next(kind.answers for kind in KINDS if kind.kind == first["kind"])


def test_far_school_is_the_cause_that_comes_before_children_out_of_school():
    frame = planted("gap:primary_school")
    inside = frame["pocket_id"] == "P1"
    frame.loc[inside, "schooling"] = True
    found = suggest(POCKETS, frame, CANDIDATES, KINDS, **LAYERS)
    assert found.iloc[0]["need"] == "gap:primary_school"
    assert "schooling" in set(found["need"])


def test_every_row_has_cost_volume_source_and_what_was_not_checked():
    found = suggest(POCKETS, planted("water"), CANDIDATES, KINDS, **LAYERS, crs="EPSG:32647")
    assert [name for name in found.columns if name != "geometry"] == list(columns_of("interventions"))
    works = found["volume"] * found["unit_cost_idr"]
    np.testing.assert_allclose(found["works_idr"], works)
    parts = found[["works_idr", "design_idr", "supervision_idr", "tax_idr"]].sum(axis=1)
    np.testing.assert_allclose(found["cost_idr"], parts)
    assert found["cost_source"].str.contains("2025").all()
    assert (found["not_checked"] == "belum diperiksa: " + "; ".join(CONTEXT_LAYERS)).all()
    assert found["intervention_id"].is_unique
    assert found["intervention_id"].str.fullmatch(r"i-[0-9a-f]{8}").all()
    assert found.geometry.notna().all()
    assert found["sequence"].tolist() == list(range(1, len(found) + 1))
    assert set(found["strategy"]) >= {1, 2, 4, 7}


def test_a_site_says_whom_it_reaches_and_how_good_the_plan_is():
    frame = planted("water")
    first = suggest(POCKETS, frame, CANDIDATES, KINDS, **LAYERS).iloc[0]
    evidence = json.loads(first["evidence"])
    lacking = frame[(frame["pocket_id"] == "P1") & frame["water"].fillna(False)]
    assert first["kind"] == "sumur_bor_komunal"
    assert first["location_label"].startswith("indikasi lokasi")
    assert first["code"] in {"12.05.01.2001", "12.05.01.2002"}
    assert evidence["families_lacking"] == len(lacking)
    assert evidence["site"]["status"] == "optimal"
    assert first["plan_status"].startswith(
        f"optimal: {int(evidence['site']['objective'])} dari {len(lacking)} keluarga"
    )
    assert first["plan_status"].endswith("selisih 0 %")
    spot = lacking[np.hypot(lacking["x"] - first["geometry"].x, lacking["y"] - first["geometry"].y) <= 500]
    assert first["families"] == len(spot)
    assert first["persons"] == spot["persons"].sum()
    assert first["volume"] == np.ceil(len(spot) / 50)


def test_sentences_are_plain_and_carry_the_numbers():
    first = suggest(POCKETS, planted("water"), CANDIDATES, KINDS, **LAYERS).iloc[0]
    assert first["why_id"].startswith("Air minum belum layak: ")
    assert "di seluruh kabupaten" in first["why_id"]
    assert "keluarga desil 1 (nasional)" in first["why_id"]
    assert "jarak garis lurus" in first["why_id"]
    assert "straight line" in first["why_en"]
    for word in ("miskin", "terentas", "KK", "deprivasi"):
        assert word not in first["why_id"]


def test_layers_that_were_checked_are_not_named_and_excluded_candidates_not_used():
    forbidden = CANDIDATES.assign(excluded_by=["hgu", None, None])
    found = suggest(POCKETS, planted("water"), forbidden, KINDS, **LAYERS, layers_checked=["hgu", "kawasan_hutan"])
    assert not found["not_checked"].str.contains("hgu").any()
    assert found["not_checked"].str.contains("lp2b").all()
    wells = found[found["kind"] == "sumur_bor_komunal"]
    assert set(wells["code"]) == {"12.05.01.2002"}
    assert json.loads(wells.iloc[0]["evidence"])["site"]["candidates_excluded"] == 1


def test_where_absence_is_unknown_a_field_check_is_suggested_and_no_site():
    frame = planted("gap:primary_school")
    gaps = pd.DataFrame({"code": frame["code"].unique(), "service": "primary_school", "absence": "unknown"})
    first = suggest(POCKETS, frame, CANDIDATES, KINDS, **LAYERS, gaps=gaps).iloc[0]
    assert first["kind"] == "cek_lapangan_layanan"
    assert first["service"] == "primary_school"
    assert "belum diketahui" in first["why_id"]


def test_where_absence_is_known_in_one_desa_and_not_in_the_other_both_a_site_and_a_field_check_are_suggested():
    frame = planted("gap:primary_school")
    first_desa, second_desa = frame["code"].unique()[:2]
    gaps = pd.DataFrame({"code": [second_desa], "service": "primary_school", "absence": "unknown"})
    found = suggest(POCKETS, frame, CANDIDATES, KINDS, **LAYERS, gaps=gaps)
    school = found[found["need"].eq("gap:primary_school")]
    assert school["kind"].tolist()[0] in ("sd_baru", "sd_kelas_jauh")
    assert school["code"].tolist()[0] == first_desa
    check = school[school["kind"].eq("cek_lapangan_layanan")].iloc[0]
    far = frame["distance_m_primary_school"].gt(3000) & frame["children_7_12"].gt(0)
    lacking = frame[frame["pocket_id"].eq("P1") & far]
    assert check["families"] == lacking["code"].eq(second_desa).sum()
    assert school["families"].tolist()[0] <= lacking["code"].eq(first_desa).sum()


def test_too_few_children_for_a_school_lead_to_a_filial_class():
    frame = planted("gap:primary_school")
    frame.loc[frame.index[30:120], "children_7_12"] = 0
    first = suggest(POCKETS, frame, CANDIDATES, KINDS, **LAYERS).iloc[0]
    assert first["kind"] == "sd_kelas_jauh"


def test_no_site_is_indicated_where_none_is_asked_for():
    found = suggest(POCKETS, planted("water"), CANDIDATES, KINDS, **LAYERS, sites_per_pocket=0)
    assert not found["location_label"].str.startswith("indikasi").any()
    assert found.iloc[0]["kind"] == "sambungan_air"


def test_without_candidates_the_next_kind_is_taken():
    first = suggest(POCKETS, planted("gap:primary_school"), CANDIDATES.iloc[:0], KINDS, **LAYERS).iloc[0]
    assert first["kind"] == "antar_jemput_sekolah"
    assert first["plan_status"] == ""


def test_families_without_a_position_are_counted_but_not_sited():
    frame = planted("water")
    frame.loc[frame["pocket_id"] == "P1", ["x", "y"]] = np.nan
    first = suggest(POCKETS, frame, CANDIDATES, KINDS, **LAYERS).iloc[0]
    assert first["kind"] == "sambungan_air"


def test_a_pocket_that_lacks_nothing_still_gets_a_suggestion():
    frame = district()
    inside = frame["pocket_id"] == "P1"
    frame.loc[inside, list(DEPRIVATIONS)] = False
    frame.loc[inside, [f"distance_m_{name}" for name in SERVICES]] = 0.0
    frame.loc[inside, "decile"] = 5
    found = suggest(POCKETS.drop(columns="population_families"), frame, CANDIDATES, KINDS, **LAYERS)
    assert found["kind"].tolist() == ["kunjungan_triwulan"]


def test_only_the_needed_columns_are_enough():
    bare = district()[["pocket_id", "code", "x", "y", "persons", "decile"]]
    found = suggest(POCKETS, bare, CANDIDATES, KINDS, standards={})
    assert set(found["strategy"]) == {1, 7}


def test_no_pocket_is_a_valid_answer():
    found = suggest(POCKETS.iloc[:0], district(), CANDIDATES, KINDS, **LAYERS)
    assert len(found) == 0
    assert set(columns_of("interventions")) <= set(found.columns)


def test_the_order_of_candidates_does_not_matter():
    frame = planted("water")
    first = suggest(POCKETS, frame, CANDIDATES, KINDS, **LAYERS)
    second = suggest(POCKETS, frame, CANDIDATES[::-1], KINDS, **LAYERS)
    pd.testing.assert_frame_equal(pd.DataFrame(first), pd.DataFrame(second))


def test_a_budget_marks_what_reaches_most_families():
    frame = planted("water")
    free = suggest(POCKETS, frame, CANDIDATES, KINDS, **LAYERS, budget_idr=0)
    assert not free["in_budget"].fillna(False).any()
    rich = suggest(POCKETS, frame, CANDIDATES, KINDS, **LAYERS, budget_idr=1e9)
    bought = rich[rich["in_budget"].fillna(False)]
    assert len(bought)
    assert bought["cost_idr"].sum() <= 1e9
    assert rich.loc[~rich["strategy"].isin([2, 3, 4, 5]), "in_budget"].isna().all()


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"pockets": POCKETS.drop(columns="x")}, "no column x"),
        ({"pockets": pd.concat([POCKETS, POCKETS])}, "P1 stands more than once"),
        ({"pockets": POCKETS.assign(pocket_id="P9")}, "P9 has no row"),
        ({"pockets": POCKETS.assign(x=np.nan)}, "row 0"),
        ({"candidates": CANDIDATES.drop(columns="code")}, "no column code"),
        ({"candidates": CANDIDATES.assign(y=[0, np.inf, 0])}, "row 1"),
        ({"families": district().drop(columns="decile")}, "no column decile"),
        ({"kinds": ()}, "empty"),
        ({"layers_checked": ["hutan"]}, "hutan"),
        ({"sites_per_pocket": -1}, "sites_per_pocket"),
        ({"budget_idr": -1}, "budget_idr"),
        ({"district_coverage": 2.0}, "district_coverage"),
        ({"kinds": tuple(kind for kind in KINDS if kind.kind == "usulan_pkh"), "poor_deciles": ()}, "nothing"),
    ],
)
def test_bad_input_is_refused_by_name(change, names):
    given = {"pockets": POCKETS, "families": district(), "candidates": CANDIDATES, "kinds": KINDS, **LAYERS} | change
    with pytest.raises(InvalidInputError, match=names) as refused:
        suggest(**given)
    assert refused.value.en != refused.value.id
