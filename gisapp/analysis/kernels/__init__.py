"""Compiled loops, one small file each; their libraries are the oracles in the tests.

The machine code is kept beside these files, or in the user's own cache folder where they cannot be written. A service
that may write to neither compiles anew in each process: numba would refuse to import the loops otherwise.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile

import numba


def _keep_code_somewhere() -> None:
    """Give this process a cache folder of its own where numba finds none that it may write to."""
    try:
        numba.njit(cache=True)(_keep_code_somewhere)
    except RuntimeError:
        folder = tempfile.mkdtemp(prefix="gisapp-numba-")
        numba.config.CACHE_DIR = folder
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


_keep_code_somewhere()
