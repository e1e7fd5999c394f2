"""The page on how sure figures are, over the small district: every word, nothing withheld, nothing it cannot answer."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from small_district import HOSTILE

from gisapp.web.planner.plots import labelled, scale


def page_of(client: FlaskClient, path: str = "/statistics", lang: str = "id") -> str:
    client.set_cookie("lang", lang)
    return client.get(path).get_data(as_text=True)


@pytest.mark.parametrize(("lang", "title"), [("id", "Seberapa yakin"), ("en", "How sure")])
def test_every_section_stands_in_both_languages(client: FlaskClient, lang: str, title: str) -> None:
    page = page_of(client, lang=lang)
    assert f"<h1>{title}</h1>" in page
    for name in ("shares", "ranks", "quadrants", "matrix", "klassen", "coverage", "tests", "units", "order", "classes"):
        assert f'<section class="panel span" id="{name}">' in page
        assert f'href="#{name}"' in page
    assert f'aria-current="page">{title}</a>' in page


def test_shares_stand_with_their_range(client: FlaskClient) -> None:
    """140 of 400 families: 35 %, with two points more and less."""
    lines = re.findall(r'<span class="line-value">(.*?)</span></span>', page_of(client))
    words = [re.sub(r"<[^>]+>|\s", "", line) for line in lines]
    assert words[0].startswith("35,0")
    assert "33,0" in words[0]
    assert "37,0" in words[0]


def test_names_are_text(client: FlaskClient) -> None:
    page = page_of(client)
    assert HOSTILE[0] not in page
    assert "&lt;/script&gt;" in page


def test_withheld_desa_are_named_without_a_number(client: FlaskClient) -> None:
    """Desa 8 has three families of decile 1 among sixty, desa 12 no family: named, hatched, no figure in any cell."""
    page = page_of(client)
    rows = re.findall(r'<tr class="withheld"><th scope="row">([^<]*)</th>(.*?)</tr>', page)
    assert {name for name, _ in rows} >= {"Desa 8", "Desa 12"}
    for _, cells in rows:
        assert set(re.findall(r">([^<]*)</td>", cells)) <= {"▨"}
        assert "data-sort" not in cells
    drawn = re.findall(r'<li class="withheld">(.*?)</li>', page)
    assert drawn
    assert not any(re.search(r"\d", re.sub(r"Desa \d+", "", re.sub(r"<[^>]+>", "", line))) for line in drawn)


def test_one_kecamatan_shows_its_own_desa_only(client: FlaskClient) -> None:
    page = page_of(client, "/statistics?kecamatan=12.05.02")
    assert "Desa 5" in page
    assert "Desa 9" not in page
    assert '<option value="12.05.02" selected>' in page


@pytest.mark.parametrize("kecamatan", ["99.99.99", "12.05.01.2001", "%3Cb%3E"])
def test_a_kecamatan_that_is_not_there_is_refused(client: FlaskClient, kecamatan: str) -> None:
    assert client.get(f"/statistics?kecamatan={kecamatan}").status_code == 400


def test_strangers_are_asked_to_log_in(stranger: FlaskClient) -> None:
    asked = stranger.get("/statistics")
    assert asked.status_code == 302
    assert "/login" in asked.location


def test_an_axis_holds_its_values_in_round_steps() -> None:
    axis = scale([0.07, 0.33], parts=4)
    assert (axis.low, axis.high) == (0.0, pytest.approx(0.4))
    assert [round(tick.value, 3) for tick in axis.ticks] == [0, 0.1, 0.2, 0.3, 0.4]
    assert axis.at(0.2) == 50
    assert axis.at(9) == 100
    assert scale([]).high > scale([]).low


def test_labels_do_not_cover_each_other() -> None:
    assert labelled([(10, 50, "Desa Satu"), (12, 51, "Desa Dua"), (10, 90, "Desa Tiga")]) == [False, True, True]
    assert labelled([(99, 50, "Desa di tepi")]) == [False]
