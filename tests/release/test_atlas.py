"""The printed atlas: its chapters and figures, names as text, the same bytes, nothing that is withheld."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from pypdf import PdfReader
from small_district import HOSTILE, SmallRun

from gisapp.errors import InvalidParameterError
from gisapp.release.atlas import atlas_data, write_atlas
from gisapp.release.atlas_words import atlas_words
from gisapp.release.mapview import map_view
from gisapp.release.published import Publication

ROOT = Path(__file__).resolve().parents[2]
TYPST = ['#panic("x")', "*tebal* _miring_ $x^2$ `kode`", "@rujukan <label> = Judul", "#import sys: inputs", "\\u{41}"]


def pages_of(path: Path) -> list[str]:
    return [page.extract_text().replace("\u00a0", " ") for page in PdfReader(path).pages]


def squeezed(text: str) -> str:
    """Without blanks and line ends, where a long name was broken."""
    return re.sub(r"\s+", "", text)


def test_cover_map_table_pages_suggestions_methods_and_what_is_withheld(workspace, run, tmp_path):
    report = write_atlas(workspace, run, tmp_path / "atlas.pdf")
    pages = pages_of(tmp_path / "atlas.pdf")
    assert report.pages == len(pages)
    assert report.pockets == 2
    assert report.size == (tmp_path / "atlas.pdf").stat().st_size
    cover, whole = pages[0], " ".join(pages)
    for expected in (
        "Atlas wilayah prioritas", "Kabupaten Contoh", "2025-1", "run0run0run0", "DATA CONTOH (SINTETIS)",
        "di bawah 5 keluarga disembunyikan", "tidak ada keluarga yang sebenarnya", "9,23 %", "26,3 % keluarga desil 1",
    ):  # fmt: skip
        assert expected in cover, expected
    for expected in (
        "Peta kabupaten", "Daftar wilayah prioritas", "Daftar usulan", "Cara menghitung dan batasnya",
        "Angka yang disembunyikan", "370", "32,7 % (30,7–34,7 %)", "1–2", "3/3", "Rp 250 juta [1]",
        "[1] SSH contoh 2024", "belum diperiksa: kawasan hutan, HGU", "Kosong bukan nol",
    ):  # fmt: skip
        assert expected in whole, expected
    first = [text for text in pages if "MENGAPA DI SINI" in text or "Mengapa di sini\n" in text]
    assert len([text for text in pages if "LETAK DI KABUPATEN" in text]) == 2 == len([t for t in first if "LETAK" in t])


def test_the_table_names_the_page_of_each_pocket(workspace, run, tmp_path):
    write_atlas(workspace, run, tmp_path / "atlas.pdf")
    pages = pages_of(tmp_path / "atlas.pdf")
    at = [number for number, text in enumerate(pages, start=1) if "LETAK DI KABUPATEN" in text]
    assert at == [at[0], at[0] + 1]
    table = next(text for text in pages if "Daftar wilayah prioritas" in text and "30,7" in text)
    assert re.search(rf"3/3\s+2\s+{at[0]}\b", table), table
    assert re.search(rf"1/3\s+1\s+{at[1]}\b", table), table


def test_rows_of_the_tables_by_hand(workspace, run):
    data = atlas_data(workspace, run, map_view(workspace, run))
    assert [row["poor"] for row in data["table"]] == ["370", "90"]
    assert [(row["rank"], row["found"], row["suggestions"]) for row in data["table"]] == [
        ("1–2", "3/3", "2"), ("1–2", "1/3", "1"),
    ]  # fmt: skip
    costs = [row["cost"].replace("\u00a0", " ") for row in data["suggestions"]]
    assert costs == ["Rp 250 juta [1]", "–", "biaya belum diperkirakan"]
    assert data["suggestions"][1]["reaches"] == "angka disembunyikan karena data kecil", "it reaches 4 families"
    assert [(row["rows"], row["withheld"]) for row in data["withheld"]] == [("16", "2"), ("2", "0"), ("3", "1")]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_same_run_gives_the_same_bytes(workspace, lang, tmp_path):
    first = write_atlas(workspace, SmallRun(), tmp_path / "a.pdf", lang=lang)
    assert first == write_atlas(workspace, SmallRun(), tmp_path / "b.pdf", lang=lang)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_names_print_as_text(workspace, run, tmp_path):
    names = [*TYPST, *HOSTILE, "Nama yang panjang sekali " * 12, "X" * 300, "Desa ‮terbalik 🏠"]
    areas, pockets, suggested = (run.collections[name] for name in ("areas", "pockets", "interventions"))
    run.collections["areas"] = areas.assign(name=(names * 2)[: len(areas)])
    run.collections["pockets"] = pockets.assign(name=[" ".join(TYPST), names[-3]], member_names="; ".join(names))
    run.collections["interventions"] = suggested.assign(
        title_id=[TYPST[0], names[-3], HOSTILE[2]], why_id=TYPST[1], cost_source=HOSTILE[0], executor=TYPST[2]
    )
    run.manifest["district"]["name"] = TYPST[1]
    run.manifest["inputs"] = [{"name": TYPST[2], "role": "boundary", "source": TYPST[0], "licence": HOSTILE[1]}]
    report = write_atlas(workspace, run, tmp_path / "atlas.pdf")
    whole = squeezed(" ".join(pages_of(tmp_path / "atlas.pdf")))
    for name in (*TYPST, HOSTILE[0], HOSTILE[1], HOSTILE[2]):
        assert squeezed(name) in whole, name
    assert report.pages < 12


def test_a_withheld_pocket_keeps_its_page_and_tells_nothing(workspace, run, tmp_path):
    pockets = run.collections["pockets"]
    row = pockets["pocket_id"].eq("p-b")
    pockets.loc[row, ["families", "poor_families", "headcount_ratio"]] = [4321, 3, 0.876543]
    write_atlas(workspace, run, tmp_path / "atlas.pdf")
    pages = pages_of(tmp_path / "atlas.pdf")
    whole = " ".join(pages)
    assert len([text for text in pages if "LETAK DI KABUPATEN" in text]) == 2
    assert "angka disembunyikan karena data kecil" in next(text for text in pages if "30,7–34,7" in text)
    for secret in ("4.321", "4321", "87,7", "Verifikasi data 3"):
        assert secret not in whole
    assert "tidak diketahui" in pages[0], "what lies outside all pockets would give the withheld one back"


def test_a_district_without_pockets(workspace, run, tmp_path):
    for name in ("pockets", "interventions"):
        run.collections[name] = run.collections[name].iloc[:0]
    report = write_atlas(workspace, run, tmp_path / "atlas.pdf")
    whole = " ".join(pages_of(tmp_path / "atlas.pdf"))
    assert "Tidak ada wilayah prioritas yang signifikan" in whole
    assert "Daftar usulan" not in whole
    assert "LETAK DI KABUPATEN" not in whole
    assert (report.pockets, report.pages) == (0, 3)


def test_many_pockets_fill_a_table_over_pages_and_one_page_each(workspace, run, tmp_path, monkeypatch):
    pockets = run.collections["pockets"].iloc[[1] * 40]
    ids = [f"q{number:02d}" for number in range(40)]
    run.collections["pockets"] = pockets.assign(
        pocket_id=ids, label=[f"A{number}" for number in range(40)], rank=range(1, 41)
    ).reset_index(drop=True)
    run.collections["interventions"] = run.collections["interventions"].iloc[:0]
    view = map_view(workspace, run)
    drawn = {}

    def once(view, card):
        from gisapp.release.sheet import drawn_page

        return drawn.setdefault("page", drawn.get("page") or drawn_page(view, card))

    monkeypatch.setattr("gisapp.release.atlas.drawn_page", once)
    assert len(view.manifest["pockets"]) == 40
    told = []
    report = write_atlas(workspace, run, tmp_path / "atlas.pdf", progress=lambda *step: told.append(step))
    pages = pages_of(tmp_path / "atlas.pdf")
    assert len([text for text in pages if "LETAK DI KABUPATEN" in text]) == 40
    heads = [number for number, text in enumerate(pages) if "Huruf" in text and "Bagian (rentang)" in text]
    assert len(heads) > 1, "the head of the table stands on each of its pages"
    assert [step for step, _, _ in told] == ["atlas"] * len(told)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert told[-1][1:] == (42, 42)
    assert report.pockets == 40


def test_strangers_get_an_atlas_of_what_is_published(workspace, run, tmp_path):
    with pytest.raises(InvalidParameterError, match="gisapp publish"):
        write_atlas(workspace, run, tmp_path / "atlas.pdf", audience="public")
    assert list(tmp_path.iterdir()) == []
    asked = Publication(run_id="x", collections=("areas", "pockets"), k=12)
    write_atlas(workspace, run, tmp_path / "atlas.pdf", audience="public", publication=asked)
    whole = " ".join(pages_of(tmp_path / "atlas.pdf"))
    assert "di bawah 12 keluarga" in whole
    assert "Untuk petugas" not in whole
    for word in ("Sekolah dasar baru", "Rp 250 juta", "Daftar usulan"):
        assert word not in whole


def test_every_word_is_used_in_both_languages():
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "gisapp" / "release").glob("atlas*.py"))
    code += (ROOT / "templates" / "documents" / "atlas.typ").read_text(encoding="utf-8")
    for key, (id, en) in atlas_words().items():
        assert id
        assert en
        assert re.search(rf"[\"'.]{key.removesuffix('_text')}\b", code) or key in ("staff", "public"), key


def test_the_areas_that_are_withheld_are_only_hatched(workspace, run, tmp_path):
    areas = run.collections["areas"]
    areas.loc[areas["code"] == "12.05.02.2004", ["headcount_ratio", "persons"]] = [0.051234, 98765]
    write_atlas(workspace, run, tmp_path / "atlas.pdf")
    whole = " ".join(pages_of(tmp_path / "atlas.pdf"))
    assert "disembunyikan (< 5 keluarga)" in whole
    assert "98.765" not in whole
    assert pd.isna(map_view(workspace, run).frames.areas.set_index("code").loc["12.05.02.2004", "headcount_ratio"])
