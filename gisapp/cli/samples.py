"""samples: synthetic household files of each form over this workspace's desa, for trying an intake out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gisapp.cli.options import answer, common_options, workspace_path
from gisapp.errors import NotFoundError

if TYPE_CHECKING:
    import geopandas as gpd

    from gisapp.demo.samples import Sample
    from gisapp.workspace.folder import Workspace

_FORMS = ("regsosek2022k", "dtsen2026", "p3ke2023", "bdt2015")


@click.command("samples")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--form", type=click.Choice(_FORMS), multiple=True, help="Formulir; semua bila kosong / form; all.")
@click.option("--families", type=click.IntRange(min=300), help="Keluarga per berkas / families of each file [400].")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Benih / seed.")
@common_options
def samples_command(folder: Path, form: tuple[str, ...], families: int | None, seed: int) -> None:
    """Berkas keluarga contoh tiap formulir, dengan cacat yang dihitung / sample household files with known defects.

    Seluruhnya tiruan; untuk mencoba penerimaan berkas / synthetic throughout, for trying an intake out.
    """
    from gisapp.demo.samples import make_samples
    from gisapp.workspace.folder import open_workspace

    workspace = open_workspace(workspace_path())
    made = make_samples(folder, desa_with_codes(workspace), seed=seed, families=families, forms=form or None)
    answer({"samples": [_document(one) for one in made]}, [line for one in made for line in _lines(one)])


def desa_with_codes(workspace: Workspace) -> gpd.GeoDataFrame:
    """Desa of the workspace, with the other system's codes (``bps``) where a crosswalk gives them all."""
    from gisapp.workspace.layers import read_boundary, read_table

    desa = read_boundary(workspace, "desa") if workspace.catalog.boundary("desa") is not None else None
    if desa is None:
        raise NotFoundError(
            "This workspace has no desa boundary to lay families on: gisapp add FILE --role boundary --level desa",
            "Ruang kerja ini belum punya batas desa: gisapp add BERKAS --role boundary --level desa",
            code="no_boundary",
        )
    if not workspace.catalog.tables("crosswalk") or workspace.settings.code_system != "kemendagri":
        return desa
    pairs: dict[str, str] = {}
    for table in read_table(workspace, "crosswalk"):
        pairs.update(zip(table["kode_kemendagri"].astype(str), table["kode_bps"].astype(str), strict=True))
    codes = [pairs.get(str(code)) for code in desa["code"]]
    return desa.assign(bps=codes) if all(codes) else desa


def _document(sample: Sample) -> dict[str, Any]:
    return {
        "form": sample.form, "csv": str(sample.csv), "xlsx": str(sample.xlsx), "codes": sample.codes,
        "mapping": str(sample.mapping) if sample.mapping else None, "rows": sample.rows, "accepted": sample.accepted,
        "families": sample.families, "reasons": sample.defects.reasons, "warnings": sample.defects.warnings,
        "probable_duplicates": len(sample.probable),
    }  # fmt: skip


def _lines(sample: Sample) -> list[str]:
    vocabulary = f"--mapping {sample.mapping}" if sample.mapping else f"--form {sample.form}"
    declared = f" --codes {sample.codes}" if sample.codes else ""
    return [
        f"{sample.form}: {sample.csv.name}, {sample.xlsx.name} – {sample.rows} baris / rows, {sample.accepted} "
        f"diterima / accepted, {sample.rows - sample.accepted} ditolak / rejected (SINTETIS)",
        f"  gisapp ingest {sample.csv} --period 2026-{sample.form[:4]} {vocabulary}{declared}",
    ]
