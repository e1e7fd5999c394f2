"""Class breaks of a mapped column. Never raises over data: a map must render whatever the column holds."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from gisapp.analysis.checks import Floats, refuse, row_index

Method = Literal["quantile", "equal_interval", "natural_breaks", "box", "custom"]
METHODS = ("quantile", "equal_interval", "natural_breaks", "box", "custom")

#: Class number of a row without a value.
NO_DATA = -1

_BOX_HINGE = 1.5


@dataclass(frozen=True)
class Classification:
    """Classes of one column: class c holds values above ``upper[c − 1]`` up to and including ``upper[c]``.

    ``counts`` aligns with ``upper``; ``class_of`` is the class of each row, ``NO_DATA`` without a value;
    ``zero_class`` tells that class 0 holds exactly the zeros.
    """

    method: str
    upper: tuple[float, ...]
    counts: tuple[int, ...]
    class_of: pd.Series
    zero_class: bool


def classify(values: Any, *, method: Method = "quantile", k: int = 5, bounds: Sequence[float] = ()) -> Classification:
    """Class a column into at most ``k`` classes, low to high.

    Missing and infinite values are no data. In a column without negative values, zeros are a class of their
    own, and count as one of the k. No more classes than different values. Empty classes of the computed
    methods are left out; ``custom`` keeps every class whose upper bound is given (an empty one tells
    something when breaks are locked across maps) and adds one above them when values exceed the last bound.
    ``box`` has the classes of a box map: below the lower fence, to the quartiles, above the upper fence
    (1.5 quartile distances); k does not matter there.

    Raises ``InvalidInputError`` only for an unknown method, k below 1, or bounds that do not rise.
    """
    _check(method, k, bounds)
    numbers = pd.to_numeric(pd.Series(values), errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    present = np.isfinite(numbers)
    known = numbers[present]
    own_zeros = method in METHODS[:3] and bool((known == 0).any()) and not (known < 0).any()
    upper = _upper(known, method, k, bounds, own_zeros=own_zeros)
    class_of = np.full(len(numbers), NO_DATA, dtype=np.int64)
    if len(upper):
        class_of[present] = np.searchsorted(upper, known, side="left")
    counts = np.bincount(class_of[present], minlength=len(upper)) if len(upper) else np.empty(0, dtype=np.int64)
    return Classification(
        method=method,
        upper=tuple(float(bound) for bound in upper),
        counts=tuple(int(count) for count in counts),
        class_of=pd.Series(class_of, index=row_index(values), name="class"),
        zero_class=own_zeros,
    )


def breaks(values: Any, *, method: Method = "quantile", k: int = 5, bounds: Sequence[float] = ()) -> tuple[float, ...]:
    """Inclusive upper ends of the classes of ``classify``, ascending; empty where there is no value."""
    return classify(values, method=method, k=k, bounds=bounds).upper


def _check(method: str, k: int, bounds: Sequence[float]) -> None:
    """Refuse what a caller, not the data, got wrong."""
    if method not in METHODS:
        refuse("classify", f"method {method!r} is not one of {', '.join(METHODS)}", f"metode {method!r} tidak dikenal")
    if k < 1:
        refuse("classify", f"k is {k}, it must be at least 1", f"k adalah {k}, minimal 1")
    given = np.asarray(bounds, dtype=np.float64)
    if method == "custom" and (len(given) == 0 or not np.isfinite(given).all() or (np.diff(given) <= 0).any()):
        refuse("classify", "the bounds must be numbers that rise", "batas kelas harus angka yang menaik")


def _upper(known: Floats, method: str, k: int, bounds: Sequence[float], *, own_zeros: bool) -> Floats:
    """Upper ends of the classes, the last one reaching the largest value."""
    if len(known) == 0:
        return np.array(bounds if method == "custom" else (), dtype=np.float64)
    if method == "custom":
        given = np.array(bounds, dtype=np.float64)
        return given if known.max() <= given[-1] else np.append(given, known.max())
    if not own_zeros:
        return _computed(known, method, k)
    rest = known[known != 0]
    if len(rest) == 0 or k == 1:
        return np.array([known.max()])
    return np.append(0.0, _computed(rest, method, k - 1))


def _computed(known: Floats, method: str, k: int) -> Floats:
    """Upper ends of the classes that hold something."""
    different = np.unique(known)
    if method == "box":
        first, second, third = np.quantile(known, (0.25, 0.5, 0.75))
        reach = _BOX_HINGE * (third - first)
        upper = np.array([first - reach, first, second, third, third + reach, known.max()])
    elif len(different) <= k:
        return different
    elif method == "quantile":
        upper = np.quantile(known, np.arange(1, k + 1) / k)
    elif method == "equal_interval":
        upper = known.min() + (known.max() - known.min()) * np.arange(1, k + 1) / k
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import mapclassify  # compiles this one method whenever it is imported: seconds that a run need not spend

            upper = np.asarray(mapclassify.FisherJenks(known, k=k).bins, dtype=np.float64)
    upper = np.unique(np.minimum(upper, known.max()))
    upper[-1] = known.max()
    filled = np.diff(np.searchsorted(np.sort(known), upper, side="right"), prepend=0) > 0
    return upper[filled]
