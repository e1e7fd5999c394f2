"""How the workspace prices and compares suggestions: its settings as the analysis takes them."""

from __future__ import annotations

from gisapp.analysis.interventions import Comparing
from gisapp.analysis.suggesting.costs import CostRules
from gisapp.analysis.suggesting.weights import Weighing
from gisapp.catalog.interventions import InterventionKind, load_interventions
from gisapp.workspace.prices import with_prices
from gisapp.workspace.settings import WorkspaceSettings


def priced_kinds(settings: WorkspaceSettings) -> tuple[InterventionKind, ...]:
    """Return the catalogue with the district's own prices."""
    return with_prices(load_interventions(), settings.prices)


def comparing(settings: WorkspaceSettings) -> Comparing:
    """Return the rules of cost, the weights and the seed; rows that staff may not see are not compared."""
    return Comparing(
        rules=CostRules(
            region_factor=settings.region_cost_factor,
            region_source=_dated(settings, "region_cost_factor"),
            tax_rate=settings.vat_rate,
            tax_source=_dated(settings, "vat_rate"),
            level=settings.count_range_level,
        ),
        weighing=Weighing(
            weights=settings.suggestion_weights,
            concentration=settings.suggestion_concentration,
            first=settings.suggestion_first,
            draws=settings.suggestion_draws,
        ),
        seed=settings.seed,
        least=settings.k_staff,
    )


def _dated(settings: WorkspaceSettings, name: str) -> str:
    source, date = settings.sources[name]
    return f"{source} ({date})"
