"""gisapp.toml: every threshold with value, source and date; strict; edited without losing a comment."""

from __future__ import annotations

import tomllib

import pytest

from gisapp.columns import DEPRIVATIONS
from gisapp.errors import ConfigurationError
from gisapp.workspace.settings import default_settings_text, fill_settings_text, read_settings
from gisapp.workspace.thresholds import THRESHOLDS


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "gisapp.toml"
    file.write_text(default_settings_text(name='Kabupaten "X"'))
    return file


def test_defaults(path):
    settings = read_settings(path)
    assert settings.name == 'Kabupaten "X"'
    assert settings.poor_deciles == (1,)
    assert settings.ranking_criterion == "poor_families"
    assert set(settings.deprivation_weights) == set(DEPRIVATIONS)
    assert sum(settings.deprivation_weights.values()) == pytest.approx(1, abs=1e-12)
    assert (settings.k_staff, settings.k_public, settings.cell_size_m) == (5, 10, 250)


def test_every_threshold_has_value_source_date_and_a_comment_in_both_languages(path):
    table = tomllib.loads(path.read_text())["thresholds"]
    assert list(table) == [threshold.name for threshold in THRESHOLDS]
    for threshold in THRESHOLDS:
        assert table[threshold.name]["source"]
        assert table[threshold.name]["date"]
        assert f"# {threshold.id}\n# {threshold.en}\n" in path.read_text()


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('kode = ""', 'kode = "Langkat"', "kode"),
        ('kode = ""', "kode = 12.05", "kode"),
        ('kode = ""\n', "", "kode"),
        ('kode = ""', 'kode = ""\nwarna = "biru"', "warna"),
        ('working_crs = "auto"', 'working_crs = "utm"', "working_crs"),
        ('code_system = "kemendagri"', 'code_system = "dapodik"', "code_system"),
        ("value = [1]", "value = [0]", "thresholds.poor_deciles.value"),
        ("value = [1]", "value = []", "thresholds.poor_deciles.value"),
        ("value = [1]", "value = 1", "thresholds.poor_deciles.value"),
        ("value = [1]\n", "", "thresholds.poor_deciles.value"),
        ("[thresholds.k_staff]", "[thresholds.k_staf]", "thresholds.k_staf"),
        ("work = 0.25", "work = 0.5", "thresholds.deprivation_weights.value"),
        ("work = 0.25\n", "", "thresholds.deprivation_weights.value"),
        ("value = 250", "value = 10", "thresholds.cell_size_m.value"),
        ("value = 0.05", "value = nan", "thresholds.significance_level.value"),
        ('value = "poor_families"', 'value = "rank"', "thresholds.ranking_criterion.value"),
        ("health_centre = 30", "health_centre = 0", "thresholds.standard_minutes.value"),
        ("health_centre = 30", "road = 30", "thresholds.standard_minutes.value"),
        ("20 = 0.68", "20 = 1.2", "thresholds.catchment_zones.value"),
        ("20 = 0.68", "20 = 0.1", "thresholds.catchment_zones.value"),
        ("20 = 0.68", "zona = 0.5", "thresholds.catchment_zones.value"),
        ("30 = 0.22", "30 = 0", "thresholds.catchment_zones.value"),
    ],
)
def test_a_wrong_setting_is_refused_by_file_line_and_key(path, old, new, key):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(ConfigurationError) as caught:
        read_settings(path)
    line = int(caught.value.en.split(f"{path}:")[1].split(":")[0])
    assert f"`{key}`" in caught.value.en
    assert 1 <= line <= len(text.splitlines()) + 1
    assert caught.value.id != caught.value.en


def test_the_line_is_the_one_to_edit(path):
    path.write_text(path.read_text().replace("value = 250", "value = 11"))
    wanted = path.read_text().splitlines().index("value = 11") + 1
    with pytest.raises(ConfigurationError, match=rf"gisapp\.toml:{wanted}:"):
        read_settings(path)


def test_filling_in_changes_the_line_and_nothing_else(path):
    before = path.read_text()
    after = fill_settings_text(before, {"kode": "12.05", "working_crs": "EPSG:32647"})
    changed = [(a, b) for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b]
    assert changed == [('kode = ""', 'kode = "12.05"'), ('working_crs = "auto"', 'working_crs = "EPSG:32647"')]


def test_filling_in_keeps_a_comment_at_the_end_of_the_line():
    assert (
        fill_settings_text('kode = ""  # isi\n[a]\nkode = ""\n', {"kode": "12"})
        == 'kode = "12"  # isi\n[a]\nkode = ""\n'
    )


def test_training_is_off_unless_it_is_asked_for_and_an_older_workspace_may_lack_it(path):
    assert read_settings(path).training is False
    text = path.read_text(encoding="utf-8")
    older = "\n".join(line for line in text.splitlines() if not line.startswith("training")) + "\n"
    path.write_text(older, encoding="utf-8")
    assert read_settings(path).training is False
    path.write_text(fill_settings_text(older, {"training": True, "synthetic": True}), encoding="utf-8")
    assert read_settings(path).training is True


def test_nobody_practises_on_real_families(path):
    text = path.read_text(encoding="utf-8")
    path.write_text(fill_settings_text(text, {"training": True}), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="synthetic") as refused:
        read_settings(path)
    assert "latihan" in refused.value.id
