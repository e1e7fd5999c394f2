"""Likeness of neighbours over the whole map, and the permutation that all tests of it share."""
