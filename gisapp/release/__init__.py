"""What may leave, the one door: a collection and a role become a disclosed frame, a file, a map or a sheet."""

from gisapp.settings import guard_gdal

guard_gdal()
