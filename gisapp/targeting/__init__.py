"""The run: a district's files become pockets, gaps and suggestions; immutable, named by the hash of what went in."""
