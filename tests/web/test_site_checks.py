"""The panel of what sites were checked against, and sums that leave out what is funded already."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from gisapp.analysis.interventions import CONTEXT_LAYERS
from gisapp.web.planner.site_checks import site_checks
from gisapp.web.planner.suggestions import rows, side_by_side, unchecked
from gisapp.web.texts import Texts
from tests.small_district import make_interventions

CANDIDATES = {
    "offered": 12, "allowed": 9, "outside": 1, "same_spot": 0, "replaced_by_public_land": 0, "desa_without": 2,
    "excluded_by": {"hgu": 2}, "noted": {"rawan_bencana": 3},
    "sources": {"lahan publik": 1, "permukiman": 11, "sel berpenduduk": 0},
}  # fmt: skip
FACTS = {
    "candidates": CANDIDATES,
    "layers_checked": ["hgu", "rawan_bencana", "rencana_kegiatan"],
    "layers_outside": ["lp2b"],
    "works": {"used": 3, "supplied": 5, "past": 1, "kind_unknown": 1, "without_place": 0},
    "facilities": {"facility_unplaced": 4, "facility_repeated": 1, "facility_area_unknown": 2},
}


def checks(lang="id", **change):
    district = SimpleNamespace(run=SimpleNamespace(manifest={"site_checks": {**FACTS, **change}}))
    return site_checks(district, Texts(lang), pre_empted=1)


def results(lang="id", **change):
    return {row["title"]: row["result"] for row in checks(lang, **change)["rows"]}


def test_every_layer_says_whether_it_was_checked_and_with_what_result():
    found = results()
    assert len(found) == len(CONTEXT_LAYERS)
    assert found["HGU"] == "diperiksa: 2 calon lokasi dilarang"
    assert found["rawan bencana"] == "diperiksa: tidak ada calon yang dilarang; 3 diberi catatan"
    assert found["kawasan hutan"] == "belum diperiksa: lapisan belum diberikan"
    assert found["lahan pangan (LP2B)"] == "belum diperiksa: lapisan tidak menyentuh kabupaten"
    assert found["kegiatan yang sudah didanai"].startswith("diperiksa: 3 dari 5 kegiatan menjawab kebutuhan; 1 usulan")
    assert "1 dari tahun lewat" in found["kegiatan yang sudah didanai"]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_counts_of_candidates_and_facilities_are_sentences(lang):
    told = " ".join(checks(lang)["sentences"])
    for number in ("9", "12", "11", "4"):
        assert number in told


def test_no_candidate_is_said_plainly():
    told = checks(candidates={**CANDIDATES, "allowed": 0})["sentences"]
    assert told[0] == "Tidak ada calon lokasi yang boleh dipakai: tidak ada lokasi yang diindikasikan."


def test_works_without_anything_set_aside_and_facilities_without_a_fault_say_no_more_than_that():
    clean = {"used": 5, "supplied": 5, "past": 0, "kind_unknown": 0, "without_place": 0}
    assert "tidak dipakai" not in results(works=clean)["kegiatan yang sudah didanai"]
    assert len(checks(facilities={})["sentences"]) == 2


@pytest.mark.parametrize("reason", ["no_roads", "no_kind", "no_service", "no_pocket"])
def test_why_missing_links_were_not_looked_for_is_a_sentence_in_both_languages(reason):
    told = {lang: checks(lang, links={"searched": False, "reason": reason})["sentences"][-1] for lang in ("id", "en")}
    assert told["id"].startswith("Ruas dan jembatan yang belum ada: ")
    assert told["en"].startswith("Missing roads and bridges: not looked for, because ")


def test_how_missing_links_were_looked_for_is_a_sentence():
    found = {"searched": True, "candidates": 5782, "length_km": 3417.1, "parts": 5, "mended": 6, "offered": 49,
             "longest_m": 1500}  # fmt: skip
    told = checks(links=found)["sentences"][-1].replace("\u00a0", " ")
    assert (
        "5.782 calon sampai 1,5 km dicari pada 3.417 km jalan (4 bagian terpisah dari yang terpanjang, 6 ujung" in told
    )
    refused = checks(links={"searched": False, "reason": "refused", "id": "Garisnya kosong.", "en": "No lines."})
    assert refused["sentences"][-1].endswith("pada peta jalan ini. Garisnya kosong.")


def test_villages_without_electricity_are_named_unless_their_figures_are_withheld():
    areas = pd.DataFrame({"code": ["a", "b"], "name": ["Desa A", "Desa B"], "status": ["present", "suppressed"]})
    found = {"electricity": {"without": ["b", "a"], "some": 1, "served": 2, "unknown": 3},
             "signal": {"without": [], "some": 0, "served": 0, "unknown": 6}}  # fmt: skip
    manifest = {"site_checks": {**FACTS, "villages_without": found}}
    released = SimpleNamespace(frame=areas)
    district = SimpleNamespace(run=SimpleNamespace(manifest=manifest), released=lambda name: released)
    told = site_checks(district, Texts("id"), pre_empted=0)["sentences"][-2:]
    assert "tanpa listrik: 1 (Desa A); 3 desa belum diketahui" in told[0]
    assert "tanpa sinyal seluler: 0 (tidak ada); 6 desa belum diketahui" in told[1]


def test_a_run_of_an_earlier_gisapp_has_no_panel():
    district = SimpleNamespace(run=SimpleNamespace(manifest={}))
    assert site_checks(district, Texts("id"), pre_empted=0) is None


def test_what_is_funded_already_is_in_no_sum_and_says_which_work_of_which_year():
    frame = make_interventions().assign(
        funded_by=["USB SD (2026)", None, None], funded_share=[0.9, None, None], pre_empted=[True, None, None],
        land_note=["rawan_bencana: bahaya sedang", "", ""],
    )  # fmt: skip
    found = rows(frame, Texts("id"), {"p-a": "A", "p-b": "B"})
    first = next(row for row in found if row["intervention_id"] == "i1")
    assert first["funded"] == "sudah dijawab kegiatan yang didanai, tidak dihitung lagi: USB SD (2026)"
    assert first["land_note"] == "rawan bencana: bahaya sedang"
    services = side_by_side(found)[1]
    assert (services["count"], services["funded"], services["families"], services["cost_idr"]) == (0, 1, None, None)
    assert side_by_side(found)[2]["count"] == 1


def test_works_that_were_not_supplied_concern_what_has_no_site_too():
    text = "belum diperiksa: hgu; rencana_kegiatan"
    assert unchecked(text, Texts("id"), sited=False) == "kegiatan yang sudah didanai"
    assert unchecked(text, Texts("en"), sited=True) == "estate land (HGU), works already funded"
