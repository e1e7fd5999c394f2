"""One suggestion's own page answers what, where, for whom, how much, why, how sure, and what was not checked."""

from __future__ import annotations

import copy
import io
import json

import openpyxl
import pandas as pd
import pytest
from flask.testing import FlaskClient
from small_district import SmallRun

QUESTIONS = ("Apa", "Di mana", "Untuk siapa", "Berapa biayanya", "Mengapa", "Seberapa yakin", "Belum diperiksa")
PRICED = {
    "works_idr": 2.5e8,
    "design_share": 0.04,
    "design_idr": 1.0e7,
    "supervision_share": 0.03,
    "supervision_idr": 7.5e6,
    "tax_rate": 0.11,
    "tax_idr": 29_425_000.0,
    "cost_idr": 296_925_000.0,
    "maintenance_share": 0.02,
    "maintenance_idr": 5.0e6,
    "cost_year": 2024,
    "unit_cost_low_idr": 2.0e8,
    "unit_cost_high_idr": 3.0e8,
    "region_factor": 1.0,
    "price_reference": "HSPK/AHSP",
    "cost_per_family_idr": 2_474_375.0,
    "cost_per_family_lower_idr": 1_900_000.0,
    "cost_per_family_upper_idr": 3_100_000.0,
    "rank_in_kind": 2,
    "rank_in_kind_lower": 1,
    "rank_in_kind_upper": 3,
    "of_kind": 3,
    "first_probability": 0.83,
    "first_error": 0.008,
    "leading_probability": 0.41,
    "leading_error": 0.011,
    "counterfactual_id": "Peringkat 2 dari 3; akan menjadi peringkat 1 bila menjangkau 150 keluarga (kini 120).",
    "counterfactual_en": "Rank 2 of 3; would be rank 1 if it reached 150 families (now 120).",
    "requires_id": "lahan bersih; guru tersedia",
    "requires_en": "clean land; teachers available",
    "programmes": "DAK Fisik",
    "standard": "paling jauh 3 km",
    "in_budget": True,
    "displaces": "i3",
    "displaced_families": 40,
}
EVIDENCE = {
    "families_lacking": 150, "families_asked": 400, "decile_1_families_lacking": 60, "absence": "known",
    "assumptions": "Syarat lahan.",
    "site": {"status": "optimal", "candidates": 12, "gap": 0.0},
}  # fmt: skip


@pytest.fixture
def priced(fresh_app, log_in_to) -> FlaskClient:
    run = SmallRun()
    frame = copy.deepcopy(run.collections["interventions"])
    first = frame.index[frame["intervention_id"] == "i1"]
    for name, value in (PRICED | {"evidence": json.dumps(EVIDENCE)}).items():
        if name not in frame:
            frame[name] = pd.Series(None, index=frame.index, dtype=object)
        frame.loc[first, name] = value
    for name in ("cost_per_family_idr", "rank_in_kind", "first_probability", "leading_probability"):
        frame[name] = pd.to_numeric(frame[name])
    run.collections["interventions"] = frame
    run.manifest["parameters"] = {"suggestion_first": 10}
    fresh_app.extensions["gisapp"].run = run
    return log_in_to(fresh_app, "planner")


def page_of(client: FlaskClient, path: str, lang: str = "id") -> str:
    client.set_cookie("lang", lang)
    return client.get(path).get_data(as_text=True).replace("\u00a0", " ")


def test_it_answers_seven_questions(priced: FlaskClient) -> None:
    page = page_of(priced, "/interventions/i1")
    for question in QUESTIONS:
        assert f"<h2>{question}</h2>" in page
    for told in ("Sekolah dasar baru", "120", "480", "150 dari 400", "indikasi lokasi", "kawasan hutan, HGU"):
        assert told in page


def test_a_cost_stands_with_its_parts_year_and_source(priced: FlaskClient) -> None:
    page = page_of(priced, "/interventions/i1")
    for told in ("Harga satuan 2024", "Rp 250 juta", "Perencanaan 4 %", "Pengawasan 3 %", "PPN 11 %", "Rp 296,93 juta",
                 "Pemeliharaan tiap tahun", "SSH contoh 2024", "HSPK/AHSP"):  # fmt: skip
        assert told in page


def test_how_sure_it_is_and_what_would_change_it(priced: FlaskClient) -> None:
    page = page_of(priced, "/interventions/i1")
    for told in ("Rp 1,90 juta sampai Rp 3,10 juta", "peringkat 2 dari 3", "rentang 1–3",
                 "terbaik dari 12 calon, dihitung pasti", "akan menjadi peringkat 1 bila menjangkau 150 keluarga",
                 "lahan bersih", "guru tersedia", "Tanpa usulan ini rencana menjangkau 40 keluarga lebih sedikit",
                 "Verifikasi data"):  # fmt: skip
        assert told in page


def test_chances_are_told_where_there_are_others_to_come_before(priced: FlaskClient) -> None:
    """Three suggestions of strategy 2 where the first two count."""
    run = priced.application.extensions["gisapp"].run
    run.collections["interventions"]["strategy"] = 2
    run.manifest["parameters"] = {"suggestion_first": 2}
    page = page_of(priced, "/interventions/i1")
    assert "Masuk 2 teratas strateginya" in page
    assert "83 %" in page
    assert "± 0,8 % galat simulasi" in page
    assert "Menjadi yang teratas dari 3 usulan" in page
    assert "41 %" in page


def test_no_chance_is_told_of_the_only_suggestion_of_a_strategy(priced: FlaskClient) -> None:
    assert "teratas" not in page_of(priced, "/interventions/i1")


def test_the_english_page_is_english(priced: FlaskClient) -> None:
    page = page_of(priced, "/interventions/i1", "en")
    for question in ("What", "Where", "For whom", "How much", "Why", "How sure", "Not checked"):
        assert f"<h2>{question}</h2>" in page
    assert "would be rank 1 if it reached 150 families" in page
    for indonesian in ("Dinas", "keluarga", "lahan", "Peringkat"):
        assert indonesian not in page


LINK = {
    "line": [[98.2, 3.6], [98.21, 3.6]], "length_m": 640, "road_m": None, "river_crossings": 1, "bridge_span_m": 60,
    "services": [
        {"service": "primary_school", "families": 90, "standard_m": 3000, "standard_source": "Permendiknas (2007)",
         "way_before_m": 18_500, "way_m": 2500},
        {"service": "market", "families": None, "standard_m": 6000, "standard_source": "dinas (2025)",
         "way_before_m": None, "way_m": None},
    ],
}  # fmt: skip


def test_a_missing_bridge_tells_its_line_its_standards_and_what_was_not_checked(priced: FlaskClient) -> None:
    frame = priced.application.extensions["gisapp"].run.collections["interventions"]
    frame.loc[frame["intervention_id"] == "i1", "evidence"] = json.dumps(EVIDENCE | {"link": LINK})
    page = page_of(priced, "/interventions/i1")
    for told in (
        "Panjang ruas", "640 m", "bentang diandaikan 60 m tiap sungai", "tidak tersambung", "90 keluarga",
        "SD/MI dalam 3,0 km lewat jalan", "Nilai tengah jalan mereka 18,5 km menjadi 2,5 km. Permendiknas (2007)",
        "Pasar dalam 6,0 km lewat jalan", "sedikit keluarga; angkanya tidak ditampilkan",
        "Bentang jembatan memakai harga jembatan", "Jalan setapak yang tidak dipetakan tidak dihitung",
        'data-line="[[98.2, 3.6], [98.21, 3.6]]"',
    ):  # fmt: skip
        assert told in page
    english = page_of(priced, "/interventions/i1", "en")
    assert "Primary school within 3.0 km by road" in english
    assert "not connected" in english


def test_a_suggestion_that_is_no_link_shows_no_line(priced: FlaskClient) -> None:
    assert "data-line" not in page_of(priced, "/interventions/i1")


def test_a_withheld_suggestion_shows_no_figure(client: FlaskClient) -> None:
    page = page_of(client, "/interventions/i2")
    assert "disembunyikan karena kurang dari 5 keluarga" in page
    for question in ("Untuk siapa", "Berapa biayanya", "Seberapa yakin"):
        assert f"<h2>{question}</h2>" not in page


def test_a_suggestion_of_an_older_run_opens(client: FlaskClient) -> None:
    assert "Sekolah dasar baru" in page_of(client, "/interventions/i1")
    assert client.get("/interventions/i3").status_code == 200


def test_strangers_see_neither_page_nor_table(stranger: FlaskClient) -> None:
    for path in ("/interventions/i1", "/interventions/rab.xlsx"):
        assert stranger.get(path).status_code in (302, 401, 403)


def test_the_budget_table_is_a_download(client: FlaskClient) -> None:
    response = client.get("/interventions/rab.xlsx")
    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]
    assert openpyxl.load_workbook(io.BytesIO(response.data)).sheetnames[0] == "Rekapitulasi"


def test_the_list_leads_to_each_page_and_to_the_table(client: FlaskClient) -> None:
    page = page_of(client, "/interventions")
    assert 'href="/interventions/i1"' in page
    assert 'href="/interventions/rab.xlsx"' in page
