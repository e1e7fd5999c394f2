"""Models that choose sites, and how two plans compare."""
