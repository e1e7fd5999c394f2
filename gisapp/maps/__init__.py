"""Legend, palette and map manifest; the portable single-file map; still pictures for documents."""

from gisapp.settings import guard_gdal

guard_gdal()
