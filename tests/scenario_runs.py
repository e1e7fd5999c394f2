"""The small demo with two scenarios that were run: a small budget, and other rules for other deciles."""

from __future__ import annotations

from pathlib import Path

from tests.copies import copy_workspace

BUDGET_IDR = 2_000_000_000
SMALL = f"""title = "Anggaran kecil"
source = "uji"
date = "2026-11-23"
budget_idr = {BUDGET_IDR}
"""
OTHER = """title = "Aturan lain"
source = "uji"
date = "2026-11-23"
exclude_kinds = ["kompor_bersih"]

[thresholds]
poor_deciles = [1, 2]

[standards]
primary_school = 1500
"""


def write_scenario(root: Path, name: str, text: str) -> Path:
    """Put a scenario's file into a workspace."""
    path = root / "scenarios" / f"{name}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def make_scenarios(source: Path, target: Path) -> Path:
    """Copy a workspace and run both scenarios in the copy."""
    from gisapp.targeting.run import run
    from gisapp.workspace.folder import open_workspace

    root = copy_workspace(source, target)
    for name, text in (("kecil", SMALL), ("lain", OTHER)):
        write_scenario(root, name, text)
        run(open_workspace(root), scenario=name)
    return root
