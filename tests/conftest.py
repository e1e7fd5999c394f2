"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from gisapp.settings import guard_gdal

guard_gdal()  # before any test loads GDAL: what is registered by then stays

# The first call of a kernel compiles, so no example has a deadline. Under CI the examples are the same every time: what
# lands must not hang on a draw; developers keep drawing new ones.
settings.register_profile("developer", deadline=None, print_blob=True)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI", "") == "true" else "developer")


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
    """A small synthetic district, made, taken in and run; read it, never change it."""
    from gisapp.cli.demo import make_demo
    from gisapp.progress import silent

    root = tmp_path_factory.mktemp("demo") / "workspace"
    make_demo(root, households=8000, seed=11, profile="labuhanbatu_selatan", boundaries=None, progress=silent)
    return root
