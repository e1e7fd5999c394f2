"""Points in polygons, and polygons that should fit together."""
