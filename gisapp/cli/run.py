"""run, runs."""

from __future__ import annotations

import math
from typing import Any

import click

from gisapp.cli.amounts import grouped, rupiah
from gisapp.cli.options import answer, common_options, workspace_path
from gisapp.cli.progress import progress_bar


def run_lines(document: dict[str, Any]) -> list[str]:
    """What a finished run tells people."""
    found = document["pockets"]
    named = f" skenario {document['scenario']}" if document.get("scenario") else ""
    return [
        f"Hasil {document['run']}{named}{' (sudah ada)' if document['cached'] else ''}: "
        f"{found} wilayah prioritas, {document['interventions']} usulan, {document['seconds']:.1f} detik.",
        *_budget_lines(document),
        *(["Tidak ada wilayah prioritas yang signifikan; kuadran prioritas tetap ditampilkan."] if not found else []),
        *_warning_lines(document["warnings"]),
    ]


def _budget_lines(document: dict[str, Any]) -> list[str]:
    """The budget that chose among the suggestions, written out, so that a wrong number of zeros is seen."""
    if document["budget_idr"] is None:
        return []
    amount = rupiah(document["budget_idr"])
    return [f"Anggaran / budget: {amount}, untuk usulan strategi 2-5 / for suggestions of strategies 2 to 5."]


def _warning_lines(counts: dict[str, int]) -> list[str]:
    from gisapp.targeting.warnings import WARNINGS

    lines = []
    for code, count in sorted(counts.items()):
        id, en = WARNINGS.get(code, (code, code))
        lines += [f"  peringatan / warning [{code}]: {count} {id}", f"    {count} {en}"]
    return lines


def _named(row: dict[str, Any]) -> str:
    return f"  skenario / scenario {row['scenario']}" if row["scenario"] else ""


def _erased(row: dict[str, Any]) -> str:
    return "  (sumber dihapus sebagian / source partly erased)" if row["source_erased"] else ""


class _Rupiah(click.FloatRange):
    """A finite number of rupiah from 0: NaN and infinity are numbers to Python, not amounts."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        amount = super().convert(value, param, ctx)
        if not math.isfinite(amount):
            self.fail(f"{value} bukan jumlah rupiah / is no amount of rupiah.", param, ctx)
        return amount


_RUPIAH = _Rupiah(min=0)
#: Numbers from here on are amounts that nobody reads without groups of three.
_LARGE = 100_000


@click.command("run")
@click.option("--period", help="Periode; bila kosong, yang terbaru / period; the latest where absent.")
@click.option("--budget", type=_RUPIAH, help="Batas anggaran dalam rupiah / budget in rupiah.")
@click.option("--scenario", help="Nama skenario; tidak menjadi hasil dasar / a scenario; it never is the baseline.")
@common_options
def run_command(period: str | None, budget: float | None, scenario: str | None) -> None:
    """Hitung seluruh analisis dan segel hasilnya / compute the whole analysis and seal it."""
    from gisapp.cli.workspace import problem_lines
    from gisapp.registry.permitted import expiry_problems
    from gisapp.targeting.run import run
    from gisapp.workspace.folder import open_workspace

    workspace = open_workspace(workspace_path())
    with progress_bar() as progress:
        summary = run(workspace, period=period, budget_idr=budget, scenario=scenario, progress=progress)
    document = summary.as_dict()
    answer(document, [*run_lines(document), *problem_lines(expiry_problems(workspace))])


@click.group("runs", invoke_without_command=True)
@common_options
@click.pass_context
def runs_command(ctx: click.Context) -> None:
    """Daftar hasil yang sudah disegel, atau beda dua hasil (diff) / what has been sealed, or what changed (diff)."""
    if ctx.invoked_subcommand is not None:
        return
    from gisapp.targeting.runs import list_runs
    from gisapp.workspace.folder import open_workspace

    listed = list_runs(open_workspace(workspace_path()))
    lines = [
        f"{row['run']}  {row['period']}  {row['pockets']} wilayah  {row['created_at']}{_named(row)}{_erased(row)}"
        for row in listed
    ]
    answer({"runs": listed}, lines or ["Belum ada hasil. Jalankan: gisapp run"])


@runs_command.command("diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@common_options
def diff_command(before: str, after: str) -> None:
    """Apa yang berubah dari hasil A ke B, dan sebabnya / what changed from run A to run B, and why.

    A dan B: id hasil, atau nama skenario / ids of runs, or names of scenarios.
    """
    from gisapp.cli.scenario import plan_lines, plans_beside
    from gisapp.targeting.differences import compare_runs
    from gisapp.targeting.runs import load_run
    from gisapp.workspace.folder import open_workspace

    workspace = open_workspace(workspace_path())
    runs = load_run(workspace, before), load_run(workspace, after)
    found = compare_runs(*runs)
    plans = plans_beside(workspace, *runs)
    answer({**found, "plans": plans}, [*diff_lines(found), *plan_lines(plans)])


def _value(value: Any) -> str:
    """A parameter for people: amounts in groups of three, tables as names and values, nothing as a dash."""
    if isinstance(value, dict):
        return "; ".join(f"{name} {_value(one)}" for name, one in value.items() if one not in (None, {}, [])) or "-"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "-"
    if value is None:
        return "-"
    large = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= _LARGE
    return grouped(value) if large else str(value)


def diff_lines(found: dict[str, Any]) -> list[str]:
    """What ``runs diff`` tells people."""
    why = found["why"]
    lines = [f"{found['before']} ({found['periods'][0]}) -> {found['after']} ({found['periods'][1]})"]
    lines += [f"  {name}: {pair[0]} -> {pair[1]}" for name in ("version", "parent") if (pair := why[name])]
    words = {"added": "masukan baru / new", "removed": "masukan hilang / gone", "changed": "masukan berubah / changed"}
    lines += [f"  {words[kind]}: {', '.join(names)}" for kind, names in why["inputs"].items() if names]
    settings = {name: pair for name, pair in why["parameters"].items() if not name.startswith("sources.")}
    lines += [f"  {name}: {_value(old)} -> {_value(new)}" for name, (old, new) in settings.items()]
    lines += [f"Wilayah prioritas / pocket {_pocket_line(row)}" for row in found["pockets"]]
    for row in found["areas"]:
        lines.append(f"  {row['code']} {row['name']}: {row['before'] or '-'} -> {row['after'] or '-'}")
    lines.append(
        "Angka apa adanya, hanya untuk petugas; jangan diedarkan. / "
        "Exact counts, for staff only: small counts are not hidden here. Do not pass them on."
    )
    return lines


def _pocket_line(row: dict[str, Any]) -> str:
    """One pocket: its id and name, how many families and poor families it had and has, and where it comes from."""
    old, new = row["before"], row["after"]
    then = f"{old['poor_families']}/{old['families']}" if old else "-"
    now = f"{new['poor_families']}/{new['families']}" if new else "-"
    past = f" [{row['lineage']}: {', '.join(row['parents']) or '-'}]" if row.get("lineage") else ""
    return f"{row['pocket_id']} {(new or old)['name']}: {then} -> {now}{past}"
