"""OGC API - Features for programs such as QGIS and GDAL, and the same resources as pages for people."""
