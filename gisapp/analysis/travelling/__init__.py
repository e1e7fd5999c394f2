"""Minutes over ground: the surface, the search, who is reached."""
