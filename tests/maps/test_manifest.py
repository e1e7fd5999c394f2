"""The manifest: the same words and numbers for the page, the portable map and the sheet."""

import json
from types import SimpleNamespace

import orjson

from gisapp.columns import DEPRIVATIONS
from gisapp.maps.cards import equal_groups
from gisapp.maps.words import WORDS, joined, word
from gisapp.release.mapview import map_view


def test_the_manifest_is_plain_json_without_nan(workspace, run):
    view = map_view(workspace, run)
    assert json.loads(json.dumps(view.manifest, allow_nan=False)) == view.manifest
    assert orjson.dumps(view.layers)


def test_a_pocket_card_in_print_order(workspace, run):
    first, second = map_view(workspace, run).manifest["pockets"]
    assert (first["letter"], first["badge"]) == ("A", "ditemukan oleh 3 dari 3 metode")
    assert first["figures"][0] == {"value": "370", "label": "keluarga desil 1"}
    assert first["figures"][1]["value"] == "32,7\u00a0%"
    assert first["rank"] == "urutan 1–2 menurut jumlah keluarga desil 1"
    assert [bar["name"] for bar in first["why"]] == ["adult_education", "cooking_fuel", "electricity", "housing"]
    assert first["far"][0] == "Jalan: jarak garis lurus median 6,5\u00a0km"
    assert first["suggestions"] == ["i1", "i2"]
    assert (first["core"], second["core"]) == (True, False)


def test_equal_standing_is_said_with_the_criterion(workspace, run):
    manifest = map_view(workspace, run).manifest
    assert manifest["standing"] == [
        "Diurutkan menurut jumlah keluarga desil 1.",
        "A dan B setara: urutan di antaranya tidak pasti.",
    ]
    cards = [{"letter": x, "rank_group": group} for x, group in (("A", 1), ("B", 2), ("C", 2), ("D", None))]
    assert equal_groups(cards) == [["B", "C"]]
    assert joined(["A", "B", "C"]) == "A, B dan C"


def test_a_suggestion_says_its_cost_its_source_and_what_was_not_checked(workspace, run):
    by_id = {item["id"]: item for item in map_view(workspace, run).manifest["interventions"]}
    assert by_id["i1"]["cost"] == "perkiraan Rp\u00a0250\u00a0juta (SSH contoh 2024)"
    assert by_id["i1"]["not_checked"] == "belum diperiksa: kawasan hutan, HGU"
    assert by_id["i1"]["location"] == "indikasi lokasi"
    assert by_id["i1"]["position"] == [3.65, 98.25]
    assert by_id["i3"]["position"] is None
    assert by_id["i2"]["cost"] == ""
    assert "disembunyikan" in by_id["i2"]["why"]


def test_lists_run_parallel_and_layers_without_features_are_named(workspace, run):
    manifest = map_view(workspace, run).manifest
    n = len(manifest["areas"]["code"])
    assert n == 12
    for indicator in manifest["indicators"]:
        assert len(indicator["values"]) == len(indicator["texts"]) == len(indicator["ranges"]) == n
        for method in manifest["methods"]:
            found = indicator["classes"][method["name"]]
            assert len(found["class_of"]) == n
            assert sum(row["count"] for row in found["rows"]) == n
    counts = {layer["name"]: layer["count"] for layer in manifest["layers"]}
    assert counts["facilities_primary_school"] == 1  # the one without a position cannot be drawn
    assert counts["facilities_market"] == 0
    assert counts["lines_jalan"] == 1


def test_pockets_are_drawn_on_the_borders_of_the_drawn_areas(workspace, run):
    layers = map_view(workspace, run).layers
    corners = {tuple(xy) for f in layers["areas"]["features"] for xy in f["geometry"]["coordinates"][0]}
    for feature in layers["pockets"]["features"]:
        assert {tuple(xy) for xy in feature["geometry"]["coordinates"][0]} <= corners
    assert all(feature["properties"] == {} for feature in layers["areas"]["features"])


def test_english_is_complete_and_no_forbidden_word_is_used(workspace, run):
    manifest = map_view(workspace, run, lang="en").manifest
    assert manifest["pockets"][0]["badge"] == "found by 3 of 3 methods"
    for key, (indonesian, english) in WORDS.items():
        assert indonesian, key
        assert english, key
        for never in ("kantong", "kesepakatan", "interval kepercayaan", "deprivasi", "terentas"):
            assert never not in indonesian.lower(), key
    assert word("north", "id") == "U"


def test_what_concerns_the_whole_pocket_is_listed_but_never_pinned(workspace, run):
    rows = run.collections["interventions"]
    rows.loc[rows["intervention_id"] == "i1", "location_label"] = "seluruh wilayah prioritas, bukan satu titik"
    rows["not_checked"] = "belum diperiksa: lp2b; rawan_bencana"
    items = map_view(workspace, run, lang="en").manifest["interventions"]
    assert [item["id"] for item in items] == ["i1", "i2", "i3"]  # what answers best first, wherever it is
    whole = items[0]
    assert (whole["sited"], whole["position"]) == (False, None)
    assert whole["location"] == "the whole priority area, not one point"
    assert whole["not_checked"] == ""  # what has no site has nothing to check it against
    assert items[1]["not_checked"] == "not checked: protected farmland (LP2B), hazard areas"


def test_only_what_is_above_the_district_is_a_reason(workspace, run):
    """Pocket A has 32.7 % against 23 % of the district; every other share is set to the district's own."""
    pockets, areas = run.collections["pockets"], run.collections["areas"]
    whole = areas[areas["level"] == "kabupaten"].iloc[0]
    for name in DEPRIVATIONS:
        pockets[f"deprived_share_{name}"] = whole[f"deprived_share_{name}"]
    pockets.loc[0, "deprived_share_water"] += 0.2
    first, second = map_view(workspace, run).manifest["pockets"]
    assert [bar["name"] for bar in first["why"]] == ["water"]
    assert first["why"][0]["district"] == round(whole["deprived_share_water"], 4)
    assert (first["nothing"], second["why"]) == ("", [])
    assert second["nothing"] == "Tidak ada kekurangan yang menonjol di atas tingkat kabupaten."


def test_every_share_names_its_basis(workspace, run):
    label = map_view(workspace, run).manifest["pockets"][0]["figures"][1]["label"]
    assert label.startswith("keluarga desil 1 dari keluarga terdaftar · 30,7–34,7\u00a0% · kabupaten, registri")
    for name in ("areas", "pockets"):
        run.collections[name]["headcount_basis"] = "population_persons"
    run.collections["areas"]["population_date"] = "2025"
    manifest = map_view(workspace, run, lang="en").manifest
    words = "persons of decile 1 of the population (population table, 2025)"
    assert manifest["pockets"][0]["figures"][1]["label"].startswith(words)
    notes = {one["name"]: one["note"] for one in manifest["indicators"]}
    assert notes["headcount_ratio"] == words
    assert notes["deprived_share_water"] == "of registered families"


def test_boundaries_are_indicative_until_their_layer_says_otherwise(workspace, run):
    line = "Batas indikatif, bukan penetapan batas wilayah."
    assert map_view(workspace, run).manifest["credits"][0] == line
    spec = {"role": "boundary", "level": "desa", "title_id": "Batas desa", "title_en": "Villages"}
    workspace.catalog.layers["desa"] = SimpleNamespace(**spec, legal_status="legal: Perbup 1/2020")
    assert map_view(workspace, run).manifest["credits"] == ["Batas desa: Kemendagri, 2025"]
    workspace.catalog.layers["desa"] = SimpleNamespace(**spec, legal_status="indikatif")
    assert map_view(workspace, run).manifest["credits"][0] == line
