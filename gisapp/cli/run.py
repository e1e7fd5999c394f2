"""run, runs."""

from __future__ import annotations

from typing import Any

import click

from gisapp.cli.options import answer, common_options, workspace_path
from gisapp.cli.progress import progress_bar


def run_lines(document: dict[str, Any]) -> list[str]:
    """What a finished run tells people."""
    found = document["pockets"]
    return [
        f"Hasil {document['run']}{' (sudah ada)' if document['cached'] else ''}: "
        f"{found} wilayah prioritas, {document['interventions']} usulan, {document['seconds']:.1f} detik.",
        *(["Tidak ada wilayah prioritas yang signifikan; kuadran prioritas tetap ditampilkan."] if not found else []),
        *_warning_lines(document["warnings"]),
    ]


def _warning_lines(counts: dict[str, int]) -> list[str]:
    from gisapp.targeting.warnings import WARNINGS

    lines = []
    for code, count in sorted(counts.items()):
        id, en = WARNINGS.get(code, (code, code))
        lines += [f"  peringatan / warning [{code}]: {count} {id}", f"    {count} {en}"]
    return lines


def _erased(row: dict[str, Any]) -> str:
    return "  (sumber dihapus sebagian / source partly erased)" if row["source_erased"] else ""


@click.command("run")
@click.option("--period", help="Periode; bila kosong, yang terbaru / period; the latest where absent.")
@click.option("--budget", type=click.FloatRange(min=0), help="Batas anggaran dalam rupiah / budget in rupiah.")
@common_options
def run_command(period: str | None, budget: float | None) -> None:
    """Hitung seluruh analisis dan segel hasilnya / compute the whole analysis and seal it."""
    from gisapp.cli.workspace import problem_lines
    from gisapp.registry.permitted import expiry_problems
    from gisapp.targeting.run import run
    from gisapp.workspace.folder import open_workspace

    workspace = open_workspace(workspace_path())
    with progress_bar() as progress:
        summary = run(workspace, period=period, budget_idr=budget, progress=progress)
    document = summary.as_dict()
    answer(document, [*run_lines(document), *problem_lines(expiry_problems(workspace))])


@click.command("runs")
@common_options
def runs_command() -> None:
    """Daftar hasil yang sudah disegel / what has been sealed."""
    from gisapp.targeting.runs import list_runs
    from gisapp.workspace.folder import open_workspace

    listed = list_runs(open_workspace(workspace_path()))
    lines = [
        f"{row['run']}  {row['period']}  {row['pockets']} wilayah  {row['created_at']}{_erased(row)}" for row in listed
    ]
    answer({"runs": listed}, lines or ["Belum ada hasil. Jalankan: gisapp run"])
