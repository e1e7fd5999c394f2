"""What the analysis needs to know of one kind of intervention; the catalogue provides it."""

from __future__ import annotations

from typing import Protocol


class InterventionKind(Protocol):
    """One entry of the catalogue of interventions (`gisapp.catalog.interventions`)."""

    @property
    def kind(self) -> str:
        """Stable name."""

    @property
    def strategy(self) -> int:
        """From 1 to 7."""

    @property
    def title_id(self) -> str:
        """Indonesian title."""

    @property
    def title_en(self) -> str:
        """English title."""

    @property
    def answers(self) -> tuple[str, ...]:
        """Names of the needs that it answers."""

    @property
    def sited(self) -> bool:
        """Whether its place is chosen among candidates."""

    @property
    def service(self) -> str | None:
        """Service that it provides."""

    @property
    def standard_m(self) -> float | None:
        """How far a site serves, in straight-line metres."""

    @property
    def volume_rule(self) -> str:
        """One of per_family, per_units, per_site, per_area, road_km."""

    @property
    def volume_per_family(self) -> float | None:
        """Units per family."""

    @property
    def families_per_unit(self) -> float | None:
        """Families that one unit serves."""

    @property
    def minimum_families(self) -> int:
        """Fewest families (of each site) for which it is suggested."""

    @property
    def unit(self) -> str:
        """Name of the unit."""

    @property
    def unit_cost_idr(self) -> float:
        """Cost of one unit in rupiah of ``cost_year``."""

    @property
    def cost_year(self) -> int:
        """Year of the price."""

    @property
    def cost_source(self) -> str:
        """Where the price comes from."""

    @property
    def executor(self) -> str:
        """Who carries it out."""

    @property
    def authority(self) -> str:
        """One of pusat, provinsi, kabupaten, desa."""

    @property
    def note(self) -> str:
        """What must be true, and what was assumed."""
