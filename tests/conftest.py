"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from private_cluster import Cluster, new_cluster, server_binaries

from gisapp.settings import guard_gdal

guard_gdal()  # before any test loads GDAL: what is registered by then stays

# The first call of a kernel compiles, so no example has a deadline. Under CI the examples are the same every time: what
# lands must not hang on a draw; developers keep drawing new ones.
settings.register_profile("developer", deadline=None, print_blob=True)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI", "") == "true" else "developer")

_URL = "GISAPP_DATABASE_URL"
_NO_SERVER = "PostgreSQL is not installed here (Debian: apt-get install postgresql)"
_cluster: list[Cluster] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=("sqlite", "postgresql"), default="sqlite",
        help="where workspaces keep their tables: their own file, or a private server that this run starts",
    )  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(
        config, "workerinput"
    ):  # the controller has started the server, and its address came with the environment
        return
    os.environ.pop(_URL, None)  # a developer's own server is never touched
    if config.getoption("--database") == "postgresql" and server_binaries() is not None:
        _cluster.append(new_cluster())
        os.environ[_URL] = _cluster[0].url


def pytest_unconfigure(config: pytest.Config) -> None:
    while _cluster:
        _cluster.pop().remove()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--database") == "sqlite":
        return
    if _URL not in os.environ and os.environ.get("CI", "") == "true":
        raise pytest.UsageError(_NO_SERVER)
    for item in items:
        if _URL not in os.environ:
            item.add_marker(pytest.mark.skip(reason=_NO_SERVER))
        elif marker := item.get_closest_marker("sqlite_only"):
            item.add_marker(pytest.mark.skip(reason=f"about the SQLite file: {marker.kwargs['reason']}"))


@pytest.fixture(scope="session")
def on_server(pytestconfig: pytest.Config) -> bool:
    """Whether workspaces keep their tables on a PostgreSQL server in this run."""
    return bool(pytestconfig.getoption("--database") == "postgresql")


@pytest.fixture(scope="session")
def server_url(under_ci: bool) -> Iterator[str]:
    """A PostgreSQL server, whichever database this run is on; tests that ask for it share ``xdist_group("server")``."""
    if _URL in os.environ:
        yield os.environ[_URL]
        return
    if server_binaries() is None:
        assert not under_ci, _NO_SERVER
        pytest.skip(_NO_SERVER)
    cluster = new_cluster()
    yield cluster.url
    cluster.remove()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real reference data beside the checkout; the test is skipped, with this reason, where it is absent."""
    folder = Path(__file__).resolve().parents[1].parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("reference data (../shared/data) are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def under_ci() -> bool:
    """Whether a missing service is a failure instead of a skip."""
    return os.environ.get("CI", "") == "true"


@pytest.fixture(scope="session")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small synthetic district with a pocket, made, taken in and run; read it, never change it."""
    from gisapp.cli.demo import make_demo
    from gisapp.progress import silent

    root = tmp_path_factory.mktemp("demo") / "workspace"
    make_demo(root, households=8000, seed=14, profile="labuhanbatu_selatan", boundaries=None, progress=silent)
    return root


@pytest.fixture(scope="session")
def small_scenarios(small_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the small demo in which two scenarios were run; read it, never change it."""
    from tests.scenario_runs import make_scenarios

    return make_scenarios(small_demo, tmp_path_factory.mktemp("scenarios") / "workspace")
