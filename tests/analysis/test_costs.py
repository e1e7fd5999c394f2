"""Costs that a reader can redo on paper."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.suggesting.costs import CostRules, cost_parts, cost_per_family, volume_of
from gisapp.catalog.interventions import load_interventions
from gisapp.errors import InvalidInputError

BY_NAME = {kind.kind: kind for kind in load_interventions()}
WELL = replace(
    BY_NAME["sumur_bor_komunal"],
    unit_cost_idr=100_000_000.0,
    unit_cost_low_idr=80_000_000.0,
    unit_cost_high_idr=150_000_000.0,
    design_share=0.04,
    supervision_share=0.03,
    maintenance_share=0.02,
    families_per_unit=50,
)
RULES = CostRules(region_factor=1.1, tax_rate=0.11)


def test_two_wells_part_by_part():
    """2 × 100 m × 1.1 = 220 m; 4 % 8.8 m; 3 % 6.6 m; 11 % of 235.4 m 25.894 m."""
    parts = cost_parts(WELL, 2, rules=RULES)
    assert parts.works_idr == 220_000_000
    assert parts.design_idr == 8_800_000
    assert parts.supervision_idr == 6_600_000
    assert parts.tax_idr == 25_894_000
    assert parts.total_idr == 261_294_000
    assert parts.maintenance_idr == 4_400_000


def test_a_price_that_is_the_same_everywhere_knows_no_region_and_untaxed_work_no_tax():
    wage = BY_NAME["padat_karya_tunai"]
    parts = cost_parts(wage, 60, rules=RULES)
    assert not wage.regional
    assert parts.total_idr == parts.works_idr == 60 * wage.unit_cost_idr
    assert parts.tax_idr == 0


def test_half_a_rupiah_is_rounded_upwards_as_a_spreadsheet_does():
    kind = replace(WELL, unit_cost_idr=0.5, design_share=0, supervision_share=0, taxed=False, maintenance_share=0)
    assert cost_parts(kind, 1, rules=CostRules()).works_idr == 1
    assert cost_parts(kind, 5, rules=CostRules()).works_idr == 3


@pytest.mark.parametrize(
    ("kind", "families", "more", "units"),
    [
        ("usulan_pkh", 7, {}, 7),
        ("padat_karya_tunai", 2, {}, 120),
        ("sumur_bor_komunal", 51, {}, 2),
        ("kejar_paket", 41, {}, 3),
        ("bumdes_pemasaran", 90, {"areas": 3}, 3),
        ("jalan_penghubung", 90, {"road_km": 2.34}, 2.3),
        ("jalan_penghubung", 90, {"road_km": 0.0}, 0.1),
        ("jembatan_penghubung", 90, {"link_m": 61.2}, 62),
    ],
)
def test_volumes_follow_the_rule_of_the_kind(kind, families, more, units):
    assert volume_of(BY_NAME[kind], families, **{"areas": 1, "road_km": 0.0, **more}) == units


def test_rupiah_per_family_with_a_range_from_price_and_count():
    """40 of 100 families, one well: Wilson 95 % of 0.4 is 0.3094 to 0.4980, 30.9 to 49.8 families, one well."""
    rules = CostRules(tax_rate=0.0)
    kind = replace(WELL, design_share=0, supervision_share=0)
    each = cost_per_family(kind, 40, 100, volume_at=lambda n: volume_of(kind, n, areas=1, road_km=0), rules=rules)
    assert each.value == 2_500_000
    assert each.by_count[0] == pytest.approx(100e6 / 49.798, rel=1e-4)
    assert each.by_count[1] == pytest.approx(100e6 / 30.940, rel=1e-4)
    assert each.lower == pytest.approx(0.8 * each.by_count[0])
    assert each.upper == pytest.approx(1.5 * each.by_count[1])


def test_what_costs_the_same_for_each_family_has_only_the_range_of_its_price():
    kind = BY_NAME["jamban_keluarga"]
    each = cost_per_family(
        kind, 40, 100, volume_at=lambda n: volume_of(kind, n, areas=1, road_km=0), rules=CostRules(tax_rate=0.0)
    )
    assert each.by_count == pytest.approx((each.value, each.value), rel=1e-6)
    assert each.upper / each.value == pytest.approx(kind.unit_cost_high_idr / kind.unit_cost_idr, rel=1e-6)


def test_nobody_reached_has_no_rupiah_per_family():
    assert cost_per_family(WELL, 0, 10, volume_at=lambda n: 1.0, rules=CostRules()) is None


@given(st.integers(1, 500), st.integers(0, 500), st.floats(0.2, 5), st.floats(0, 1))
def test_the_range_holds_the_value(families, more, factor, tax):
    each = cost_per_family(
        WELL,
        families,
        families + more,
        volume_at=lambda n: volume_of(WELL, n, areas=1, road_km=0),
        rules=CostRules(region_factor=factor, tax_rate=tax),
    )
    assert each.lower <= each.by_count[0] <= each.value <= each.by_count[1] <= each.upper


@given(st.floats(0, 1e6), st.floats(0.2, 5))
def test_more_units_never_cost_less(volume, factor):
    rules = CostRules(region_factor=factor)
    assert cost_parts(WELL, volume, rules=rules).total_idr <= cost_parts(WELL, volume + 1, rules=rules).total_idr


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0])
@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("volume", lambda value: cost_parts(WELL, value, rules=RULES)),
        ("unit_cost_idr", lambda value: cost_parts(WELL, 1, rules=RULES, unit_cost_idr=value)),
        ("region_factor", lambda value: CostRules(region_factor=value)),
        ("tax_rate", lambda value: CostRules(tax_rate=value)),
    ],
)
def test_no_cost_from_what_is_no_quantity(name, call, value):
    with pytest.raises(InvalidInputError, match=name) as refused:
        call(value)
    assert name in refused.value.id
    assert refused.value.en != refused.value.id
