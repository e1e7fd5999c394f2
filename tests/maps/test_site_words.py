"""What cards, sheets and pages say of a suggestion's land and of works that answer it already."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gisapp.maps.cards import suggestion_card
from gisapp.maps.site_words import funded, land_note, site_unchecked

ROW = {"funded_by": "USB SD (2026, Rp 2.400.000.000)", "funded_share": 0.8, "pre_empted": True}


@pytest.mark.parametrize(
    ("change", "id", "en"),
    [
        ({}, "sudah dijawab kegiatan yang didanai, tidak dihitung lagi: USB SD (2026", "already answered"),
        (
            {"pre_empted": False, "funded_share": 0.25},
            "sebagian (25\N{NO-BREAK SPACE}% keluarga yang dijangkau) dijawab",
            "partly (25% of the families reached)",
        ),
        (
            {"pre_empted": False, "funded_share": 0.0, "funded_by": "mungkin: USB SD (2026)"},
            "mungkin dijawab kegiatan yang didanai: USB SD (2026)", "perhaps answered by funded works: USB SD (2026)",
        ),
        ({"funded_by": ""}, "", ""),
        ({"funded_by": None, "funded_share": np.nan, "pre_empted": pd.NA}, "", ""),
        ({"funded_by": np.nan, "pre_empted": None}, "", ""),
    ],
)  # fmt: skip
def test_works_are_named_with_their_year_wholly_in_part_or_perhaps(change, id, en):
    row = ROW | change
    assert funded(row, "id").startswith(id)
    assert funded(row, "en").startswith(en)
    assert bool(funded(row, "id")) == bool(id)


def test_the_flag_may_be_of_numpy_or_of_pandas():
    for flag in (True, np.True_, pd.array([True], dtype="boolean")[0]):
        assert "tidak dihitung lagi" in funded(ROW | {"pre_empted": flag})


def test_land_to_heed_is_in_words_of_the_language():
    text = "pola_ruang_rtrw: pertanian; rawan_bencana: bahaya sedang"
    assert land_note(text) == "rencana tata ruang (RTRW): pertanian; rawan bencana: bahaya sedang"
    assert land_note(text, "en") == "spatial plan (RTRW): farming; hazard areas: moderate hazard"
    assert land_note("pola_ruang_rtrw: Zona Ajaib", "en") == "spatial plan (RTRW): Zona Ajaib"
    assert land_note("") == ""


def test_land_is_checked_for_a_site_and_works_for_every_suggestion():
    text = "belum diperiksa: hgu; rencana_kegiatan"
    assert site_unchecked(text, sited=True) == ["HGU", "kegiatan yang sudah didanai"]
    assert site_unchecked(text, sited=False) == ["kegiatan yang sudah didanai"]
    assert site_unchecked("", sited=True) == []


def test_a_card_says_both_and_a_withheld_one_nothing_of_works():
    row = ROW | {
        "intervention_id": "i1",
        "land_note": "rawan_bencana: bahaya sedang",
        "location_label": "indikasi lokasi",
    }
    card = suggestion_card(row, lang="id")
    assert card["land_note"] == "perhatikan rawan bencana: bahaya sedang"
    assert "2026" in card["funded"]
    assert suggestion_card(row | {"status": "suppressed"}, lang="id")["funded"] == ""
