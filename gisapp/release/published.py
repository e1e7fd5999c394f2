"""What strangers may see of a run: areas; pockets and cells only after somebody publishes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

#: Names of the collections that strangers may see where nobody has published anything. A hamlet is not put on a public
#: map before the people there have spoken.
PUBLISHED: Final = frozenset({"areas"})

#: Names that can be published, in print order. Suggestions and gaps are for those who work on them: what a place lacks
#: and what it would cost is looked at with its people first.
PUBLISHABLE: Final = ("areas", "pockets", "cells")

#: Beginnings of columns of areas that tell where pockets were found: they go where the pockets go.
_TRACES: Final = (
    "pocket_id", "methods_found", "quadrant", "gi_star_", "local_moran", "cluster_mass_", "scan_", "excess_",
    "matrix_", "klassen", "dense_share", "rank",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Publication:
    """What strangers may see: the run, the collections by name, and the smallest number of families.

    ``run_id`` is None where the newest baseline is shown, as before anybody published. ``lost`` names a run that was
    published and cannot be shown any more, so that the default holds instead.
    """

    run_id: str | None
    collections: tuple[str, ...]
    k: int
    lost: str | None = None

    @property
    def is_default(self) -> bool:
        """Whether nobody's decision holds."""
        return self.run_id is None


def may_be_seen(collection: str, publication: Publication | None) -> bool:
    """Whether strangers may see a collection; without a publication, where nobody has published it."""
    return collection in (PUBLISHED if publication is None else publication.collections)


def without_traces(areas: pd.DataFrame) -> pd.DataFrame:
    """Areas without the columns from which pockets could be drawn again."""
    return areas.drop(columns=[name for name in areas.columns if name.startswith(_TRACES)])
