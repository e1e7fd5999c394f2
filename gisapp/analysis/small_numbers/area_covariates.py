"""The design of a regression over areas: covariates as named columns, those that cannot be told apart refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.checks import Complaints, Floats, as_numbers, need_same_rows, row_index

INTERCEPT = "intercept"
#: A column is a sum of those before it when this little of its length is left without them.
_NOTHING_LEFT = 1e-9


def design(covariates: Any, rows: Any, *, intercept: bool, subject: str) -> pd.DataFrame:
    """Columns of the regression, aligned with ``rows``: ``intercept`` (all 1), then the covariates by their names.

    ``covariates`` is a frame, a Series, an array of one or two dimensions (columns named x1, x2 …) or None. Raises
    ``InvalidInputError`` for missing values by column and row, no column at all, columns that are constant or a sum of
    those before them, and fewer rows than columns + 1.
    """
    complaints = Complaints(subject)
    given = _frame(covariates, rows, complaints)
    index = row_index(rows)
    columns = {INTERCEPT: np.ones(len(index))} if intercept else {}
    if len(given.columns) and need_same_rows(
        rows, given if _labelled(covariates) else given.to_numpy(), complaints, "covariates"
    ):
        columns |= {f"{name}": as_numbers(given[name], complaints, f"covariate {name}") for name in given.columns}
    complaints.refuse()
    if not columns:
        complaints.add("there is neither a covariate nor an intercept", "tidak ada kovariat maupun intersep")
    if columns and len(index) < len(columns) + 1:
        complaints.add(
            f"{len(index)} areas are too few for {len(columns)} coefficients ({len(columns) + 1} are needed)",
            f"{len(index)} wilayah terlalu sedikit untuk {len(columns)} koefisien (perlu {len(columns) + 1})",
        )
    complaints.refuse()
    for name in dependent_columns(columns):
        constant = intercept and float(np.ptp(columns[name])) == 0
        en = "is constant beside the intercept" if constant else "is a sum of the other columns"
        id = "tetap, padahal ada intersep" if constant else "dapat dijumlahkan dari kolom lain"
        complaints.add(f"covariate {name} {en}", f"kovariat {name} {id}")
    complaints.refuse()
    return pd.DataFrame(columns, index=index)


def dependent_columns(columns: dict[str, Floats]) -> list[str]:
    """Names of the columns that are a sum of those before them (or nothing but zeros), in order."""
    basis: list[Floats] = []
    found = []
    for name, column in columns.items():
        length = float(np.linalg.norm(column))
        left = column / length if length else column
        for _ in range(2):  # twice is enough (Giraud et al. 2005): once leaves rounding of what was taken away
            for direction in basis:
                left = left - (direction @ left) * direction
        remaining = float(np.linalg.norm(left))
        if remaining <= _NOTHING_LEFT:
            found.append(name)
        else:
            basis.append(left / remaining)
    return found


def _labelled(covariates: Any) -> bool:
    return isinstance(covariates, pd.DataFrame | pd.Series)


def _array(covariates: Any, complaints: Complaints) -> Any:
    """Lists or an array as an array; rows of different lengths are refused."""
    try:
        return np.asarray(covariates)
    except ValueError:
        complaints.add("covariates differ in length between rows", "panjang baris covariates berbeda")
        complaints.refuse()
        raise


def _frame(covariates: Any, rows: Any, complaints: Complaints) -> pd.DataFrame:
    """Covariates as a frame with text names; an array's columns are x1, x2 and so on."""
    if covariates is None:
        return pd.DataFrame(index=row_index(rows))
    if isinstance(covariates, pd.Series):
        covariates = covariates.to_frame()
    if isinstance(covariates, pd.DataFrame):
        frame = covariates.set_axis([f"{name}" for name in covariates.columns], axis=1)
    else:
        array = _array(covariates, complaints)
        if array.ndim == 1:
            array = array.reshape(len(array) or len(rows), -1 if len(array) else 0)
        if array.ndim != 2:
            complaints.add(
                f"covariates has {array.ndim} dimensions where 2 are expected",
                f"covariates berdimensi {array.ndim}, seharusnya 2",
            )
            complaints.refuse()
        frame = pd.DataFrame(array, columns=[f"x{at}" for at in range(1, array.shape[1] + 1)])
    if frame.columns.duplicated().any() or INTERCEPT in frame.columns:
        complaints.add(
            "covariates have a name twice, or are named intercept", "nama kovariat ganda, atau bernama intercept"
        )
        complaints.refuse()
    return frame
