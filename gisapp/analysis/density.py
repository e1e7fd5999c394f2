"""Adaptive density clusters of family points: where poor families live close together, whatever lines the map draws.

Descriptive only: a hamlet is dense because people live in hamlets. A dense cluster is no test, makes no pocket and is
not counted among the methods that found one; its outline is a hamlet and does not leave this service.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sklearn.cluster import DBSCAN, HDBSCAN

from gisapp.analysis.checks import (
    Complaints,
    Floats,
    as_number,
    as_numbers,
    is_whole,
    need_rows,
    need_same_rows,
    row_index,
)

ClusterMethod = Literal["hdbscan", "dbscan"]
METHODS = ("hdbscan", "dbscan")
_OUTSIDE = -1
#: Metres; no map is larger, and the tree of HDBSCAN does not end on squares that overflow.
_FARTHEST = 1e12


def density_clusters(
    points: Any, *, method: ClusterMethod = "hdbscan", min_cluster_size: int = 20, distance_m: float | None = None
) -> pd.Series:
    """Dense cluster of each point; descriptive, it never makes a pocket alone.

    HDBSCAN (Campello, Moulavi & Sander 2013; excess of mass) finds clusters of different density without a distance;
    its cost grows with the square of the points. DBSCAN (Ester et al. 1996) takes one distance for the whole district
    and is nearly linear. Both are scikit-learn's. Rows are put in order of x and y first, so that the answer does not
    depend on theirs.

    Parameters
    ----------
    points : (n, 2) frame or array of x and y in metres of a projected CRS. Stacked points count each.
    method : ``"hdbscan"`` or ``"dbscan"``.
    min_cluster_size : fewest points of a cluster, at least 2; for DBSCAN also the points that must lie within
        ``distance_m`` of one of them, itself included.
    distance_m : metres above 0, for ``"dbscan"`` only.

    Returns
    -------
    Series of Int64 aligned with ``points``: 1 for the largest cluster, 2 for the next (equal ones by x, then y),
    <NA> outside. Fewer points than ``min_cluster_size`` have no cluster; points that all lie on one coordinate are one.
    HDBSCAN names no cluster where the whole set is a single concentration (it would have nothing to stand out from).

    Raises
    ------
    InvalidInputError
        No points, not two columns, missing or infinite coordinates by row, unknown method, parameters out of range.
    """
    complaints = Complaints("density_clusters")
    if method not in METHODS:
        complaints.add(f"method {method!r} is not one of {', '.join(METHODS)}", f"metode {method!r} tidak dikenal")
    if not is_whole(min_cluster_size) or min_cluster_size < 2:
        complaints.add("min_cluster_size is below 2 or not whole", "min_cluster_size di bawah 2 atau tidak bulat")
    wrong_distance = distance_m is not None and not 0 < as_number(distance_m) < np.inf
    if (method == "dbscan") != (distance_m is not None) or wrong_distance:
        complaints.add(
            "distance_m above 0 belongs to dbscan, and only to it", "distance_m di atas 0 hanya untuk dbscan"
        )
    xy = _coordinates(points, complaints)
    order = np.lexsort((xy[:, 1], xy[:, 0]))
    raw = np.full(len(xy), _OUTSIDE, dtype=np.int64)
    raw[order] = _labels(xy[order], min_cluster_size, distance_m)
    return _numbered(raw, xy, min_cluster_size).set_axis(row_index(points))


def cluster_summary(points: Any, cluster: pd.Series) -> pd.DataFrame:
    """Size and place of each dense cluster: ``points``, ``hull_km2`` (convex hull), ``x`` and ``y`` (mean, metres).

    The index is the cluster's number. For the office that checks the parameters; outlines and middles of hamlets are
    not released. Raises ``InvalidInputError`` for bad coordinates or rows that do not match.
    """
    complaints = Complaints("cluster_summary")
    need_same_rows(points, cluster, complaints, "cluster")
    xy = _coordinates(points, complaints)
    numbers = cluster.to_numpy(dtype=np.float64, na_value=np.nan)
    names = np.unique(numbers[np.isfinite(numbers)]).astype(np.int64)
    members = [xy[numbers == name] for name in names]
    return pd.DataFrame(
        {
            "points": np.array([len(each) for each in members], dtype=np.int64),
            "hull_km2": np.array(
                [shapely.MultiPoint(each).convex_hull.area / 1e6 for each in members], dtype=np.float64
            ),
            "x": np.array([each[:, 0].mean() for each in members], dtype=np.float64),
            "y": np.array([each[:, 1].mean() for each in members], dtype=np.float64),
        },
        index=pd.Index(names, name="cluster"),
    )


def _coordinates(points: Any, complaints: Complaints) -> Floats:
    """Return (n, 2) finite metres, or refuse."""
    need_rows(points, complaints, "points")
    frame = points if isinstance(points, pd.DataFrame) else _table(points)
    if len(points) and frame.shape != (len(points), 2):
        complaints.add("points must have two columns, x and y", "points harus punya dua kolom, x dan y")
    complaints.refuse()
    columns = [as_numbers(frame.iloc[:, at].set_axis(row_index(points)), complaints, "xy"[at]) for at in (0, 1)]
    for name, column in zip("xy", columns, strict=True):
        far = np.abs(column) > _FARTHEST
        complaints.rows(far, row_index(points), f"{name} is beyond 10^12", f"{name} lebih dari 10^12")
    complaints.refuse()
    return np.column_stack(columns)


def _table(points: Any) -> pd.DataFrame:
    """Rows of numbers as a frame, an empty one for what is no table."""
    try:
        return pd.DataFrame(np.atleast_2d(np.asarray(points)))
    except ValueError:
        return pd.DataFrame()


def _labels(xy: Floats, min_cluster_size: int, distance_m: float | None) -> npt.NDArray[np.int64]:
    """Label of each point in any numbering, -1 outside."""
    if len(xy) < min_cluster_size:
        return np.full(len(xy), _OUTSIDE, dtype=np.int64)
    if (xy == xy[0]).all():
        return np.zeros(len(xy), dtype=np.int64)
    if distance_m is None:
        fitted = HDBSCAN(min_cluster_size=min_cluster_size, algorithm="kd_tree", copy=True).fit(xy)
    else:
        fitted = DBSCAN(eps=distance_m, min_samples=min_cluster_size).fit(xy)
    return np.asarray(fitted.labels_, dtype=np.int64)


def _numbered(raw: npt.NDArray[np.int64], xy: Floats, min_cluster_size: int) -> pd.Series:
    """Number the clusters by falling size, equal ones by their first point; smaller ones than asked for are none."""
    inside = np.flatnonzero(raw >= 0)
    table = pd.DataFrame({"raw": raw[inside], "x": xy[inside, 0], "y": xy[inside, 1]}).sort_values(["x", "y"])
    sizes = table.groupby("raw", sort=False).agg(size=("raw", "size"), x=("x", "first"), y=("y", "first"))
    sizes = sizes[sizes["size"] >= min_cluster_size].sort_values(["size", "x", "y"], ascending=[False, True, True])
    number_of = {label: number for number, label in enumerate(sizes.index, 1)}
    return pd.Series([number_of.get(label) for label in raw], dtype="Int64", name="cluster")
