"""The published run of a workspace, as the pages see it: frames after disclosure control, and nothing else."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app

from gisapp.errors import NotFoundError
from gisapp.maps.overlay import Picture
from gisapp.release.classes import by_class
from gisapp.release.collections import Audience, Disclosed, disclosed
from gisapp.release.pictures import pictures
from gisapp.release.published import Publication, may_be_seen
from gisapp.release.publishing import published
from gisapp.release.selecting import in_order
from gisapp.release.summary import headline
from gisapp.targeting.runs import Run, load_run
from gisapp.workspace.folder import Workspace, open_workspace

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
EXTENSION = "gisapp"


class District:
    """One workspace with one run of it, as one audience may see it."""

    def __init__(
        self, workspace: Workspace, run: Run, audience: Audience = "staff", publication: Publication | None = None
    ) -> None:
        self.workspace = workspace
        self.run = run
        self.audience = audience
        self.publication = publication
        self._released: dict[str, Disclosed] = {}
        self._in_order: dict[str, Disclosed] = {}
        self._pictures: dict[str, dict[str, Picture]] = {}

    @property
    def name(self) -> str:
        """Name of the district as gisapp.toml says it."""
        return self.workspace.settings.name

    @property
    def synthetic(self) -> bool:
        """Whether everything here is made up."""
        return bool(self.workspace.settings.synthetic)

    @property
    def period(self) -> str:
        """Period of the registry that the run is made from."""
        return str(self.run.manifest.get("period", ""))

    def shows(self, collection: str) -> bool:
        """Whether the audience may see a collection at all."""
        return self.audience == "staff" or may_be_seen(collection, self.publication)

    def released(self, collection: str) -> Disclosed:
        """A collection as the audience may see it, kept for as long as this run is served."""
        if collection not in self._released:
            self._released[collection] = disclosed(
                self.workspace, self.run, collection, audience=self.audience, publication=self.publication
            )
        return self._released[collection]

    def in_order(self, collection: str) -> Disclosed:
        """The same by id, as it is handed out page by page; kept as long."""
        if collection not in self._in_order:
            self._in_order[collection] = in_order(self.released(collection), collection)
        return self._in_order[collection]

    def areas(self, level: str) -> gpd.GeoDataFrame:
        """Areas of one level, by code."""
        frame = self.released("areas").frame
        found = frame[frame["level"] == level].sort_values("code", ignore_index=True)
        if found.empty:
            raise NotFoundError(f"This run has no areas of level {level!r}.", f"Tidak ada wilayah tingkat {level!r}.")
        return found

    @cached_property
    def levels(self) -> list[str]:
        """Levels this run has, the smallest areas first."""
        present = set(self.released("areas").frame["level"])
        return [level for level in ("desa", "kecamatan", "kabupaten") if level in present]

    @cached_property
    def whole(self) -> dict[str, Any]:
        """The district's own row; empty where the run has none."""
        frame = self.released("areas").frame
        rows = frame[frame["level"] == "kabupaten"].drop(columns="geometry").to_dict("records")
        return dict(rows[0]) if len(rows) == 1 else {}

    @property
    def min_methods(self) -> int:
        """Pockets found by fewer methods than this are drawn dashed."""
        return int(self.workspace.settings.min_methods)

    def typology(self, name: str) -> dict[str, Any]:
        """Applied lines of one typology (``quadrant``, ``matrix``, ``klassen``) as the run's manifest has them.

        Empty where the district's totals are withheld: a mean of numbers times the number of desa is such a total.
        """
        if self.whole.get("status") != "present":
            return {}
        return dict(self.run.manifest.get("tests", {}).get("typology", {}).get(name, {}))

    @cached_property
    def cuts(self) -> dict[str, float] | None:
        """Lines of the quadrants as the run applied them; None where unknown."""
        lines = self.typology("quadrant")
        return {"rate": float(lines["rate_cut"]), "count": float(lines["count_cut"])} if lines else None

    @cached_property
    def classes(self) -> pd.DataFrame:
        """Measures by urban/rural class after disclosure control; empty where no class was supplied."""
        return by_class(self.workspace, self.run, audience=self.audience)

    @cached_property
    def headline(self) -> dict[str, Any]:
        """Published figure with its year and source, and what lies outside all pockets."""
        return dict(headline(self.workspace, self.run, self.publication))

    def pictures(self, lang: str) -> dict[str, Picture]:
        """Rasters of the run as pictures, with their legends in a language."""
        if lang not in self._pictures:
            self._pictures[lang] = pictures(self.workspace, self.run, lang=lang)
        return self._pictures[lang]

    def facilities(self) -> gpd.GeoDataFrame:
        """Facilities that have a position."""
        frame = self.run.context("facilities")
        return frame[frame.geometry.notna()]

    def context(self, name: str) -> gpd.GeoDataFrame:
        """``lines`` or ``polygons`` around the pockets, with their kind."""
        return self.run.context(name)

    def pocket(self, pocket_id: str) -> dict[str, Any]:
        """One pocket's released row; NotFoundError where there is none of this id."""
        frame = self.released("pockets").frame
        rows = frame[frame["pocket_id"] == pocket_id].to_dict("records")
        if not rows:
            raise NotFoundError(
                f"There is no pocket {pocket_id!r} in this run: the map lists what there is.",
                f"Tidak ada wilayah prioritas {pocket_id!r} pada hasil ini: lihat daftar di peta.",
            )
        return dict(rows[0])

    def successor(self, pocket_id: str) -> str | None:
        """The pocket that continues one of the previous period whose id is not in this run; None where none does."""
        frame = self.released("pockets").frame
        if "parent_pocket_ids" not in frame or frame["pocket_id"].eq(pocket_id).any():
            return None
        parents = frame["parent_pocket_ids"].fillna("").astype(str).str.split("; ")
        rows = frame.loc[[pocket_id in names for names in parents], "pocket_id"]
        return str(rows.iloc[0]) if len(rows) else None


class Source:
    """A workspace that is served; looks at each request whether a newer run was sealed."""

    def __init__(self, root: Path) -> None:
        self.workspace = open_workspace(root)
        self._districts: dict[Audience, District] = {}

    def newest(self) -> Run:
        """The newest run of the latest period; NotFoundError (code no_run) where nothing was run yet."""
        return load_run(self.workspace)

    def sealed(self, run_id: str) -> Run:
        """A sealed run by id."""
        return load_run(self.workspace, run_id)

    def publication(self) -> Publication:
        """What strangers may see now."""
        return published(self.workspace)

    def district(self, audience: Audience = "staff") -> District:
        """The newest run for staff, the published one for strangers; each has frames of its own."""
        publication = self.publication() if audience == "public" else None
        chosen = publication.run_id if publication else None
        run = self.newest() if chosen is None else self.sealed(chosen)
        kept = self._districts.get(audience)
        # another run, a family erased from the source of this one, or another decision on what strangers may see
        if kept is None or kept.run != run or kept.publication != publication:
            kept = self._districts[audience] = District(self.workspace, run, audience, publication)
        return kept


def source() -> Source:
    """What this application serves."""
    found: Source = current_app.extensions[EXTENSION]
    return found


def district() -> District:
    """The district of this request, as the one who asks may see it."""
    from gisapp.web.auth import audience

    return source().district(audience())
