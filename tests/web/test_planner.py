"""What stands on the pages, against numbers of the small district that can be checked by hand."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from small_district import HOSTILE

from gisapp.maps.cards import equal_groups


def page_of(client: FlaskClient, path: str, lang: str = "id") -> str:
    client.set_cookie("lang", lang)
    return client.get(path).get_data(as_text=True)


def test_first_start_says_what_to_do(bare_client: FlaskClient) -> None:
    page = page_of(bare_client, "/")
    for command in ("gisapp add", "gisapp ingest", "gisapp run", "gisapp demo"):
        assert command in page
    assert bare_client.get("/healthz").get_json() == {"run": None, "status": "ok"}
    assert bare_client.get("/data/manifest.json").status_code == 404


def test_no_pocket_is_a_result(client_without_pockets: FlaskClient) -> None:
    page = page_of(client_without_pockets, "/")
    assert "Tidak ada wilayah prioritas yang signifikan" in page
    assert "Prioritas menurut kuadran" in page
    assert page.count('class="area-link"') > 0
    assert client_without_pockets.get("/data/manifest.json").get_json()["pockets"] == []
    assert client_without_pockets.get("/interventions").status_code == 200


def test_card_says_numbers_and_range(client: FlaskClient) -> None:
    """370 of 1,130 families: 32.7 %."""
    page = page_of(client, "/")
    assert "<strong>370</strong>" in page
    assert re.search(r"32,7.%", page)
    assert "ditemukan 3 dari 3 metode" in page
    assert "Diurutkan menurut jumlah keluarga desil 1." in page
    assert "A dan B setara" in page


def test_published_figure_stands_with_year_and_source(client: FlaskClient) -> None:
    page = page_of(client, "/")
    assert re.search(r"BPS 2023 · tingkat kemiskinan\s*<strong>9,23.%</strong>", page)
    assert "98.160" in page


def test_share_outside_stands_at_the_map(client: FlaskClient) -> None:
    assert re.search(r'map-caption">[^<]*<b>26.%</b>', page_of(client, "/"))


@pytest.mark.parametrize("path", ["/", "/pockets/p-a", "/interventions"])
@pytest.mark.parametrize("word", ["kantong kemiskinan", "si miskin", "interval kepercayaan", "terentas", "kesepakatan"])
def test_words_that_no_page_says(client: FlaskClient, path: str, word: str) -> None:
    assert word not in page_of(client, path).lower()


@pytest.mark.parametrize("path", ["/", "/pockets/p-a", "/interventions"])
def test_names_are_text(client: FlaskClient, path: str) -> None:
    page = page_of(client, path)
    assert HOSTILE[0] not in page
    assert "<script>window" not in page
    assert "&lt;/script&gt;" in page


def test_templates_do_not_run_names(client: FlaskClient) -> None:
    page = page_of(client, "/pockets/p-a")
    assert "{{7*7}}" in page
    assert "${alert(1)}" in page


def test_language_is_switched_and_kept(client: FlaskClient) -> None:
    first = client.get("/?lang=en")
    assert "Priority areas" in first.get_data(as_text=True)
    assert 'lang="en"' in client.get("/interventions").get_data(as_text=True)[:200]
    assert "Wilayah prioritas" in client.get("/?lang=id").get_data(as_text=True)
    assert '<html lang="id">' in client.get("/?lang=xx").get_data(as_text=True)


def test_pocket_page_lists_members_and_suggestions(client: FlaskClient) -> None:
    page = page_of(client, "/pockets/p-a")
    assert "Mengapa di sini" in page
    assert "Desa anggota" in page
    assert "Sekolah dasar baru" in page
    assert "Belum diperiksa: kawasan hutan, HGU" in page
    assert "indikasi lokasi" in page
    assert "SSH contoh 2024" in page


def test_a_small_suggestion_is_withheld(client: FlaskClient) -> None:
    """Suggestion i2 reaches 4 families, below k = 5."""
    page = page_of(client, "/interventions")
    row = page[page.index("Sambungan air minum") :].split("</tr>")[0]
    assert ">4<" not in row
    assert ">16<" not in row
    assert "1 baris disembunyikan karena kurang dari 5 keluarga" in page


def test_filter_by_strategy_and_pocket(client: FlaskClient) -> None:
    assert "Sekolah dasar baru" in page_of(client, "/interventions?strategy=2")
    assert "Verifikasi data" not in page_of(client, "/interventions?strategy=2")
    assert "Verifikasi data" in page_of(client, "/interventions?pocket=p-b")


def test_every_share_of_decile_1_says_of_what(client: FlaskClient) -> None:
    page = page_of(client, "/")
    assert "keluarga desil 1 dari keluarga terdaftar" in page
    assert "kabupaten, registri" in page
    assert "dari keluarga terdaftar" in page_of(client, "/pockets/p-a")
    notes = {one["name"]: one["note"] for one in client.get("/data/manifest.json").get_json()["indicators"]}
    assert notes["headcount_ratio"] == "keluarga desil 1 dari keluarga terdaftar · rentang model"
    assert notes["deprived_share_water"] == "dari keluarga terdaftar · tanpa rentang"
    assert notes["poor_families"] == "hitungan, tanpa rentang"
    assert notes["gi_star_z"] == "nilai z, tanpa rentang"


def test_english_pages_are_english(client: FlaskClient) -> None:
    for path in ("/interventions", "/pockets/p-a"):
        page = page_of(client, path, "en")
        for indonesian in ("Dinas", "indikasi lokasi", "keluarga", "kabupaten"):
            assert indonesian not in page.replace("Tambahkan", ""), (path, indonesian)


def test_an_error_page_says_whose_district_it_is(client: FlaskClient) -> None:
    page = page_of(client, "/nothing", "en")
    assert "Kabupaten Contoh" in page
    assert "example data (synthetic)" in page
    assert page.index("There is no such page.") < page.index("Halaman ini tidak ada.")


@pytest.mark.parametrize(
    ("ranks", "groups"),
    [
        ({"A": 1, "B": 2}, []),
        ({"A": 1, "B": 1, "C": 2}, [["A", "B"]]),
        ({"A": 1, "B": 2, "C": 2}, [["B", "C"]]),
    ],
)
def test_equal_standing(ranks: dict[str, int], groups: list[list[str]]) -> None:
    assert equal_groups({"letter": letter, "rank_group": group} for letter, group in ranks.items()) == groups
