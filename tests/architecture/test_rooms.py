"""The walls of the house: who may import whom, and what an import may cost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout


def test_every_room_imports_only_what_it_may() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", ["gisapp", "gisapp.workspace.folder", "gisapp.cli.main", "gisapp.targeting.run"])
def test_the_answer_about_a_sealed_run_needs_no_heavy_library(module: str) -> None:
    code = f"import sys, {module}; print([m for m in ('geopandas', 'pandas', 'numpy', 'numba') if m in sys.modules])"
    assert run_python(code).strip() == "[]"


def test_importing_the_package_reads_no_file_and_sets_nothing() -> None:
    code = "import os; before = dict(os.environ); import gisapp; print(dict(os.environ) == before)"
    assert run_python(code).strip() == "True"
