"""Legend, palette and map manifest; the portable single-file map; still pictures for documents."""
