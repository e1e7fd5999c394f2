"""duplicates: families that may be one, for people to decide."""

from __future__ import annotations

import click

from gisapp.cli.options import answer, common_options, workspace_path
from gisapp.cli.progress import progress_bar


@click.group("duplicates", invoke_without_command=True)
@click.option("--period", help="Periode data / period of the registry (terbaru / newest).")
@common_options
@click.pass_context
def duplicates_command(ctx: click.Context, period: str | None) -> None:
    """Cari dugaan keluarga ganda; tidak ada yang digabung / find probable duplicates; none is merged by itself."""
    if ctx.invoked_subcommand is not None:
        return
    from gisapp.registry.duplicates import probable_duplicates
    from gisapp.workspace.folder import open_workspace

    with progress_bar() as progress:
        found = probable_duplicates(open_workspace(workspace_path()), period, progress=progress)
    lines = [
        f"{one.number}: {one.area}  {one.family_a} ~ {one.family_b}  {one.score:.3f}  "
        f"{', '.join(one.reasons)}  [{one.state}]"
        for one in found
    ]
    lines.append(
        f"{len(found)} dugaan. Putuskan: gisapp duplicates decide NOMOR same|different / "
        f"{len(found)} proposals. Decide: gisapp duplicates decide NUMBER same|different"
    )
    answer({"duplicates": [one.as_dict() for one in found]}, lines)


@duplicates_command.command("decide")
@click.argument("number", type=int)
@click.argument("verdict", type=click.Choice(["same", "different"]))
@common_options
def decide_command(number: int, verdict: str) -> None:
    """Catat putusan atas satu dugaan / record a verdict on one proposal."""
    from gisapp.registry.duplicates import decide
    from gisapp.workspace.folder import open_workspace

    done = decide(open_workspace(workspace_path()), number, verdict)
    answer(done.as_dict(), [f"{done.number}: {done.state} ({done.decided_by})"])
