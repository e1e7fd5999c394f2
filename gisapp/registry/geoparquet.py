"""Points of families as the geometry column of GeoParquet 1.1 (WKB, longitude and latitude of OGC:CRS84)."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

#: Byte order, type 1 (point), x, y: 21 bytes a point.
_WKB_BYTES = 21


def write_points(table: Any, out: IO[bytes]) -> None:
    """Write an Arrow table with a column ``geometry`` of its ``longitude`` and ``latitude``; null where not known."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as parquet

    x, y = (table.column(name).to_numpy(zero_copy_only=False) for name in ("longitude", "latitude"))
    known = np.isfinite(x) & np.isfinite(y)
    ends = np.concatenate([[0], np.cumsum(known, dtype=np.int32) * _WKB_BYTES]).astype(np.int32)
    buffers = [pa.array(known).buffers()[1], pa.py_buffer(ends.tobytes()), pa.py_buffer(_wkb(x[known], y[known]))]
    geometry = pa.Array.from_buffers(pa.binary(), len(known), buffers)
    told: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"]}
    if known.any():
        told["bbox"] = [float(edge(of[known])) for edge in (np.min, np.max) for of in (x, y)]
    described = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": told}}
    whole = table.append_column("geometry", geometry)
    with parquet.ParquetWriter(out, whole.schema, compression="zstd", store_schema=False) as writer:
        writer.add_key_value_metadata({"geo": json.dumps(described)})
        writer.write_table(whole, row_group_size=1 << 20)


def _wkb(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> bytes:
    import numpy as np

    points = np.zeros(len(x), dtype=[("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])
    points["order"], points["kind"], points["x"], points["y"] = 1, 1, x, y
    return points.tobytes()
