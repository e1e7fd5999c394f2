"""updates: the queue of the MPM, batches of registrations, verification lists, where to look first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gisapp.access.actors import LOCAL, Actor
from gisapp.cli.options import answer, common_options, workspace_path

if TYPE_CHECKING:
    from gisapp.registry.updates.model import BatchReport, CaseSummary

_SHOWN = 20


def _local(role: str) -> Actor:
    """The person at this machine, in the role whose work this is; every step still names them "local"."""
    return replace(LOCAL, role=role)


@click.group("updates")
def updates_command() -> None:
    """Pemutakhiran mandiri (MPM): antrean, daftar verifikasi / updates of the registry by the district itself."""


@updates_command.command("list")
@click.option("--state", help="Hanya status ini / only this state: registered, matched, listed ...")
@click.option("--area", help="Kode desa atau kecamatan / code of a desa or kecamatan.")
@click.option("--stale", is_flag=True, help="Hanya yang memakai potret lama / only those on an older snapshot.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 500), help="Paling banyak / at most.")
@common_options
def list_command(state: str | None, area: str | None, stale: bool, limit: int) -> None:
    """Antrean usulan, tanpa nama / the queue of cases, without names."""
    from gisapp.registry.updates.queue import cases, count_cases
    from gisapp.registry.updates.states import STATES
    from gisapp.workspace.folder import open_workspace

    if state is not None and state not in STATES:
        raise click.BadParameter(", ".join(STATES), param_hint="--state")
    ws = open_workspace(workspace_path())
    counts = count_cases(ws, LOCAL, area=area)
    found = cases(ws, LOCAL, state=state, area=area, stale=stale or None, limit=limit)
    told = [f"{STATES[name][0]} / {STATES[name][1]}: {counts[name]}" for name in STATES if counts.get(name)]
    answer(
        {"counts": counts, "cases": [_plain(one) for one in found]},
        [*(told or ["Belum ada usulan. / There is no case yet."]), *(_line(one) for one in found)],
    )


def _plain(one: CaseSummary) -> dict[str, Any]:
    told = {name: value for name, value in vars(one).items() if name != "notes"}
    dates = {name: told[name].isoformat() for name in ("created_at", "updated_at")}
    notes = {name: list(values) for name, values in vars(one.notes).items()}
    return {**told, **dates, "notes": notes}


def _line(one: CaseSummary) -> str:
    from gisapp.registry.updates.states import KINDS, STATES

    stale = " · potret lama / stale" if one.stale else ""
    return f"  {one.number} {one.area} · {KINDS[one.kind][0]} · {STATES[one.state][0]} (v{one.version}){stale}"


@updates_command.command("where")
@common_options
def where_command() -> None:
    """Ke mana petugas dahulu: terdaftar ÷ semua keluarga, per desa / where to send enumerators first."""
    from gisapp.registry.updates.coverage import where_to_look_first
    from gisapp.workspace.folder import open_workspace

    frame = where_to_look_first(open_workspace(workspace_path()))
    rows = [{str(k): _json(v) for k, v in row.items()} for row in frame.to_dict("records")]
    lines = [_where_line(row) for row in rows]
    head = "Terdaftar ÷ semua keluarga (tabel penduduk); terendah dahulu / registered ÷ all families; lowest first:"
    answer({"desa": rows}, [head, *lines])


def _json(value: Any) -> Any:
    import pandas as pd

    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _where_line(row: Mapping[str, Any]) -> str:
    if row["ratio"] is None:
        return f"   -. {row['code']} {row['name']}: {row['registered']} terdaftar, penduduk tidak diketahui / unknown"
    share = f"{100 * row['ratio']:.1f} %".replace(".", ",")
    basis = f"{row['source']} {row['year']}"
    families = int(row["population_families"])
    return f"{row['order']:>4}. {row['code']} {row['name']}: {row['registered']} ÷ {families} = {share} ({basis})"


@updates_command.command("batch")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@common_options
def batch_command(file: Path) -> None:
    """Daftarkan usulan dari CSV / register the updates of a CSV; every row that is not taken is named."""
    from gisapp.registry.updates.registration import register_batch
    from gisapp.workspace.folder import open_workspace

    _report(register_batch(open_workspace(workspace_path()), _local("social_office"), file), "didaftarkan / registered")


@updates_command.command("visit-list")
@click.argument("list_id", metavar="LIST", type=int)
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Berkas tujuan / file to write.")
@click.option("--forms", is_flag=True, help="Formulir per keluarga (PDF) / one visit form per family (PDF).")
@common_options
def visit_list_command(list_id: int, output: Path, forms: bool) -> None:
    """Tulis daftar verifikasi (.xlsx atau .pdf) / write a verification list (.xlsx or .pdf)."""
    from gisapp.registry.updates.papers import write_visit_list
    from gisapp.workspace.folder import open_workspace

    kind = "forms" if forms else output.suffix.casefold().removeprefix(".")
    cases = write_visit_list(open_workspace(workspace_path()), _local("social_office"), list_id, output, kind)
    answer(
        {"list": list_id, "cases": cases, "file": str(output)},
        [
            f"{cases} usulan ditulis ke {output}. Berkas ini memuat data pribadi; hapus setelah dipakai.",
            f"{cases} cases written to {output}. This file holds personal data; delete it after use.",
        ],
    )


@updates_command.command("read-visits")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@common_options
def read_visits_command(file: Path) -> None:
    """Baca daftar verifikasi yang sudah diisi / read a verification list that was filled in."""
    from gisapp.registry.updates.papers import read_visit_list
    from gisapp.workspace.folder import open_workspace

    _report(read_visit_list(open_workspace(workspace_path()), _local("verifier"), file), "dicatat / recorded")


def _report(report: BatchReport, done: str) -> None:
    lines = [
        f"{report.rows} baris / rows: {len(report.registered)} {done}, {report.unchanged} tidak berubah / unchanged, "
        f"{len(report.refused)} tidak diterima / refused",
        *(
            f"  {one.cell or f'baris / row {one.row}'} {one.column}: {one.reason_id} / {one.reason_en} [{one.code}]"
            for one in report.refused[:_SHOWN]
        ),
    ]
    more = len(report.refused) - _SHOWN
    answer(report.as_dict(), [*lines, *([f"  … {more} lagi / more (--json)"] if more > 0 else [])])
    if report.refused:
        click.get_current_context().exit(1)
