"""A service that may write nowhere still imports its compiled loops, and leaves no folder behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import gisapp.analysis.kernels.scan, numba, pathlib
print(numba.config.CACHE_DIR, pathlib.Path(numba.config.CACHE_DIR).is_dir())
"""


def test_without_any_folder_for_machine_code(tmp_path: Path) -> None:
    # Of the places that numba tries, only the one that nobody gave is left: as for a user without a home.
    given = os.environ | {"NUMBA_CACHE_LOCATOR_CLASSES": "UserProvidedCacheLocator", "TMPDIR": str(tmp_path)}
    given.pop("NUMBA_CACHE_DIR", None)
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    folder, there = done.stdout.split()
    assert Path(folder).parent == tmp_path
    assert there == "True"
    assert not list(tmp_path.iterdir())
