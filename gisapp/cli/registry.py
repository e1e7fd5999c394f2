"""ingest, quarantine."""

from __future__ import annotations

from pathlib import Path

import click

from gisapp.cli.intake import intake_lines
from gisapp.cli.options import answer, common_options, given_workspace, workspace_path
from gisapp.cli.progress import progress_bar


@click.command("ingest")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--period", required=True, help="Periode data, mis. 2025 atau 2025-06 / period of the data.")
@click.option("--codes", type=click.Choice(["kemendagri", "bps"]), help="Sistem kode wilayah / code system.")
@click.option("--form", help="Formulir asal / form of origin: p3ke2023, dtsen2026, regsosek2022k, bdt2015.")
@click.option("--mapping", type=click.Path(path_type=Path), help="Pemetaan kolom milik kabupaten / own mapping (TOML).")
@common_options
def ingest_command(file: Path, period: str, codes: str | None, form: str | None, mapping: Path | None) -> None:
    """Terima berkas keluarga menjadi potret periode / take in a household file as a period's snapshot."""
    from gisapp.registry.ingest import ingest
    from gisapp.workspace.folder import open_workspace

    workspace = open_workspace(workspace_path())
    with progress_bar() as progress:
        report = ingest(workspace, file, period=period, codes=codes, form=form, mapping=mapping, progress=progress)
    given = given_workspace()
    answer(report.as_dict(), intake_lines(report, workspace=str(given) if given else None))


@click.command("quarantine")
@click.argument("intake", metavar="IMPORT")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Berkas CSV tujuan / CSV to write."
)
@common_options
def quarantine_command(intake: str, output: Path) -> None:
    """Tulis baris yang ditolak, utuh, dengan alasannya / write one intake's rejected rows, whole, with reasons."""
    from gisapp.registry.quarantine import write_quarantine
    from gisapp.workspace.folder import open_workspace

    rows = write_quarantine(open_workspace(workspace_path()), intake, output)
    answer(
        {"rows": rows, "file": str(output)},
        [
            f"{rows} baris ditulis ke {output}. Berkas ini memuat data pribadi; hapus setelah dipakai.",
            f"{rows} rows written to {output}. This file holds personal data; delete it after use.",
        ],
    )
