"""Words of offices for classes of land and kinds of work."""

from __future__ import annotations

import pytest

from gisapp.catalog.land_classes import CLASSED_KINDS, class_names, class_title, land_class, load_land_classes
from gisapp.catalog.phrases import folded, longest_phrase
from gisapp.catalog.work_kinds import NEEDS, load_work_kinds, work_answers
from gisapp.errors import ConfigurationError
from gisapp.workspace.siting_rules import SITING


def test_every_class_has_a_rule_in_the_default_settings_and_no_rule_is_of_no_class():
    rules = {rule.name: rule.default for rule in SITING}
    for layer, name in zip(CLASSED_KINDS, ("forest_rules", "land_use_rules", "hazard_rules"), strict=True):
        assert set(rules[name]) == set(class_names(layer))


@pytest.mark.parametrize(
    ("layer", "word", "name"),
    [
        ("pola_ruang_rtrw", "Kws. Sempadan Sungai", "kawasan_lindung"),
        ("pola_ruang_rtrw", "KAWASAN HUTAN PRODUKSI TERBATAS (HPT)", "hutan_produksi"),
        ("pola_ruang_rtrw", "Kawasan Pertanian Pangan Berkelanjutan", "pertanian_dilindungi"),
        ("pola_ruang_rtrw", "Kawasan Permukiman Perkotaan", "permukiman"),
        ("pola_ruang_rtrw", "kawasan_lindung", "kawasan_lindung"),
        ("pola_ruang_rtrw", "lain-lain", None),
        ("kawasan_hutan", "Areal Penggunaan Lain", "bukan_hutan"),
        ("kawasan_hutan", "TN", "hutan"),
        ("kawasan_hutan", "1007", None),
        ("rawan_bencana", "Sangat Tinggi", "tinggi"),
        ("rawan_bencana", "KRB II", "sedang"),
        ("rawan_bencana", "", None),
    ],
)
def test_a_class_is_named_by_its_longest_word(layer, word, name):
    assert land_class(layer, word, {}) == name


def test_the_layers_own_map_goes_first_and_may_not_name_what_is_no_class():
    assert land_class("rawan_bencana", "Zona  3", {"zona 3": "tinggi"}) == "tinggi"
    assert land_class("rawan_bencana", "tinggi", {"tinggi": "ngeri"}) is None


def test_titles_are_in_both_languages_and_an_unknown_class_is_its_own_title():
    assert all(entry.title_id and entry.title_en for entry in load_land_classes())
    assert class_title("rawan_bencana", "sedang") == "bahaya sedang"
    assert class_title("rawan_bencana", "x") == "x"


@pytest.mark.parametrize(
    ("word", "needs"),
    [
        ("Pembangunan SDN baru", ("gap:primary_school",)),
        ("Rehabilitasi ruang kelas SD", ()),
        ("Pembangunan jamban dan sumur bor", ("water", "sanitation")),
        ("Toilet SD", ()),
        ("BSPS", ("housing",)),
        ("Pembangunan jalan usaha tani", ("gap:road",)),
        ("Peningkatan jalan desa", ()),
        ("gap:market", ("gap:market",)),
        ("Bimbingan teknis", ()),
        ("", ()),
    ],
)
def test_a_work_answers_by_its_words_and_mending_answers_nothing(word, needs):
    assert work_answers(word, {}) == needs


def test_the_works_own_map_goes_first():
    assert work_answers("Bimtek", {"bimtek": "work"}) == ("work",)
    assert work_answers("RTLH", {"rtlh": ""}) == ()


def test_every_kind_of_work_answers_a_need_that_there_is():
    assert {need for kind in load_work_kinds() for need in kind.answers} <= set(NEEDS)


def test_words_stand_between_blanks():
    assert longest_phrase(folded("Kamar mandi SDLB"), ["sd"]) is None
    assert longest_phrase(folded("Kamar-mandi/SD"), ["sd"]) == "sd"


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ('[[class]]\nlayer = "lahan"\n', "layer"),
        (
            '[[class]]\nlayer = "rawan_bencana"\nname = "a"\ntitle_id = "a"\ntitle_en = "a"\nwords = ["x"]\n'
            '[[class]]\nlayer = "rawan_bencana"\nname = "b"\ntitle_id = "b"\ntitle_en = "b"\nwords = ["X"]\n',
            "stands twice",
        ),
    ],
)
def test_a_wrong_file_of_classes_is_refused_by_line(tmp_path, text, match):
    path = tmp_path / "kelas.toml"
    path.write_text('source = "uji"\n' + text)
    with pytest.raises(ConfigurationError, match=match):
        load_land_classes(path)


def test_a_work_that_answers_no_need_is_refused(tmp_path):
    path = tmp_path / "kerja.toml"
    path.write_text('source = "uji"\n[[work]]\nanswers = ["bahagia"]\nwords = ["x"]\nbut_not = []\n')
    with pytest.raises(ConfigurationError, match="bahagia"):
        load_work_kinds(path)
