"""gisapp: overlays a district's household data with its boundaries and infrastructure, and suggests what to do."""

__version__ = "0.2.0"
