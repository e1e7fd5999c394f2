"""lists: decree lists that were taken in, and how they agree with the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gisapp.cli.options import answer, common_options, workspace_path

if TYPE_CHECKING:
    from gisapp.registry.lists import DecreeList

_COLUMNS = (
    ("found", "terdaftar / registered"),
    ("not_found", "tidak ditemukan / not found"),
    ("damaged", "NIK rusak / NIK damaged"),
    ("eligible_not_on_list", "layak tetapi tidak di daftar / eligible, not on the list"),
)


def list_line(one: DecreeList) -> str:
    """One line of what a list is."""
    decree = " ".join(text for text in (one.number, one.date.isoformat() if one.date else "") if text) or "-"
    return (
        f"{one.name}: {one.entries} baris / lines ({one.damaged} NIK rusak / damaged), SK / decree {decree}, "
        f"desil / deciles {', '.join(str(decile) for decile in one.deciles)}"
    )


@click.group("lists", invoke_without_command=True)
@common_options
@click.pass_context
def lists_command(ctx: click.Context) -> None:
    """Daftar SK yang diterima, atau cocokkan satu (match) / decree lists, or match one with the registry (match)."""
    if ctx.invoked_subcommand is not None:
        return
    from gisapp.registry.lists import list_lists
    from gisapp.workspace.folder import open_workspace

    found = list_lists(open_workspace(workspace_path()))
    lines = [list_line(one) for one in found] or ["Belum ada daftar SK. / There is no decree list yet."]
    answer({"lists": [one.as_dict() for one in found]}, lines)


@lists_command.command("match")
@click.argument("name", metavar="NAME")
@click.option("--period", help="Periode data / period of the registry (terbaru / newest).")
@common_options
def match_command(name: str, period: str | None) -> None:
    """Cocokkan daftar SK dengan data terpadu, per desa / match a decree list with the registry, per desa."""
    from gisapp.registry.list_matching import match_list
    from gisapp.workspace.folder import open_workspace

    found = match_list(open_workspace(workspace_path()), name, period)
    lines = [
        f"{one.code or found.name}: {one.entries} baris / lines; "
        + ", ".join(f"{title} {getattr(one, column)}" for column, title in _COLUMNS)
        for one in (found.total, *found.desa)
    ]
    lines.append(
        "Angka apa adanya, hanya untuk petugas; jangan diedarkan. / "
        "Exact counts, for staff only: small counts are not hidden here. Do not pass them on."
    )
    answer(found.as_dict(), lines)
