"""snapshots: what stands for each period, and what changed between two."""

from __future__ import annotations

import click

from gisapp.cli.options import answer, common_options, workspace_path

_COLUMNS = (
    ("new", "baru / new"),
    ("gone", "hilang / gone"),
    ("moved_in", "pindah masuk / moved in"),
    ("moved_out", "pindah keluar / moved out"),
    ("changed", "berubah / changed"),
    ("unchanged", "tetap / unchanged"),
)


@click.group("snapshots", invoke_without_command=True)
@common_options
@click.pass_context
def snapshots_command(ctx: click.Context) -> None:
    """Daftar potret, atau beda dua potret (diff) / list the snapshots, or compare two of them (diff)."""
    if ctx.invoked_subcommand is not None:
        return
    from gisapp.registry.snapshots import list_snapshots
    from gisapp.workspace.folder import open_workspace

    found = list_snapshots(open_workspace(workspace_path()))
    listed = [
        {
            "period": ref.period, "hash": ref.hash, "families": ref.rows, "form": ref.form, "source": ref.source,
            "accepted_at": ref.accepted_at.isoformat(), "import": ref.import_id,
        }
        for ref in found
    ]  # fmt: skip
    lines = [
        f"{ref.period}  {ref.hash[:12]}  {ref.rows} keluarga / families  {ref.form}  {ref.source}  "
        f"{ref.accepted_at:%Y-%m-%d %H:%M} UTC  ({ref.import_id})"
        for ref in found
    ]
    answer({"snapshots": listed}, lines or ["Belum ada potret. / There is no snapshot yet."])


@snapshots_command.command("diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@common_options
def diff_command(before: str, after: str) -> None:
    """Keluarga baru, hilang, pindah, berubah dari A ke B / families new, gone, moved, changed from A to B.

    A dan B: periode atau awal sidik potret. / A and B: a period, or the beginning of a snapshot's hash.
    """
    from gisapp.registry.differences import compare
    from gisapp.registry.snapshots import find_snapshot
    from gisapp.workspace.folder import open_workspace

    workspace = open_workspace(workspace_path())
    found = compare(workspace, find_snapshot(workspace, before), find_snapshot(workspace, after))
    lines = [
        f"{one.code or 'Kabupaten / district'}: {one.before} -> {one.after}; "
        + ", ".join(f"{title} {getattr(one, name)}" for name, title in _COLUMNS if getattr(one, name))
        for one in (found.total, *found.desa)
    ]
    if found.total.unmatched_before or found.total.unmatched_after:
        lines.append(
            f"Tanpa NIK dan KK, tidak dapat dicocokkan / without NIK and KK, not matched: "
            f"{found.total.unmatched_before} -> {found.total.unmatched_after}"
        )
    lines.append(
        "Angka apa adanya, hanya untuk petugas; jangan diedarkan. / "
        "Exact counts, for staff only: small counts are not hidden here. Do not pass them on."
    )
    answer(found.as_dict(), lines)
