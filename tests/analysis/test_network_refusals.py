"""Every public function of networks and links either refuses what nobody can answer for, or takes what was checked."""

from __future__ import annotations

import importlib
import inspect

MODULES = (
    "network", "links", "roads.access", "roads.gaps", "roads.joining", "roads.journeys", "roads.lines",
    "roads.links_candidates", "roads.links_families", "roads.links_gain", "roads.links_villages", "roads.noding",
    "roads.reach", "roads.report", "roads.travel",
)  # fmt: skip

#: What is called from outside; the test that spoils its input.
ASKED = {
    "network.road_network": "test_network.test_what_makes_no_network_is_refused_by_row",
    "network.with_nodes_every": "test_network.test_numbers_out_of_range_are_refused",
    "roads.gaps.unconnected": "test_network.test_numbers_out_of_range_are_refused",
    "roads.journeys.journeys": "test_network_reach.test_positions_that_are_none_are_refused_by_row",
    "roads.journeys.journeys_by": "test_network_reach.test_positions_that_are_none_are_refused_by_row",
    "roads.links_families.together": (
        "test_links_families.test_families_of_one_square_live_at_their_mean_and_apart_where_a_river_runs"
    ),
    "roads.reach.reach": "test_network_reach.test_positions_that_are_none_are_refused_by_row",
    "roads.reach.detour_minutes": "test_network_reach.test_numbers_out_of_range_are_refused",
    "roads.travel.road_speeds": "test_network_reach.test_the_table_of_speeds_is_that_of_rasters",
    "roads.travel.edge_speeds": "test_network_reach.test_a_class_without_a_speed_is_named_with_its_length",
    "links.link_gains": "test_links.test_families_that_are_no_numbers_are_refused_by_row",
    "links.link_plan": "test_links.test_numbers_out_of_range_are_refused",
    "links.newly_within": "test_links.test_whom_a_bridge_brings_within_the_standard_is_told_by_place",
    "roads.links_candidates.candidate_links": "test_links.test_too_many_pairs_and_foreign_rivers_are_refused",
    "roads.links_villages.villages_without": "test_links.test_answers_that_do_not_add_up_are_refused_by_row",
}
#: What takes the checked answers of these.
INNER = {
    "roads.access.positions", "roads.access.entries", "roads.joining.noded", "roads.joining.joined",
    "roads.lines.ready_lines", "roads.noding.divided", "roads.noding.cut", "roads.noding.places",
    "roads.noding.groups", "roads.gaps.network_problems",
    "roads.reach.told", "roads.travel.stretches", "roads.travel.stretch_at",
    "roads.travel.arcs", "roads.links_gain.demand_of", "roads.links_gain.state_of", "roads.links_gain.changes",
    "roads.links_gain.with_link", "roads.links_gain.gain", "roads.links_families.walked",
    "roads.links_families.families_gained",
    "roads.links_candidates.searchable_length",
}  # fmt: skip


def test_every_public_function_is_spoilt_or_takes_what_was_checked():
    public = {
        f"{name}.{function}"
        for name in MODULES
        for module in [importlib.import_module(f"gisapp.analysis.{name}")]
        for function, found in vars(module).items()
        if inspect.isfunction(found) and found.__module__ == module.__name__ and not function.startswith("_")
    }
    assert public == set(ASKED) | INNER


def test_the_tests_named_are_there():
    for named in ASKED.values():
        module, test = named.split(".")
        assert callable(getattr(importlib.import_module(f"tests.analysis.{module}"), test))
