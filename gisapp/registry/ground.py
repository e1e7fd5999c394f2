"""What a registry is checked against: the desa of this workspace, and the crosswalk of codes where there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from gisapp.analysis.codes import digits, parent_code
from gisapp.errors import RegistryError
from gisapp.registry.area_codes import CodeBook
from gisapp.registry.positions import District
from gisapp.store.hashing import sha256_file, sha256_json
from gisapp.workspace import layers
from gisapp.workspace.folder import Workspace

_CROSSWALK = {"kemendagri": "kode_kemendagri", "bps": "kode_bps"}


@dataclass(frozen=True)
class Ground:
    """Codes and shape of the district, and the names of its desa and of their kecamatan by desa code."""

    book: CodeBook
    district: District
    villages: Mapping[str, str] = field(default_factory=dict)
    districts: Mapping[str, str] = field(default_factory=dict)


def fingerprint(ws: Workspace) -> str:
    """Hash of the desa boundary, the crosswalks and the thresholds that decide what an intake accepts."""
    desa = ws.catalog.boundary("desa")
    specs = [*([desa] if desa else []), *ws.catalog.tables("crosswalk")]
    files = [sha256_file(path) for spec in specs for path in (spec.file, spec.data_path) if path is not None]
    return sha256_json([files, ws.settings.code_system, ws.settings.stack_threshold])


def read_ground(ws: Workspace, period: str | None = None) -> Ground:
    """Read the desa boundary and the crosswalks; RegistryError (code ``no_boundary``) without a desa boundary.

    A crosswalk row with ``valid_from`` or ``valid_to`` counts only where they hold ``period`` (every row where None).
    """
    desa = layers.read_boundary(ws, "desa") if ws.catalog.boundary("desa") else None
    if desa is None or desa.empty:
        raise RegistryError(
            "This workspace has no desa boundary to check codes against. Add it first: "
            "gisapp add FILE --role boundary --name desa --level desa --key COLUMN",
            "Ruang kerja ini belum punya batas desa untuk memeriksa kode. Tambahkan dahulu: "
            "gisapp add BERKAS --role boundary --name desa --level desa --key KOLOM",
            code="no_boundary",
        )
    codes = [str(code) for code in desa["code"]]
    book = CodeBook(codes, declared_system=ws.settings.code_system, crosswalk={})
    pairs = _crosswalk(ws, book.system, period)
    if pairs:
        book = CodeBook(codes, declared_system=ws.settings.code_system, crosswalk=pairs)
    names = {str(code): str(name) for code, name in zip(desa["code"], desa["name"], strict=True) if code != name}
    return Ground(book, District(desa.geometry.to_numpy()), names, _district_names(ws, codes, book.system))


def _district_names(ws: Workspace, codes: list[str], system: str) -> dict[str, str]:
    """Name of the kecamatan of each desa, where the workspace has a layer of them."""
    layer = layers.read_boundary(ws, "kecamatan") if ws.catalog.boundary("kecamatan") else None
    if layer is None:
        return {}
    names = {digits(str(code)): str(name) for code, name in zip(layer["code"], layer["name"], strict=True)}
    parents = {code: digits(parent_code(code, "desa", system) or "") for code in codes}
    return {code: names[parent] for code, parent in parents.items() if parent in names}


def _crosswalk(ws: Workspace, own: str, period: str | None) -> dict[str, str]:
    """Boundary's code by the other system's code, from every crosswalk table."""
    pairs: dict[str, str] = {}
    if not ws.catalog.tables("crosswalk"):
        return pairs
    other = "bps" if own == "kemendagri" else "kemendagri"
    for table in layers.read_table(ws, "crosswalk"):
        held = table[valid_in(table, period)]
        pairs.update(zip(held[_CROSSWALK[other]].astype(str), held[_CROSSWALK[own]].astype(str), strict=True))
    return pairs


def valid_in(table: pd.DataFrame, period: str | None) -> pd.Series:
    """Which rows of a dated table hold for a period; dates and periods are compared as far as both are written.

    >>> valid_in(pd.DataFrame({"valid_from": ["2021", ""], "valid_to": ["", "2020-12-31"]}), "2020").tolist()
    [False, True]
    """
    valid = pd.Series(True, index=table.index)
    if period is None:
        return valid
    for column, late in (("valid_from", False), ("valid_to", True)):
        if column in table.columns:
            texts = table[column].fillna("").astype("str").str.strip()
            holds = [
                not text
                or (_cut(text, period) >= _cut(period, text) if late else _cut(text, period) <= _cut(period, text))
                for text in texts
            ]
            valid &= pd.Series(holds, index=table.index)
    return valid


def _cut(text: str, other: str) -> str:
    return text[: min(len(text), len(other))]
