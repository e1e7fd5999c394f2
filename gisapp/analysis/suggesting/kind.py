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
    def standard(self) -> str:
        """The standard in words, with its source; empty where there is none."""

    @property
    def volume_rule(self) -> str:
        """One of per_family, per_units, per_site, per_area, road_km, link_m."""

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
    def least_share(self) -> float:
        """Smallest share (0..1) of the families asked that must lack it here."""

    @property
    def unit(self) -> str:
        """Name of the unit."""

    @property
    def unit_cost_idr(self) -> float:
        """Price of one unit in rupiah of ``cost_year``, before region factor, design, supervision and tax."""

    @property
    def unit_cost_low_idr(self) -> float:
        """Low end of the dated price range."""

    @property
    def unit_cost_high_idr(self) -> float:
        """High end of the dated price range."""

    @property
    def cost_year(self) -> int:
        """Year of the price."""

    @property
    def cost_source(self) -> str:
        """Where the price comes from."""

    @property
    def price_reference(self) -> str:
        """The price list that must replace it: SSH or HSPK/AHSP."""

    @property
    def regional(self) -> bool:
        """Whether the district's region factor applies to the price."""

    @property
    def design_share(self) -> float:
        """Cost of design over the cost of works (0..1)."""

    @property
    def supervision_share(self) -> float:
        """Cost of supervision over the cost of works (0..1)."""

    @property
    def taxed(self) -> bool:
        """Whether value added tax is paid on it."""

    @property
    def maintenance_share(self) -> float:
        """Yearly upkeep over the cost of works (0..1)."""

    @property
    def executor(self) -> str:
        """Who carries it out."""

    @property
    def authority(self) -> str:
        """One of pusat, provinsi, kabupaten, desa."""

    @property
    def programmes(self) -> tuple[str, ...]:
        """National programmes that pay for such things."""

    @property
    def requires_id(self) -> tuple[str, ...]:
        """What must be true first, Indonesian."""

    @property
    def requires_en(self) -> tuple[str, ...]:
        """What must be true first, English."""

    @property
    def note(self) -> str:
        """What was assumed."""
