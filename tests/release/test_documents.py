"""The portable map and the A4 sheet of a run."""

import io
import re

import pytest
from pypdf import PdfReader
from small_district import SmallRun

from gisapp.errors import NotFoundError
from gisapp.release.mapview import map_view
from gisapp.release.portable import fitted, write_portable_map
from gisapp.release.sheet import MOST_SUGGESTIONS, shortened, write_sheet


def _text(path):
    reader = PdfReader(path)
    assert len(reader.pages) == 1
    return reader.pages[0].extract_text().replace("\u00a0", " ")


def test_one_page_with_numbers_ranges_source_period_and_run(workspace, run, tmp_path):
    write_sheet(workspace, run, "p-a", tmp_path / "sheet.pdf")
    text = _text(tmp_path / "sheet.pdf")
    for expected in (
        "data contoh (sintetis)", "370", "32,7 %", "30,7–34,7 %", "Sekolah dasar baru", "indikasi lokasi",
        "belum diperiksa: kawasan hutan, HGU", "Rp 250 juta (SSH contoh 2024)", "run0run0run0", "periode 2025-1",
        "ditemukan oleh 3 dari 3 metode", "urutan 1–2", "jarak garis lurus", "26,3 % keluarga desil 1",
        "9,23 %", "angka disembunyikan karena data kecil",
    ):  # fmt: skip
        assert expected in text, expected
    for never in ("kantong", "kesepakatan", "interval kepercayaan", "keluarga miskin"):
        assert never not in text.lower()


def test_a_sheet_in_english_and_the_same_bytes(workspace, run, tmp_path):
    first = write_sheet(workspace, run, "p-b", tmp_path / "a.pdf", lang="en")
    again = write_sheet(workspace, SmallRun(), "p-b", tmp_path / "b.pdf", lang="en")
    assert first == again
    assert "Why here" in _text(tmp_path / "a.pdf") or "WHY HERE" in _text(tmp_path / "a.pdf")


def test_long_texts_and_many_suggestions_still_fit_one_page(workspace, run, tmp_path):
    frame = run.collections["interventions"]
    rows = frame.iloc[[0] * 9].assign(intervention_id=[f"i{n}" for n in range(9)], why_id="alasan panjang " * 60)
    run.collections["interventions"] = rows.reset_index(drop=True)
    run.collections["pockets"]["name"] = "Nama yang panjang sekali " * 20
    run.collections["pockets"]["member_names"] = "Desa Panjang; " * 60
    write_sheet(workspace, run, "p-a", tmp_path / "sheet.pdf")
    text = _text(tmp_path / "sheet.pdf")
    left = int(re.search(r"(\d) usulan lain", text)[1])
    assert 9 - MOST_SUGGESTIONS <= left < 9
    assert text.count("Sekolah dasar baru") == 9 - left


def test_a_sentence_is_left_out_whole():
    reason = "Satu dua tiga. Empat lima enam. Tujuh delapan."
    assert shortened(reason, 100, ". ") == reason
    assert shortened(reason, 40, ". ") == "Satu dua tiga. Empat lima enam."
    assert shortened("12 keluarga · 1 sekolah · Rp 4 miliar", 30, " · ") == "12 keluarga · 1 sekolah · …"
    assert shortened("katapanjang " * 9, 30, ". ") == "katapanjang katapanjang …"


def test_a_sheet_and_a_map_of_an_unknown_pocket_are_refused(workspace, run, tmp_path):
    with pytest.raises(NotFoundError, match="p-z"):
        write_sheet(workspace, run, "p-z", tmp_path / "a.pdf")
    with pytest.raises(NotFoundError, match="p-z"):
        write_portable_map(workspace, run, tmp_path / "a.html", pocket_id="p-z")
    assert list(tmp_path.iterdir()) == []


def test_the_portable_map_is_one_file_of_equal_bytes(workspace, run, tmp_path):
    first = write_portable_map(workspace, run, tmp_path / "a.html")
    assert first == write_portable_map(workspace, SmallRun(), tmp_path / "b.html")
    assert first.size == (tmp_path / "a.html").stat().st_size
    other = write_portable_map(workspace, run, tmp_path / "c.html", pocket_id="p-b", lang="en")
    assert other.sha256 != first.sha256


def test_a_map_that_is_too_big_leaves_facilities_out(workspace, run):
    view = map_view(workspace, run)
    small = fitted(view, None, largest=1)
    assert '"facilities_primary_school":{"type"' in fitted(view, None)
    assert '"facilities_primary_school":{"type"' not in small


def test_withheld_numbers_are_nowhere_in_the_map(workspace, run, tmp_path):
    areas = run.collections["areas"]
    areas.loc[areas["code"] == "12.05.02.2004", "headcount_ratio"] = 0.051234
    write_portable_map(workspace, run, tmp_path / "a.html")
    assert "0.051234" not in (tmp_path / "a.html").read_text()
    assert io.StringIO((tmp_path / "a.html").read_text()).read().count("disembunyikan") > 0


def test_no_pocket_is_a_valid_map(workspace, run, tmp_path):
    run.collections["pockets"] = run.collections["pockets"].iloc[:0]
    run.collections["interventions"] = run.collections["interventions"].iloc[:0]
    write_portable_map(workspace, run, tmp_path / "a.html")
    assert "Tidak ada wilayah prioritas yang signifikan" in (tmp_path / "a.html").read_text()
