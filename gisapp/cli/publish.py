"""publish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from gisapp.cli.options import answer, common_options, workspace_path

if TYPE_CHECKING:
    from gisapp.release.published import Publication


@click.command("publish")
@click.option("--run", "run_id", help="Hasil hitung; bila kosong, yang terbaru / run; the latest where absent.")
@click.option(
    "--collections", default="areas", show_default=True,
    help="areas, pockets, cells, dipisah koma / separated by commas; areas selalu ikut / always among them.",
)  # fmt: skip
@click.option("--k", type=int, help="Angka terkecil bagi umum / smallest count for the public (k_public or larger).")
@click.option("--default", "take_back", is_flag=True, help="Kembali ke bawaan / the default: areas of the latest run.")
@click.option("--show", is_flag=True, help="Hanya tampilkan yang berlaku / only say what holds.")
@common_options
def publish_command(run_id: str | None, collections: str, k: int | None, take_back: bool, show: bool) -> None:
    """Tentukan apa yang dilihat umum tanpa masuk / decide what strangers may see without logging in."""
    from gisapp.access.actors import LOCAL
    from gisapp.release.publishing import publish, published, unpublish
    from gisapp.workspace.folder import open_workspace

    workspace = open_workspace(workspace_path())
    if show:
        found = published(workspace)
    elif take_back:
        found = unpublish(workspace, actor=LOCAL)
    else:
        found = publish(workspace, run_id=run_id, collections=collections.split(","), k=k, actor=LOCAL)
    document = {"run": found.run_id or _newest(workspace), "collections": list(found.collections), "k": found.k}
    answer(document | {"default": found.is_default, "lost": found.lost}, _lines(found, document))


def _newest(workspace: Any) -> str | None:
    """Id of the newest baseline, or None where nothing was run yet."""
    from gisapp.release.publishing import baselines

    return next((sealed.run_id for sealed in baselines(workspace)), None)


def _lines(found: Publication, document: dict[str, Any]) -> list[str]:
    run = document["run"] or "-"
    how = "selalu yang terbaru / always the latest" if found.is_default else "tetap / pinned"
    lines = [
        f"Umum melihat / strangers see: {', '.join(found.collections)}",
        f"  hasil / run {run} ({how}), k = {found.k}",
    ]
    if found.lost:
        lines.append(f"  hasil yang diumumkan sudah tidak ada / the published run is gone: {found.lost}")
    return lines
