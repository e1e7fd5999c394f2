"""Everything a map of a run shows, put together from disclosed frames: the manifest and the shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd

from gisapp.maps.layers import MapFrames, map_layers
from gisapp.maps.manifest import MapFacts, map_manifest
from gisapp.maps.words import word
from gisapp.release.collections import Audience, disclosed, smallest_count
from gisapp.release.facts import district_name, is_synthetic, is_training, registry_source
from gisapp.release.published import Publication, may_be_seen
from gisapp.release.summary import headline, outside_text, published_texts

#: Beginnings of ``legal_status`` that declare a boundary fixed by regulation.
LEGAL = ("legal", "definitif", "resmi")


@dataclass(frozen=True, kw_only=True)
class MapView:
    """A map's manifest (see ``maps.manifest.map_manifest``), its shapes by layer name, and the frames behind them."""

    manifest: dict[str, Any]
    layers: dict[str, dict[str, Any]]
    frames: MapFrames


def map_facts(workspace: Any, run: Any, *, lang: str, k: int, publication: Publication | None = None) -> MapFacts:
    """What a map of this run says about itself."""
    found = headline(workspace, run, publication)
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
        credits=credits_of(workspace, manifest, lang),
        training=is_training(workspace),
    )


def credits_of(workspace: Any, manifest: dict[str, Any], lang: str) -> list[str]:
    """One line per source of what is drawn: titles of the layers, source, date, licence; first what borders are not."""
    layers: dict[str, list[str]] = {}
    for entry in manifest.get("inputs", []):
        if _is_drawn(workspace, entry) and entry.get("source"):
            parts = [entry["source"], entry.get("date"), entry.get("licence")]
            title = layer_title(workspace, str(entry["name"]), lang)
            layers.setdefault(", ".join(str(part) for part in parts if part), []).append(title)
    lines = sorted(f"{', '.join(sorted(set(names)))}: {source}" for source, names in layers.items())
    return [word("indicative_boundary", lang), *lines] if boundaries_are_indicative(workspace) else lines


def _is_drawn(workspace: Any, entry: dict[str, Any]) -> bool:
    spec = workspace.catalog.layers.get(str(entry["name"]))
    context = entry.get("role") == "boundary" and spec is not None and not spec.level
    return entry.get("role") in ("boundary", "facility", "road") and not context


def layer_title(workspace: Any, name: str, lang: str) -> str:
    """Title of a layer as its TOML gives it; its name where it has none."""
    spec = workspace.catalog.layers.get(name)
    return str((spec.title_id if lang == "id" else spec.title_en) or name) if spec else name


def boundaries_are_indicative(workspace: Any) -> bool:
    """Whether any administrative boundary of the workspace is not declared legal in its TOML."""
    specs = [spec for spec in workspace.catalog.layers.values() if spec.role == "boundary" and spec.level]
    return not specs or any(not str(spec.legal_status).casefold().startswith(LEGAL) for spec in specs)


def map_frames(
    workspace: Any, run: Any, *, audience: Audience = "staff", publication: Publication | None = None
) -> tuple[MapFrames, int]:
    """Disclosed frames of a map, and the smallest number of families that they show."""

    def frame(collection: str) -> gpd.GeoDataFrame:
        found = disclosed(workspace, run, collection, audience=audience, publication=publication).frame
        return found if audience == "staff" or may_be_seen(collection, publication) else found.iloc[:0]

    frames = MapFrames(
        areas=frame("areas"),
        pockets=frame("pockets"),
        interventions=frame("interventions"),
        facilities=run.context("facilities"),
        lines=run.context("lines"),
    )
    return frames, smallest_count(workspace, audience, publication)


def map_view(
    workspace: Any,
    run: Any,
    *,
    lang: str = "id",
    audience: Audience = "staff",
    publication: Publication | None = None,
) -> MapView:
    """Put a run's map together for an audience, in a language; strangers see as a publication says."""
    frames, k = map_frames(workspace, run, audience=audience, publication=publication)
    manifest = map_manifest(map_facts(workspace, run, lang=lang, k=k, publication=publication), frames)
    return MapView(manifest=manifest, layers=map_layers(frames), frames=frames)
