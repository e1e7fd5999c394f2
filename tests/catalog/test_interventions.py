import pytest

from gisapp.catalog.interventions import DEFAULT_FILES, load_interventions
from gisapp.errors import ConfigurationError


def test_all_seven_strategies_have_kinds():
    kinds = load_interventions()
    assert len(kinds) >= 18
    assert {kind.strategy for kind in kinds} == set(range(1, 8))
    assert len({kind.kind for kind in kinds}) == len(kinds)


def test_every_price_has_a_year_and_says_that_it_is_an_example():
    for kind in load_interventions():
        assert kind.cost_year >= 2025
        assert "contoh" in kind.cost_source
        assert "SSH/HSPK" in kind.cost_source


def test_every_deprivation_and_service_gap_has_an_answer():
    from gisapp.columns import DEPRIVATIONS, SERVICES

    answered = {answer for kind in load_interventions() for answer in kind.answers}
    assert set(DEPRIVATIONS) | {f"gap:{service}" for service in SERVICES} <= answered


def test_a_price_has_a_range_a_list_to_take_it_from_and_conditions_in_both_languages():
    for kind in load_interventions():
        assert kind.unit_cost_low_idr <= kind.unit_cost_idr <= kind.unit_cost_high_idr
        assert kind.price_reference in {"SSH", "HSPK/AHSP"}
        assert len(kind.requires_id) == len(kind.requires_en) >= 1
        assert kind.programmes


def test_what_is_built_is_designed_supervised_taxed_and_kept_up():
    for kind in load_interventions():
        if kind.volume_rule in ("per_site", "road_km", "link_m"):
            assert min(kind.design_share, kind.supervision_share, kind.maintenance_share) > 0
            assert kind.taxed


def test_banks_agents_estates_and_cooperatives_carry_out_strategies_3_and_6():
    executors = "; ".join(kind.executor for kind in load_interventions() if kind.strategy in (3, 6))
    for one in ("bank", "agen", "perkebunan", "koperasi", "BAZNAS"):
        assert one in executors


def test_partnerships_say_that_there_are_no_records_of_partners():
    for kind in load_interventions():
        if kind.strategy == 6:
            assert "belum ada data mitra" in " ".join([*kind.requires_id, kind.note]).lower()


def test_signal_electricity_and_links_have_an_answer():
    answered = {answer for kind in load_interventions() for answer in kind.answers}
    assert {"signal", "electricity", "link:road", "link:bridge", "gap:market", "work", "absence"} <= answered


def test_senior_school_is_the_provinces():
    assert {k.authority for k in load_interventions() if k.kind == "sma_usulan_provinsi"} == {"provinsi"}


def changed(folder, old, new):
    text = DEFAULT_FILES[0].read_text(encoding="utf-8")
    assert old in text
    path = folder / "interventions.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("strategy = 1\n", "", "strategy"),
        ("strategy = 1\n", "strategy = 8\n", "strategy"),
        ("strategy = 1\n", 'strategy = "1"\n', "strategy"),
        ('unit = "keluarga"\n', 'unit = "keluarga"\nharga = 3\n', "harga"),
        ('answers = ["coverage"]', 'answers = ["cover"]', "answers"),
        ('answers = ["coverage"]', "answers = []", "answers"),
        ("unit_cost_low_idr = 51000", "unit_cost_low_idr = 61000", "unit_cost_low_idr"),
        ("unit_cost_high_idr = 75000\n", "", "unit_cost_high_idr"),
        ('requires_en = ["trained enumerators with a letter of assignment"]', "requires_en = []", "requires_en"),
        ("regional = true", "regional = 1", "regional"),
        ("design_share = 0", "design_share = 1.5", "design_share"),
        ('price_reference = "SSH"', 'price_reference = "pasar"', "price_reference"),
        ("design_share = 0\n", "", "design_share"),
        ("unit_cost_idr = 60000", "unit_cost_idr = -1", "unit_cost_idr"),
        ("volume_per_family = 1\n", "", "volume_per_family"),
        ("sited = false", "sited = true", "standard_m"),
        ('authority = "kabupaten"', 'authority = "camat"', "authority"),
        ('volume_rule = "per_family"\nvolume_per_family = 1', 'volume_rule = "per_site"', "volume_rule"),
    ],
)
def test_a_wrong_key_is_refused_by_file_entry_and_key(tmp_path, old, new, key):
    with pytest.raises(ConfigurationError) as refused:
        load_interventions(changed(tmp_path, old, new))
    for sentence in (refused.value.en, refused.value.id):
        assert "interventions.toml" in sentence
        assert key in sentence
        assert "pendataan_keluarga" in sentence or "defaults" in sentence


def test_a_kind_that_stands_twice_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="stands twice"):
        load_interventions(changed(tmp_path, 'kind = "kunjungan_verifikasi"', 'kind = "pendataan_keluarga"'))
