"""init, add, check, doctor."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from gisapp.cli.options import answer, common_options, workspace_path
from gisapp.errors import Problem

ROLES = ("boundary", "facility", "road", "raster", "table")


_SEVERITIES = {"error": "galat / error", "warning": "peringatan / warning", "info": "info"}
_UNITS = {
    "boundary": "wilayah / areas",
    "facility": "sarana / facilities",
    "road": "garis / lines",
    "raster": "raster",
    "table": "baris / rows",
}


def problem_lines(problems: tuple[Problem, ...] | list[Problem]) -> list[str]:
    """Two lines a problem, for people: Indonesian, then English."""
    lines = []
    for problem in problems:
        label = f"  {_SEVERITIES[problem.severity]} ({problem.count}) [{problem.code}]"
        lines.append(f"{label}: {problem.detail_id or problem.detail}")
        if problem.detail_id and problem.detail_id != problem.detail:
            lines.append(f"    {problem.detail}")
    return lines


def layer_line(name: str, role: str, features: int, *more: str) -> str:
    """One line of what a layer holds."""
    return ", ".join([f"{name} ({role}): {features} {_UNITS[role]}", *(text for text in more if text)])


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@common_options
def init_command(folder: Path) -> None:
    """Buat ruang kerja kosong / make an empty workspace."""
    from gisapp.access.secret import create_session_key
    from gisapp.workspace.folder import init_workspace

    workspace = init_workspace(folder)
    create_session_key(workspace.root)
    answer(
        {"workspace": str(workspace.root)},
        [
            f"Ruang kerja siap: {workspace.root}",
            f"Berikutnya: gisapp -w {workspace.root} add BATAS_DESA.geojson --role boundary --name desa "
            "--level desa --key kode",
        ],
    )


@click.command("add")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--role", required=True, type=click.Choice(ROLES), help="Peran lapisan / what the layer is.")
@click.option("--name", required=True, help="Nama lapisan di ruang kerja / name of the layer.")
@click.option("--level", type=click.Choice(["kabupaten", "kecamatan", "desa", "sls"]), help="Tingkat batas / level.")
@click.option("--key", help="Kolom kode wilayah / column of the area code.")
@click.option("--name-column", help="Kolom nama wilayah / column of the area's name.")
@click.option("--kind", help="Jenis, satu untuk semua baris / one kind for every row (SD, puskesmas, population ...).")
@click.option("--kind-column", help="Kolom yang memuat jenis / column that holds the kind.")
@click.option("--class-column", help="Kolom kelas lahan atau jenis kegiatan / column of the class or kind of work.")
@click.option("--capacity-column", help="Kolom daya tampung sarana / column of how many a facility has room for.")
@click.option("--crs", help="EPSG sumber bila berkas tidak menyebutnya / source EPSG where the file has none.")
@click.option("--source", default="", help="Sumber data / where the data come from.")
@click.option("--date", default="", help="Tanggal atau tahun data / date or year of the data.")
@click.option("--licence", default="", help="Lisensi data / licence of the data.")
@click.option(
    "--completeness", type=click.FloatRange(0, 1), help="Bagian yang tercatat / share that is recorded, 0..1."
)
@click.option("--latitude", help="Kolom lintang tabel sarana / latitude column of a facility table.")
@click.option("--longitude", help="Kolom bujur tabel sarana / longitude column of a facility table.")
@click.option("--number", default="", help="Nomor SK daftar sasaran / number of the decree (--kind target_list).")
@click.option("--criteria", default="", help="Kriteria SK, mis. 'desil 1-4' / the decree's criteria.")
@click.option("--programme", default="", help="Program daftar sasaran / programme of the list.")
@click.option("--replace", is_flag=True, help="Ganti lapisan bernama sama / replace the layer of this name.")
@common_options
def add_command(file: Path, role: str, name: str, **options: Any) -> None:  # fmt: skip
    """Periksa sebuah berkas dan tambahkan sebagai lapisan / check a file and add it as a layer."""
    from gisapp.workspace.add import add_layer
    from gisapp.workspace.folder import open_workspace

    decree = {option: options.pop(option) for option in ("number", "criteria", "programme")}
    if role == "table" and options["kind"] == "target_list":
        _add_list(file, name=name, date=options["date"], replace=options["replace"], **decree)
        return
    report = add_layer(open_workspace(workspace_path()), file, role=role, name=name, **options)
    line = layer_line(report.name, report.role, report.features, report.grain, report.crs)
    answer(report.as_dict(), [line, *problem_lines(report.problems)])


def _add_list(file: Path, **options: Any) -> None:
    """A list of names is no layer: it is sealed in the registry and never copied in the clear."""
    from gisapp.cli.lists import list_line
    from gisapp.registry.lists import take_in_list
    from gisapp.workspace.folder import open_workspace

    taken = take_in_list(open_workspace(workspace_path()), file, **options)
    same = ["Berkas yang sama sudah diterima; tidak ada yang berubah. / The same file as before; nothing changed."]
    answer(taken.as_dict(), [list_line(taken), *(same if taken.unchanged else [])])


@click.command("check")
@common_options
def check_command() -> int:
    """Periksa semua lapisan, pengaturan, dan kode / check every layer, setting and code."""
    from gisapp.registry.permitted import expiry_problems
    from gisapp.targeting.presence_problems import presence_problems
    from gisapp.workspace.check import check_workspace
    from gisapp.workspace.folder import open_workspace

    workspace = open_workspace(workspace_path())
    report = check_workspace(workspace)
    more = (*presence_problems(workspace), *expiry_problems(workspace))
    report = replace(report, problems=(*report.problems, *more))
    ill = "Ada kesalahan yang harus diperbaiki. / There are errors to mend."
    lines = ["Baik. / All is well." if report.ok else ill, *problem_lines(report.problems)]
    for layer in report.layers:
        line = layer_line(layer.name, layer.role, layer.features, layer.crs)
        lines += [line, *problem_lines(layer.problems)]
    answer(report.as_dict(), lines)
    return 0 if report.ok else 1


@click.command("doctor")
@common_options
def doctor_command() -> int:
    """Periksa kesehatan ruang kerja dan buang sisa berkas / check the workspace's health, remove left-overs."""
    from gisapp.registry.incoming import waiting_problems
    from gisapp.registry.retention import purged_problems
    from gisapp.registry.sealed import everything_sealed
    from gisapp.workspace.doctor import examine
    from gisapp.workspace.folder import open_workspace

    workspace = open_workspace(workspace_path())
    report = examine(workspace, sealed=everything_sealed(workspace))
    report = replace(report, problems=(*report.problems, *waiting_problems(workspace)))
    if report.ok:
        report = replace(report, problems=(*report.problems, *purged_problems(workspace)))
    verdict = "Baik. / All is well." if report.ok else "Ada masalah. / There are problems."
    answer(report.as_dict(), [verdict, *problem_lines(report.problems)])
    return 0 if report.ok else 1
