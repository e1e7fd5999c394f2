"""Run by itself: reads OGC API - Features by GDAL's own driver and prints what it got as JSON."""

import json
import sys

import pyogrio
import shapely


def read(asked):
    pyogrio.set_gdal_config_options({"GDAL_HTTP_COOKIE": asked["cookie"] or None})
    if asked["what"] == "layers":
        return [name for name, _ in pyogrio.list_layers(asked["source"])]
    if asked["what"] == "info":
        info = pyogrio.read_info(asked["source"], layer=asked["layer"])
        return {
            "features": info["features"], "geometry": info["geometry_type"], "bounds": list(info["total_bounds"]),
            "fields": list(info["fields"]),
        }  # fmt: skip
    options = {name: tuple(value) if name == "bbox" else value for name, value in asked.get("options", {}).items()}
    frame = pyogrio.read_dataframe(asked["source"], layer=asked["layer"], **options)
    rows = frame.drop(columns="geometry").astype(object).where(frame.drop(columns="geometry").notna(), None)
    return {
        "crs": None if frame.crs is None else frame.crs.to_string(),
        "rows": rows.to_dict("records"),
        "wkt": [None if one is None else shapely.to_wkt(one, rounding_precision=6) for one in frame.geometry],
    }


def plain(value):
    return value.item() if hasattr(value, "item") else str(value)


print(json.dumps(read(json.load(sys.stdin)), default=plain))
