"""Trying thresholds: the page, its answers over the small demo, and what may not be asked or be asked by whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from flask import Flask
from flask.testing import FlaskClient
from small_district import SmallRun

from gisapp.columns import DEPRIVATIONS
from gisapp.errors import NotFoundError
from gisapp.web.app import create_app
from gisapp.web.planner.explore_answers import explorer_of
from gisapp.web.source import EXTENSION
from tests.copies import copy_workspace

STATIC = Path(__file__).parents[2] / "gisapp" / "static" / "js"


@pytest.fixture(scope="module")
def demo_app(small_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(copy_workspace(small_demo, tmp_path_factory.mktemp("explore") / "copy"), testing=True)


@pytest.fixture
def planner(demo_app: Flask, log_in_to: Callable[..., FlaskClient]) -> FlaskClient:
    return log_in_to(demo_app, "planner")


@pytest.mark.parametrize(("lang", "title"), [("id", "Coba ambang"), ("en", "Try thresholds")])
def test_page_has_every_control(planner: FlaskClient, lang: str, title: str) -> None:
    page = planner.get(f"/explore?lang={lang}").get_data(as_text=True)
    assert f">{title}</h1>" in page
    for name in DEPRIVATIONS:
        assert f'data-weight="{name}"' in page
    assert page.count('name="decile"') == 10


def test_page_has_what_its_scripts_look_for(planner: FlaskClient) -> None:
    page = planner.get("/explore").get_data(as_text=True)
    scripts = "".join((STATIC / name).read_text(encoding="utf-8") for name in
                      ("explore.js", "explore_controls.js", "explore_view.js"))  # fmt: skip
    wanted = set(re.findall(r'(?:byId|getElementById)\("([a-z-]+)"\)', scripts))
    assert len(wanted) > 12
    assert wanted <= set(re.findall(r'\sid="([^"]+)"', page))


def test_the_answer_to_a_changed_level(planner: FlaskClient) -> None:
    same = planner.get("/data/explore.json").get_json()
    changed = planner.get("/data/explore.json?level=10").get_json()
    assert same["address"] == {}
    assert changed["address"] == {"level": "10"}
    assert changed["asked"]["level"] == 10
    assert "significance_level" in changed["toml"]
    assert not same["toml"]
    assert len(changed["areas"]["code"]) == len(same["areas"]["code"]) > 0
    assert set(changed["areas"]["place"]) <= {"both", "in", "out", "none", "withheld"}


def test_withheld_desa_have_no_numbers(planner: FlaskClient) -> None:
    areas = planner.get("/data/explore.json?deciles=1,2").get_json()["areas"]
    for at, status in enumerate(areas["status"]):
        if status == "suppressed":
            assert areas["place"][at] == "withheld"
            assert areas["poor_families"][at] is None
            assert areas["headcount_ratio"][at] is None


@pytest.mark.parametrize(
    "query", ["level=0", "level=90", "level=x", "deciles=", "deciles=11", "methods=99", "cutoff=-1", "w_water=11",
              "unknown=1", "level=5.5"],
)  # fmt: skip
def test_what_cannot_be_tried(planner: FlaskClient, query: str) -> None:
    response = planner.get(f"/data/explore.json?{query}")
    assert response.status_code == 400
    assert response.get_json()["message_id"] != response.get_json()["message_en"]


class RunOfBefore(SmallRun):
    """A run that keeps no counts."""

    def patterns(self) -> pd.DataFrame:
        raise NotFoundError("Run it again.", "Jalankan lagi.", code="no_patterns")


def test_a_run_without_counts_says_what_to_do(app: Flask, client: FlaskClient, monkeypatch) -> None:
    monkeypatch.setattr(app.extensions[EXTENSION], "run", RunOfBefore())
    explorer_of.cache_clear()
    page = client.get("/explore?lang=id").get_data(as_text=True)
    assert "Ambang belum dapat dicoba" in page
    assert "Jalankan lagi." in page
    assert client.get("/data/explore.json").status_code == 404
    explorer_of.cache_clear()


def test_strangers_and_operators_try_nothing(stranger: FlaskClient, as_role: Callable[..., FlaskClient]) -> None:
    assert stranger.get("/data/explore.json").status_code == 401
    assert as_role("village_operator").get("/explore").status_code == 403
    assert as_role("village_operator").get("/data/explore.json?level=10").status_code == 403
