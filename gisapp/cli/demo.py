"""demo: a synthetic district, made, taken in as any other, analysed, scored against its own truth, and served."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gisapp.cli.options import answer, common_options, given_workspace
from gisapp.cli.progress import progress_bar
from gisapp.cli.run import run_lines
from gisapp.cli.serve import serve
from gisapp.cli.training import declare_training, prepare_cases, training_lines, training_provenance
from gisapp.errors import GisappError, PermissionRefusedError
from gisapp.progress import Progress

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from gisapp.demo.files import DemoFiles
    from gisapp.workspace.folder import Workspace

DEFAULT_FOLDER = Path("demo-workspace")
DEFAULT_SEED = 20250205
PROFILES = ("langkat", "labuhanbatu_selatan")


@click.command("demo")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--households", type=click.IntRange(min=100), help="Keluarga terdaftar / families that are registered.")
@click.option("--seed", type=click.IntRange(min=0), default=DEFAULT_SEED, show_default=True, help="Benih / seed.")
@click.option(
    "--profile", type=click.Choice(PROFILES), default=PROFILES[0], show_default=True, help="Profil / profile."
)
@click.option("--boundaries", type=click.Path(path_type=Path), help="Batas desa nyata / real desa boundaries.")
@click.option("--key", help="Kolom kode di berkas --boundaries / code column of the --boundaries file.")
@click.option("--training", is_flag=True, help="Untuk latihan enam peran / for the exercise of six roles (LATIHAN).")
@click.option("--host", default="127.0.0.1", show_default=True, help="Alamat mesin ini / loopback address.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: yang bebas / any free."
)
@click.option("--no-serve", is_flag=True, help="Buat dan hitung saja / make and compute only.")
@common_options
def demo_command(folder: Path | None, host: str, port: int, no_serve: bool, **options: Any) -> None:
    """Kabupaten contoh yang seluruhnya tiruan / a district that is synthetic throughout.

    Di ruang kerja yang sudah ada, hanya yang belum ada yang dibuat / in an existing workspace only what is absent.
    """
    from gisapp.access.demo_users import demo_user_lines

    root = folder or given_workspace() or DEFAULT_FOLDER
    with progress_bar() as progress:
        document = make_demo(root, progress=progress, **options)
    lines = [
        f"Ruang kerja: {document['workspace']} (data contoh, SINTETIS / synthetic)",
        *run_lines(document),
        *(recovery_line(row) for row in document["recovery"]),
        *demo_user_lines(document["users"]),
        *(training_lines(document["training"]) if document.get("training") else []),
    ]
    answer(document, lines)
    if not no_serve:
        serve(Path(document["workspace"]), host=host, port=port, workers=4)


def make_demo(
    root: Path,
    *,
    households: int | None,
    seed: int,
    profile: str,
    boundaries: Path | None,
    progress: Progress,
    key: str | None = None,
    training: bool = False,
) -> dict[str, Any]:
    """Make what is absent in a workspace, take it in, run, and score; returns the values of ``demo --json``.

    ``training``: mark it LATIHAN throughout, and prepare the cases of the exercise (the answer counts them by state).
    """
    from gisapp.access.demo_users import create_demo_users
    from gisapp.targeting.run import run

    workspace = prepare(root, seed=seed, boundaries=boundaries, key=key)
    workspace = declare_training(workspace) if training else workspace
    with tempfile.TemporaryDirectory(prefix="gisapp-demo-") as scratch:
        files = make_files(workspace, Path(scratch), households=households, seed=seed, profile=profile)
        workspace, truth = take_in(workspace, files, progress)
        summary = run(workspace, progress=progress)
        recovery = score(workspace, summary.run_id, truth)
        users = [user.as_dict() for user in create_demo_users(workspace)]
        cases = prepare_cases(workspace, files.registry[max(files.registry)]) if training else None
    document = {**summary.as_dict(), "workspace": str(workspace.root), "recovery": recovery, "users": users}
    return document if cases is None else {**document, "training": cases}


def prepare(root: Path, *, seed: int, boundaries: Path | None, key: str | None) -> Workspace:
    """Open the workspace, or make one with the given boundaries; boundaries that are refused leave no folder behind."""
    from gisapp.workspace.folder import init_workspace, open_workspace
    from gisapp.workspace.settings import FILE_NAME

    if (root / FILE_NAME).is_file():
        workspace = open_workspace(root)
        refuse_real_families(workspace)
        return workspace if boundaries is None else add_boundaries(workspace, boundaries, key)
    workspace = init_workspace(root, synthetic=True, seed=seed)
    if boundaries is None:
        return workspace
    try:
        return add_boundaries(workspace, boundaries, key)
    except GisappError:
        shutil.rmtree(root)
        raise


def refuse_real_families(workspace: Workspace) -> None:
    """Refuse to lay made-up layers under families that nobody declared to be made up."""
    from gisapp.registry.snapshots import latest_snapshot

    if not workspace.settings.synthetic and latest_snapshot(workspace) is not None:
        raise PermissionRefusedError(
            f"{workspace.root} holds families that are not synthetic: made-up data are never laid beside them. "
            "Give `gisapp demo` a new folder.",
            f"{workspace.root} memuat keluarga yang bukan data contoh: data tiruan tidak pernah dicampur dengannya. "
            "Berikan folder baru kepada `gisapp demo`.",
            code="real_families",
        )


def add_boundaries(workspace: Workspace, boundaries: Path, key: str | None) -> Workspace:
    """Add real desa boundaries unless there are some, the column of their code found by its usual names."""
    from gisapp.workspace.add import add_layer
    from gisapp.workspace.boundaries import find_key_column
    from gisapp.workspace.folder import open_workspace

    if workspace.catalog.boundary("desa") is None:
        column = key or find_key_column(boundaries, level="desa")
        add_layer(workspace, boundaries, role="boundary", name="desa", level="desa", key=column)
    return open_workspace(workspace.root)


def make_files(workspace: Workspace, scratch: Path, *, households: int | None, seed: int, profile: str) -> DemoFiles:
    """Write the files of the district that the workspace does not have yet."""
    from gisapp.demo.district import make_district
    from gisapp.workspace.layers import read_boundary

    present: gpd.GeoDataFrame | None = None
    if workspace.catalog.boundary("desa") is not None:
        present = read_boundary(workspace, "desa")
    return make_district(
        scratch, seed=seed, households=households, profile=profile, boundaries=present, skip=what_is_there(workspace)
    )


def what_is_there(workspace: Workspace) -> set[str]:
    """Names, as the demo calls them, of the things that this workspace has already."""
    from gisapp.catalog.spec import CONTEXT_KINDS, PUBLIC_LAND_KIND, WORKS_KIND
    from gisapp.workspace.layers import facility_kinds

    catalog = workspace.catalog
    there = {"boundary" if level == "desa" else level for level in ("desa", "kecamatan", "kabupaten")
             if catalog.boundary(level) is not None}  # fmt: skip
    there |= {f"facility:{kind}" for kind in facility_kinds(workspace)}
    there |= {"river" if spec.kind == "sungai" else "road" for spec in catalog.roads()}
    there |= {f"raster:{spec.kind}" for spec in catalog.rasters()}
    there |= {kind for kind in CONTEXT_KINDS if catalog.polygons(kind)}
    there |= {PUBLIC_LAND_KIND} if catalog.shaped(PUBLIC_LAND_KIND) else set()
    there |= {"works"} if catalog.shaped(WORKS_KIND) or catalog.tables("planned_works") else set()
    there |= {"population_table"} if catalog.tables("population") else set()
    there |= {kind for kind in ("published_poverty", "expected_families", "direct_estimates") if catalog.tables(kind)}
    return there


def take_in(workspace: Workspace, files: DemoFiles, progress: Progress) -> tuple[Workspace, pd.DataFrame]:
    """Add every file as a user would, and ingest every period where the workspace holds no families yet.

    Returns the workspace and what was planted in the families that it holds.
    """
    from gisapp.demo.files import read_truth
    from gisapp.registry.ingest import ingest
    from gisapp.registry.snapshots import latest_snapshot
    from gisapp.workspace.folder import open_workspace

    truth = workspace.root / files.truth_file.name
    if latest_snapshot(workspace) is not None and truth.is_file():
        return workspace, read_truth(truth)
    add_layers(workspace, files, progress)
    workspace = declare_synthetic(open_workspace(workspace.root))
    for period, path in files.registry.items():
        provenance = training_provenance() if workspace.settings.training else None
        ingest(workspace, path, period=period, form="regsosek2022k", provenance=provenance, progress=progress)
    keep_truth(workspace, files)
    return workspace, files.truth


def add_layers(workspace: Workspace, files: DemoFiles, progress: Progress) -> None:
    """Add the files of the demo that the workspace does not have yet."""
    from gisapp.workspace.add import add_layer
    from gisapp.workspace.folder import open_workspace

    for number, layer in enumerate(files.layers):
        progress("add layers", number, len(files.layers))
        add_layer(
            open_workspace(workspace.root), layer.path, role=layer.role, name=layer.name, level=layer.level,
            key=layer.key, kind=layer.kind, kind_column=layer.kind_column, crs=layer.crs, source=layer.source,
            date=layer.date, completeness=layer.completeness,
        )  # fmt: skip
    progress("add layers", len(files.layers), len(files.layers))


def declare_synthetic(workspace: Workspace) -> Workspace:
    """Say in gisapp.toml that the families are made up, before the first of them is taken in."""
    from gisapp.store.files import atomic_write_bytes
    from gisapp.workspace.folder import open_workspace
    from gisapp.workspace.settings import fill_settings_text

    text = workspace.settings_path.read_text(encoding="utf-8")
    atomic_write_bytes(workspace.settings_path, fill_settings_text(text, {"synthetic": True}).encode())
    return open_workspace(workspace.root)


def keep_truth(workspace: Workspace, files: DemoFiles) -> None:
    """Keep what was planted beside the workspace's layers, so that recovery can be scored again."""
    from gisapp.store.files import atomic_write_bytes

    atomic_write_bytes(workspace.root / files.truth_file.name, files.truth_file.read_bytes())


def score(workspace: Workspace, run_id: str, truth: pd.DataFrame) -> list[dict[str, Any]]:
    """Precision, recall and F1 in families, over all and by planted relative risk."""
    from gisapp.analysis.finding.recovery import recovery
    from gisapp.targeting.runs import load_run

    areas = load_run(workspace, run_id).collection("areas")
    desa = areas.loc[areas["level"].eq("desa")].set_index("code")
    planted = truth.set_index("code")["relative_risk"].reindex(desa.index).fillna(1.0)
    families = desa["population_families"].fillna(desa["families"]).astype("float64")
    scores = recovery(desa["pocket_id"].notna(), planted, families=families)
    rounded = scores.astype("float64").round(4).reset_index()
    return [
        {name: (None if value != value else value) for name, value in row.items()} for row in rounded.to_dict("records")
    ]


def recovery_line(row: dict[str, Any]) -> str:
    """One line of what was planted and found again."""

    def percent(value: float | None) -> str:
        return "–" if value is None else f"{100 * value:.0f} %"

    strength = "semua / all" if row["strength"] == "all" else f"risiko relatif {row['strength']}"
    return (
        f"  ditemukan kembali / recovered, {strength}: presisi {percent(row['precision'])}, "
        f"recall {percent(row['recall'])}, F1 {percent(row['f1'])}"
    )
