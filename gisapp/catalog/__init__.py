"""layers/*.toml read into a Catalog of LayerSpec, and the intervention catalogue."""
