"""Every public function of networks and links either refuses what nobody can answer for, or takes what was checked."""

from __future__ import annotations

import importlib
import inspect

MODULES = (
    "network", "network_access", "network_gaps", "network_joining", "network_journeys", "network_lines",
    "network_noding", "network_reach", "network_report", "network_travel",
    "links", "links_candidates", "links_gain", "links_villages",
)  # fmt: skip

#: What is called from outside; the test that spoils its input.
ASKED = {
    "network.road_network": "test_network.test_what_makes_no_network_is_refused_by_row",
    "network.with_nodes_every": "test_network.test_numbers_out_of_range_are_refused",
    "network_gaps.unconnected": "test_network.test_numbers_out_of_range_are_refused",
    "network_journeys.journeys": "test_network_reach.test_positions_that_are_none_are_refused_by_row",
    "network_reach.reach": "test_network_reach.test_positions_that_are_none_are_refused_by_row",
    "network_reach.detour_minutes": "test_network_reach.test_numbers_out_of_range_are_refused",
    "network_travel.road_speeds": "test_network_reach.test_the_table_of_speeds_is_that_of_rasters",
    "network_travel.edge_speeds": "test_network_reach.test_a_class_without_a_speed_is_named_with_its_length",
    "links.link_gains": "test_links.test_families_that_are_no_numbers_are_refused_by_row",
    "links.link_plan": "test_links.test_numbers_out_of_range_are_refused",
    "links.newly_within": "test_links.test_whom_a_bridge_brings_within_the_standard_is_told_by_place",
    "links_candidates.candidate_links": "test_links.test_too_many_pairs_and_foreign_rivers_are_refused",
    "links_villages.villages_without": "test_links.test_answers_that_do_not_add_up_are_refused_by_row",
}
#: What takes the checked answers of these.
INNER = {
    "network_access.positions", "network_access.entries", "network_joining.noded", "network_joining.joined",
    "network_lines.ready_lines", "network_noding.divided", "network_noding.cut", "network_noding.places",
    "network_noding.groups", "network_gaps.network_problems",
    "network_reach.told", "network_travel.stretches", "network_travel.stretch_at",
    "network_travel.arcs", "links_gain.demand_of", "links_gain.state_of", "links_gain.changes",
    "links_gain.with_link", "links_gain.gain",
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
