"""The area that a user acts for: required for the roles of the villages and kecamatan, and one that exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.access.permissions import BOUND
from gisapp.analysis.codes import digits
from gisapp.errors import InvalidParameterError

if TYPE_CHECKING:
    from gisapp.workspace.folder import Workspace

_KECAMATAN_DIGITS = 6
_DESA_DIGITS = 10


def working_area(workspace: Workspace, role: str, area: str | None) -> str | None:
    """The area's code as the boundary writes it; InvalidParameterError where it is missing, too wide or unknown."""
    if area is None or not area.strip():
        if role in BOUND:
            raise _refused(
                f"The role {role} acts for one place: give the code of its desa or kecamatan (--area).",
                f"Peran {role} bertugas di satu wilayah: berikan kode desa atau kecamatannya (--area).",
                code="area_missing",
            )
        return None
    wanted = digits(area)
    least = _DESA_DIGITS if role == "village_operator" else _KECAMATAN_DIGITS
    if len(wanted) < least:
        level = ("desa", "desa") if least == _DESA_DIGITS else ("desa or kecamatan", "desa atau kecamatan")
        raise _refused(
            f"--area {area}: the role {role} needs the code of a {level[0]}.",
            f"--area {area}: peran {role} memerlukan kode {level[1]}.",
            code="area_level",
        )
    return _known(workspace, area.strip(), wanted)


def _known(workspace: Workspace, area: str, wanted: str) -> str:
    """The code as the boundary writes it; any code where there is no boundary yet."""
    from gisapp.workspace.layers import read_boundary

    seen = False
    for level in ("desa", "kecamatan"):
        frame = read_boundary(workspace, level)
        for code in () if frame is None else frame["code"]:
            seen = True
            if digits(str(code)) == wanted:
                return str(code)
            if level == "desa" and digits(str(code)).startswith(wanted) and len(wanted) < _DESA_DIGITS:
                parent = str(code).rpartition(".")[0]
                if digits(parent) == wanted or not parent:
                    return parent or wanted
    if not seen:
        return area
    raise _refused(
        f"--area {area}: the boundary of this workspace has no area of that code.",
        f"--area {area}: batas wilayah ruang kerja ini tidak memuat kode itu.",
        code="area_unknown",
    )


def _refused(en: str, id: str, *, code: str) -> InvalidParameterError:
    return InvalidParameterError(en, id, code=code)
