"""The layer catalogue: the defaults, a workspace's own layers, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from gisapp.catalog.load import LAYER_KEYS, STANDARD_KEYS, STYLE_KEYS, load_catalog
from gisapp.columns import SERVICES
from gisapp.errors import ConfigurationError
from gisapp.settings import default_layers_folder
from gisapp.workspace.tables import TABLE_COLUMNS
from gisapp.workspace.thresholds import THRESHOLDS

DEFAULTS = default_layers_folder()
DOCS = Path(__file__).resolve().parents[2] / "docs" / "layers.md"

DATED = '\nsource = ""\ndate = ""'
GOOD = """\
name = "toko"
role = "facility"
path = "toko.csv"
kind = "toko"
title_id = "Toko"
title_en = "Shop"
source = ""
date = ""
licence = ""
"""


def write(folder: Path, text: str, name: str = "toko") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text)
    return path


def test_every_service_has_one_dated_and_sourced_default_standard():
    catalog = load_catalog(DEFAULTS)
    standards = [standard for spec in catalog.defaults.values() for standard in spec.standards]
    assert sorted(standard.service for standard in standards) == sorted(SERVICES)
    for standard in standards:
        assert standard.source
        assert standard.date
    assert catalog.standard("primary_school").distance_m == 3000
    assert catalog.standard("junior_school").distance_m == 6000


@pytest.mark.parametrize(
    ("kind", "service"),
    [
        ("sd", "primary_school"), ("mi", "primary_school"), ("smp", "junior_school"), ("mts", "junior_school"),
        ("sma", "senior_school"), ("ma", "senior_school"), ("smk", "senior_school"), ("paud", "early_childhood"),
        ("puskesmas", "health_centre"), ("pustu", "health_centre"), ("posyandu", "posyandu"), ("pasar", "market"),
        ("jalan", "road"), ("permukiman", None), ("warung", None),
    ],
)  # fmt: skip
def test_kinds_map_to_services(kind, service):
    assert load_catalog(DEFAULTS).service_of(kind.upper()) == service


def test_an_alias_names_its_kind():
    catalog = load_catalog(DEFAULTS)
    assert catalog.kind_of(" Sekolah  Dasar ") == "sd"
    assert catalog.kind_of("sekolah alam") is None


def test_a_workspace_layer_is_read_and_its_own_standard_comes_first(tmp_path):
    write(tmp_path, GOOD + '\n[[standard]]\nservice = "market"\ndistance_m = 900\nsource = "Perbup"\ndate = "2024"\n')
    catalog = load_catalog(DEFAULTS, tmp_path)
    assert [spec.name for spec in catalog.facilities()] == ["toko"]
    assert catalog.layers["toko"].data_path == tmp_path / "toko.csv"
    assert catalog.standard("market").distance_m == 900


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('kind = "toko"\n', "", "kind"),
        ('kind = "toko"\n', 'kind = "toko"\nkind_column = "x"\n', "kind"),
        ('role = "facility"', 'role = "fasilitas"', "role"),
        ('title_en = "Shop"\n', "", "title_en"),
        ('date = ""', "date = 2019", "date"),
        ('path = "toko.csv"', 'path = "../../etc/passwd"', "path"),
        ('path = "toko.csv"', 'path = "/etc/passwd"', "path"),
        ('path = "toko.csv"\n', "", "path"),
        ('name = "toko"', 'name = "warung"', "name"),
        ('licence = ""', 'licence = ""\ncolour = "red"', "colour"),
        ('licence = ""', 'licence = ""\ncompleteness = 1.5', "completeness"),
        ('licence = ""', 'licence = ""\nlevel = "desa"', "level"),
        ('licence = ""', 'licence = ""\n[style]\ncolor = "red"', "style.color"),
        ('licence = ""', 'licence = ""\n[[standard]]\nservice = "road"', "standard.distance_m"),
        ('licence = ""', 'licence = ""\n[[standard]]\nservice = "x"\ndistance_m = 1', "standard.service"),
        (
            'licence = ""',
            'licence = ""\n[[standard]]\nservice = "road"\ndistance_m = -1' + DATED, "standard.distance_m"),
    ],
)  # fmt: skip
def test_a_wrong_toml_is_refused_by_file_line_and_key(tmp_path, old, new, key):
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(ConfigurationError) as caught:
        load_catalog(DEFAULTS, tmp_path)
    assert f"{path}:" in caught.value.en
    assert f"`{key}`" in caught.value.en
    assert caught.value.id != caught.value.en


def test_two_boundaries_of_one_level_are_refused(tmp_path):
    for name in ("a", "b"):
        text = GOOD.replace('"toko"', f'"{name}"', 1).replace('role = "facility"', 'role = "boundary"')
        write(tmp_path, text.replace('kind = "toko"', 'level = "desa"\nkey = "kode"'), name)
    with pytest.raises(ConfigurationError, match="already the boundary of level desa"):
        load_catalog(DEFAULTS, tmp_path)


@pytest.mark.parametrize("name", ["con", "lpt1"])
def test_names_reserved_by_windows_are_refused(tmp_path, name):
    write(tmp_path, GOOD.replace('"toko"', f'"{name}"', 1), name)
    with pytest.raises(ConfigurationError, match="Windows"):
        load_catalog(DEFAULTS, tmp_path)


@pytest.mark.parametrize(
    "word",
    sorted(
        {*LAYER_KEYS, *STYLE_KEYS, *STANDARD_KEYS, *load_catalog(DEFAULTS).defaults, *TABLE_COLUMNS}
        | {threshold.name for threshold in THRESHOLDS}
        | {column.name for columns in TABLE_COLUMNS.values() for column in columns}
    ),
)
def test_every_key_layer_column_and_threshold_is_documented(word):
    assert f"`{word}`" in DOCS.read_text(encoding="utf-8")
