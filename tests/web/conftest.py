"""An application over a run in memory: the small district of twelve square villages."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from small_district import SmallRun

from gisapp.catalog.load import load_catalog
from gisapp.settings import default_layers_folder
from gisapp.web.app import create_app
from gisapp.web.source import EXTENSION, District
from gisapp.workspace.folder import init_workspace


@pytest.fixture(scope="session")
def empty_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("web") / "workspace"
    init_workspace(root, name="Kabupaten Contoh")
    return root


@pytest.fixture
def bare_app(empty_workspace: Path) -> Flask:
    """A workspace in which nothing was run."""
    return create_app(empty_workspace, testing=True)


def with_run(app: Flask, run: SmallRun) -> Flask:
    settings = SimpleNamespace(name="Kabupaten Contoh", synthetic=True, min_methods=2, k_staff=5, k_public=10)
    catalog = load_catalog(default_layers_folder(), None)
    workspace = SimpleNamespace(settings=settings, catalog=catalog, root=Path("workspace"))
    found = District(workspace, run)  # type: ignore[arg-type]
    app.extensions[EXTENSION] = SimpleNamespace(workspace=workspace, district=lambda: found)
    return app


@pytest.fixture(scope="session")
def app(empty_workspace: Path) -> Flask:
    return with_run(create_app(empty_workspace, testing=True), SmallRun())


@pytest.fixture
def fresh_app(bare_app: Flask) -> Flask:
    """An application that may still be given routes of its own."""
    return with_run(bare_app, SmallRun())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def bare_client(bare_app: Flask) -> FlaskClient:
    return bare_app.test_client()


@pytest.fixture
def client_without_pockets(bare_app: Flask) -> FlaskClient:
    run = SmallRun()
    run.collections["areas"] = run.collections["areas"].assign(pocket_id=None, quadrant="high_rate_high_count")
    for name in ("pockets", "interventions"):
        run.collections[name] = run.collections[name].iloc[:0]
    return with_run(bare_app, run).test_client()
