"""What strangers may see of the run that is served: areas; pockets and cells only after somebody publishes them."""

from __future__ import annotations

from typing import Final

import pandas as pd

#: Names of the collections that strangers may see. A hamlet is not put on a public map before the people
#: there have spoken.
PUBLISHED: Final = frozenset({"areas"})

#: Beginnings of columns of areas that tell where pockets were found: they go where the pockets go.
_TRACES: Final = (
    "pocket_id", "methods_found", "quadrant", "gi_star_", "local_moran", "cluster_mass_", "scan_", "excess_",
    "matrix_", "klassen", "dense_share", "rank",
)  # fmt: skip


def without_traces(areas: pd.DataFrame) -> pd.DataFrame:
    """Areas without the columns from which pockets could be drawn again."""
    return areas.drop(columns=[name for name in areas.columns if name.startswith(_TRACES)])
