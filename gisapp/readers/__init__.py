"""The only code that opens a file someone else made; GDAL is guarded before anything loads it."""

from gisapp.settings import guard_gdal

guard_gdal()
