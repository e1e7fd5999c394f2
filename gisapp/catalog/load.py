"""The layer catalogue: every ``layers/*.toml`` read strictly into LayerSpec."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from gisapp.catalog.spec import (
    CONTEXT_KINDS,
    LEVELS,
    LINE_KINDS,
    RASTER_KINDS,
    ROLES,
    SHAPED_KINDS,
    TABLE_KINDS,
    WORKS_KIND,
    LayerSpec,
    Standard,
    Style,
)
from gisapp.catalog.strict import Document, Key, read_document
from gisapp.columns import SERVICES
from gisapp.errors import ConfigurationError

#: Every key of a layer's TOML; docs/layers.md explains each, and a test compares.
LAYER_KEYS: dict[str, Key] = {
    "name": Key(kind="text", required=True),
    "role": Key(kind="text", required=True, choices=ROLES),
    "title_id": Key(kind="text", required=True),
    "title_en": Key(kind="text", required=True),
    "path": Key(kind="text"),
    "level": Key(kind="text", choices=LEVELS),
    "key": Key(kind="text"),
    "name_column": Key(kind="text"),
    "kind": Key(kind="text"),
    "kind_column": Key(kind="text"),
    "kind_map": Key(kind="text_map"),
    "class_column": Key(kind="text"),
    "capacity_column": Key(kind="text"),
    "aliases": Key(kind="texts"),
    "service": Key(kind="text", choices=tuple(SERVICES)),
    "crs": Key(kind="text"),
    "latitude": Key(kind="text"),
    "longitude": Key(kind="text"),
    "source": Key(kind="text", required=True),
    "date": Key(kind="text", required=True),
    "licence": Key(kind="text", required=True),
    "legal_status": Key(kind="text"),
    "completeness": Key(kind="number"),
    "original": Key(kind="text"),
    "original_sha256": Key(kind="text"),
    "style": Key(kind="table"),
    "standard": Key(kind="tables"),
}
STYLE_KEYS: dict[str, Key] = {
    "color": Key(kind="text", required=True),
    "symbol": Key(kind="text"),
    "width": Key(kind="number"),
    "palette": Key(kind="texts"),
}
STANDARD_KEYS: dict[str, Key] = {
    "service": Key(kind="text", required=True, choices=tuple(SERVICES)),
    "distance_m": Key(kind="number", required=True),
    "population": Key(kind="number"),
    "source": Key(kind="text", required=True),
    "date": Key(kind="text", required=True),
    "note": Key(kind="text"),
}
_ALLOWED_KINDS = {
    "boundary": (*CONTEXT_KINDS, *SHAPED_KINDS),
    "road": (*LINE_KINDS, WORKS_KIND),
    "raster": RASTER_KINDS,
    "table": TABLE_KINDS,
}
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}")
_RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}


@dataclass(frozen=True)
class Catalog:
    """The layers of a workspace, and the default catalogue they take titles, styles and standards from."""

    layers: Mapping[str, LayerSpec]
    defaults: Mapping[str, LayerSpec]
    kinds: Mapping[str, LayerSpec]

    def boundary(self, level: str) -> LayerSpec | None:
        """Return the workspace's boundary layer of one level, or None."""
        return next((spec for spec in self._of("boundary") if spec.level == level), None)

    def polygons(self, kind: str) -> tuple[LayerSpec, ...]:
        """Return context polygons of one kind (kawasan_hutan, hgu)."""
        return tuple(spec for spec in self._of("boundary") if spec.kind == kind)

    def facilities(self) -> tuple[LayerSpec, ...]:
        """Return facility layers, by name."""
        return tuple(spec for spec in self._of("facility") if spec.kind not in SHAPED_KINDS)

    def roads(self) -> tuple[LayerSpec, ...]:
        """Return line layers (roads and rivers), by name."""
        return tuple(spec for spec in self._of("road") if spec.kind not in SHAPED_KINDS)

    def shaped(self, kind: str) -> tuple[LayerSpec, ...]:
        """Return layers of works or of public land (``SHAPED_KINDS``), whatever their shape, by name."""
        return tuple(self.layers[name] for name in sorted(self.layers) if self.layers[name].kind == kind)

    def rasters(self) -> tuple[LayerSpec, ...]:
        """Return raster layers, by name."""
        return self._of("raster")

    def tables(self, kind: str) -> tuple[LayerSpec, ...]:
        """Return tables of one kind, by name."""
        return tuple(spec for spec in self._of("table") if spec.kind == kind)

    def standard(self, service: str) -> Standard | None:
        """Return the access standard of a service: the workspace's own where it declares one, else the default."""
        for specs in (self.layers, self.defaults):
            for name in sorted(specs):
                for standard in specs[name].standards:
                    if standard.service == service:
                        return standard
        return None

    def service_of(self, kind: str) -> str | None:
        """Return the service that a facility kind gives, or None for a kind that gives none."""
        spec = self.kinds.get(kind.strip().casefold())
        return spec.service if spec else None

    def kind_of(self, value: str) -> str | None:
        """Return the kind that a source's word names (``SD``, ``Sekolah Dasar``), or None where it names none."""
        word = " ".join(value.split()).casefold()
        if word in self.kinds:
            return word
        return next((kind for kind, spec in self.kinds.items() if word in spec.aliases), None)

    def _of(self, role: str) -> tuple[LayerSpec, ...]:
        return tuple(self.layers[name] for name in sorted(self.layers) if self.layers[name].role == role)


def load_catalog(default_folder: Path, workspace_folder: Path | None = None) -> Catalog:
    """Read the default catalogue and, if given, a workspace's ``layers`` folder.

    Raises
    ------
    ConfigurationError : a TOML has an unknown, missing or wrong key; the message names file, line and key.
    """
    defaults = _read_folder(default_folder, with_data=False)
    layers = _read_folder(workspace_folder, with_data=True) if workspace_folder and workspace_folder.is_dir() else {}
    _refuse_two_boundaries(layers)
    kinds = {spec.kind: spec for spec in defaults.values() if spec.kind and spec.role in ("facility", "road")}
    return Catalog(layers=layers, defaults=defaults, kinds=kinds)


def read_layer_toml(path: Path, *, with_data: bool) -> LayerSpec:
    """Read one layer's TOML; ``with_data`` requires a ``path`` to data inside the same folder."""
    document = read_document(path)
    data = document.data
    document.check(data, LAYER_KEYS)
    _check_name(document)
    _check_kind(document)
    if with_data:
        _check_path(document)
    if "completeness" in data and not 0 <= data["completeness"] <= 1:
        raise document.refuse(("completeness",), "must be between 0 and 1.", "harus antara 0 dan 1.")
    plain = {k: v for k, v in data.items() if k not in ("style", "standard", "aliases", "kind_map")}
    return LayerSpec(
        **plain,
        aliases=tuple(alias.casefold() for alias in data.get("aliases", ())),
        kind_map={value.casefold(): kind.casefold() for value, kind in data.get("kind_map", {}).items()},
        style=_style(document),
        standards=_standards(document),
        file=path,
    )


def check_layer_name(name: str) -> str | None:
    """Return why a layer's name is refused, or None for a good one."""
    if not _NAME.fullmatch(name):
        return "use 1 to 48 of a-z, 0-9, - and _, starting with a letter or digit"
    return "this name is reserved by Windows" if name in _RESERVED else None


def _read_folder(folder: Path, *, with_data: bool) -> dict[str, LayerSpec]:
    specs: dict[str, LayerSpec] = {}
    for path in sorted(folder.glob("*.toml")):
        spec = read_layer_toml(path, with_data=with_data)
        specs[spec.name] = spec
    return specs


def _check_name(document: Document) -> None:
    name = document.data["name"]
    if reason := check_layer_name(name):
        raise document.refuse(
            ("name",),
            f"{name!r}: {reason}.",
            f"{name!r}: pakai 1–48 huruf a-z, angka, - dan _; bukan nama khusus Windows.",
        )
    if name != document.path.stem:
        raise document.refuse(
            ("name",),
            f"must equal the file's name, {document.path.stem!r}.",
            f"harus sama dengan nama berkas, {document.path.stem!r}.",
        )


def _check_kind(document: Document) -> None:
    data, role = document.data, document.data["role"]
    if role == "boundary" and ("level" in data) == ("kind" in data):
        raise document.refuse(("level",), "give either `level` or `kind`.", "isi salah satu: `level` atau `kind`.")
    if role == "facility" and ("kind" in data) == ("kind_column" in data):
        raise document.refuse(
            ("kind",), "give either `kind` or `kind_column`.", "isi salah satu: `kind` atau `kind_column`."
        )
    if role in ("road", "raster", "table") and "kind" not in data:
        raise document.refuse(("kind",), "missing key.", "kunci wajib belum ada.")
    allowed = _ALLOWED_KINDS.get(role, ())
    if allowed and "kind" in data and data["kind"] not in allowed:
        listed = ", ".join(allowed)
        raise document.refuse(("kind",), f"must be one of {listed}.", f"harus salah satu dari {listed}.")
    if "level" in data and role != "boundary":
        raise document.refuse(("level",), "only a boundary has a level.", "hanya batas wilayah yang punya tingkat.")
    if "class_column" in data and data.get("kind") not in (*CONTEXT_KINDS, WORKS_KIND):
        raise document.refuse(
            ("class_column",), "only land and works have classes.", "hanya lahan dan kegiatan yang punya kelas."
        )
    if "capacity_column" in data and role != "facility":
        raise document.refuse(
            ("capacity_column",), "only a facility has a capacity.", "hanya sarana yang punya kapasitas."
        )
    if "level" in data and "path" in data and "key" not in data:
        raise document.refuse(
            ("key",), "missing key: the column of the area code.", "kunci wajib belum ada: kolom kode wilayah."
        )


def _check_path(document: Document) -> None:
    path = document.data.get("path")
    if path is None:
        raise document.refuse(
            ("path",),
            "missing key: the data file beside this TOML.",
            "kunci wajib belum ada: berkas data di samping TOML ini.",
        )
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or "\\" in path or ":" in path or not path:
        raise document.refuse(
            ("path",), "must be a file beside or below this TOML.", "harus berkas di samping atau di bawah TOML ini."
        )


def _style(document: Document) -> Style:
    table: dict[str, Any] = document.data.get("style", {})
    if not table:
        return Style()
    document.check(table, STYLE_KEYS, ("style",))
    for color in (table["color"], *table.get("palette", ())):
        if not _COLOR.fullmatch(color):
            raise document.refuse(
                ("style", "color"), f"{color!r} is not a color like #2f7576.", f"{color!r} bukan warna seperti #2f7576."
            )
    return Style(
        color=table["color"],
        symbol=table.get("symbol", "circle"),
        width=float(table.get("width", 1.0)),
        palette=tuple(table.get("palette", ())),
    )


def _standards(document: Document) -> tuple[Standard, ...]:
    standards = []
    for index, table in enumerate(document.data.get("standard", ())):
        document.check(table, STANDARD_KEYS, ("standard", index))
        if table["distance_m"] <= 0 or table.get("population", 1) <= 0:
            raise document.refuse(("standard", index, "distance_m"), "must be above 0.", "harus di atas 0.")
        standards.append(Standard(**table))
    return tuple(standards)


def _refuse_two_boundaries(layers: Mapping[str, LayerSpec]) -> None:
    seen: dict[str, LayerSpec] = {}
    for spec in layers.values():
        if spec.role != "boundary" or spec.level is None:
            continue
        if spec.level in seen:
            other = seen[spec.level]
            raise ConfigurationError(
                f"{spec.file}: key `level`: {other.file} is already the boundary of level {spec.level}; keep one.",
                f"{spec.file}: kunci `level`: {other.file} sudah menjadi batas tingkat {spec.level}; sisakan satu.",
            )
        seen[spec.level] = spec
