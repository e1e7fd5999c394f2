"""Everything a map of a run shows, put together from disclosed frames: the manifest and the shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gisapp.maps.layers import MapFrames, map_layers
from gisapp.maps.manifest import MapFacts, map_manifest
from gisapp.release.collections import Audience, disclosed
from gisapp.release.facts import district_name, is_synthetic, registry_source
from gisapp.release.summary import headline, outside_text, published_texts


@dataclass(frozen=True, kw_only=True)
class MapView:
    """A map's manifest (see ``maps.manifest.map_manifest``), its shapes by layer name, and the frames behind them."""

    manifest: dict[str, Any]
    layers: dict[str, dict[str, Any]]
    frames: MapFrames


def map_facts(workspace: Any, run: Any, *, lang: str, k: int) -> MapFacts:
    """What a map of this run says about itself."""
    found = headline(workspace, run)
    manifest = run.manifest
    return MapFacts(
        district=district_name(run),
        district_code=str(manifest.get("district", {}).get("kode") or ""),
        run_id=run.run_id,
        period=str(manifest.get("period", "")),
        source=registry_source(run),
        synthetic=is_synthetic(run),
        lang=lang,
        k=k,
        core_methods=int(workspace.settings.min_methods),
        outside=outside_text(found, lang),
        headline={**found, "texts": published_texts(found, lang)},
        credits=credits_of(manifest),
    )


def credits_of(manifest: dict[str, Any]) -> list[str]:
    """One line per source of what is drawn: layer names, source, date, licence."""
    layers: dict[str, list[str]] = {}
    for entry in manifest.get("inputs", []):
        if entry.get("role") in ("boundary", "facility", "road", "raster") and entry.get("source"):
            parts = [entry["source"], entry.get("date"), entry.get("licence")]
            layers.setdefault(", ".join(str(part) for part in parts if part), []).append(str(entry["name"]))
    return sorted(f"{', '.join(sorted(set(names)))}: {source}" for source, names in layers.items())


def map_frames(workspace: Any, run: Any, *, audience: Audience = "staff") -> tuple[MapFrames, int]:
    """Disclosed frames of a map, and the smallest number of families that they show."""
    areas = disclosed(workspace, run, "areas", audience=audience)
    frames = MapFrames(
        areas=areas.frame,
        pockets=disclosed(workspace, run, "pockets", audience=audience).frame,
        interventions=disclosed(workspace, run, "interventions", audience=audience).frame,
        facilities=run.context("facilities"),
        lines=run.context("lines"),
    )
    return frames, areas.k


def map_view(workspace: Any, run: Any, *, lang: str = "id", audience: Audience = "staff") -> MapView:
    """Put a run's map together for an audience, in a language."""
    frames, k = map_frames(workspace, run, audience=audience)
    manifest = map_manifest(map_facts(workspace, run, lang=lang, k=k), frames)
    return MapView(manifest=manifest, layers=map_layers(frames), frames=frames)
