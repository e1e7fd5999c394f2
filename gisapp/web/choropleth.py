"""An indicator's colours: classes with their counts, and the class of each area, from the shared legend."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gisapp.errors import InvalidParameterError

METHODS = ("quantile", "equal_interval", "natural_breaks")
CLASS_COUNTS = (2, 3, 4, 5)
DEFAULT_CLASSES = 5

#: Class numbers of areas without a colour.
WITHHELD = -1
NO_DATA = -2


def parse_classes(method: str, k: str) -> tuple[str, int]:
    """Class method and number of classes as asked for in the address."""
    if method not in METHODS:
        names = ", ".join(METHODS)
        raise InvalidParameterError(f"method is one of {names}.", f"method adalah salah satu dari {names}.")
    if k not in {str(number) for number in CLASS_COUNTS}:
        raise InvalidParameterError("k is a number from 2 to 5.", "k adalah angka 2 sampai 5.")
    return method, int(k)


def classes(frame: pd.DataFrame, column: str, *, method: str, k: int) -> dict[str, Any]:
    """Upper ends, colours and counts of the classes, and the class number of every row in order."""
    values = pd.to_numeric(frame[column]).to_numpy(dtype=float, na_value=np.nan)
    known = values[np.isfinite(values)]
    ends = np.unique(np.quantile(known, np.linspace(0, 1, k + 1)[1:])) if method != "equal_interval" else np.linspace(known.min(), known.max(), k + 1)[1:]
    number = np.where(np.isfinite(values), np.searchsorted(ends, values - 1e-12), NO_DATA)
    number = np.where(frame["status"].to_numpy() == "suppressed", WITHHELD, number)
    palette = ["#eef3f1", "#cfe1dc", "#9fc6bf", "#63a19c", "#2f7576"]
    colours = [palette[round(i * 4 / max(1, len(ends) - 1))] for i in range(len(ends))]
    lows = [float(known.min()), *[float(e) for e in ends[:-1]]]
    return {
        "classes": [{"lower": lo, "upper": float(hi), "color": c, "count": int((number == i).sum())} for i, (lo, hi, c) in enumerate(zip(lows, ends, colours))],
        "withheld": int((number == WITHHELD).sum()),
        "no_data": int((number == NO_DATA).sum()),
        "class_of": [int(n) for n in number],
    }
