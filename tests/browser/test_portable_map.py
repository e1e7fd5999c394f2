"""The portable map, opened from a file with the network off."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_it_shows_its_pockets_without_any_network(demo_server, watched, chromium: Browser, tmp_path: Path) -> None:
    page = watched.map(f"{demo_server}/")
    cards = page.locator(".card[data-pocket-id]").count()
    with page.expect_download() as download:
        page.evaluate("location.href = '/map.html'")
    file = tmp_path / "map.html"
    download.value.save_as(file)
    with chromium.new_context(offline=True) as context:
        offline, asked, problems = context.new_page(), [], []
        offline.on("request", lambda request: asked.append(request.url))
        offline.on("pageerror", lambda error: problems.append(str(error)))
        offline.goto(file.as_uri())
        offline.wait_for_selector("[data-pocket-id]")
        shown = {node.get_attribute("data-pocket-id") for node in offline.locator("[data-pocket-id]").all()}
        assert len(shown) == cards > 0
        assert all(url.startswith(("file:", "data:", "blob:")) for url in asked), asked
        assert problems == []
