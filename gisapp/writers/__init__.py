"""The only code that makes a file for someone else: GeoJSON, geodata, tables, documents."""

from gisapp.settings import guard_gdal

guard_gdal()
