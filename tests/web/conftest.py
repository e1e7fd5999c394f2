"""An application over a run in memory: the small district of twelve square villages; clients of every role."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from intake_files import LONG_S, Office, write_boundary
from small_district import SmallRun

from gisapp.access.actors import LOCAL
from gisapp.access.sessions import begin_for
from gisapp.access.users import add_user, list_users
from gisapp.web.app import create_app
from gisapp.web.registry.jobs import queue_of
from gisapp.web.source import EXTENSION, Source
from gisapp.workspace.add import add_layer
from gisapp.workspace.folder import Workspace, init_workspace, open_workspace

PASSWORD = "empat kata yang mudah"
VILLAGE, KECAMATAN = "12.05.01.2001", "12.05.01"
#: Area of a user of a bound role where a test names none.
AREAS = {"village_operator": VILLAGE, "verifier": VILLAGE, "camat": KECAMATAN}

AsRole = Callable[..., FlaskClient]


class RunInMemory(Source):
    """A workspace that serves one given run instead of the newest sealed one."""

    def __init__(self, workspace: Workspace, run: SmallRun) -> None:
        super().__init__(workspace.root)
        self.workspace = workspace
        self.run = run

    def newest(self):
        return self.run


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
    real = app.extensions[EXTENSION].workspace
    settings = dataclasses.replace(real.settings, synthetic=True, min_methods=2, k_staff=5, k_public=10)
    app.extensions[EXTENSION] = RunInMemory(dataclasses.replace(real, settings=settings), run)
    return app


@pytest.fixture(scope="session")
def app(empty_workspace: Path) -> Flask:
    return with_run(create_app(empty_workspace, testing=True), SmallRun())


@pytest.fixture
def fresh_app(bare_app: Flask) -> Flask:
    """An application that may still be given routes of its own."""
    return with_run(bare_app, SmallRun())


def log_in(app: Flask, role: str, area: str | None = None, *, name: str | None = None) -> FlaskClient:
    """A client of an app, logged in as a user of a role; the user is made where there is none yet."""
    workspace = app.extensions[EXTENSION].workspace
    area = area or AREAS.get(role)
    name = name or (role if area == AREAS.get(role) else f"{role} {area}")
    if name not in {user.name for user in list_users(workspace)}:
        add_user(workspace, name=name, role=role, password=PASSWORD, area=area, actor=LOCAL)
    client = app.test_client()
    with client.session_transaction() as session:
        session["token"], session["seen"] = begin_for(workspace, name), int(time.time())
    return client


@pytest.fixture
def as_role(app: Flask) -> AsRole:
    """``as_role(role, area=None, name=None)``: a client logged in as a user of that role."""

    def client_of(role: str, area: str | None = None, *, name: str | None = None) -> FlaskClient:
        return log_in(app, role, area, name=name)

    return client_of


@pytest.fixture
def log_in_to() -> Callable[..., FlaskClient]:
    """``log_in_to(app, role, area=None, name=None)``: the same at an application of the test's own."""
    return log_in


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A planner: sees what staff may see."""
    return log_in(app, "planner")


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """Somebody who has not logged in."""
    return app.test_client()


@pytest.fixture
def bare_client(bare_app: Flask) -> FlaskClient:
    return log_in(bare_app, "planner")


@pytest.fixture
def client_without_pockets(bare_app: Flask) -> FlaskClient:
    run = SmallRun()
    run.collections["areas"] = run.collections["areas"].assign(pocket_id=None, quadrant="high_rate_high_count")
    for name in ("pockets", "interventions"):
        run.collections[name] = run.collections[name].iloc[:0]
    return log_in(with_run(bare_app, run), "planner")


def csrf_of(client: FlaskClient, path: str = "/account") -> str:
    """A token for a form, as a page of the client carries it."""
    import re

    page = client.get(path).get_data(as_text=True)
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


@pytest.fixture
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def registry_workspace(tmp_path: Path, own_temporary_folder: Path) -> Workspace:
    made = init_workspace(tmp_path / "kabupaten", name="Kabupaten Contoh")
    add_layer(made, write_boundary(tmp_path / "desa.geojson"), role="boundary", name="desa", level="desa", key="kode")
    return open_workspace(made.root)


@pytest.fixture
def served(registry_workspace: Workspace) -> Iterator[Flask]:
    app = create_app(registry_workspace.root, testing=True)
    yield app
    queue_of(app).stop(patience_s=LONG_S)


@pytest.fixture
def office(served: Flask) -> Office:
    return Office(served, log_in(served, "social_office"))
