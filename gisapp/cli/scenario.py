"""scenario, and what ``runs diff`` tells of two plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from gisapp.cli.amounts import rupiah
from gisapp.cli.options import answer, common_options, workspace_path
from gisapp.errors import NotFoundError

if TYPE_CHECKING:
    from gisapp.targeting.runs import Run
    from gisapp.workspace.folder import Workspace

_SNAPSHOTS = (
    "Keluarga tidak dibandingkan: kedua hasil memakai potret data yang berbeda. / "
    "Families are not compared: the runs are of different snapshots."
)


@click.group("scenario", invoke_without_command=True)
@common_options
@click.pass_context
def scenario_command(ctx: click.Context) -> None:
    """Daftar skenario, atau yang baru (new) / what scenarios there are, or a new one (new)."""
    if ctx.invoked_subcommand is not None:
        return
    from gisapp.targeting.scenarios import scenario_states
    from gisapp.workspace.folder import open_workspace

    states = [state.as_dict() for state in scenario_states(open_workspace(workspace_path()))]
    lines = [_state_line(state) for state in states]
    answer({"scenarios": states}, lines or ["Belum ada skenario. Buat / none yet, make one: gisapp scenario new NAMA"])


@scenario_command.command("new")
@click.argument("name", metavar="NAME")
@common_options
def new_command(name: str) -> None:
    """Tulis berkas skenario yang dapat diisi / write a commented file to fill in."""
    from datetime import UTC, datetime

    from gisapp.workspace.folder import open_workspace
    from gisapp.workspace.scenario_text import new_scenario

    path = new_scenario(open_workspace(workspace_path()), name, today=datetime.now(UTC).date().isoformat())
    answer(
        {"name": name, "path": str(path)},
        [f"{path}", f"Isi berkas itu, lalu / fill it in, then: gisapp run --scenario {name}"],
    )


def _state_line(state: dict[str, Any]) -> str:
    if state["problem"]:
        return f"{state['name']}: {state['problem_id']} / {state['problem']}"
    run = state["run"] or "belum dihitung / not computed"
    changed = "  (berkas diubah sejak dihitung / file changed since)" if state["changed"] else ""
    return f"{state['name']}  {run}  {state['title'] or '(berkas tidak ada / no file)'}{changed}"


def plans_beside(workspace: Workspace, before: Run, after: Run) -> dict[str, Any]:
    """Both plans after disclosure control; ``why`` where a run is too old to tell."""
    from gisapp.release.plans import compared

    try:
        return compared(workspace, before, after)
    except NotFoundError as error:
        if error.code != "no_reached":
            raise
        return {"why": error.en, "why_id": error.id}


def plan_lines(plans: dict[str, Any]) -> list[str]:
    """What people read of two plans; small counts are withheld and the others told in steps."""
    if "why" in plans:
        return [f"Usulan / plans: {plans['why_id']} / {plans['why']}"]
    before, after = plans["plans"]
    sites, k = plans["sites"], plans["k"]
    lines = [
        f"Usulan / plans: {before['suggestions']} -> {after['suggestions']}, "
        f"{rupiah(before['cost_idr'])} -> {rupiah(after['cost_idr'])}",
        f"  harga / prices: {'; '.join(sorted({*before['cost_sources'], *after['cost_sources']})) or '-'}",
        f"  keluarga dijangkau / families reached: {_shown(before['families'], k)} -> {_shown(after['families'], k)}",
        f"  lokasi bersama / shared: {len(sites['shared'])}, hanya A / only A: {len(sites['only_before'])}, "
        f"hanya B / only B: {len(sites['only_after'])} (≤ {plans['within_m']:.0f} m)",
    ]
    if plans["families"] is None:
        lines.append(f"  {_SNAPSHOTS}")
    else:
        both, gained, lost = (_shown(plans["families"][name], k) for name in ("both", "gained", "lost"))
        lines.append(f"  dijangkau keduanya / by both: {both}, bertambah / gained: {gained}, hilang / lost: {lost}")
    words = ("rentang bagian antarkecamatan / spread between kecamatan", "Gini")
    for word, name in zip(words, ("spread", "gini"), strict=True):
        old, new = (_number(one[name]) for one in plans["fairness"])
        lines.append(f"  {word}: {old} -> {new}")
    lines.append(f"  Jumlah keluarga dibulatkan ke kelipatan {k} / counts of families are told in steps of {k}.")
    return lines


def _shown(count: int | None, k: int) -> str:
    return f"< {k}" if count is None else str(count)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
