"""How sure a pocket is, in words: which methods found it and what each asks, its past, its desa in core and fringe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gisapp.release.facts import RunData
from gisapp.web.planner.statistics_tests import meaning, method_title, witnesses
from gisapp.web.texts import Texts, catalogue


@dataclass(frozen=True, kw_only=True)
class Method:
    """One test of the run: its name, what it asks, and whether it found the pocket."""

    title: str
    meaning: str
    found: bool


def methods(row: dict[str, Any], run: RunData, t: Texts) -> list[Method]:
    """Every method whose agreement makes a pocket, in print order."""
    found = listed(row.get("methods"))
    names = witnesses(run.manifest.get("tests", {})) or found
    return [Method(title=method_title(name, t), meaning=meaning(name, t), found=name in found) for name in names]


def listed(value: Any) -> list[str]:
    """Names in a cell that lists several."""
    parts = value.replace(",", ";").split(";") if isinstance(value, str) else []
    return [part.strip() for part in parts if part.strip()]


def with_roles(members: list[dict[str, Any]], row: dict[str, Any]) -> list[dict[str, Any]]:
    """Member desa with ``role``: core or fringe; without one where the run does not tell them apart."""
    core = set(listed(row.get("core_codes")))
    return [area | {"role": ("core" if area["code"] in core else "fringe") if core else ""} for area in members]


def past(row: dict[str, Any], t: Texts) -> str:
    """What became of the pocket since the parent run, as a sentence; empty where the run has no parent."""
    kind = row.get("lineage")
    if not isinstance(kind, str) or not kind:
        return ""
    before = ", ".join(listed(row.get("parent_pocket_ids")))
    return t(f"past_{kind}", before=before) if f"past_{kind}" in catalogue() else t(f"lineage_{kind}")


def rule(run: RunData) -> dict[str, Any]:
    """Methods that must agree (``least``) and the level of each (``level``, 0..1), as the run applied them; or None."""
    tests = run.manifest.get("tests", {})
    return {"least": tests.get("min_methods"), "level": tests.get("level_each_method", tests.get("level"))}
