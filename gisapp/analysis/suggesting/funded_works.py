"""Which suggestions works with a budget answer already: they are named with their year and not counted again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gisapp.analysis.facilities.gaps import AccessStandard
from gisapp.analysis.suggesting.reasons import number_id
from gisapp.errors import InvalidInputError

Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]

#: A suggestion is pre-empted where funded works answer at least this share of its families (gisapp, 2026-11-23).
PRE_EMPTED_FROM = 0.5
#: Before a work of which only the kecamatan is known: it may stand where the suggestion is, and nobody can tell.
PERHAPS = "mungkin: "
_NEEDED = ("name", "year", "budget_idr", "answers", "codes", "certain", "families")


def funded_by(
    needs: Sequence[str],
    members: Sequence[Ints],
    families: pd.DataFrame,
    works: gpd.GeoDataFrame,
    *,
    standards: Mapping[str, AccessStandard],
    pre_empted_from: float = PRE_EMPTED_FROM,
) -> pd.DataFrame:
    """Funded works that answer each suggestion: ``funded_by`` (text), ``funded_share`` (0..1), ``pre_empted``.

    A family is answered by a work for its own need that lies within the standard of the service (straight line), where
    the need is a distance and the work is on the map; else that stands in its desa, or whose polygon holds it. At most
    ``families`` of them, where the work says how many it is for; a family is counted once, whatever the works.

    Parameters
    ----------
    needs, members
        Per suggestion: the need that it answers, and the rows of the families that it reaches.
    families
        ``code``, ``x`` and ``y`` (metres; NaN without a usable position) of all families.
    works
        ``name``, ``year``, ``budget_idr`` (rupiah or NaN), ``answers`` (needs, a tuple), ``codes`` (desa in which it
        stands or may stand, a tuple), ``certain`` (False where only a larger area is known: named with ``PERHAPS``,
        never counted; so is a line where the need is no distance), ``families`` (most that it is for, or NaN) and a
        geometry in metres or None.
    standards
        Dated standard per service.
    pre_empted_from
        Share (above 0, at most 1) of its families from which a suggestion is pre-empted.

    Raises
    ------
    InvalidInputError
        A missing column, lists that do not match, a share out of range, a work that no row of which can be read.
    """
    _check(needs, members, families, works, pre_empted_from)
    where = _Families(
        code=families["code"].astype(str).to_numpy(dtype=object), place=families[["x", "y"]].to_numpy(dtype=float)
    )
    rows = [
        _one(need, np.asarray(rows, dtype=np.intp), where, works, standards)
        for need, rows in zip(needs, members, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["funded_by", "funded_share"])
    share = frame["funded_share"].to_numpy(dtype=float)
    return frame.assign(pre_empted=pd.array(share >= pre_empted_from, dtype="boolean"))


def work_text(name: str, year: int, budget_idr: float) -> str:
    """A work in words: its name, its year and, where known, its budget.

    >>> work_text("Unit sekolah baru", 2026, 2_500_000_000)
    'Unit sekolah baru (2026, Rp 2.500.000.000)'
    """
    money = f", Rp {number_id(budget_idr)}" if np.isfinite(budget_idr) else ""
    return f"{name} ({year}{money})"


class _Families:
    """Codes and places of all families."""

    def __init__(self, *, code: npt.NDArray[np.object_], place: npt.NDArray[np.float64]) -> None:
        self.code = code
        self.points = np.full(len(code), None, dtype=object)
        known = np.isfinite(place).all(axis=1)
        self.points[known] = shapely.points(place[known])


def _one(
    need: str, rows: Ints, families: _Families, works: gpd.GeoDataFrame, standards: Mapping[str, AccessStandard]
) -> tuple[str, float]:
    """Texts of the works for one suggestion, and the share of its families that they answer."""
    answered = np.zeros(len(rows), dtype=bool)
    certain, perhaps = [], []
    for work in works.itertuples():
        if need not in work.answers:
            continue
        reached = _reached(work, need, rows, families, standards)
        if not reached.any():
            continue
        text = work_text(str(work.name), int(work.year), float(work.budget_idr))
        if not work.certain or (_is_line(work) and not need.startswith("gap:")):
            perhaps.append(PERHAPS + text)
            continue
        certain.append(text)
        new = np.flatnonzero(reached & ~answered)
        most = float(work.families)
        answered[new if np.isnan(most) else new[: int(most)]] = True
    share = float(answered.mean()) if len(rows) else 0.0
    return "; ".join([*certain, *perhaps]), share


def _reached(
    work: object, need: str, rows: Ints, families: _Families, standards: Mapping[str, AccessStandard]
) -> Bools:
    shape = getattr(work, "geometry", None)
    inside: Bools = np.isin(families.code[rows], list(getattr(work, "codes", ())))
    if shape is None or shape.is_empty:
        return inside
    standard = standards.get(need.removeprefix("gap:")) if need.startswith("gap:") else None
    shapely.prepare(shape)
    if standard is not None and standard.distance_m is not None:
        near: Bools = shapely.dwithin(families.points[rows], shape, standard.distance_m)
        return near
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        held: Bools = shapely.intersects(shape, families.points[rows])
        return held
    return inside


def _is_line(work: object) -> bool:
    """A pipe or a road on the map: whom it serves along its way nobody can tell from its line."""
    shape = getattr(work, "geometry", None)
    return shape is not None and shape.geom_type in ("LineString", "MultiLineString")


def _check(
    needs: Sequence[str], members: Sequence[Ints], families: pd.DataFrame, works: gpd.GeoDataFrame, share: float
) -> None:
    for frame, name, columns in ((families, "families", ("code", "x", "y")), (works, "works", _NEEDED)):
        absent = ", ".join(sorted(set(columns) - set(frame.columns)))
        if absent:
            raise InvalidInputError(f"{name}: no column {absent}.", f"{name}: tidak ada kolom {absent}.")
    if len(needs) != len(members):
        raise InvalidInputError(
            f"needs has {len(needs)} rows and members {len(members)}: give one of each per suggestion.",
            f"needs berisi {len(needs)} baris dan members {len(members)}: beri satu untuk tiap usulan.",
        )
    strange = [at for at, rows in enumerate(members) if len(rows) and not (0 <= min(rows) <= max(rows) < len(families))]
    if strange:
        raise InvalidInputError(
            f"members of suggestion {strange[0]} name a row that families does not have ({len(families)} rows).",
            f"members usulan {strange[0]} menyebut baris yang tidak ada di families ({len(families)} baris).",
        )
    if not 0 < share <= 1:
        raise InvalidInputError(
            f"pre_empted_from is {share}: give a share above 0, at most 1.",
            f"pre_empted_from bernilai {share}: isi bagian di atas 0, paling banyak 1.",
        )
    most = pd.to_numeric(works["families"], errors="coerce").to_numpy(dtype=float)
    wrong = np.flatnonzero((most < 0) | np.isinf(most))
    if len(wrong):
        raise InvalidInputError(
            f"works: families of row {wrong[0]} is {most[wrong[0]]}; give 0 or more, or leave it blank.",
            f"works: families baris {wrong[0]} bernilai {most[wrong[0]]}; isi 0 atau lebih, atau kosongkan.",
        )
