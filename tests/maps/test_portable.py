"""The portable map as text: no foreign host, no markup from data, the same bytes each time."""

import base64
import hashlib
import json
import re

import pytest
from small_district import HOSTILE, SmallRun

from gisapp.maps.portable import portable_map, safe_json
from gisapp.release.mapview import map_view
from gisapp.settings import static_folder

VENDOR = static_folder() / "vendor"


@pytest.fixture
def page(workspace, run):
    view = map_view(workspace, run)
    return portable_map(view.manifest, view.layers, vendor=VENDOR)


def test_nothing_is_loaded_from_anywhere(page):
    hosts = set(re.findall(r"https?://[^\s\"'<>)]+", page))
    assert hosts == {"http://www.w3.org/2000/svg"}  # the name of a namespace, not an address
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", page)
    assert "@import" not in page
    assert "sourceMappingURL" not in page


def test_the_policy_allows_only_the_scripts_that_are_in_the_page(page):
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1].replace("&#39;", "'")
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == 3
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_in_the_data_block_and_in_escaped_text(page, name):
    block = re.search(r'<script type="application/json" id="gisapp-data">(.*?)</script>', page, re.DOTALL)[1]
    assert name in json.loads(block)["manifest"]["areas"]["name"]
    assert "<" not in block
    outside = page.replace(block, "")
    assert name not in outside
    assert "window.HACKED" not in outside


def test_title_share_outside_badge_period_and_run_are_in_the_page_itself(page):
    for expected in ("Kabupaten Contoh", "26,3", "data contoh (sintetis)", "periode 2025-1", "run0run0run0", "9,23"):
        assert expected in page.split('<script type="application/json"')[0]


def test_a_hostile_district_name_is_escaped_in_title_and_heading(workspace, run):
    run.manifest["district"]["name"] = HOSTILE[0]
    view = map_view(workspace, run)
    head = portable_map(view.manifest, view.layers, vendor=VENDOR).split('<script type="application/json"')[0]
    assert "<script>" not in head
    assert "&lt;/script&gt;" in head


def test_equal_bytes(page, workspace):
    view = map_view(workspace, SmallRun())
    assert portable_map(view.manifest, view.layers, vendor=VENDOR) == page


def test_json_cannot_end_its_block():
    text = safe_json({"a": "</script>\u2028&"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"a": "</script>\u2028&"}
