"""The district's own prices in gisapp.toml: strict, dated, sourced, and in place of the examples."""

from __future__ import annotations

import pytest

from gisapp.catalog.interventions import load_interventions
from gisapp.errors import ConfigurationError
from gisapp.targeting.comparing import comparing, priced_kinds
from gisapp.workspace.settings import default_settings_text, read_settings

PRICE = """
[prices.sd_baru]
unit_cost_idr = 4_700_000_000
low_idr = 4_200_000_000
high_idr = 5_600_000_000
year = 2026
source = "HSPK Kabupaten Contoh 2026"
"""


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "gisapp.toml"
    file.write_text(default_settings_text(name="Contoh") + PRICE)
    return file


def test_a_price_of_the_district_stands_for_the_example(path):
    kinds = {kind.kind: kind for kind in priced_kinds(read_settings(path))}
    school = kinds["sd_baru"]
    assert (school.unit_cost_idr, school.unit_cost_low_idr, school.unit_cost_high_idr) == (4.7e9, 4.2e9, 5.6e9)
    assert (school.cost_year, school.cost_source) == (2026, "HSPK Kabupaten Contoh 2026")
    others = {kind.kind: kind for kind in load_interventions()}
    assert all(kinds[name] == others[name] for name in kinds if name != "sd_baru")


def test_without_low_and_high_a_price_has_no_range(path):
    lines = [line for line in path.read_text().splitlines() if not line.startswith(("low_idr", "high_idr"))]
    path.write_text("\n".join(lines))
    school = next(kind for kind in priced_kinds(read_settings(path)) if kind.kind == "sd_baru")
    assert school.unit_cost_low_idr == school.unit_cost_idr == school.unit_cost_high_idr


def test_a_fresh_gisapp_toml_has_no_price_and_shows_how(tmp_path):
    file = tmp_path / "gisapp.toml"
    file.write_text(default_settings_text())
    assert read_settings(file).prices == {}
    assert "# [prices.sd_baru]" in file.read_text()


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("[prices.sd_baru]", "[prices.sd_lama]", "prices.sd_lama"),
        ("year = 2026", "year = 26", "prices.sd_baru.year"),
        ("year = 2026\n", "", "prices.sd_baru.year"),
        ('source = "HSPK Kabupaten Contoh 2026"', 'source = " "', "prices.sd_baru.source"),
        ("unit_cost_idr = 4_700_000_000", "unit_cost_idr = -1", "prices.sd_baru.unit_cost_idr"),
        ("low_idr = 4_200_000_000", "low_idr = 4_800_000_000", "prices.sd_baru.unit_cost_idr"),
        ("low_idr = 4_200_000_000", "harga = 1", "prices.sd_baru.harga"),
    ],
)
def test_a_wrong_price_is_refused_by_file_line_and_key(path, old, new, key):
    head, marker, tail = path.read_text().rpartition(PRICE)
    assert old in marker
    path.write_text(head + marker.replace(old, new) + tail)
    with pytest.raises(ConfigurationError) as refused:
        read_settings(path)
    assert f"`{key}`" in refused.value.en
    assert f"{path}:" in refused.value.id


def test_factors_weights_and_seed_reach_the_comparison(path):
    text = path.read_text().replace("[thresholds.vat_rate]\nvalue = 0.11", "[thresholds.vat_rate]\nvalue = 0.12")
    path.write_text(text)
    settings = read_settings(path)
    how = comparing(settings)
    assert how.rules.tax_rate == 0.12
    assert "PMK 131/2024" in how.rules.tax_source
    assert (how.weighing.first, how.weighing.concentration, how.weighing.draws) == (10, 4.0, 2000)
    assert (how.least, how.seed) == (settings.k_staff, settings.seed)
