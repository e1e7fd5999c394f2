"""A brought file becomes a layer: checked, repaired with a report, stored whole or not at all."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gisapp.catalog.load import check_layer_name, load_catalog, read_layer_toml
from gisapp.catalog.spec import ROLES, SHAPED_KINDS, LayerSpec
from gisapp.catalog.strict import quote
from gisapp.errors import InvalidParameterError, Problem, WorkspaceError
from gisapp.readers.guard import local_file
from gisapp.readers.vector import shapefile_parts
from gisapp.settings import default_layers_folder
from gisapp.store.files import atomic_path, atomic_write_bytes, make_private_folder, workspace_lock
from gisapp.store.hashing import sha256_file
from gisapp.workspace.boundaries import find_key_column, prepare_boundary
from gisapp.workspace.folder import Workspace
from gisapp.workspace.grids import prepare_raster, prepare_table
from gisapp.workspace.osm_lines import with_origin
from gisapp.workspace.places import prepare_facilities, prepare_lines
from gisapp.workspace.prepared import Prepared, Request
from gisapp.workspace.settings import fill_settings_text, read_settings
from gisapp.workspace.shaped import prepare_shaped, shaped_kind

__all__ = ["AddReport", "add_layer", "find_key_column"]


@dataclass(frozen=True, kw_only=True)
class AddReport:
    """What was added, and what was noticed; ``crs`` is the source's, ``grain`` a raster's cell size in words."""

    name: str
    role: str
    features: int
    crs: str
    problems: tuple[Problem, ...]
    grain: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready values, without the words for people."""
        values = {name: value for name, value in self.__dict__.items() if name != "grain"}
        return {**values, "problems": [problem.as_dict() for problem in self.problems]}


def add_layer(
    workspace: Workspace,
    file: Path | str,
    *,
    role: str,
    name: str,
    level: str | None = None,
    key: str | None = None,
    name_column: str | None = None,
    kind: str | None = None,
    kind_column: str | None = None,
    class_column: str | None = None,
    capacity_column: str | None = None,
    crs: str | None = None,
    latitude: str | None = None,
    longitude: str | None = None,
    source: str = "",
    date: str = "",
    licence: str = "",
    legal_status: str = "",
    completeness: float | None = None,
    replace: bool = False,
) -> AddReport:
    """Check a file and add it to the workspace as a layer; a failed add leaves nothing behind.

    Parameters
    ----------
    workspace : the opened workspace. Open it again afterwards to see the layer.
    file : the file that was brought.
    role : boundary, facility, road, raster or table.
    name : the layer's name: 1 to 48 of a-z, 0-9, - and _.
    level, key : of a boundary: its level and the column of the area code.
    name_column : the column of the names, where it does not bear a usual name.
    kind, kind_column : one kind for all rows, or the column that holds it.
    class_column : of land or works: the column of the class, level or kind of work, without a usual name.
    capacity_column : of facilities: the column of how many each has room for, without a usual name.
    crs : EPSG code, where the file states none or a wrong one.
    latitude, longitude : columns of a facility table without the usual names.
    source, date, licence, legal_status : what the TOML says of the data's origin.
    completeness : share (0..1) of what exists that the file holds; absence in it is a fact only when it is declared.
    replace : whether a layer of this name may be replaced.

    Raises
    ------
    FileRefusedError : the file cannot be taken as it is.
    InvalidParameterError : a wrong name or role, or a layer that is there already.
    """
    _check_request(workspace, role, name, level, replace)
    _refuse_names_in_the_clear(role, kind)
    found = local_file(file)
    request = Request(
        file=found, role=role, name=name, level=level, key=key, name_column=name_column,
        kind=kind.strip().casefold() if kind else None,
        kind_column=kind_column, class_column=class_column, capacity_column=capacity_column,
        crs=crs, latitude=latitude, longitude=longitude,
        source=source, date=date, licence=licence, legal_status=legal_status, completeness=completeness,
    )  # fmt: skip
    request = with_origin(request)
    prepared = _prepare(workspace, request)
    with workspace_lock(workspace.root):
        _store(workspace, request, prepared)
    return AddReport(
        name=name, role=role, features=prepared.features, crs=prepared.crs, problems=prepared.problems,
        grain=prepared.grain,
    )  # fmt: skip


def _refuse_names_in_the_clear(role: str, kind: str | None) -> None:
    """A layer is kept as it was brought, so a list of people cannot be one."""
    if (role, kind) == ("table", "target_list"):
        raise InvalidParameterError(
            "A list of people is sealed in the registry and never kept as a layer: gisapp add FILE --role table "
            "--kind target_list --name NAME.",
            "Daftar nama disegel dalam data terpadu dan tidak disimpan sebagai lapisan: gisapp add BERKAS --role table "
            "--kind target_list --name NAMA.",
            code="by_name_list",
        )


def _check_request(workspace: Workspace, role: str, name: str, level: str | None, replace: bool) -> None:
    if role not in ROLES:
        listed = ", ".join(ROLES)
        raise InvalidParameterError(
            f"--role must be one of {listed}.", f"--role harus salah satu dari {listed}.", code="role"
        )
    if reason := check_layer_name(name):
        raise InvalidParameterError(
            f"--name {name[:60]!r}: {reason}.",
            f"--name {name[:60]!r}: pakai 1–48 huruf a-z, angka, - dan _.",
            code="layer_name",
        )
    if name in workspace.catalog.layers and not replace:
        raise InvalidParameterError(
            f"Layer {name!r} is there already; nothing was changed. Choose another name, or say --replace.",
            f"Lapisan {name!r} sudah ada; tidak ada yang diubah. Pilih nama lain, atau pakai --replace.",
            code="layer_exists",
        )
    other = workspace.catalog.boundary(level) if role == "boundary" and level else None
    if other is not None and other.name != name:
        raise InvalidParameterError(
            f"{other.name!r} is already the boundary of level {level}; nothing was changed. Replace that one.",
            f"{other.name!r} sudah menjadi batas tingkat {level}; tidak ada yang diubah. Ganti dengan nama yang sama.",
            code="level_exists",
        )


def _prepare(workspace: Workspace, request: Request) -> Prepared:
    if request.role in ("boundary", "facility", "road") and shaped_kind(request):
        return prepare_shaped(workspace, request)
    if request.role == "boundary":
        return prepare_boundary(workspace, request)
    if request.role == "facility":
        return prepare_facilities(workspace, request)
    if request.role == "road":
        return prepare_lines(request)
    return prepare_raster(workspace, request) if request.role == "raster" else prepare_table(workspace, request)


def _store(workspace: Workspace, request: Request, prepared: Prepared) -> None:
    """Data first, then the TOML that makes them a layer; whatever fails, new files go away again."""
    folder = make_private_folder(workspace.layers_folder)
    make_private_folder(folder / "original")
    before = workspace.catalog.layers.get(request.name)
    made: list[Path] = []
    try:
        original = _keep_original(folder, request, made)
        data = _write_data(folder, request.name, prepared, before, made)
        toml = folder / f"{request.name}.toml"
        text = _toml_text(workspace, request, prepared, data.name, original)
        _check_text(folder, request.name, text)
        atomic_write_bytes(toml, text.encode())
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise
    if before is not None:
        _drop_old(before, keep={data, *([original] if original else [])})
    _fill_settings(workspace, prepared)


def _keep_original(folder: Path, request: Request, made: list[Path]) -> Path | None:
    """Keep the file as it was brought, under a name of ours; a loose shapefile becomes one zip."""
    if request.role == "raster":
        return None
    digest = sha256_file(request.file)[:12]
    if request.file.suffix.lower() == ".shp":
        target, data = folder / "original" / f"{request.name}-{digest}.zip", _zipped(shapefile_parts(request.file))
    else:
        target, data = folder / "original" / f"{request.name}-{digest}{request.file.suffix.lower()}", None
    if target.exists():
        return target
    with atomic_path(target) as temporary:
        temporary.write_bytes(data if data is not None else request.file.read_bytes())
    made.append(target)
    return target


def _zipped(parts: list[Path]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.writestr(zipfile.ZipInfo(f"layer{part.suffix.lower()}"), part.read_bytes())
    return buffer.getvalue()


def _write_data(folder: Path, name: str, prepared: Prepared, before: LayerSpec | None, made: list[Path]) -> Path:
    """Write the data; while an older layer of this name holds, under a name of its own content."""
    target = folder / f"{name}{prepared.ending}"
    with atomic_path(folder / f".{name}-new{prepared.ending}") as temporary:
        prepared.write(temporary)
    written = folder / f".{name}-new{prepared.ending}"
    made.append(written)
    if before is not None or target.exists():
        target = folder / f"{name}-{sha256_file(written)[:8]}{prepared.ending}"
    if target.exists():
        written.unlink()
    else:
        written.replace(target)
        made.append(target)
    return target


def _toml_text(
    workspace: Workspace, request: Request, prepared: Prepared, data_name: str, original: Path | None
) -> str:
    default = _default_of(workspace, request, prepared)
    title = request.name.replace("_", " ").replace("-", " ").capitalize()
    keys: dict[str, Any] = {
        "name": request.name,
        "role": request.role,
        "path": data_name,
        **{key: value for key, value in prepared.keys.items() if key != "kind_map"},
        "title_id": default.title_id if default else title,
        "title_en": default.title_en if default else title,
        "source": request.source,
        "date": request.date,
        "licence": request.licence,
    }
    if original is not None:
        keys |= {"original": f"original/{original.name}", "original_sha256": sha256_file(original)}
    lines = [f"# {request.name}: ditulis oleh / written by `gisapp add`; lihat / see docs/layers.md"]
    lines += [f"{key} = {quote(str(value))}" for key, value in keys.items()]
    if request.completeness is not None:
        lines.append(f"completeness = {request.completeness!r}")
    if kind_map := prepared.keys.get("kind_map"):
        lines += ["", "[kind_map]", *(f"{quote(word)} = {quote(kind)}" for word, kind in sorted(kind_map.items()))]
    style = default.style if default else None
    if style is not None:
        lines += [
            "",
            "[style]",
            f"color = {quote(style.color)}",
            f"symbol = {quote(style.symbol)}",
            f"width = {style.width!r}",
        ]
        if style.palette:
            lines.append("palette = [" + ", ".join(quote(color) for color in style.palette) + "]")
    return "\n".join(lines) + "\n"


def _default_of(workspace: Workspace, request: Request, prepared: Prepared) -> LayerSpec | None:
    kind, level = prepared.keys.get("kind"), prepared.keys.get("level")
    for spec in workspace.catalog.defaults.values():
        alike = spec.role == request.role or kind in SHAPED_KINDS
        if alike and ((level and spec.level == level) or (kind and spec.kind == kind)):
            return spec
    return None


def _check_text(folder: Path, name: str, text: str) -> None:
    """Read what is about to be written, so that a layer that cannot be read is never made."""
    draft = folder / ".draft" / f"{name}.toml"
    draft.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        draft.write_text(text, encoding="utf-8")
        read_layer_toml(draft, with_data=True)
    finally:
        draft.unlink(missing_ok=True)
        draft.parent.rmdir()


def _drop_old(before: LayerSpec, keep: set[Path]) -> None:
    if before.file is None:
        return
    for relative in (before.path, before.original):
        if relative and (before.file.parent / relative) not in keep:
            (before.file.parent / relative).unlink(missing_ok=True)


def _fill_settings(workspace: Workspace, prepared: Prepared) -> None:
    if not prepared.settings:
        return
    text = workspace.settings_path.read_text(encoding="utf-8")
    filled = fill_settings_text(text, prepared.settings)
    atomic_write_bytes(workspace.settings_path, filled.encode())
    try:
        read_settings(workspace.settings_path)
        load_catalog(default_layers_folder(), workspace.layers_folder)
    except Exception as error:
        atomic_write_bytes(workspace.settings_path, text.encode())
        raise WorkspaceError(
            f"{workspace.settings_path} could not be filled in: {error}. Fill in kode and working_crs by hand.",
            f"{workspace.settings_path} tidak dapat diisi: {error}. Isi kode dan working_crs sendiri.",
        ) from error
