"""A synthetic district, written as the files that a district would bring."""
