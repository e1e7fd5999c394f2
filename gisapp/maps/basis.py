"""What a share is a share of, in words: the same ones wherever the share is shown."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gisapp.maps.words import word

#: Shares of decile 1; their denominator depends on whether the workspace has a population table.
OVER_POPULATION = ("headcount_ratio", "headcount_smoothed")
#: Concept of a coverage gap over all families, as a run writes it.
ALL_FAMILIES = "all_families"
#: Beginnings of indicators that are shares of the registered families, whatever else the workspace has.
OVER_REGISTERED = ("deprived_share_", "multidimensional_headcount", "share_unknown")


def population_year(areas: pd.DataFrame) -> str:
    """Year, or years from the first to the last, of the population table behind the areas; empty where unknown."""
    if "population_date" not in areas:
        return ""
    years = sorted({str(year) for year in areas["population_date"].dropna()} - {""})
    return years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}" if years else ""


def basis(value: Any, lang: str, *, year: str = "") -> str:
    """``dari penduduk (tabel penduduk, 2025)`` or ``dari keluarga terdaftar``; ``value`` as in ``headcount_basis``."""
    if value != "population_persons":
        return word("of_registered", lang)
    return word("of_population", lang, year=f", {year}" if year else "")


def common_basis(frame: pd.DataFrame) -> str:
    """``population_persons`` where every known row of the frame rests on it, else ``registered_families``."""
    known = frame["headcount_basis"].dropna() if "headcount_basis" in frame else pd.Series(dtype="object")
    return "population_persons" if len(known) and known.eq("population_persons").all() else "registered_families"


def basis_of(frame: pd.DataFrame, lang: str) -> str:
    """Words for a whole column: both bases where areas differ."""
    known = set(frame["headcount_basis"].dropna()) if "headcount_basis" in frame else set()
    year = population_year(frame)
    return ", ".join(basis(value, lang, year=year) for value in sorted(known) or ["registered_families"])


def counted(value: Any, lang: str) -> str:
    """Who is counted in the share: persons over the population, families over the registered ones."""
    return word("counted_persons" if value == "population_persons" else "counted_families", lang)


def gap_basis(frame: pd.DataFrame, lang: str) -> str:
    """Which families a coverage gap counts, and what a gap below 0 is; empty where there is none."""
    known = set(frame["coverage_gap_concept"].dropna()) if "coverage_gap_concept" in frame else set()
    if not known:
        return ""
    return word("gap_all_families" if known == {ALL_FAMILIES} else "gap_poor_families", lang)


def indicator_basis(name: str, frame: pd.DataFrame, lang: str) -> str:
    """What an indicator of areas is a share of; empty for anything that is no share, or says so in its title."""
    if name in OVER_POPULATION:
        return f"{counted(common_basis(frame), lang)} {basis_of(frame, lang)}"
    if name == "coverage_gap":
        return gap_basis(frame, lang)
    if name == "coverage":
        year = population_year(frame)
        return word("of_all_families", lang, year=f", {year}" if year else "")
    return word("of_registered", lang) if name.startswith(OVER_REGISTERED) else ""
