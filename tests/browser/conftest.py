"""A small demo district, made and served by the command itself, and a real browser to look at it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

COMMAND = [sys.executable, "-c", "from gisapp.cli.main import main; main()"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
FAMILIES = "80000"


@pytest.fixture(scope="session")
def chromium(under_ci: bool) -> Iterator[Browser]:
    """A headless Chromium of this machine; without one the tests are skipped, and fail where CI promises it."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    if found is None:
        (pytest.fail if under_ci else pytest.skip)("no Chromium on this machine: `apt-get install chromium`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic district, small enough for seconds."""
    root = tmp_path_factory.mktemp("browser") / "demo"
    made = subprocess.run(
        [*COMMAND, "demo", str(root), "--households", FAMILIES, "--no-serve"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return root


@pytest.fixture(scope="session")
def demo_server(demo_workspace: Path) -> Iterator[str]:
    """Address of the demo as ``gisapp serve`` serves it, on a free port of this machine."""
    command = [*COMMAND, "serve", "-w", str(demo_workspace), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            assert line.startswith("http://127.0.0.1:"), line
            yield line.split()[0].rstrip("/")
        finally:
            server.terminate()


class Watched:
    """A page that remembers what it asked for and what went wrong in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.role: str | None = None
        self.requests: list[str] = []
        self.problems: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda message: self.problems.append(message.text) if message.type == "error" else None)
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation',"
            " (event) => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))"
        )

    def enter(self, server: str, role: str) -> None:
        """Log in as the demo's user of a role, by the button of the log-in page."""
        self.page.goto(f"{server}/login")
        self.page.locator(f"button[data-role={role}]").click()
        self.page.wait_for_selector(".who")
        self.requests.clear()
        self.role = role

    def map(self, address: str) -> Page:
        """The map as staff see it: a planner, where nobody has logged in yet."""
        if self.role is None:
            self.enter(address.partition("/?")[0].partition("/#")[0].rstrip("/"), "planner")
        return self.public_map(address)

    def public_map(self, address: str) -> Page:
        """The map as whoever is logged in, or a stranger, sees it."""
        self.page.goto(address)
        self.page.wait_for_selector("#app[data-ready]")
        return self.page


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh profile on a desk."""
    with chromium.new_context(viewport={"width": 1366, "height": 768}, locale="id-ID") as context:
        yield context


@pytest.fixture
def watched(context: BrowserContext) -> Watched:
    return Watched(context.new_page())


@pytest.fixture
def watched_phone(chromium: Browser) -> Iterator[Watched]:
    """A small phone."""
    size = {"width": 360, "height": 740}
    with chromium.new_context(viewport=size, has_touch=True, is_mobile=True, locale="id-ID") as context:
        yield Watched(context.new_page())
