"""A run with what real districts bring: misspelt areas, doubles, land elsewhere, funded works; files to exports."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from gisapp.release.collections import disclosed
from gisapp.targeting.run import run
from gisapp.targeting.runs import load_run
from gisapp.workspace.add import add_layer
from gisapp.workspace.folder import open_workspace
from tests.copies import copy_workspace

ELSEWHERE = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"nama":"x"},"geometry":'
    '{"type":"Polygon","coordinates":[[[106,-6],[106.1,-6],[106.1,-5.9],[106,-6]]]}}]}'
)


@pytest.fixture(scope="module")
def made(small_demo, tmp_path_factory):
    """The demo with a second layer of schools, works for the pocket, and farmland of another district."""
    folder = tmp_path_factory.mktemp("brought")
    workspace = open_workspace(copy_workspace(small_demo, folder / "copy"))
    before = load_run(workspace)
    pocket = before.collection("pockets").iloc[0]
    codes = pocket["member_codes"].split("; ")
    school = workspace_school(workspace)
    (folder / "osm.csv").write_text(
        f"nama,kecamatan,kode_desa,lat,lon,bentuk\n{school['name']},,,{school.geometry.y},{school.geometry.x},SD\n"
        f"SDN 9901,,{codes[0]},,,SD\nPustu Entah,Salah Ketik,,0,0,PUSTU\n"
    )
    (folder / "dpa.csv").write_text(
        "kode,jenis,nama,tahun,pagu,sasaran\n"
        + "".join(f"{code},Listrik desa,Listrik gratis,2026,150000000,\n" for code in codes)
        + f"{codes[0]},Pembangunan PAUD,PAUD baru,2025,,1\n{codes[0][:8]},Pelatihan kerja,Balai latihan,2026,,\n"
    )
    (folder / "lp2b.geojson").write_text(ELSEWHERE)
    add_layer(workspace, folder / "osm.csv", role="facility", name="osm", kind_column="bentuk")
    add_layer(workspace, folder / "dpa.csv", role="table", name="dpa", kind="planned_works")
    add_layer(workspace, folder / "lp2b.geojson", role="boundary", name="lp2b", kind="lp2b", replace=True)
    workspace = open_workspace(workspace.root)
    summary = run(workspace)
    return summary, load_run(workspace), codes


def workspace_school(workspace):
    from gisapp.workspace.layers import read_facilities

    found = read_facilities(workspace)
    return found[found["kind"].eq("sd")].iloc[0]


def test_what_was_counted_apart_is_told(made):
    summary, sealed, _ = made
    told = {name: count for name, count in summary.warnings.items() if name.startswith(("facility_", "land_"))}
    assert told == {
        "facility_repeated": 1, "facility_unplaced": 2, "facility_area_unknown": 1, "land_outside_district": 1,
    }  # fmt: skip
    checks = sealed.manifest["site_checks"]
    assert "lp2b" not in checks["layers_checked"]
    assert checks["layers_outside"] == ["lp2b"]
    assert checks["works"]["used"] > 0


def test_absence_is_unknown_in_the_desa_that_is_named_and_everywhere_for_an_unknown_one(made):
    _, sealed, codes = made
    gaps = sealed.collection("gaps").set_index(["service", "code"])["absence"]
    assert gaps["primary_school"].eq("unknown").sum() == 1
    assert gaps["primary_school"][codes[0]] == "unknown"
    assert gaps["health_centre"].eq("unknown").all()
    assert gaps["market"].eq("known").all()
    areas = sealed.collection("areas").set_index("code")["absence_unknown"]
    assert areas[codes[0]] == "primary_school; health_centre"


def test_no_site_stands_where_absence_is_unknown_and_a_field_check_is_suggested(made):
    _, sealed, codes = made
    suggested = sealed.collection("interventions")
    school = suggested[suggested["service"].eq("primary_school")]
    assert "cek_lapangan_layanan" in set(school["kind"])
    sited = school[school["location_label"].str.startswith("indikasi lokasi")]
    assert codes[0] not in set(sited["code"])
    health = suggested[suggested["service"].eq("health_centre")]
    assert not health["location_label"].str.startswith("indikasi lokasi").any()


def test_works_pre_empt_what_they_answer_and_are_only_named_where_nobody_knows(made):
    _, sealed, _ = made
    suggested = sealed.collection("interventions").set_index("need")
    power = suggested.loc[["electricity"]].iloc[0]
    assert power["funded_by"].startswith("Listrik gratis (2026, Rp 150.000.000)")
    assert (power["funded_share"], bool(power["pre_empted"])) == (1.0, True)
    work = suggested.loc[["work"]] if "work" in suggested.index else pd.DataFrame(columns=suggested.columns)
    assert not work["pre_empted"].fillna(False).any()
    assert suggested["not_checked"].eq("belum diperiksa: lp2b").all()


def shown_at(sealed, collection, k):
    workspace = SimpleNamespace(settings=SimpleNamespace(k_staff=k, k_public=k))
    return disclosed(workspace, sealed, collection).frame


def test_what_leaves_says_the_same_to_everybody_it_is_shown_to(made):
    _, sealed, codes = made
    gaps = shown_at(sealed, "gaps", 5).set_index(["service", "code"])
    assert gaps.loc[("primary_school", codes[0]), "absence"] == "unknown"
    suggested = shown_at(sealed, "interventions", 5)
    shown = suggested[suggested["status"].eq("present") & suggested["pre_empted"].fillna(False)]
    assert shown["funded_by"].str.contains("2026").all()
    withheld = shown_at(sealed, "interventions", 10**6)
    assert withheld["funded_by"].isna().all()
    assert withheld["funded_share"].isna().all()
    assert withheld["pre_empted"].isna().all()
