"""Scenarios are read as strictly as gisapp.toml, change only what they name, and nothing on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from gisapp.errors import ConfigurationError, InvalidParameterError, NotFoundError
from gisapp.workspace.folder import Workspace, init_workspace, open_workspace
from gisapp.workspace.scenario_text import new_scenario, template, tried_text
from gisapp.workspace.scenarios import FIXED, read_scenario, scenario_names, with_scenario
from tests.scenario_runs import write_scenario

HEAD = 'title = "Uji"\nsource = "rapat"\ndate = "2026-11-23"\n'


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return init_workspace(tmp_path_factory.mktemp("scenario") / "kabupaten", name="Kabupaten Contoh")


def read(workspace: Workspace, text: str):
    write_scenario(workspace.root, "uji", text)
    return read_scenario(workspace, "uji")


def test_everything_that_a_scenario_may_say(workspace: Workspace):
    found = read(
        workspace,
        HEAD + 'budget_idr = 5_000\nexclude_kinds = ["sd_baru", "rtlh", "sd_baru"]\n'
        'exclude_areas = ["12.05.01", "1205012003"]\n[thresholds]\npoor_deciles = [1, 2]\ndetour_factor = 1.5\n'
        "[standards]\nprimary_school = 1500\n",
    )
    assert (found.name, found.title, found.source, found.date) == ("uji", "Uji", "rapat", "2026-11-23")
    assert found.budget_idr == 5000.0
    assert found.exclude_kinds == ("rtlh", "sd_baru")
    assert found.exclude_areas == ("120501", "1205012003")
    assert found.thresholds == {"detour_factor": 1.5, "poor_deciles": (1, 2)}
    assert found.standards == {"primary_school": 1500.0}


def test_it_changes_what_it_names_with_its_own_source_and_date(workspace: Workspace):
    before = workspace.settings_path.read_bytes()
    found = read(workspace, HEAD + "[thresholds]\npoor_deciles = [2]\n[standards]\nhealth_centre = 3000\n")
    changed = with_scenario(workspace, found)
    assert changed.settings.poor_deciles == (2,)
    assert changed.settings.sources["poor_deciles"] == ("rapat", "2026-11-23")
    assert changed.settings.sources["seed"] == workspace.settings.sources["seed"]
    standard = changed.catalog.standard("health_centre")
    assert (standard.distance_m, standard.source, standard.date) == (3000.0, "rapat", "2026-11-23")
    assert changed.catalog.standard("primary_school") == workspace.catalog.standard("primary_school")
    assert workspace.catalog.standard("health_centre").distance_m != 3000
    assert (workspace.settings.poor_deciles, workspace.settings_path.read_bytes()) == ((1,), before)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('source = "x"\ndate = "2026-11-23"\n', 1, ("missing key", "title")),
        ('title = " "\nsource = "x"\ndate = "2026-11-23"\n', 1, ("empty",)),
        ('title = "x"\nsource = "x"\ndate = "kemarin"\n', 3, ("2026-11-23", "kemarin")),
        (HEAD + "budget = 5\n", 4, ("unknown key", "budget_idr")),
        (HEAD + "budget_idr = -1\n", 4, ("0 or more",)),
        (HEAD + "budget_idr = nan\n", 4, ("a number",)),
        (HEAD + 'exclude_kinds = ["istana"]\n', 4, ("istana", "sd_baru")),
        (HEAD + 'exclude_areas = ["Desa Maju"]\n', 4, ("Desa Maju", "12.05.01.2001")),
        (HEAD + "[thresholds]\npoor_decile = [1]\n", 5, ("unknown key", "poor_deciles")),
        (HEAD + "[thresholds]\npoor_deciles = [1, 11]\n", 5, ("deciles from 1 to 10",)),
        (HEAD + "[thresholds]\ndetour_factor = 9\n", 5, ("from 1 to 5",)),
        (HEAD + "[thresholds.suggestion_weights]\nfamilies = 1.0\n", 4, ("with sum 1",)),
        (HEAD + "[standards]\nkantin = 100\n", 5, ("kantin", "primary_school")),
        (HEAD + "[standards]\nprimary_school = 0\n", 5, ("metres above 0",)),
        (HEAD + "[[\n", 4, ("TOML",)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_file_line_and_key(workspace: Workspace, text: str, line: int, words):
    with pytest.raises(ConfigurationError) as told:
        read(workspace, text)
    assert f"uji.toml:{line}" in told.value.en
    assert all(word in told.value.en for word in words), told.value.en
    assert told.value.id != told.value.en


@pytest.mark.parametrize("name", FIXED)
def test_what_hides_and_what_compares_is_no_matter_of_a_scenario(workspace: Workspace, name: str):
    with pytest.raises(ConfigurationError, match="may not change"):
        read(workspace, HEAD + f"[thresholds]\n{name} = 3\n")


@pytest.mark.parametrize("name", ["", "Anggaran", "a b", "../gisapp", "ä", "x" * 49, "0123456789ab", "-a"])
def test_names_that_no_file_should_have(workspace: Workspace, name: str):
    with pytest.raises(InvalidParameterError, match="scenario"):
        read_scenario(workspace, name)


def test_one_that_is_not_there_is_told_with_those_that_are(workspace: Workspace):
    read(workspace, HEAD)
    with pytest.raises(NotFoundError, match=r"there are: uji.*scenario new entah"):
        read_scenario(workspace, "entah")


def test_the_template_changes_nothing_and_every_line_of_it_may_be_used(tmp_path: Path):
    fresh = init_workspace(tmp_path / "kabupaten")
    path = new_scenario(fresh, "anggaran-2026", today="2026-11-23")
    found = read_scenario(fresh, "anggaran-2026")
    assert scenario_names(fresh) == ["anggaran-2026"]
    assert (found.title, found.budget_idr, found.thresholds, found.standards) == ("anggaran 2026", None, {}, {})
    assert with_scenario(fresh, found).settings == fresh.settings
    used = [
        line.removeprefix("# ") for line in path.read_text().splitlines() if " = " in line or line.startswith("# [")
    ]
    write_scenario(fresh.root, "semua", "\n".join(used))
    everything = read_scenario(fresh, "semua")
    assert everything.thresholds == {"poor_deciles": (1, 2), "sites_per_pocket": 2}
    assert everything.standards["primary_school"] == fresh.catalog.standard("primary_school").distance_m
    with pytest.raises(InvalidParameterError, match="exists already"):
        new_scenario(fresh, "anggaran-2026", today="2026-11-23")
    assert "title" in template(fresh, "x", today="2026-11-23")


def test_what_was_tried_is_a_scenario_that_can_be_read(workspace: Workspace):
    weights = {"families": 0.4, "families_per_idr": 0.3, "decile_1_share": 0.2, "excess": 0.1}
    text = tried_text(
        title='Anggaran "kecil"', today="2026-11-23", budget_idr=2e9, thresholds={"suggestion_weights": weights}
    )
    found = read(workspace, text)
    assert (found.title, found.budget_idr, found.thresholds) == (
        'Anggaran "kecil"', 2e9, {"suggestion_weights": weights},
    )  # fmt: skip


def test_a_backup_takes_the_scenarios_along(workspace: Workspace, tmp_path: Path):
    from gisapp.workspace.backup import backup
    from gisapp.workspace.restore import restore

    read(workspace, HEAD)
    backup(workspace, tmp_path / "x.backup")
    restore(tmp_path / "x.backup", tmp_path / "kembali")
    assert read_scenario(open_workspace(tmp_path / "kembali"), "uji").title == "Uji"
