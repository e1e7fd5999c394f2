"""The portable map of a run as a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gisapp.errors import NotFoundError
from gisapp.maps.layers import map_layers
from gisapp.maps.portable import portable_map
from gisapp.release.collections import Audience
from gisapp.release.mapview import MapView, map_view
from gisapp.release.published import Publication
from gisapp.settings import static_folder
from gisapp.store.files import atomic_write_bytes
from gisapp.store.hashing import sha256_bytes

#: A file that still goes through a chat group: bytes, and budgets of vertices tried until it fits.
LARGEST = 3_000_000
BUDGETS = (60_000, 30_000, 15_000, 8_000)


@dataclass(frozen=True, kw_only=True)
class PortableReport:
    """What was written: bytes and their hash."""

    size: int
    sha256: str


def write_portable_map(
    workspace: Any,
    run: Any,
    path: Path,
    *,
    lang: str = "id",
    pocket_id: str | None = None,
    audience: Audience = "staff",
    publication: Publication | None = None,
) -> PortableReport:
    """Write one HTML file that opens with no network; at one pocket where ``pocket_id`` is given.

    Raises NotFoundError for an unknown pocket. Shapes are thinned, and facilities left out last, to stay below 3 MB.
    """
    view = map_view(workspace, run, lang=lang, audience=audience, publication=publication)
    if pocket_id is not None and pocket_id not in {card["id"] for card in view.manifest["pockets"]}:
        raise NotFoundError(
            f"There is no pocket {pocket_id!r} in this run.",
            f"Tidak ada wilayah prioritas {pocket_id!r} pada hasil ini.",
            code="no_pocket",
        )
    page = fitted(view, pocket_id).encode()
    atomic_write_bytes(path, page, mode=0o644)
    return PortableReport(size=len(page), sha256=sha256_bytes(page))


def fitted(view: MapView, focus: str | None, *, largest: int = LARGEST) -> str:
    """Render with ever fewer vertices until the page is small enough; then without facilities."""
    vendor = static_folder() / "vendor"
    page, layers = "", view.layers
    for budget in BUDGETS:
        layers = view.layers if budget == BUDGETS[0] else map_layers(view.frames, vertices=budget)
        page = portable_map(view.manifest, layers, vendor=vendor, focus=focus)
        if len(page.encode()) <= largest:
            return page
    kept = {name: shapes for name, shapes in layers.items() if not name.startswith("facilities_")}
    return portable_map(view.manifest, kept, vendor=vendor, focus=focus)
