"""The page's own description of a district: what can be chosen, in the reader's language."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gisapp.columns import DEPRIVATIONS, SERVICES, columns_of
from gisapp.errors import NotFoundError
from gisapp.web import choropleth, layers, pages
from gisapp.web.geometry import bounds
from gisapp.web.source import District
from gisapp.web.texts import Texts

#: Columns that the table, the charts and the selected area need besides the indicators.
BESIDE = ("families", "poor_families", "headcount_ratio", "headcount_lower", "headcount_upper", "headcount_basis")


def indicators() -> list[str]:
    base = ["headcount_ratio", "poor_families", "poor_persons", "density", "coverage", "adjusted_headcount"]
    return base + [f"deprived_share_{n}" for n in DEPRIVATIONS] + [f"distance_m_{n}" for n in SERVICES] + ["gi_star_z"]


def indicator(name: str) -> str:
    """The column of a mapped indicator; NotFoundError where it is none."""
    if name not in indicators():
        raise NotFoundError(f"No indicator {name!r}.", f"Tidak ada indikator {name!r}.")
    return name


def _group(name: str) -> str:
    if name.startswith("deprived_share_"):
        return "group_deprivation"
    if name.startswith("distance_m_"):
        return "group_access"
    return "group_hotspots" if name.startswith(("gi_star", "local_moran", "excess")) else "group_families"


def _indicators(t: Texts) -> list[dict[str, Any]]:
    known = columns_of("areas")
    return [
        {"name": n, "title": t.pick((known[n].id, known[n].en)), "unit": known[n].unit, "group": t(_group(n))}
        for n in indicators()
    ]


def page_manifest(district: District, t: Texts) -> dict[str, Any]:
    """Everything the scripts need before they draw."""
    found = pages.ranked(district, t)
    return {
        "run": district.run.run_id,
        "period": district.period,
        "lang": t.lang,
        "bounds": bounds(district.areas(district.levels[0])),
        "levels": [{"name": level, "title": t(f"level_{level}"), "count": len(district.areas(level))} for level in district.levels if level != "kabupaten"],
        "indicators": _indicators(t),
        "methods": [{"name": name, "title": t(f"method_{name}")} for name in choropleth.METHODS],
        "class_counts": choropleth.CLASS_COUNTS,
        "default_classes": choropleth.DEFAULT_CLASSES,
        "layers": layers.listed(district, t),
        "pockets": [{"id": one.id, "label": one.label, "name": one.name, "edge": one.edge} for one in found],
        "cuts": district.cuts,
        "texts": t.all(),
    }


def plain(series: pd.Series) -> list[Any]:
    """A column as JSON values; what is not known becomes null."""
    return [None if pd.isna(value) else value.item() if isinstance(value, np.generic) else value for value in series]


def columnar(areas: pd.DataFrame) -> dict[str, Any]:
    """Values of one level, column by column."""
    wanted = dict.fromkeys(["code", "name", "parent_code", "status", "pocket_id", "quadrant", *BESIDE, *indicators()])
    return {name: plain(areas[name]) for name in wanted if name in areas.columns}
