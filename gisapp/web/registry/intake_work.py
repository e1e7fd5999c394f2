"""What the intake pages ask of the registry: a look at a file, the job that takes it in, its rejected rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from gisapp.access.actors import Actor
from gisapp.jobs.queue import Builder, JobQueue, Work
from gisapp.progress import Progress
from gisapp.registry import uploads
from gisapp.registry.ingest import ingest
from gisapp.registry.mappings import mapping_path
from gisapp.registry.plan import Provenance
from gisapp.registry.preview import Preview, preview
from gisapp.registry.quarantine import quarantine_csv
from gisapp.store.hashing import sha256_file, sha256_json
from gisapp.workspace.folder import Workspace, open_workspace

KIND = "intake"


def look(ws: Workspace, upload: uploads.Upload) -> Preview:
    """What a file would become with what was chosen for it."""
    chosen = upload.choices
    with uploads.in_the_clear(ws, upload) as path:
        seen = preview(
            ws, path, codes=chosen.get("codes"), form=chosen.get("form"), mapping=_mapping(ws, chosen),
            period=chosen.get("period"), sheet=chosen.get("sheet"),
        )  # fmt: skip
        return uploads.without_folder(seen, path.parent)


def _mapping(ws: Workspace, chosen: dict[str, Any]) -> Path | None:
    return mapping_path(ws, chosen["mapping"]) if chosen.get("mapping") else None


def submit(queue: JobQueue, ws: Workspace, upload: uploads.Upload, actor: Actor) -> str:
    """Queue the intake of a file; the same file with the same choices, while it is unfinished, is the same job."""
    mapping = _mapping(ws, upload.choices)
    parts = [upload.sha256, upload.choices, sha256_file(mapping) if mapping else None]
    parameters = {"token": upload.token, "actor": {"name": actor.name, "role": actor.role, "area": actor.area}}
    title = f"{upload.name} · {upload.choices['period']}"
    return queue.submit(
        KIND, title, builder(ws.root)(parameters), owner=actor.name, input_hash=sha256_json(parts),
        parameters=parameters,
    )  # fmt: skip


def builder(root: Path) -> Builder:
    """Makes the work of an intake from its job's parameters, also after a restart."""

    def build(parameters: dict[str, Any]) -> Work:
        actor = Actor(**parameters["actor"])
        return lambda progress: _take_in(open_workspace(root), parameters["token"], actor, progress)

    return build


def _take_in(ws: Workspace, token: str, actor: Actor, progress: Progress) -> dict[str, Any]:
    upload = uploads.find(ws, token, actor=actor)
    chosen, rows = upload.choices, upload.rows or 0

    def told(step: str, done: int, total: int) -> None:
        progress(step, done, rows if step == "ingest" and rows >= done else total if total > done else 0)

    with uploads.in_the_clear(ws, upload) as path:
        report = ingest(
            ws, path, period=chosen["period"], codes=chosen["codes"], form=chosen["form"],
            mapping=_mapping(ws, chosen), sheet=chosen.get("sheet"), provenance=_provenance(chosen), actor=actor,
            progress=told,
        )  # fmt: skip
    uploads.discard(ws, token)
    return {
        "import_id": report.quarantine, "outcome": report.outcome.kind, "period": report.period, "rows": report.rows,
        "accepted": report.accepted, "quarantined": report.quarantined, "families": report.families,
        "reason_rows": report.reason_rows, "warning_rows": report.warning_rows,
    }  # fmt: skip


def _provenance(chosen: dict[str, Any]) -> Provenance:
    until = chosen["expires_on"]
    return Provenance(
        bast_number=chosen["bast_number"], received_from=chosen["received_from"], purpose=chosen["purpose"],
        permitted_use=chosen["permitted_use"], expires_on=date.fromisoformat(until) if until else None,
    )  # fmt: skip


def quarantine_bytes(ws: Workspace, import_id: str, actor: Actor) -> bytes:
    """Rejected rows of an intake as CSV; that they were read is recorded."""
    pieces, _ = quarantine_csv(ws, import_id, actor)
    return b"".join(pieces)
