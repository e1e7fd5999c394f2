"""Published figures stand apart; the share outside is said in words."""

from gisapp.release.summary import headline, outside_text, published_row, published_texts


def test_the_newest_published_figure_is_the_headline(workspace, run):
    found = headline(workspace, run)
    assert found["published"] == {"year": 2023, "persons": 98160, "rate": 0.0923, "source": "BPS"}
    assert [row["year"] for row in found["published_all"]] == [2022, 2023]
    assert published_texts(found, "id") == ["BPS 2023: 98.160 jiwa miskin, tingkat kemiskinan 9,23\u00a0%"]
    assert (found["outside_share"], found["outside_families"]) == (0.263, 164)


def test_a_percentage_becomes_a_ratio_and_a_missing_figure_stays_missing():
    assert published_row({"year": 2016, "persons": 36620, "rate": 11.2})["rate"] == 0.11199999999999999
    assert published_row({"year": 2016})["persons"] is None


def test_without_published_figures_nothing_is_said(workspace, run):
    run.manifest["published_poverty"] = []
    found = headline(workspace, run)
    assert found["published"] is None
    assert published_texts(found, "id") == []


def test_the_share_outside_in_words(workspace, run):
    assert outside_text(headline(workspace, run), "id") == (
        "26,3\u00a0% keluarga desil 1 dan 53,0\u00a0% keluarga terdaftar tinggal di luar semua wilayah prioritas."
    )
    run.manifest["outside_pockets"] = {}
    assert "tidak diketahui" in outside_text(headline(workspace, run), "id")


def test_where_there_is_no_pocket_nobody_is_outside_of_one(workspace, run):
    found = headline(workspace, run) | {"pockets": 0, "outside_share": 1.0, "outside_registered_share": 1.0}
    assert outside_text(found, "id") == ""
