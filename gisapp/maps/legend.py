"""The legend: classes of a mapped column with colours, labels and counts; withheld and missing values apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.classify import Method, breaks
from gisapp.maps.numbers import number
from gisapp.maps.palette import ramp
from gisapp.maps.words import word

METHODS: tuple[Method, ...] = ("quantile", "equal_interval", "natural_breaks")
DEFAULT_CLASSES = 5

#: Class numbers of rows outside the ramp; each has its own pattern: hatch and dots.
WITHHELD = -1
NO_DATA = -2


def classes(frame: pd.DataFrame, column: str, *, method: Method, k: int = DEFAULT_CLASSES) -> dict[str, Any]:
    """Class one column of a disclosed frame for a map.

    ``frame`` has the column and ``status``; a missing value of a suppressed row is withheld, any other is no data. At
    most ``k`` (1..5) classes: as many as there are different values.

    Returns ``classes`` (low to high: lower, upper, color, count), ``withheld`` and ``no_data`` (counts), and
    ``class_of`` (per row: 0 is the lowest class, WITHHELD, NO_DATA).
    """
    values = pd.to_numeric(frame[column]).to_numpy(dtype="float64", na_value=np.nan)
    known = np.isfinite(values)
    upper = upper_bounds(values[known], method=method, k=k)
    class_of = np.where(frame["status"].eq("suppressed").to_numpy(dtype=bool), WITHHELD, NO_DATA)
    if len(upper):
        class_of[known] = np.minimum(np.searchsorted(upper, values[known], side="left"), len(upper) - 1)
    colours = ramp(len(upper))
    found = []
    for position, bound in enumerate(upper):
        lower = values[known].min() if position == 0 else upper[position - 1]
        count = int((class_of == position).sum())
        found.append({"lower": float(lower), "upper": float(bound), "color": colours[position], "count": count})
    return {
        "classes": found,
        "withheld": int((class_of == WITHHELD).sum()),
        "no_data": int((class_of == NO_DATA).sum()),
        "class_of": class_of.tolist(),
    }


def upper_bounds(values: np.ndarray, *, method: Method, k: int) -> np.ndarray:
    """Inclusive upper ends of the classes of finite values, ascending; empty where there is no value."""
    if not len(values):
        return np.empty(0)
    return np.asarray(breaks(pd.Series(values), method=method, k=k), dtype="float64")


def labelled(classed: Mapping[str, Any], *, unit: str, lang: str, smallest: int) -> list[dict[str, Any]]:
    """Rows of a printed legend, high to low, then withheld and missing where they occur.

    A row has label, color (None for a pattern), pattern (None, ``hatch`` or ``dots``), count and class; ``smallest`` is
    the number of families below which values are withheld.
    """
    found = list(classed["classes"])
    texts = _labels([item["lower"] for item in found], [item["upper"] for item in found], unit, lang)
    rows = [
        {"label": text, "color": item["color"], "pattern": None, "count": item["count"], "class": position}
        for position, (text, item) in enumerate(zip(texts, found, strict=True))
    ][::-1]
    for count, position, pattern, label in (
        (classed["withheld"], WITHHELD, "hatch", word("withheld", lang, k=smallest)),
        (classed["no_data"], NO_DATA, "dots", word("no_data", lang)),
    ):
        if count:
            rows.append({"label": label, "color": None, "pattern": pattern, "count": count, "class": position})
    return rows


def _labels(lower: list[float], upper: list[float], unit: str, lang: str) -> list[str]:
    """``≤ 8 %``, ``8–11 %``, ``> 19 %``; a class of one value is named by it; no dash stands beside a minus sign."""
    scale, suffix = (100.0, "\u00a0%" if lang == "id" else "%") if unit == "0..1" else (1.0, _suffix(unit))
    digits = _digits([scale * bound for bound in upper], least=1 if unit == "z" else 0)
    low, high = ([number(scale * end, lang, digits=digits) for end in ends] for ends in (lower, upper))
    last = len(upper) - 1
    through = word("through", lang) if any(scale * end < 0 for end in (*lower, *upper)) else "–"
    texts = []
    for position in range(len(upper)):
        if (position == 0 or last == 0) and lower[position] == upper[position]:
            texts.append(f"{high[position]}{suffix}")
        elif last == 0:
            texts.append(f"{low[0]}{through}{high[0]}{suffix}")
        elif position == 0:
            texts.append(f"≤ {high[0]}{suffix}")
        elif position == last:
            texts.append(f"> {low[last]}{suffix}")
        else:
            texts.append(f"{low[position]}{through}{high[position]}{suffix}")
    return texts


def _suffix(unit: str) -> str:
    return {"m": "\u00a0m", "min": "\u00a0min", "families/km²": "/km²"}.get(unit, "")


def _digits(bounds: list[float], *, least: int = 0) -> int:
    """Fewest decimals that keep all class limits apart, at most four."""
    for digits in range(least, 4):
        if len({number(bound, digits=digits) for bound in bounds}) == len(bounds):
            return digits
    return 4
