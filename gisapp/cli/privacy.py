"""privacy: the papers under the law on personal data, filled in; and who looked at what, for a breach notice."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from gisapp.cli.options import answer, common_options, workspace_path

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("privacy", invoke_without_command=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder tujuan / folder to write to.")
@common_options
@click.pass_context
def privacy_command(ctx: click.Context, output: Path | None) -> None:
    """Naskah UU 27/2022 yang terisi dari ruang kerja / the papers of the law on personal data, filled in."""
    if ctx.invoked_subcommand is not None:
        return
    if output is None:
        raise click.UsageError("-o FOLDER: sebutkan folder tujuan / say where to write.")
    from gisapp.registry.privacy import write_papers
    from gisapp.workspace.folder import open_workspace

    paths = write_papers(open_workspace(workspace_path()), output)
    lines = ["Lengkapi bagian bertitik, lalu sahkan / fill in the dotted parts and sign:"]
    answer({"files": [str(path) for path in paths]}, [*lines, *(f"  {path}" for path in paths)])


@privacy_command.command("breach")
@click.option("--since", required=True, type=_DAY, help="Sejak tanggal / from this day (YYYY-MM-DD, UTC).")
@click.option("--until", type=_DAY, help="Sampai tanggal / to this day; hari ini bila kosong / today by default.")
@click.option("--actor", help="Pengguna; semua bila kosong / one user; all by default.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder untuk laporan / folder for the notice.")
@common_options
def breach_command(since: datetime, until: datetime | None, actor: str | None, output: Path | None) -> None:
    """Siapa melihat data apa, untuk laporan 3 x 24 jam / who looked at what, for the notice within 3 x 24 hours."""
    from gisapp.registry.privacy import breach, write_breach
    from gisapp.workspace.folder import open_workspace

    workspace = open_workspace(workspace_path())
    found = breach(workspace, since=since.date(), until=until.date() if until else None, who=actor)
    document = found.as_dict()
    lines = [f"{look.at:%Y-%m-%d %H:%M} {look.actor}: {look.action} {look.subject}" for look in found.looks]
    lines += [
        f"{len(found.looks)} kali dilihat / looks; {found.families} keluarga dibuka / families opened; "
        f"{found.rows} baris diunduh / rows handed out.",
        "Jejak audit utuh / audit chain intact." if found.broken is None
        else f"JEJAK AUDIT RUSAK mulai / audit chain broken at event {found.broken}.",
    ]  # fmt: skip
    if output is not None:
        document["file"] = str(write_breach(workspace, found, output))
        lines.append(f"Laporan / notice: {document['file']}")
    answer(document, lines)
