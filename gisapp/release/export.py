"""One collection as a file, after disclosure control."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gisapp.errors import InvalidParameterError
from gisapp.release.collections import Audience, disclosed
from gisapp.release.facts import RunData, file_metadata, is_training
from gisapp.release.outside import outside_figures
from gisapp.release.published import Publication, may_be_seen
from gisapp.store.hashing import sha256_file
from gisapp.writers.collection import write_collection


@dataclass(frozen=True, kw_only=True)
class ExportReport:
    """What was written: ``suppressed`` counts the rows with a withheld value."""

    features: int
    suppressed: int
    sha256: str


def export_collection(
    workspace: Any,
    run: RunData,
    collection: str,
    path: Path,
    *,
    format: str | None = None,
    crs: str | None = None,
    area: str | None = None,
    lang: str = "id",
    audience: Audience = "staff",
    publication: Publication | None = None,
) -> ExportReport:
    """Write a collection, or one geometry type of it (``interventions_point``), as it may be seen by the audience.

    Format by name or by the file's ending; ``crs`` where the format allows one; ``area`` keeps what lies in an area of
    that code; ``publication`` as in ``disclosed``. Raises NotFoundError for an unknown collection or area,
    InvalidParameterError for format, CRS, language.
    """
    if lang not in ("id", "en"):
        raise InvalidParameterError(f"--lang {lang}: id or en.", f"--lang {lang}: id atau en.", code="lang")
    found = disclosed(workspace, run, collection, audience=audience, area=area, publication=publication)
    metadata = file_metadata(
        run,
        k=found.k,
        rule=found.rule,
        outside=outside_figures(workspace, run, publication),
        lang=lang,
        training=is_training(workspace),
    )
    if audience == "public" and not may_be_seen("pockets", publication):
        metadata = {name: value for name, value in metadata.items() if not name.endswith("_outside_pockets")}
    write_collection(
        found.frame, path, collection=collection, format=format, lang=lang, crs=crs, metadata=metadata,
        suppressed=found.suppressed,
    )  # fmt: skip
    return ExportReport(features=len(found.frame), suppressed=found.suppressed, sha256=sha256_file(path))
