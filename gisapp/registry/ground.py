"""What a registry is checked against: the desa of this workspace, and the crosswalk of codes where there is one."""

from __future__ import annotations

from dataclasses import dataclass

from gisapp.errors import RegistryError
from gisapp.registry.area_codes import CodeBook
from gisapp.registry.positions import District
from gisapp.store.hashing import sha256_file, sha256_json
from gisapp.workspace import layers
from gisapp.workspace.folder import Workspace

_CROSSWALK = {"kemendagri": "kode_kemendagri", "bps": "kode_bps"}


@dataclass(frozen=True)
class Ground:
    """Codes and shape of the district."""

    book: CodeBook
    district: District


def fingerprint(ws: Workspace) -> str:
    """Hash of the desa boundary, the crosswalks and the thresholds that decide what an intake accepts."""
    desa = ws.catalog.boundary("desa")
    specs = [*([desa] if desa else []), *ws.catalog.tables("crosswalk")]
    files = [sha256_file(path) for spec in specs for path in (spec.file, spec.data_path) if path is not None]
    return sha256_json([files, ws.settings.code_system, ws.settings.stack_threshold])


def read_ground(ws: Workspace) -> Ground:
    """Read the desa boundary and the crosswalks; RegistryError (code ``no_boundary``) without a desa boundary."""
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
    pairs = _crosswalk(ws, book.system)
    if pairs:
        book = CodeBook(codes, declared_system=ws.settings.code_system, crosswalk=pairs)
    return Ground(book, District(desa.geometry.to_numpy()))


def _crosswalk(ws: Workspace, own: str) -> dict[str, str]:
    """Boundary's code by the other system's code, from every crosswalk table."""
    pairs: dict[str, str] = {}
    if not ws.catalog.tables("crosswalk"):
        return pairs
    other = "bps" if own == "kemendagri" else "kemendagri"
    for table in layers.read_table(ws, "crosswalk"):
        pairs.update(zip(table[_CROSSWALK[other]].astype(str), table[_CROSSWALK[own]].astype(str), strict=True))
    return pairs
