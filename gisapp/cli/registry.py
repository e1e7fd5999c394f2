"""ingest, quarantine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gisapp.access.actors import LOCAL
from gisapp.cli.intake import intake_lines
from gisapp.cli.options import answer, common_options, given_workspace, wants_json, workspace_path
from gisapp.cli.progress import progress_bar

if TYPE_CHECKING:
    from gisapp.workspace.folder import Workspace


@click.command("ingest")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--period", help="Periode data, mis. 2025 atau 2025-06 / period of the data.")
@click.option("--preview", is_flag=True, help="Lihat dulu, tidak menyimpan apa pun / look first, store nothing.")
@click.option("--codes", type=click.Choice(["kemendagri", "bps"]), help="Sistem kode wilayah / code system.")
@click.option("--form", help="Formulir asal / form of origin: p3ke2023, dtsen2026, regsosek2022k, bdt2015.")
@click.option("--mapping", help="Pemetaan kolom: nama atau berkas TOML / own mapping: saved name or TOML file.")
@click.option("--save-mapping", metavar="NAME", help="Simpan pemetaan dengan nama ini / keep the mapping by name.")
@click.option("--sheet", help="Lembar buku kerja / sheet of a workbook.")
@click.option("--bast", default="", help="Nomor BAST / number of the hand-over minutes.")
@click.option("--received-from", default="", help="Diterima dari / who handed it over.")
@click.option("--purpose", default="", help="Tujuan penggunaan / what it may be used for.")
@click.option(
    "--permitted-use",
    type=click.Choice(["full", "end_user"]),
    default="full",
    help="full: boleh diteruskan per nama / may be passed on by name; end_user: tidak boleh / may not.",
)
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="Batas waktu pemakaian / use ends on (YYYY-MM-DD).")
@common_options
def ingest_command(file: Path, *, preview: bool, **given: Any) -> None:
    """Terima berkas keluarga menjadi potret periode / take in a household file as a period's snapshot."""
    from gisapp.registry.mappings import find_mapping, save_mapping
    from gisapp.workspace.folder import open_workspace

    workspace = open_workspace(workspace_path())
    named = given["mapping"]
    mapping = find_mapping(workspace, named) if named is not None else None
    options = {name: given[name] for name in ("codes", "form", "sheet", "period")} | {"mapping": mapping}
    if preview:
        _preview(workspace, file, options)
        return
    if given["period"] is None:
        raise click.UsageError("--period: sebutkan periodenya, mis. 2025 / say which period, e.g. 2025.")
    _ingest(workspace, file, options, given)
    if given["save_mapping"] is not None and mapping is not None:
        save_mapping(workspace, given["save_mapping"], mapping.read_text(encoding="utf-8"), LOCAL)


def _preview(workspace: Workspace, file: Path, options: dict[str, Any]) -> None:
    from gisapp.cli.preview import show_preview
    from gisapp.registry.preview import preview

    seen = preview(workspace, file, **options)
    if wants_json():
        answer(seen.as_dict(), [])
    else:
        show_preview(seen)
    if seen.refusal is not None:
        raise click.exceptions.Exit(1)


def _ingest(workspace: Workspace, file: Path, options: dict[str, Any], given: dict[str, Any]) -> None:
    from gisapp.registry.ingest import ingest
    from gisapp.registry.plan import Provenance

    provenance = Provenance(
        bast_number=given["bast"], received_from=given["received_from"], purpose=given["purpose"],
        permitted_use=given["permitted_use"], expires_on=given["expires"].date() if given["expires"] else None,
    )  # fmt: skip
    with progress_bar() as progress:
        report = ingest(workspace, file, **options, provenance=provenance, progress=progress)
    place = given_workspace()
    answer(report.as_dict(), intake_lines(report, workspace=str(place) if place else None))


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
