"""budget."""

from __future__ import annotations

from pathlib import Path

import click

from gisapp.cli.options import answer, common_options, workspace_path
from gisapp.errors import InvalidParameterError


@click.command("budget")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Berkas .xlsx tujuan / to write.")
@click.option("--run", "run_id", help="Hasil hitung; bila kosong, yang terbaru / run; the latest where absent.")
@click.option("--area", help="Kode wilayah: hanya di dalamnya / area code: only inside it.")
@common_options
def budget_command(output: Path, run_id: str | None, area: str | None) -> None:
    """Rencana anggaran biaya (RAB) semua usulan / the budget table of all suggestions, XLSX with formulas."""
    from gisapp.release.budget import write_budget_table
    from gisapp.targeting.runs import load_run
    from gisapp.workspace.folder import open_workspace

    if output.suffix.lower() != ".xlsx":
        raise InvalidParameterError(
            f"{output}: the budget table is a workbook; name it {output.stem}.xlsx.",
            f"{output}: RAB adalah buku kerja; beri nama {output.stem}.xlsx.",
        )
    workspace = open_workspace(workspace_path())
    report = write_budget_table(workspace, load_run(workspace, run_id), output, area=area)
    answer(
        {"rows": report.rows, "suppressed": report.suppressed, "sha256": report.sha256},
        [f"{output}: {report.rows} usulan, {report.suppressed} disembunyikan (data kecil)"],
    )
