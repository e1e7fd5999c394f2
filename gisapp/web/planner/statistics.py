"""The page *Seberapa yakin*: what the figures of the desa can bear, in pictures with their tables."""

from __future__ import annotations

from typing import Any

from gisapp.errors import InvalidParameterError
from gisapp.web.planner import statistics_choices as choices_made
from gisapp.web.planner import statistics_ranges as ranges
from gisapp.web.planner import statistics_tests as tested
from gisapp.web.planner import statistics_types as types
from gisapp.web.planner.figure_tables import is_withheld
from gisapp.web.planner.pages import frame_of_page, unit_of
from gisapp.web.planner.statistics_finding import finding, rule_words
from gisapp.web.planner.statistics_welfare import welfare
from gisapp.web.source import District
from gisapp.web.texts import Texts

#: Sections of the page in print order, by the word of their heading.
SECTIONS = ("shares", "ranks", "quadrants", "matrix", "klassen", "coverage", "tests", "units", "order", "classes")


def kecamatan_of(district: District, asked: str | None) -> str | None:
    """Code of the kecamatan that was asked for; InvalidParameterError where this run has none of it."""
    if not asked:
        return None
    if asked not in {code for code, _ in choices(district)}:
        raise InvalidParameterError("This run has no such kecamatan.", "Tidak ada kecamatan itu pada hasil ini.")
    return asked


def choices(district: District) -> list[tuple[str, str]]:
    """Kecamatan of the run: code and name, by name."""
    if "kecamatan" not in district.levels:
        return []
    frame = district.areas("kecamatan")
    return sorted(zip(frame["code"].astype(str), frame["name"].astype(str), strict=True), key=lambda pair: pair[::-1])


def desa_rows(district: District, kecamatan: str | None) -> list[dict[str, Any]]:
    """Released rows of the smallest areas, of one kecamatan or of all."""
    frame = district.areas(district.levels[0]).drop(columns="geometry")
    if kecamatan is not None:
        frame = frame[frame["parent_code"] == kecamatan]
    return list(frame.to_dict("records"))


def page(district: District, t: Texts, *, kecamatan: str | None) -> dict[str, Any]:
    """Everything that the template draws."""
    rows = desa_rows(district, kecamatan)
    shown = [row for row in rows if not is_withheld(row)]
    klassen = types.klassen(district, rows, t)
    found = tested.tests(district, rows, t)
    spent = welfare(district, survey_rows(district, kecamatan), t)
    return {
        **frame_of_page(district, t),
        "kecamatan": kecamatan,
        "choices": choices(district),
        "sections": (*SECTIONS, "welfare") if spent else SECTIONS,
        "drawn": ranges.DRAWN,
        "number_of_desa": len(rows),
        "number_withheld": len(rows) - len(shown),
        "smallest": district.released("areas").k,
        "shares": ranges.shares(rows, district.whole, t),
        "ranks": ranges.ranks(rows, t),
        "quadrants": types.quadrants(district, rows, t),
        "matrix": types.matrix(district, rows, t),
        "klassen": klassen,
        "klassen_why": "" if klassen else _why_no_types(district),
        "coverage": ranges.coverage(rows, t),
        "tests": found,
        "finding": finding(district, shown, t),
        "rule": rule_words(district, found["of"], t),
        "unit": unit_of(district),
        "unit_words": t(f"units_of_{unit_of(district)}"),
        "order": choices_made.order(district, t),
        "units": choices_made.units(district, t),
        "classes": tested.urban_rural(district.classes, t),
        "welfare": spent,
        "survey": tested.survey(survey_rows(district, kecamatan), t),
    }


def survey_rows(district: District, kecamatan: str | None) -> list[dict[str, Any]]:
    """Released rows of every level, because a survey speaks of larger areas than a desa; or those of one kecamatan."""
    frame = district.released("areas").frame.drop(columns="geometry")
    if kecamatan is not None:
        frame = frame[frame["code"].eq(kecamatan) | frame["parent_code"].eq(kecamatan)]
    return list(frame.to_dict("records"))


def _why_no_types(district: District) -> str:
    """Why the run has no Klassen types, by the word of the text."""
    facts = district.run.manifest.get("tests", {}).get("typology", {}).get("klassen", {})
    return str(facts.get("why") or "no_parent")
