"""export, map, report."""

from __future__ import annotations

from pathlib import Path

import click

from gisapp.cli.options import answer, common_options, workspace_path
from gisapp.cli.progress import progress_bar
from gisapp.columns import ID_COLUMNS
from gisapp.errors import InvalidParameterError

#: Parts of one geometry type, because QGIS and Shapefile want one.
PARTS = ("interventions_point", "interventions_line", "interventions_polygon")
FORMATS = ("geojson", "gpkg", "fgb", "parquet", "shp", "kml", "csv", "xlsx")


@click.command("export")
@click.argument("collection", type=click.Choice([*ID_COLUMNS, *PARTS]))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Berkas tujuan / file to write.")
@click.option("--run", "run_id", help="Hasil hitung; bila kosong, yang terbaru / run; the latest where absent.")
@click.option("--crs", help="EPSG tujuan / target EPSG (4326, 32647, 9477, 23831 ...).")
@click.option("--area", help="Kode wilayah: hanya di dalamnya / area code: only inside it.")
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Bahasa / language.")
@click.option("--format", "file_format", type=click.Choice(FORMATS), help="Bila kosong, menurut akhiran berkas.")
@common_options
def export_command(
    collection: str, output: Path, run_id: str | None, crs: str | None, area: str | None, lang: str,
    file_format: str | None,
) -> None:  # fmt: skip
    """Tulis satu koleksi setelah pelindungan data kecil / write one collection after disclosure control."""
    from gisapp.release.export import export_collection
    from gisapp.targeting.runs import load_run
    from gisapp.workspace.folder import open_workspace

    workspace = open_workspace(workspace_path())
    report = export_collection(
        workspace, load_run(workspace, run_id), collection, output,
        format=file_format, crs=crs, area=area, lang=lang,
    )  # fmt: skip
    document = {"features": report.features, "suppressed": report.suppressed, "sha256": report.sha256}
    answer(document, [f"{output}: {report.features} fitur, {report.suppressed} disembunyikan (data kecil)"])


@click.command("map")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Berkas HTML tujuan.")
@click.option("--run", "run_id", help="Hasil hitung; bila kosong, yang terbaru / run; the latest where absent.")
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Bahasa / language.")
@common_options
def map_command(output: Path, run_id: str | None, lang: str) -> None:
    """Peta satu berkas yang dibuka tanpa internet / a one-file map that opens without internet."""
    from gisapp.release.portable import write_portable_map
    from gisapp.targeting.runs import load_run
    from gisapp.workspace.folder import open_workspace

    if output.suffix.lower() not in (".html", ".htm"):
        raise InvalidParameterError(
            f"{output}: the portable map is one HTML file; name it {output.stem}.html.",
            f"{output}: peta tanpa internet adalah satu berkas HTML; beri nama {output.stem}.html.",
        )
    workspace = open_workspace(workspace_path())
    report = write_portable_map(workspace, load_run(workspace, run_id), output, lang=lang)
    answer(
        {"file": str(output), "bytes": report.size, "sha256": report.sha256},
        [f"{output}: {report.size / 1e6:.1f} MB, dapat dibuka tanpa internet"],
    )


@click.command("report")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Berkas PDF tujuan / to write.")
@click.option("--run", "run_id", help="Hasil hitung; bila kosong, yang terbaru / run; the latest where absent.")
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Bahasa / language.")
@click.option("--public", is_flag=True, help="Sebagaimana diumumkan / as it is published for strangers.")
@common_options
def report_command(output: Path, run_id: str | None, lang: str, public: bool) -> None:
    """Atlas cetak (PDF): kabupaten, tiap wilayah prioritas, usulan, cara dan batasnya / the printable atlas."""
    from gisapp.release.atlas import write_atlas
    from gisapp.release.publishing import published
    from gisapp.targeting.runs import load_run
    from gisapp.workspace.folder import open_workspace

    if output.suffix.lower() != ".pdf":
        raise InvalidParameterError(
            f"{output}: the atlas is a PDF; name it {output.stem}.pdf.",
            f"{output}: atlas adalah PDF; beri nama {output.stem}.pdf.",
        )
    if public and run_id is not None:
        raise InvalidParameterError(
            "--public takes the published run: leave --run out, or publish that run first.",
            "--public memakai hasil yang diumumkan: tanpa --run, atau umumkan dahulu hasil itu.",
        )
    workspace = open_workspace(workspace_path())
    publication = published(workspace) if public else None
    run = load_run(workspace, run_id if publication is None else publication.run_id)
    with progress_bar() as progress:
        report = write_atlas(
            workspace, run, output, lang=lang, audience="public" if public else "staff", publication=publication,
            progress=progress,
        )  # fmt: skip
    answer(
        {
            "file": str(output), "run": run.run_id, "bytes": report.size, "pages": report.pages,
            "pockets": report.pockets, "sha256": report.sha256,
        },
        [f"{output}: {report.pages} halaman, {report.pockets} wilayah prioritas, {report.size / 1e6:.1f} MB"],
    )  # fmt: skip
