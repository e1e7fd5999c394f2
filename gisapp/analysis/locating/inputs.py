"""What a siting question must look like before anything is solved; each complaint names the row or the column."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from gisapp.analysis.checks import LARGEST, as_number, is_whole
from gisapp.errors import InvalidInputError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

_NOT_NEGATIVE = "must not be negative"
_OF_A_KIND = "must be 0 or between 10^-60 and 10^60"
_RULES_ID = {_NOT_NEGATIVE: "tidak boleh negatif", _OF_A_KIND: "harus 0 atau antara 10^-60 dan 10^60"}


def checked_demand(demand: Any) -> Floats:
    """Demand per row as floats, finite and not negative."""
    values = _numbers(demand, "demand", "permintaan")
    _refuse_where(~np.isfinite(values), values, "demand", "permintaan", "row", "baris", "must be a finite number")
    _refuse_where(values < 0, values, "demand", "permintaan", "row", "baris", _NOT_NEGATIVE)
    strange = (values > LARGEST) | ((values > 0) & (values < 1 / LARGEST))
    _refuse_where(strange, values, "demand", "permintaan", "row", "baris", _OF_A_KIND)
    return values


def checked_covers(covers: Any, rows: int | None) -> Any:
    """Return the cover matrix as canonical CSR of ones, with ``rows`` rows (None: as many as it has)."""
    if sparse.issparse(covers):
        values = covers.tocoo().data
    else:
        covers = values = as_table(covers)
        if covers.ndim != 2:
            raise _shape(
                f"covers must have two dimensions, not {covers.ndim}", f"covers harus dua dimensi, bukan {covers.ndim}"
            )
    if values.dtype != bool and not np.isin(values, (0, 1)).all():
        raise InvalidInputError(
            "covers must hold only true and false (1 and 0); threshold the distances first.",
            "covers hanya boleh berisi benar dan salah (1 dan 0); bandingkan dulu jarak dengan standar.",
        )
    matrix = sparse.csr_array(covers, dtype=np.int8)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    matrix.data[:] = 1
    matrix.sort_indices()
    if rows is not None:
        _same_rows(matrix.shape[0], rows, "covers")
    return matrix


def checked_distance(distance: Any, rows: int) -> Floats:
    """Distances (rows × columns), not negative; infinity means that the site cannot be reached."""
    values = _as_floats(distance.toarray() if sparse.issparse(distance) else distance)
    if values.ndim != 2:
        raise _shape(
            f"distance must have two dimensions, not {values.ndim}", f"distance harus dua dimensi, bukan {values.ndim}"
        )
    _same_rows(values.shape[0], rows, "distance")
    wrong = np.isnan(values) | (values < 0) | (np.isfinite(values) & (values > LARGEST))
    if wrong.any():
        row, column = (int(i) for i in np.argwhere(wrong)[0])
        raise InvalidInputError(
            f"distance at row {row}, column {column} is {values[row, column]}: it must be 0 to 10^60, or infinite.",
            f"jarak pada baris {row}, kolom {column} adalah {values[row, column]}: isi 0 sampai 10^60 atau tak hingga.",
        )
    return values


def checked_places(positions: Any) -> Floats:
    """Places as (m, 2) finite metres."""
    places = _as_floats(positions)
    places = places.reshape(0, 2) if places.size == 0 else places
    if places.ndim != 2 or places.shape[1] != 2:
        raise InvalidInputError(
            f"positions must be two columns of metres, not of shape {places.shape}.",
            f"positions harus dua kolom meter, bukan berbentuk {places.shape}.",
        )
    wrong = ~np.isfinite(places).all(axis=1)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InvalidInputError(
            f"position at row {row} is {tuple(places[row].tolist())}: give metres ({int(wrong.sum())} such).",
            f"posisi pada baris {row} adalah {tuple(places[row].tolist())}: isi meter ({int(wrong.sum())} kasus).",
        )
    return places


def checked_columns(given: Iterable[int], columns: int, name: str) -> Ints:
    """Return the columns that ``name`` lists, sorted, each named once."""
    listed = list(given) if isinstance(given, Iterable) else [given]
    for column in listed:
        if not is_whole(column) or not 0 <= column < columns:
            raise InvalidInputError(
                f"{name} names column {column}, but there are columns 0 to {columns - 1}.",
                f"{name} menyebut kolom {column}, padahal kolom yang ada 0 sampai {columns - 1}.",
            )
    numbers, times = np.unique(np.array(listed, dtype=np.intp), return_counts=True)
    if (times > 1).any():
        raise InvalidInputError(
            f"{name} names column {numbers[times > 1][0]} more than once.",
            f"{name} menyebut kolom {numbers[times > 1][0]} lebih dari sekali.",
        )
    return numbers


def checked_per_column(values: Any, columns: int, name: str, name_id: str, *, finite: bool) -> Floats:
    """One number per column (a single number is taken for all), not NaN and not negative."""
    given = _as_floats(values)
    given = np.full(columns, float(given)) if given.ndim == 0 else given
    if given.shape != (columns,):
        raise _shape(
            f"{name} has {given.shape} values for {columns} columns",
            f"{name_id} memuat {given.shape} nilai untuk {columns} kolom",
        )
    wrong = ~np.isfinite(given) if finite else np.isnan(given)
    _refuse_where(wrong, given, name, name_id, "column", "kolom", "must be a number")
    _refuse_where(given < 0, given, name, name_id, "column", "kolom", _NOT_NEGATIVE)
    _refuse_where(np.isfinite(given) & (given > LARGEST), given, name, name_id, "column", "kolom", _OF_A_KIND)
    return given


def checked_sites(sites: Any) -> int:
    """Return the number of new sites, a whole number of 0 or more."""
    if not is_whole(sites) or sites < 0:
        raise InvalidInputError(
            f"sites is {sites}: give a whole number, 0 or more.",
            f"sites bernilai {sites}: isi bilangan bulat, 0 atau lebih.",
        )
    return int(sites)


def checked_limit(time_limit_s: float) -> float:
    """Seconds that the solver may take, more than 0; infinity for no limit."""
    if not as_number(time_limit_s) > 0:
        raise InvalidInputError(
            f"time_limit_s is {time_limit_s}: give seconds above 0.",
            f"time_limit_s bernilai {time_limit_s}: isi detik di atas 0.",
        )
    return float(time_limit_s)


def _as_floats(values: Any) -> Floats:
    """Values as floats; what is no number is NaN, so that the check that follows names it."""
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        cells = np.asarray(values, dtype=object)
        return np.array([_number(cell) for cell in cells.ravel()], dtype=float).reshape(cells.shape)


def _number(cell: Any) -> float:
    """One cell as a number, NaN if it is none; digits as text count."""
    try:
        return float(cell) if isinstance(cell, str) else as_number(cell)
    except ValueError:
        return float("nan")


def as_table(values: Any) -> Any:
    """Values as an array; rows of different lengths, which are no table, as one dimension of objects."""
    try:
        return np.asarray(values)
    except ValueError:
        return np.empty(len(values), dtype=object)


def _numbers(values: Any, name: str, name_id: str) -> Floats:
    numbers = _as_floats(values)
    if numbers.ndim != 1:
        raise _shape(
            f"{name} must have one dimension, not {numbers.ndim}", f"{name_id} harus satu dimensi, bukan {numbers.ndim}"
        )
    return numbers


def _refuse_where(wrong: Any, values: Floats, name: str, name_id: str, axis: str, axis_id: str, rule: str) -> None:
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        rule_id = _RULES_ID.get(rule, "harus berupa angka")
        raise InvalidInputError(
            f"{name} at {axis} {at} is {values[at]}: it {rule} ({int(wrong.sum())} such).",
            f"{name_id} pada {axis_id} {at} adalah {values[at]}: {rule_id} ({int(wrong.sum())} kasus).",
        )


def _same_rows(found: int, rows: int, name: str) -> None:
    if found != rows:
        raise _shape(
            f"{name} has {found} rows for {rows} rows of demand",
            f"{name} memuat {found} baris untuk {rows} baris permintaan",
        )


def _shape(en: str, id: str) -> InvalidInputError:
    return InvalidInputError(
        f"{en}: give one row per demand and one column per site.",
        f"{id}: satu baris per permintaan dan satu kolom per lokasi.",
    )
