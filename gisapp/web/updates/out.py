"""What leaves the updates: where to send enumerators first, lists to pass upward, papers of a case."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from gisapp.errors import GisappError, InvalidParameterError, PermissionRefusedError, RegistryError
from gisapp.maps.numbers import is_missing
from gisapp.registry.identities import purposes
from gisapp.registry.updates import attachments, coverage, papers
from gisapp.registry.uploads import private_folder
from gisapp.registry.upward import write_upward
from gisapp.web import shell
from gisapp.web.auth import current_actor
from gisapp.web.language import texts
from gisapp.web.planner.documents import attachment as download
from gisapp.web.source import source
from gisapp.web.texts import Texts
from gisapp.web.updates.accept import periods
from gisapp.web.updates.fields import Field, filled, wrong
from gisapp.web.updates.lists import training
from gisapp.web.updates.places import village
from gisapp.workspace.folder import Workspace

_KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


def where_first() -> str:
    """Registered families against the population table, village by village, the lowest share first."""
    ws, t = source().workspace, texts()
    frame = coverage.where_to_look_first(ws, current_actor())
    mine = [row for row in frame.to_dict("records") if current_actor().covers(str(row["code"]))]
    known = not frame["ratio"].isna().all()
    rows = [_place(ws, row) for row in mine] if known else []
    return render_template("updates/where_first.html", rows=rows, basis=_basis(mine, t), **shell.around())


def _place(ws: Workspace, row: dict[Any, Any]) -> dict[str, Any]:
    found = village(ws, str(row["code"]))
    known = {name: None if is_missing(row[name]) else row[name] for name in ("population_families", "ratio", "order")}
    return {
        "area": found.name, "kecamatan": found.kecamatan_name, "registered": int(row["registered"]),
        "population": known["population_families"], "ratio": known["ratio"],
        "order": int(known["order"]) if known["order"] is not None else None,
    }  # fmt: skip


def _basis(rows: list[dict[Any, Any]], t: Texts) -> str:
    said = sorted({_named(row) for row in rows if isinstance(row.get("source"), str) and row["source"]})
    return t("u_where_basis", source=", ".join(said[:3]) or t("u_unknown"))


def _named(row: dict[Any, Any]) -> str:
    """Source of a population figure with its year, said once."""
    source_of, year = str(row["source"]), "" if is_missing(row["year"]) else str(int(row["year"]))
    return source_of if not year or year in source_of else f"{source_of} {year}"


def _fields(ws: Workspace, t: Texts) -> tuple[Field, ...]:
    found = periods(ws)
    return (
        Field(name="period", label=t("period"), kind="choice", required=True, value=found[0] if found else "",
              options=tuple((one, one) for one in found)),
        Field(name="purpose", label=t("u_purpose"), kind="choice", required=True, value="upward",
              options=tuple((code, t.pick(pair)) for code, pair in purposes().items())),
        Field(name="kind", label=t("u_format"), kind="choice", required=True, value="xlsx",
              options=(("xlsx", "XLSX"), ("csv", "CSV"))),
    )  # fmt: skip


def upward(problem: str = "", status: int = 200, fields: tuple[Field, ...] = ()) -> ResponseReturnValue:
    """The form that asks for whom and why before a by-name list leaves."""
    shown = fields or _fields(source().workspace, texts())
    return render_template("updates/upward.html", fields=shown, problem=problem, **shell.around()), status


def take_upward() -> ResponseReturnValue:
    """Write the by-name list; sets for an end user, and sets that have expired, are refused with the reason."""
    ws, t = source().workspace, texts()
    fields = filled(_fields(ws, t), request.form, t)
    if wrong(fields):
        return upward(status=422, fields=fields)
    typed = {one.name: one.value for one in fields}
    try:
        with private_folder() as folder:
            path = folder / f"usulan.{typed['kind']}"
            write_upward(ws, path, period=typed["period"], actor=current_actor(), purpose=typed["purpose"],
                                      kind=typed["kind"])  # fmt: skip
            body = path.read_bytes()
    except (PermissionRefusedError, InvalidParameterError, RegistryError, FileNotFoundError) as error:
        said = t.pick((error.id, error.en)) if isinstance(error, GisappError) else str(error)
        return upward(said, 403 if isinstance(error, PermissionRefusedError) else 422, fields)
    return download(
        body, name=f"{training(ws)}usulan-{typed['period']}.{typed['kind']}", mimetype=_KINDS[typed["kind"]]
    )


def minutes(meeting_id: int) -> Response:
    """Minutes of a meeting as a page to print: counts only, nobody is named."""
    ws = source().workspace
    with private_folder() as folder:
        path = folder / "minutes.pdf"
        papers.write_minutes(ws, current_actor(), meeting_id, path)
        body = path.read_bytes()
    return download(body, name=f"{training(ws)}berita-acara-{meeting_id:04d}.pdf", mimetype="application/pdf")


def blank_minutes() -> Response:
    """Minutes to print before a meeting of one village, filled in and signed there by hand."""
    ws, area = source().workspace, request.args.get("area", "")[:20]
    with private_folder() as folder:
        path = folder / "minutes.pdf"
        papers.write_blank_minutes(ws, current_actor(), area, path)
        body = path.read_bytes()
    return download(body, name=f"{training(ws)}berita-acara-kosong.pdf", mimetype="application/pdf")


def attachment(attachment_id: int) -> Response:
    """A photo or a scan, opened for the one who may see its case; always a download, never shown in place."""
    found = attachments.open_attachment(source().workspace, current_actor(), attachment_id)
    return download(found.body, name=training(source().workspace) + found.name, mimetype=found.media_type)
