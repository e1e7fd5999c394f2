"""Monetary poverty on *Seberapa yakin*: only where expenditures were given, and never as the district's rate."""

from __future__ import annotations

import pytest
from small_district import SmallRun

from gisapp.columns import INTERNAL_AREAS
from tests.web.conftest import log_in, with_run
from tests.web.test_statistics import page_of


def surveyed_run():
    """The small district where every family told what it spends: a quarter below each line, half above both."""
    run = SmallRun()
    areas = run.collections["areas"]
    families = areas["families"].fillna(0).astype("int64")
    low, between = families // 4, families // 4
    counts = {
        "welfare_families": families, "line_families": families, "below_line_families": low + between,
        "extreme_families": low, "low_families": low, "between_families": between,
        "high_families": families - low - between, "welfare_persons": 4 * families, "line_persons": 4 * families,
    }  # fmt: skip
    assert set(counts) == set(INTERNAL_AREAS)
    run.collections["areas"] = areas.assign(
        **counts, welfare_known=0.8765, poverty_line_known=0.8765, persons_below_line=4321, poverty_headcount=0.4567,
        poverty_gap=0.1357, poverty_severity=0.0246, persons_below_extreme_line=1234, extreme_headcount=0.2468,
    )  # fmt: skip
    run.manifest["parameters"] = {
        "poverty_line_idr": {"urban": 650_000, "rural": 0}, "extreme_poverty_line_idr": 358_233.0,
        "sources": {"poverty_line_idr": ["BRS BPS", "2025-03-31"], "extreme_poverty_line_idr": ["uji", "2021-12-31"]},
    }  # fmt: skip
    return run


@pytest.mark.parametrize(("lang", "words"), [
    ("id", ("bukan angka kemiskinan kabupaten", "45,7\xa0%", "4.321", "garis kemiskinan perkotaan", "Rp\xa0650.000")),
    ("en", ("not the poverty rate of the district", "45.7%", "4,321", "poverty line, urban", "Rp\xa0650,000")),
])  # fmt: skip
def test_it_is_shown_with_its_lines_their_dates_and_what_it_is_not(bare_app, lang, words):
    page = page_of(log_in(with_run(bare_app, surveyed_run()), "planner"), lang=lang)
    section = page.partition('id="welfare"')[2].partition("</section>")[0]
    for word in (*words, "BRS BPS, 2025-03-31"):
        assert word.lower() in section.lower(), word
    assert 'href="#welfare"' in page
    assert "perdesaan, per jiwa" not in section


def test_a_run_without_expenditures_is_silent(bare_app):
    page = page_of(log_in(with_run(bare_app, SmallRun()), "planner"))
    assert "welfare" not in page
    assert "pengeluaran tercatat" not in page
