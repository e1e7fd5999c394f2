"""What stands under the choice of indicator: source, period, what a share is a share of, and which range it has."""

from __future__ import annotations

from typing import Any

from gisapp.analysis.indicators import Indicator
from gisapp.columns import DEPRIVATIONS, SERVICES
from gisapp.errors import some
from gisapp.maps.basis import OVER_POPULATION, common_basis, indicator_basis, population_year
from gisapp.maps.standing import NOT_ALONE
from gisapp.maps.words import word
from gisapp.release.facts import registry_source
from gisapp.web.planner.reach_words import capacity_words, standard_words, travel_facts
from gisapp.web.source import District
from gisapp.web.texts import Texts

_RANGES = {"model": "kind_of_range", "sample": "sample_range"}
#: Titles of our own where the column's title is a term of the trade.
_PLAIN = {
    "adjusted_headcount": "indicator_m0",
    "multidimensional_headcount": "indicator_h",
}


#: Indicators of reach by the beginning of their name, and the text of their title.
_REACH = {
    "distance_m_": "distance_to",
    "travel_time_min_": "time_to",
    "beyond_minutes_share_": "minutes_beyond_to",
    "places_per_1000_": "capacity_of",
}


def short_basis(district: District, t: Texts) -> str:
    """``dari penduduk`` or ``dari keluarga terdaftar``: what shares of decile 1 are shares of on this page."""
    basis = common_basis(district.areas(district.levels[0]))
    return t("of_population" if basis == "population_persons" else "of_registered")


def title_of(one: Indicator, t: Texts) -> str:
    """Title of an indicator in the menu; the note below it says what a share is a share of."""
    deprivation, service = one.name.removeprefix("deprived_share_"), service_of(one)
    if deprivation in DEPRIVATIONS:
        return t.pick(DEPRIVATIONS[deprivation])
    if service in SERVICES:
        return t(_REACH[prefix_of(one)], service=t.pick(SERVICES[service]))
    return t(_PLAIN[one.name]) if one.name in _PLAIN else t.pick((one.title_id, one.title_en))


def short_of(one: Indicator, district: District, t: Texts) -> str:
    """Title of an indicator at the head of a column."""
    deprivation = one.name.removeprefix("deprived_share_")
    if deprivation in DEPRIVATIONS:
        return t(f"short_{deprivation}")
    return f"{title_of(one, t)} {short_basis(district, t)}" if one.name in OVER_POPULATION else title_of(one, t)


def source_of(one: Indicator, district: District, t: Texts) -> str:
    """Registry and period; for a figure of reach also the layers that it leads to, with their years."""
    parts = [registry_source(district.run), f"{t('period').lower()} {district.period}"]
    service = service_of(one)
    if service in SERVICES:
        parts += layers_of(service, district, t)
    return " · ".join(part for part in parts if part)


def service_of(one: Indicator) -> str:
    """Service that a figure of reach is about; the indicator's own name for any other."""
    return one.name.removeprefix(prefix_of(one))


def prefix_of(one: Indicator) -> str:
    """Beginning of the name of an indicator of reach; empty for any other."""
    return next((start for start in _REACH if one.name.startswith(start)), "")


def travel_words(service: str, district: District, t: Texts) -> str:
    """By which mode, in which season and over what the minutes to a service were reckoned."""
    return " · ".join(part for part in (mode_words(service, district, t), ground_words(district, t)) if part)


def mode_words(service: str, district: District, t: Texts) -> str:
    """By which mode people go to a service; empty where no minutes were reckoned."""
    told = travel_facts(district).get("services", {}).get(service)
    return t(f"mode_{told['mode']}") if told else ""


def ground_words(district: District, t: Texts) -> str:
    """In which season, and over what, minutes were reckoned; empty where none were."""
    facts = travel_facts(district)
    if not facts:
        return ""
    parts = (t(f"season_{facts['season']}"), t(f"travel_{facts['basis']}"), _lost_ground(facts, t))
    return " · ".join(part for part in parts if part)


def _lost_ground(facts: dict[str, Any], t: Texts) -> str:
    """Which codes of the land cover no class was known of, and how much of the ground they are."""
    cover = facts.get("land_cover", {})
    lost = cover.get("without_class")
    if not lost:
        return ""
    codes = some(sorted(lost, key=lambda code: (-lost[code], int(code))))
    return t("travel_ground_unknown", share=t.percent(sum(lost.values()) / cover["cells"], 1), codes=codes)


def layers_of(service: str, district: District, t: Texts) -> list[str]:
    """``Sekolah (BIG, 2019)`` for each layer that holds facilities of a service."""
    layers = district.workspace.catalog.layers
    frame = district.facilities()
    names = set(frame.loc[frame["service"] == service, "layer"]) if "layer" in frame else set()
    found = []
    for name in sorted(names | {one for one, spec in layers.items() if service == "road" and spec.kind == "jalan"}):
        spec = layers.get(str(name))
        if spec is not None:
            origin = ", ".join(part for part in (spec.source, spec.date) if part)
            found.append(t.pick((spec.title_id, spec.title_en)) + (f" ({origin})" if origin else ""))
    return found


def note_of(one: Indicator, district: District, t: Texts) -> str:
    """Basis and kind of range; a number that is only counted says so, any other without a range says that."""
    if one.unit == "m":
        return t("straight_line")
    if one.unit == "min":
        return travel_words(service_of(one), district, t)
    if prefix_of(one):
        service = service_of(one)
        told = standard_words if one.unit == "0..1" else capacity_words
        return " · ".join(part for part in (told(service, district, t), travel_words(service, district, t)) if part)
    basis = indicator_basis(one.name, district.areas(district.levels[0]), t.lang)
    if one.basis in _RANGES:
        extent = t(_RANGES[one.basis])
    elif one.unit in ("families", "persons"):
        extent = t("exact_count")
    else:
        extent = t("z_score") if one.unit == "z" else t("no_range")
    return " · ".join(part for part in (basis, extent, standing_note(one, district, t)) if part)


def standing_note(one: Indicator, district: District, t: Texts) -> str:
    """What the mark of a share means, where an area of the district has it."""
    areas = district.areas(district.levels[0])
    marked = one.name == "headcount_ratio" and "headcount_standing" in areas
    return t("not_alone") if marked and areas["headcount_standing"].eq(NOT_ALONE).any() else ""


def share_words(district: District, t: Texts) -> dict[str, str]:
    """Words of shares of decile 1 for the scripts of the page."""
    of, year = short_basis(district, t), population_year(district.released("areas").frame)
    population = word("of_population", t.lang, year=f", {year}" if year else "")
    return {
        "scatter_axis_x": f"{t('column_share').lower()} {of}",
        "share_population": population,
        "share_registered": word("of_registered", t.lang),
    }
