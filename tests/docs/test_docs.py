"""The documents cannot fall behind: every command, setting, threshold and indicator stands in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gisapp.analysis.indicators import INDICATORS
from gisapp.cli.main import COMMANDS
from gisapp.columns import COLLECTIONS, DEPRIVATIONS
from gisapp.settings import SETTINGS
from gisapp.workspace.thresholds import THRESHOLDS

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
METHODS = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command):
    assert f"| `gisapp {command}" in OPERATIONS


@pytest.mark.parametrize("setting", [setting.name for setting in SETTINGS])
def test_every_setting_is_documented(setting):
    assert f"`{setting}`" in OPERATIONS


@pytest.mark.parametrize("threshold", [threshold.name for threshold in THRESHOLDS])
def test_every_threshold_is_documented(threshold):
    assert f"`{threshold}`" in OPERATIONS


@pytest.mark.parametrize("indicator", list(INDICATORS))
def test_every_indicator_is_documented(indicator):
    assert f"`{indicator}`" in METHODS


@pytest.mark.parametrize("deprivation", DEPRIVATIONS)
def test_every_deprivation_is_documented(deprivation):
    assert f"`{deprivation}`" in METHODS


def test_the_readme_calls_only_commands_that_exist():
    called = set(re.findall(r"gisapp (?:-w \S+ )?([a-z]+)", README))
    spoken = {"overlays", "is"}
    assert called - spoken <= set(COMMANDS), called - spoken - set(COMMANDS)


def test_the_readme_shows_pictures_that_exist():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


def test_every_column_has_both_languages():
    for collection in COLLECTIONS.values():
        for column in collection:
            assert column.id, column
            assert column.en, column


def test_the_readme_gives_both_commands():
    assert "make demo" in README
    assert "make test" in README
