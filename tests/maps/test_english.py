"""Every Indonesian value that a run carries as text has its English."""

import pytest

from gisapp.catalog.interventions import load_interventions
from gisapp.maps import english

KINDS = load_interventions()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_each_kind_of_intervention_reads_in_english(kind):
    assert kind.unit in english.UNITS
    assert kind.authority in english.AUTHORITIES
    assert kind.cost_source in english.COST_SOURCES
    for part in kind.executor.split(";"):
        assert part.strip() in english.EXECUTORS, part


def test_nothing_stands_in_the_dictionary_that_nobody_writes():
    assert set(english.UNITS) == {kind.unit for kind in KINDS}
    assert set(english.EXECUTORS) == {part.strip() for kind in KINDS for part in kind.executor.split(";")}


def test_a_price_keeps_its_year():
    text = f"{KINDS[0].cost_source} (harga 2025)"
    assert english.cost_source(text, "id") == text
    assert english.cost_source(text, "en").endswith("(SSH/HSPK) (prices of 2025)")
    assert english.cost_source("SSH 2024", "en") == "SSH 2024"


def test_a_reason_on_another_basis_gives_no_share():
    text = "Keluarga desil 1 (nasional): 4 dari 10 keluarga terdaftar di sini (40,0 %). Usulan ini untuk 4 keluarga."
    assert english.reason(text, "all", "id") == "Usulan ini untuk 4 keluarga."
    assert "40,0\u00a0%" in english.reason(text, "water", "id")
    assert english.reason("(94.1 %).", "water", "en") == "(94.1%)."
