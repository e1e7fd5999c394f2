"""What the page of trials is given, and what it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gisapp.analysis.finding.area_tests import METHODS
from gisapp.columns import DEPRIVATIONS
from gisapp.maps import legend
from gisapp.maps.shapes import DECIMALS, leaflet_bounds
from gisapp.targeting.trial import LEVELS, Trial, toml_of
from gisapp.web.planner.explore_answers import Compared, Explorer, explorer_of
from gisapp.web.planner.explore_asked import MOST_IMPORTANT, address_of, asked_for, importances
from gisapp.web.planner.explore_words import changes, label_deciles, notes, pocket_rows, sentence
from gisapp.web.planner.geometry import features, plain
from gisapp.web.planner.pages import frame_of_page
from gisapp.web.source import District
from gisapp.web.texts import Texts, catalogue
from gisapp.workspace.thresholds import THRESHOLDS

#: What the map can be coloured by; both change with what is tried.
SHOWN = ("headcount_ratio", "adjusted_headcount")
#: Columns of a desa that the page reads.
_COLUMNS = (
    "code", "name", "status", "families", "poor_families", "headcount_ratio", "headcount_standing",
    "multidimensional_headcount", "adjusted_headcount", "methods_found", "quadrant",
)  # fmt: skip
_CLASSES = 5
#: Texts that the scripts of the page write.
_WORDS = (
    *(f"explore_{place}" for place in ("both", "in", "out", "none", "withheld")), "explore_busy", "explore_col_desa",
    "explore_col_families", "explore_col_place", "explore_col_now", "explore_col_then", "explore_col_m0",
    "explore_col_methods", "explore_col_was", "explore_no_pockets", "explore_rows_empty",
    "explore_keep_none", "explore_copied", "withheld_short", "close", "zoom_in", "zoom_out", "zoom_all",
)  # fmt: skip


def answer(district: District, address: Mapping[str, str], t: Texts) -> dict[str, Any]:
    """What would change with the thresholds of an address."""
    explorer = explorer_of(district)
    return document(explorer, asked_for(address, explorer.basis.usual), t)


def methods_to_try() -> list[int]:
    """How many methods may be asked to agree: no more than there are, and than gisapp.toml takes."""
    rule = next(one for one in THRESHOLDS if one.name == "min_methods")
    return [count for count in range(1, len(METHODS) + 1) if rule.allowed(count)]


def page(found: District, t: Texts) -> dict[str, Any]:
    """What the template is given."""
    explorer = explorer_of(found)
    usual = explorer.basis.usual
    return {
        **frame_of_page(found, t),
        "usual": usual,
        "deciles": range(1, 11),
        "weights": [
            {
                "name": name,
                "title": t.pick(titles),
                "importance": importances(usual)[name],
                "share": usual.weights[name],
            }
            for name, titles in DEPRIVATIONS.items()
        ],
        "most": MOST_IMPORTANT,
        "levels": tuple(round(100 * end) for end in LEVELS),
        "methods": methods_to_try(),
        "bounds": leaflet_bounds(found.areas("desa")),
        "shown": SHOWN,
    }


def document(explorer: Explorer, trial: Trial, t: Texts) -> dict[str, Any]:
    """The answer as the page reads it: places and figures of every desa, pockets, sentences, keys to copy."""
    compared, usual = explorer.answer(trial), explorer.basis.usual
    drawn = explorer.outlines(compared)
    return {
        "run": explorer.district.run.run_id,
        "address": address_of(trial, usual),
        "asked": {
            "deciles": trial.poor_deciles,
            "cutoff": round(100 * trial.deprivation_cutoff),
            "level": round(100 * trial.significance_level),
            "methods": trial.min_methods,
            "weights": {
                name: {"importance": importances(trial)[name], "share": share} for name, share in trial.weights.items()
            },
            "title": label_deciles(trial.poor_deciles, t),
        },
        "sentence": sentence(explorer, compared, trial, t),
        "changes": changes(compared, t),
        "notes": notes(explorer, compared, t),
        "pockets": pocket_rows(explorer, compared, t),
        "outlines": features(drawn, key="pocket_id", columns=["name"], decimals=DECIMALS),
        "areas": {
            **{name: plain(compared.desa[name]) for name in _COLUMNS},
            "kecamatan": [explorer.kecamatan.get(code) for code in compared.desa["code"]],
            "place": compared.place,
            "headcount_now": [explorer.now("headcount_ratio").get(code) for code in compared.desa["code"]],
            "standing_now": [explorer.now("headcount_standing").get(code) for code in compared.desa["code"]],
        },
        "classes": {name: _classed(compared, name, t) for name in SHOWN},
        "toml": toml_of(trial, explorer.basis.settings),
        "texts": {key: t(key) for key in _WORDS} | {"legend_areas": t.pick(catalogue()["legend_areas"])},
    }


def _classed(compared: Compared, name: str, t: Texts) -> dict[str, Any]:
    """Classes of the answer's own values, worded as every legend is."""
    classed = legend.classes(compared.desa, name, method=legend.METHODS[0], k=_CLASSES)
    unit = "0..1" if name == "headcount_ratio" else ""
    return classed | {"rows": legend.labelled(classed, unit=unit, lang=t.lang, smallest=compared.answer.k)}
