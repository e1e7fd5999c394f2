"""What every page, map, export and document repeats about its run: whose data, which period, made up or not."""

from __future__ import annotations

from typing import Any, Protocol

import geopandas as gpd

from gisapp.maps.words import FORMS, word

#: Stands behind the source of a run from whose snapshot a family was erased since.
SOURCE_ERASED = "(sumber dihapus sebagian / source partly erased)"


class RunData(Protocol):
    """A sealed run as this room reads it; ``targeting.runs.Run`` is one."""

    @property
    def run_id(self) -> str:
        """Name of the run."""

    @property
    def manifest(self) -> dict[str, Any]:
        """What went in and how it was computed."""

    def collection(self, name: str) -> gpd.GeoDataFrame:
        """One collection (EPSG:4326) before any disclosure control."""


def district_name(run: RunData) -> str:
    """Name of the district that the run is of."""
    return str(run.manifest.get("district", {}).get("name") or "")


def is_synthetic(run: RunData) -> bool:
    """Whether every family of the run is made up."""
    return bool(run.manifest.get("district", {}).get("synthetic", False))


def is_training(workspace: Any) -> bool:
    """Whether everything that leaves this workspace is marked LATIHAN."""
    return bool(getattr(workspace.settings, "training", False))


def registry_source(run: RunData) -> str:
    """The registry's name as people know it: by its form, else its source; says where a family was erased from it."""
    registry = run.manifest.get("registry", {})
    name = FORMS.get(str(registry.get("form")), str(registry.get("source") or registry.get("form") or ""))
    return f"{name} {SOURCE_ERASED}" if registry.get("erased") else name


def outside_shares(run: RunData) -> dict[str, Any]:
    """Families outside all pockets: counts, and shares (0..1) under ``…_share``; None where unknown."""
    found = run.manifest.get("outside_pockets", {})
    names = ("families", "families_share", "poor_families", "poor_families_share")
    return {name: found.get(name) for name in names}


def file_metadata(
    run: RunData, *, k: int, rule: str, outside: dict[str, Any], lang: str = "id", training: bool = False
) -> dict[str, Any]:
    """Flat facts that travel inside an exported file; ``outside`` as ``outside.outside_figures`` says it."""
    facts: dict[str, Any] = {
        "district": district_name(run),
        "run_id": run.run_id,
        "period": str(run.manifest.get("period", "")),
        "source": registry_source(run),
        "synthetic": is_synthetic(run),
        "families_outside_pockets": outside["families_share"],
        "poor_families_outside_pockets": outside["poor_families_share"],
        "k": k,
        "disclosure_rule": rule,
        "gisapp_version": str(run.manifest.get("version", "")),
    }
    if changes := run.manifest.get("parameters", {}).get("scenario"):
        facts["scenario"] = f"{changes['source']} ({changes['date']})"
    if facts["synthetic"]:
        facts["notice"] = word("synthetic_long", lang)
    if training:
        facts["training"] = True
        facts["notice"] = f"{word('training', lang)}: {word('training_long', lang)} {word('synthetic_long', lang)}"
    return facts
