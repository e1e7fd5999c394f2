"""backup, restore, keys."""

from __future__ import annotations

from pathlib import Path

import click

from gisapp.cli.options import answer, common_options, workspace_path
from gisapp.cli.progress import progress_bar


@click.command("backup")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--no-key", is_flag=True, help="Jangan tulis FILE.key / do not write FILE.key.")
@common_options
def backup_command(file: Path, no_key: bool) -> None:
    """Cadangkan seluruh ruang kerja ke satu berkas terenkripsi / back the workspace up to one encrypted file."""
    from gisapp.workspace.backup import backup
    from gisapp.workspace.folder import open_workspace

    workspace = open_workspace(workspace_path())
    with progress_bar() as progress:
        report = backup(workspace, file, with_key=not no_key, progress=progress)
    lines = [
        f"{report.file}: {report.bytes / 1e6:.1f} MB, {report.snapshots} potret / snapshots, "
        f"{report.runs} hasil / runs, sha256 {report.sha256}",
        *(f"  galat / error: {name} hilang atau berubah / is gone or was changed" for name in report.unsound),
    ]
    if report.key_file is not None:
        lines += [
            f"PENTING: {report.key_file} membuka cadangan ini. Simpan TERPISAH dari cadangan (tempat lain, orang "
            "lain). Siapa yang memegang keduanya dapat membaca data pribadi; tanpa kunci, cadangan tidak berguna.",
            f"IMPORTANT: {report.key_file} opens this backup. Keep it APART from the backup (another place, another "
            "person). Whoever holds both can read personal data; without the key the backup is useless.",
        ]
    else:
        lines += [
            "Kunci tidak ditulis: cadangan ini hanya terbuka dengan keys/vault.key ruang kerja ini. Simpan salinannya.",
            "No key was written: only this workspace's keys/vault.key opens this backup. Keep a copy of it.",
        ]
    answer(report.as_dict(), lines)


@click.command("restore")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--key", type=click.Path(path_type=Path),
    help="Berkas kunci / key file (default: keys/vault.key di folder tujuan, lalu FILE.key).",
)  # fmt: skip
@common_options
def restore_command(file: Path, key: Path | None) -> None:
    """Pulihkan cadangan ke folder -w yang baru atau kosong / restore a backup into the new or empty folder -w."""
    from gisapp.workspace.restore import restore

    report = restore(file, workspace_path(), key=key)
    answer(
        report.as_dict(),
        [
            f"Ruang kerja dipulihkan: {report.workspace} ({report.files} berkas, {report.snapshots} potret, "
            f"{report.runs} hasil; cadangan {report.created_at}).",
            f"Restored: {report.workspace} ({report.files} files, {report.snapshots} snapshots, {report.runs} runs; "
            f"backup of {report.created_at}). Next: gisapp doctor -w {report.workspace}",
        ],
    )


@click.group("keys")
@common_options
def keys_command() -> None:
    """Kunci ruang kerja / the keys of the workspace."""


@keys_command.command("show")
@common_options
def show_command() -> None:
    """Tampilkan id kunci, tidak pernah kuncinya / show the ids of the keys, never a key."""
    from gisapp.store.rotation import key_ids
    from gisapp.store.vault import open_ring
    from gisapp.workspace.folder import open_workspace

    key, *former = key_ids(open_ring(open_workspace(workspace_path()).root))
    answer(
        {"key": key, "former": former},
        [f"{key}  berlaku / current", *(f"{one}  lama, hanya membaca / former, reads only" for one in former)],
    )


@keys_command.command("rotate")
@common_options
def rotate_command() -> None:
    """Ganti kunci dan enkripsi ulang semuanya / change the key and encrypt everything anew."""
    from gisapp.registry.sealed import everything_sealed
    from gisapp.store.rotation import rotate
    from gisapp.workspace.folder import open_workspace

    workspace = open_workspace(workspace_path())
    done = rotate(workspace.root, workspace.database, everything_sealed(workspace))
    counts = ", ".join(f"{name}: {count}" for name, count in done.sealed.items())
    answer(
        done.as_dict(),
        [
            f"Kunci baru / new key: {done.key}. Dienkripsi ulang / encrypted anew: {counts}.",
            "Buat cadangan baru sekarang, dan simpan kuncinya terpisah. Cadangan lama tetap memakai kunci lamanya.",
            "Make a new backup now, and keep its key apart. Older backups still need the key they were made with.",
        ],
    )
