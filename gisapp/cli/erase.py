"""erase: one family, everywhere."""

from __future__ import annotations

import sys

import click

from gisapp.cli.options import answer, common_options, workspace_path

_COUNTS = (
    ("identities", "identitas / identities"),
    ("snapshots", "potret ditulis ulang / snapshots written anew"),
    ("quarantined_rows", "baris karantina / quarantined rows"),
    ("list_lines", "baris daftar SK / lines of decree lists"),
    ("updates", "pemutakhiran / updates"),
    ("uploads", "unggahan yang menunggu, semuanya / waiting uploads, all of them"),
    ("runs_affected", "hasil hitung bersumber data lama / runs that now say so"),
)


@click.command("erase")
@click.option("--nik-stdin", "by_nik", is_flag=True, help="Baca NIK dari masukan standar / read a NIK from stdin.")
@click.option(
    "--kk-stdin", "by_kk", is_flag=True, help="Baca No. KK dari masukan standar / read a KK number from stdin."
)
@click.option("--reason", required=True, help="Alasan, tanpa nama dan nomor / the reason, without name and number.")
@common_options
def erase_command(by_nik: bool, by_kk: bool, reason: str) -> None:
    """Hapus satu keluarga dari semua tempat / erase one family everywhere.

    Nomor dibaca dari masukan standar, tidak pernah dari baris perintah. / The number is read from standard input, so
    that it stays in no history of commands.
    """
    if by_nik == by_kk:
        raise click.UsageError("--nik-stdin atau --kk-stdin / either of the two.")
    from gisapp.registry.erasure import erase_family
    from gisapp.workspace.folder import open_workspace

    workspace = open_workspace(workspace_path())
    number = (
        click.prompt("NIK" if by_nik else "No. KK", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    )
    done = erase_family(
        workspace, nik=number if by_nik else None, family_number=number if by_kk else None, reason=reason
    )  # fmt: skip
    told = ", ".join(f"{title}: {getattr(done, name)}" for name, title in _COUNTS if getattr(done, name))
    lines = [f"Dihapus / erased: {told}."]
    if done.backups:
        lines += [
            f"Cadangan berikut masih memuat keluarga ini; hapus dan buat yang baru: {', '.join(done.backups)}.",
            f"These backups still hold the family; delete them and make a new one: {', '.join(done.backups)}.",
        ]
    else:
        lines += [
            "Salinan yang dibuat di luar gisapp tidak tersentuh. / Copies made outside gisapp are not reached.",
        ]
    if done.unknown_sources:
        lines += [
            "Penerimaan tanpa identitas, tidak dapat dicari / intakes without identities, not searched: "
            f"{'; '.join(done.unknown_sources)}"
        ]
    answer(done.as_dict(), lines)
